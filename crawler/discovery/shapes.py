"""What an address alone tells of the page behind it. Pure; any language, since it looks at form.

``/2026/05/17/harbour-bridge-opens/`` and ``/a/ASR5K123.html`` are articles' addresses, ``/sport/`` is a
section's, ``/tag/harbour`` neither.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from crawler.extraction.text import word_set

# Path segments of pages that are never an article, whatever stands after them.
NEVER_ARTICLES = word_set("""
    tag tags topic topics thema themen tema temas schlagwort schlagworte etiqueta etiquetas label labels
    keyword keywords author authors autor autoren autores auteur auteurs autore autori writer writers
    profile profiles people person user users member members search suche buscar busqueda recherche cerca
    zoeken sok sogning haku szukaj login logout signin sign-in signup sign-up register registration
    anmelden registrieren connexion account konto my mein mijn subscribe subscription subscriptions abo
    abos abonnement abonnieren suscripcion suscribete assinatura newsletter newsletters about about-us
    ueber-uns uber-uns contact contact-us kontakt contacto contatti impressum imprint privacy
    privacy-policy datenschutz privacidad terms terms-of-use terms-of-service agb legal cookies
    cookie-policy rss feed feeds share print email comments comment cart checkout shop store donate
    advertise advertising help faq sitemap category categories kategorie kategorien categoria categorias
    categorie rubrik wp-admin wp-login.php wp-content wp-json cdn-cgi epaper e-paper games podcasts jobs
    careers
""")
# Files that are no page.
OTHER_FILES = word_set("""
    pdf jpg jpeg png gif webp avif svg ico mp3 mp4 m4a m3u8 webm ogg mov avi wav zip gz rar exe apk dmg
    epub mobi doc docx xls xlsx ppt pptx odt csv txt xml rss atom json ics css js
""")
PAGE_FILES = word_set("html htm shtml xhtml php asp aspx jsp cfm ece cms do")

# Parameters and path segments that number the pages of a list.
PAGE_PARAMETERS = word_set("""
    page p pg paged pagina pag seite side sida strona sivu pageno page_no pn currentpage start offset
""")
PAGE_SEGMENTS = word_set("page pages p pagina seite side sida strona sivu")

_DATE = re.compile(
    r"(?<!\d)(?P<year>19[5-9]\d|20\d\d)(?P<mark>[-/_.]?)(?P<month>0[1-9]|1[0-2])(?:(?P=mark)(?P<day>0[1-9]|[12]\d|3[01]))?(?!\d)"
)
_LONE_YEAR_MONTH = re.compile(
    r"/(?P<year>19[5-9]\d|20\d\d)/(?P<month>[1-9]|1[0-2])/(?:(?P<day>[1-9]|[12]\d|3[01])/)?"
)
_IDENTIFIER = re.compile(
    r"\d{4,}|(?<![a-z0-9])(?=[a-f0-9]*\d)[a-f0-9]{8,}(?![a-z0-9])|(?<![a-z0-9])(?=[a-z]*\d+[a-z])[a-z0-9]{10,}(?![a-z0-9])",
    re.I,
)
_WORDS = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """An address in the terms that tell articles from sections."""

    date: dt.date | None
    # In the path; a month is its first day.
    slug_words: int
    # In the last segment that is not a mere number, or what amounts to words in a script without spaces.
    identifier: bool
    # A long number or hash.
    numbered: bool
    # A short number, in the path or as a parameter.
    depth: int
    page_file: bool
    # Ends in .html, .php …
    other_file: bool
    never: bool
    pattern: tuple[str, ...]
    # What addresses from one template share.


@lru_cache(maxsize=4096)
def shape(url: str) -> Shape:
    """The shape of an absolute `url`; never raises for what urlsplit accepts."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    segments = [segment for segment in path.split("/") if segment]
    last, extension = _file(segments)
    values = [value for _, value in parse_qsl(parts.query)]
    return Shape(
        date=_date(path),
        slug_words=max((_slug_words(segment) for segment in [*segments[-2:-1], last]), default=0),
        identifier=any(_IDENTIFIER.search(piece) for piece in [*segments[-2:-1], last, *values]),
        numbered=any(piece.isdecimal() for piece in [last, *values]),
        depth=len(segments),
        page_file=extension in PAGE_FILES,
        other_file=extension in OTHER_FILES,
        never=any(segment.lower() in NEVER_ARTICLES for segment in segments),
        pattern=(
            *map(_kind, segments[:-1]),
            _kind(last),
            extension,
            *sorted(key for key, _ in parse_qsl(parts.query)),
        ),
    )


def page_number(url: str) -> tuple[str, int]:
    """A list's address without its page number, and that number; 1 where there is none."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    for key, value in query:
        if key.lower() in PAGE_PARAMETERS and value.isdecimal() and len(value) < 7:
            rest = "&".join(f"{k}={v}" for k, v in query if k != key)
            return urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), rest, "")), int(value)
    segments = parts.path.rstrip("/").split("/")
    if (
        len(segments) > 1
        and segments[-1].isdecimal()
        and segments[-2].lower() in PAGE_SEGMENTS
        and len(segments[-1]) < 7
    ):
        return urlunsplit((parts.scheme, parts.netloc, "/".join(segments[:-2]), parts.query, "")), int(
            segments[-1]
        )
    return urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), parts.query, "")), 1


def _file(segments: list[str]) -> tuple[str, str]:
    """The last segment without its extension, and the extension in lower case."""
    stem, dot, extension = (segments[-1] if segments else "").rpartition(".")
    if dot and (extension.lower() in PAGE_FILES or extension.lower() in OTHER_FILES):
        return stem, extension.lower()
    return (segments[-1] if segments else ""), ""


def _date(path: str) -> dt.date | None:
    found = _DATE.search(path) or _LONE_YEAR_MONTH.search(path)
    try:
        return dt.date(int(found["year"]), int(found["month"]), int(found["day"] or 1)) if found else None
    except ValueError:
        return None


def _slug_words(segment: str) -> int:
    """How many words a segment is made of; five characters of a script without spaces count as two words."""
    words = _WORDS.findall(segment)
    return sum(1 if word.isascii() else max(1, 2 * len(word) // 5) for word in words)


def _kind(segment: str) -> str:
    if segment.isdecimal():
        return "number"
    if _slug_words(segment) >= 3:
        return "slug"
    return "identifier" if _IDENTIFIER.search(segment) else "word"
