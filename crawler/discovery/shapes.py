"""What an address alone tells of the page behind it. Pure; any language, since it looks at form.

``/2026/05/17/harbour-bridge-opens/`` and ``/a/ASR5K123.html`` are articles' addresses, ``/sport/`` is a
section's, ``/tag/harbour`` neither.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urlsplit, urlunsplit

from crawler.discovery.wording import length
from crawler.extraction.text import word_set
from storage.urls import clean

# Path segments, and first parts of host names, that articles hardly ever have.
SELDOM_ARTICLES = word_set("""
    tag tags topic topics thema themen tema temas schlagwort schlagworte etiqueta etiquetas label labels
    keyword keywords author authors autor autoren autores auteur auteurs autore autori writer writers
    profile profiles profil people person user users member members search suche buscar busqueda
    recherche cerca zoeken sok sogning haku szukaj login logout signin sign-in signup sign-up register
    registration anmelden anmeldung registrieren connexion connect account myaccount meinaccount konto
    minkonto meinkonto my mein mijn subscribe subscription subscriptions abo abos abonnement abonnieren
    abonnements abo-service abo-angebote suscripcion suscribete assinatura newsletter newsletters about
    about-us aboutus ueber-uns uber-uns contact contact-us kontakt contacto contatti impressum imprint
    privacy privacy-policy datenschutz privacidad terms terms-of-use terms-of-service
    terms-and-conditions agb legal legal-disclaimer disclaimer dmca cookies cookie-policy rss feed feeds
    share print email comments comment cart checkout shop store products coupons gutscheine offers donate
    advertise advertising advertorials werbung help faq faqs sitemap wp-admin wp-login.php wp-content
    wp-json cdn-cgi epaper e-paper games podcasts jobs careers stellenanzeigen marktplatz traueranzeigen
    gewinnspiele horoscopes
""")
# Files that are no page.
OTHER_FILES = word_set("""
    pdf jpg jpeg png gif webp avif svg ico mp3 mp4 m4a m3u8 webm ogg mov avi wav zip gz rar exe apk dmg
    epub mobi doc docx xls xlsx ppt pptx odt csv txt xml rss atom json ics css js
""")
PAGE_FILES = word_set("html htm shtml xhtml php asp aspx jsp cfm ece cms do")

# Path segments and parameters before a section's name: /category/sport, index.php?section=sport.
SECTION_WORDS = word_set("""
    section sections sec cat category categories kategorie kategorien categoria categorias categorie rubrik
    rubriken rubrique rubriques ressort seccion secciones sezione secao sekce kategori kategoria
""")

# Parameters and path segments that number the pages of a list.
PAGE_PARAMETERS = word_set("""
    page p pg paged pagina pag seite side sida strona sivu pageno page_no pn currentpage start offset
""")
PAGE_SEGMENTS = word_set("page pages p pagina seite side sida strona sivu")

SENTENCE_WORDS = 4  # in a path segment that is a headline, not a name
MAX_PARAMETERS = 50  # of one address; the rest is not looked at

# "/2026/05/17/", "-20260517-", "2026-05"
_DATE = re.compile(
    r"""(?<!\d)(?P<year>19[5-9]\d|20\d\d)(?P<mark>[-/_.]?)(?P<month>0[1-9]|1[0-2])
    (?:(?P=mark)(?P<day>0[1-9]|[12]\d|3[01]))?(?!\d)""",
    re.VERBOSE,
)
# "/2026/5/7/"
_SHORT_DATE = re.compile(
    r"/(?P<year>19[5-9]\d|20\d\d)/(?P<month>[1-9]|1[0-2])/(?:(?P<day>[1-9]|[12]\d|3[01])/)?"
)
# "12345678", "9f8e7d6c5b4a", "cx72dpxy25do"; a year is none.
_IDENTIFIER = re.compile(
    r"""(?<!\d)(?!(?:19|20)\d\d(?!\d))\d{4,}
    | (?<![a-z0-9])(?=[a-f0-9]*\d)[a-f0-9]{8,}(?![a-z0-9])
    | (?<![a-z0-9])(?=[a-z]*\d+[a-z])[a-z0-9]{10,}(?![a-z0-9])""",
    re.IGNORECASE | re.VERBOSE,
)
_WORDS = re.compile(r"[^\W\d_]{2,}")
_CALENDAR = re.compile(r"/(?:19|20)\d\d(?:[/-]\d{1,2}){0,2}/?$")
_PAGE_NUMBER = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """An address in the terms that tell articles from sections."""

    date: dt.date | None
    # In the path; a month is its first day.
    slug_words: int
    # In the last segment that is not a mere number.
    identifier: bool
    # A long number or hash, in the path or as a parameter.
    numbered: bool
    # A short number.
    depth: int
    # Segments of the path.
    page_file: bool
    # Ends in .html, .php …
    other_file: bool
    # Ends in .pdf, .jpg …
    seldom: bool
    # A tag, an author, a login, a day's archive …
    names_section: bool
    # Says that a section's name comes next.
    template: tuple[str, ...]
    # What addresses that one template made share: ("news", "number", "html").
    kinds: tuple[str, ...]
    # The same with other words in it: ("word", "number", "html").


@lru_cache(maxsize=4096)
def shape(url: str) -> Shape:
    """The shape of an absolute `url`."""
    parts = urlsplit(clean(url) or url)
    parameters = parts.query.split("&")[:MAX_PARAMETERS] if parts.query else []
    path = unquote(parts.path)
    segments = [segment for segment in path.split("/") if segment]
    stem, extension = _file(segments[-1] if segments else "")
    telling = [*segments[-2:-1], stem] if _kind(stem) in ("number", "identifier") else [stem]
    names = [parameter.partition("=")[0].lower() for parameter in parameters]
    values = [parameter.partition("=")[2] for parameter in parameters]
    lower = [word.lower() for word in (*segments, stem)]
    ending = (_kind(stem), extension, *sorted(names))
    host = (parts.hostname or "").partition(".")[0]
    return Shape(
        date=_date(path),
        slug_words=max(map(_slug_words, telling)),
        identifier=any(map(_IDENTIFIER.search, [*segments[-2:-1], stem, *values])),
        numbered=any(piece.isdecimal() for piece in [stem, *values]),
        depth=len(segments),
        page_file=extension in PAGE_FILES,
        other_file=extension in OTHER_FILES,
        seldom=not SELDOM_ARTICLES.isdisjoint([host, *lower]) or bool(_CALENDAR.search(path)),
        names_section=not SECTION_WORDS.isdisjoint([*lower[:-2], *names]),
        template=(*map(_fixed, lower[:-2]), *ending),
        kinds=(*map(_kind, lower[:-2]), *ending),
    )


def page_number(url: str) -> tuple[str, int]:
    """A list's address without its page number, and that number; 1 where there is none."""
    parts = urlsplit(url)
    path, number = _numbered_path(parts.path.rstrip("/"))
    parameters = [parameter for parameter in parts.query.split("&") if parameter]
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.lower() in PAGE_PARAMETERS and _PAGE_NUMBER.fullmatch(value):
            parameters.remove(parameter)
            number = int(value)
            break
    return urlunsplit((parts.scheme, parts.netloc, path, "&".join(parameters), "")), number


def _numbered_path(path: str) -> tuple[str, int]:
    """``/sport/page/3`` as ``/sport`` and 3."""
    rest, _, number = path.rpartition("/")
    rest, _, word = rest.rpartition("/")
    if word.lower() in PAGE_SEGMENTS and _PAGE_NUMBER.fullmatch(number):
        return rest, int(number)
    return path, 1


def _file(segment: str) -> tuple[str, str]:
    """A segment without its extension, and that in lower case: "" where it is none that we know."""
    stem, _, extension = segment.rpartition(".")
    known = stem and extension.lower() in PAGE_FILES | OTHER_FILES
    return (stem, extension.lower()) if known else (segment, "")


def _date(path: str) -> dt.date | None:
    found = _DATE.search(path) or _SHORT_DATE.search(path)
    try:
        return dt.date(int(found["year"]), int(found["month"]), int(found["day"] or 1)) if found else None
    except ValueError:
        return None


def _slug_words(segment: str) -> int:
    """How many words a segment is made of."""
    return sum(map(length, _WORDS.findall(segment)))


def _kind(segment: str) -> str:
    if segment.isdecimal():
        return "number"
    return "identifier" if _IDENTIFIER.search(segment) else "word"


def _fixed(segment: str) -> str:
    """A segment as it stands in a template: words as they are, but for whole sentences."""
    kind = _kind(segment)
    return segment if kind == "word" and _slug_words(segment) < SENTENCE_WORDS else kind
