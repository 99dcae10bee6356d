"""When the story was published and last changed, as precisely as the page says.

What the page's metadata says goes before what it shows, and that before what its address says. The
first source decides on the day; where it knows no hour, one that knows the hour of that day refines it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.extraction import address
from crawler.extraction.clues import Clues
from crawler.extraction.evidence import Found, Offer
from crawler.extraction.layout import Layout
from crawler.extraction.marks import naming
from crawler.extraction.moments import Reader, read_moments
from crawler.extraction.text import any_of, visible_text, word_list, word_set
from crawler.extraction.time_zones import zone_of
from storage.records import Moment

# The origin of a date that only the feed or sitemap has.
ANNOUNCED = "announced"
# <meta> names, in order of trust.
_PUBLISHED_META = word_list(
    """
    article:published_time og:article:published_time article:published datepublished date_published
    parsely-pub-date sailthru.date cxenseparse:recs:publishtime dcterms.created dcterms.issued
    dcterms.date dc.date.issued dc.date.created dc.date publish-date publish_date publishdate
    publication_date publicationdate pubdate article.published date.release date rbpubdate ptime
    article:create_at
    """
)
_MODIFIED_META = word_list(
    """
    article:modified_time og:article:modified_time og:updated_time article:modified datemodified
    date_modified dcterms.modified dc.date.modified last-modified lastmod article.updated revised
    article:update_at
    """
)

# Words beside a date that say what happened then. A line without any tells of its publication.
_UPDATED_WORDS = any_of(
    r"""
    up[\s-]?dated?, last modified, modified, edited, revised, aktualisiert, geändert, stand,
    letzte änderung, modifi[eé]e?, mis(?:e)? à jour, actualis[eé]e?, actualizad[oa], actualizaci[oó]n,
    modificad[oa], atualizad[oa], atualiza[cç][aã]o, aggiornat[oa], aggiornamento, modificat[oa],
    bijgewerkt, gewijzigd, opdateret, oppdatert, uppdaterad, ändrad, päivitetty, uppfært, aktualizacja,
    zaktualizowano, aktualizov[aá]no, upraveno, frissítve, güncelle\w*, son güncelleme, обновлен[оа]?,
    изменено, оновлено, ενημέρωση
    """
)
_UPDATED = re.compile(rf"\b(?:{_UPDATED_WORDS})\b|更新|수정|업데이트|تحديث", re.IGNORECASE)
# A date whose name says so.
_UPDATED_NAME = naming("updated? modified modification changed last_changed lastchanged edited aktualisiert")
_DATE_NAME = naming(
    """
    dates? date_?time times? time_?stamp published publish publication pub_?date posted dateline datum
    fechas? data_publicacao dato datestamp updated modified last_?changed article_meta meta_info story_meta
    """
)
_LINE_TAGS = word_set("p div span time li small em b dd abbr section td a strong i ul")
_LONGEST_LINE = 160
# What may stand beside a date in a line that is about the date.
_BESIDE_DATE = 40

# /2025/06/17/, /2025-06-17-…, /20250617…
_IN_ADDRESS = re.compile(r"(?:^|[/_-])((?:19|20)\d\d)[/_-]?([01]\d)[/_-]?([0-3]\d)(?=[/_.-]|$)")

# "publicationDate":"2024-08-26T23:27:57Z" in the data of a page's scripts.
_KEY = (
    r"(?:first_?|original_?|date_?|article_?)?(?:published|publication|publish|pub)"
    r"(?:_?(?:date|time|at|ed|on))?"
)
_STAMP = (
    r"(?:19|20)\d\d-?\d\d-?\d\d[T ][\d:.]{4,15}(?:Z|\s?[+-]\d\d:?\d\d)?|"
    r"1\d{9}(?:\d{3})?"  # seconds or milliseconds since 1970
)
_TOLD = re.compile(rf"\b({_KEY})\\?[\"']?\s?[:=]\s?\\?[\"']?({_STAMP})(?!\w)", re.IGNORECASE)
_LONGEST_SCRIPT = 2_000_000

# A page may be a little ahead of us: clocks differ. Days are a day ahead where Tokyo is.
_CLOCK_SKEW = dt.timedelta(minutes=5)
_DAY_SKEW = dt.timedelta(hours=14)
# A "modification" within this time of the fetch is the clock of the server that made the page.
_MADE_FOR_US = dt.timedelta(seconds=30)
_EARLIEST = dt.date(1900, 1, 1)

# Where the month goes before the day.
_MONTH_FIRST_COUNTRIES = word_set("US PH PR GU FM MH")
_MONTH_FIRST_SUFFIXES = word_set("com us org net edu gov")


@dataclass(frozen=True, slots=True)
class Dates:
    """Both dates of a story, with what there was to choose from."""

    published: Found[Moment]
    modified: Found[Moment]


def dates(clues: Clues, layout: Layout) -> Dates:
    """When the story was published and when it was last changed."""
    reader = _reader(clues)
    shown, shown_updates = _shown(layout, reader)
    published = [
        *_moments(clues.linked.said("datePublished"), reader),
        *_moments(clues.meta.said(*_PUBLISHED_META), reader),
        *shown,
        *_moments(clues.linked.said("dateCreated", "uploadDate"), reader),
        *_announced(clues),
    ]
    if all(offer.value.is_day for offer in published):
        published += _moments(_in_scripts(clues), reader)
    published += _in_address(clues)
    # A page that owns up to its last change alone was there by then.
    published += shown_updates
    modified = [
        *_moments(clues.linked.said("dateModified"), reader),
        *_moments(clues.meta.said(*_MODIFIED_META), reader),
        *shown_updates,
    ]
    fetched_at = clues.hints.fetched_at
    owned = [offer for offer in modified if not _is_made_for_us(offer.value, fetched_at)]
    first = _picked(clues, "date_published", reader).before(_settle(published, fetched_at))
    last = _picked(clues, "date_modified", reader).before(_settle(owned, fetched_at))
    return Dates(first, _later_than(first, last))


def _picked(clues: Clues, name: str, reader: Reader) -> Found[Moment]:
    """What the source's selector finds: in a machine's form where there is one, else as it is shown."""
    said = clues.picks.texts(name, "datetime", "content")
    return _settle([*_moments(said, reader)], clues.hints.fetched_at)


def _reader(clues: Clues) -> Reader:
    hints = clues.hints
    region = clues.region or (hints.country or "").upper()
    suffix = address.host(clues.document.url).rpartition(".")[2]
    american = region in _MONTH_FIRST_COUNTRIES or (not region and suffix in _MONTH_FIRST_SUFFIXES)
    return Reader(
        language=clues.language,
        month_first=american and clues.language in ("en", None),
        zone=zone_of(
            time_zone=hints.time_zone, country=hints.country, language=clues.language, url=clues.document.url
        ),
        country=region or None,
        latest=(hints.fetched_at + _DAY_SKEW).date() if hints.fetched_at else None,
    )


FIRST_POSSIBLE = "the most trusted that is not after the fetch"


# Settling -----------------------------------------------------------------------------------------


def _settle(offers: list[Offer[Moment]], fetched_at: dt.datetime | None) -> Found[Moment]:
    """The first that can be true; of that day, the first that knows the hour."""
    possible = [offer for offer in offers if _is_possible(offer.value, fetched_at)]
    if not possible:
        return Found(None, tuple(offers))
    day = possible[0]
    same_day = [offer for offer in possible if _is_finer(offer.value, day.value)]
    rule = "the first that knows the hour of the most trusted day" if same_day else FIRST_POSSIBLE
    return Found(next(iter(same_day), day), tuple(offers), rule)


def _is_possible(moment: Moment, fetched_at: dt.datetime | None) -> bool:
    if _date_of(moment) < _EARLIEST:
        return False
    if fetched_at is None:
        return True
    if isinstance(moment.value, dt.datetime):
        return moment.value <= fetched_at + _CLOCK_SKEW
    return moment.value <= (fetched_at + _DAY_SKEW).date()


def _is_made_for_us(moment: Moment, fetched_at: dt.datetime | None) -> bool:
    if fetched_at is None or not isinstance(moment.value, dt.datetime):
        return False
    return abs(moment.value - fetched_at) <= _MADE_FOR_US


def _is_finer(moment: Moment, day: Moment) -> bool:
    return day.is_day and not moment.is_day and _date_of(moment) == day.value


def _date_of(moment: Moment) -> dt.date:
    return moment.value.date() if isinstance(moment.value, dt.datetime) else moment.value


def _later_than(published: Found[Moment], modified: Found[Moment]) -> Found[Moment]:
    """`modified` unless it comes before the publication."""
    if published.value is None or modified.value is None:
        return modified
    first, last = published.value.value, modified.value.value
    if isinstance(first, dt.datetime) and isinstance(last, dt.datetime):
        is_later = last >= first
    else:
        is_later = _date_of(modified.value) >= _date_of(published.value)
    return modified if is_later else Found(None, modified.offers)


# Sources ------------------------------------------------------------------------------------------


def _moments(offers: Iterable[Offer[str]], reader: Reader) -> Iterator[Offer[Moment]]:
    """The first date in each text. An hour of 0:00:00 is how programs write a day."""
    for offer in offers:
        for reading in read_moments(offer.value, reader)[:1]:
            yield _offer(reading.value, offer.value, offer.origin, offer.elements)


def _offer(
    value: dt.datetime | dt.date, raw: str, origin: str, elements: tuple[HtmlElement, ...] = ()
) -> Offer[Moment]:
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    return Offer(Moment(value=value, raw=raw[:200], origin=origin), origin, elements)


def _announced(clues: Clues) -> Iterator[Offer[Moment]]:
    if clues.hints.published is not None:
        yield _offer(clues.hints.published, clues.hints.published.isoformat(), ANNOUNCED)


def _in_scripts(clues: Clues) -> Iterator[Offer[str]]:
    """What the page's programs are told. A script with several dates tells of other stories, too."""
    for script in clues.document.tagged("script"):
        text = script.text or ""
        if "ld+json" not in (script.get("type") or ""):
            found = {match[2]: match[1] for match in _TOLD.finditer(text, 0, _LONGEST_SCRIPT)}
            if len(found) == 1:
                value, key = next(iter(found.items()))
                yield Offer(value, f"script:{key}")


def _in_address(clues: Clues) -> Iterator[Offer[Moment]]:
    for year, month, day in _IN_ADDRESS.findall(address.path(clues.document.url)):
        try:
            value = dt.date(int(year), int(month), int(day))
        except ValueError:
            continue
        yield _offer(value, f"{year}-{month}-{day}", "url")


_Dated = Iterator[tuple[bool, Offer[Moment]]]


def _shown(layout: Layout, reader: Reader) -> tuple[list[Offer[Moment]], list[Offer[Moment]]]:
    """The dates near the headline: of publication, and of changes. Marked ones go first."""
    zone = (*layout.below_headline, *reversed(layout.above_headline), *layout.foot)
    dated = [*_marked(layout, zone, reader)]
    dated = dated or [*_unmarked(layout.below_headline, reader)]
    return [o for is_update, o in dated if not is_update], [o for is_update, o in dated if is_update]


def _marked(layout: Layout, zone: Iterable[HtmlElement], reader: Reader) -> _Dated:
    """In <time>, and in what is named a date; outermost first, since the words beside it tell which."""
    seen: set[HtmlElement] = set()
    for element in zone:
        if element in seen or element.tag not in _LINE_TAGS:
            continue
        if element.tag == "time" or _DATE_NAME(element):
            text = visible_text(element, limit=_LONGEST_LINE + 1)
            if len(text) <= _LONGEST_LINE:
                seen.update(element.iter())
                yield from _in_line(element, text, reader)


def _unmarked(zone: Iterable[HtmlElement], reader: Reader) -> _Dated:
    """In lines that hold hardly anything but a date."""
    for element in zone:
        if (
            element.tag in _LINE_TAGS
            and next(element.iterchildren("p", "div", "li", "ul", "section"), None) is None
        ):
            text = visible_text(element, limit=_LONGEST_LINE + 1)
            if len(text) <= _LONGEST_LINE and _is_mostly_date(text, reader):
                yield from _in_line(element, text, reader)


def _is_mostly_date(text: str, reader: Reader) -> bool:
    readings = read_moments(text, reader)
    return bool(readings) and len(text) - sum(r.end - r.start for r in readings) <= _BESIDE_DATE


def _in_line(element: HtmlElement, text: str, reader: Reader) -> _Dated:
    """Each date in a line, and whether it is one of a change, as the words before it say."""
    is_named = _UPDATED_NAME(element)
    times = [element] if element.tag == "time" else list(element.iter("time"))[:4]
    label = _label(element, text)
    for time in times:
        raw = time.get("datetime") or ""
        is_update = is_named or _UPDATED.search(_label(time, visible_text(time))) is not None
        for reading in read_moments(raw, reader)[:1]:
            yield is_update, _offer(reading.value, raw, "time[datetime]", (element,))
    start = 0
    for reading in read_moments(text, reader):
        words = text[start : reading.start] or label
        start = reading.end
        is_update = is_named or _UPDATED.search(words) is not None
        yield is_update, _offer(reading.value, text, f"{element.tag} text", (element,))


def _label(element: HtmlElement, text: str) -> str:
    """The words before a time: in the line, or in the line's left neighbour."""
    before = element.getprevious()
    parent = element.getparent()
    near = (
        (before.tail or visible_text(before))
        if before is not None
        else (parent.text if parent is not None else "")
    )
    return f"{(near or '')[-40:]} {text}"
