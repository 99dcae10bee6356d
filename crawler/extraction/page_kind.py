"""Whether a page is an article to keep, and if not, what it is.

    page -> Signs (what there is to see) -> judge(signs) -> Verdict

The evidence for an article is a story: sentences in one place. What a page says of itself is
believed only where the text agrees.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from lxml import etree

from crawler.extraction.body import Body
from crawler.extraction.clues import Clues
from crawler.extraction.text import clean, visible_text, word_set
from storage.records import Outcome

LISTING_TYPES = word_set(
    "checkoutpage collectionpage contactpage faqpage itemlist profilepage searchresultspage"
)
OTHER_OG_TYPES = word_set("profile website video.other music.song product")

# First or only words of paths that lead to lists and forms.
LISTING_SEGMENTS = word_set(
    "account archiv archive archives auteur auteurs author authors autor autore autoren autores busca "
    "buscador buscar categoria categorie category editions etiqueta haku hledat kategorie keyword konto "
    "label login page people profil profile recherche register registrieren ricerca rubrik schlagwort "
    "search section sections series signin sitemap sok stichwort suche suchen szukaj tag tags tema "
    "temas thema themen topic topics videos"
)
QUERY_KEYS = word_set("q query s search suche")

# "Not found" as soft 404 pages say it, in their title or first heading.
_NOT_FOUND = re.compile(
    "|".join(
        (
            r"\b404\b|not found|(?:page|article|story) (?:is |was |has been )?(?:no longer|removed|deleted)",
            r"(?:page|article|story) (?:does not|doesn.t|could not|couldn.t|can.t|cannot) ",
            r"nicht gefunden|seite (?:ist )?nicht (?:mehr )?verfügbar|existiert nicht",
            r"no (?:se )?(?:ha (?:sido )?)?encontrad[ao]|página no existe|não (?:foi )?encontrad[ao]",
            r"introuvable|page non trouvée|non trovat[ao]|niet gevonden|negăsită|nem található",
            r"fant ikke siden|siden (?:blev|ble|finnes|findes) ikke|ikke funnet|ikke fundet|hittades inte",
            r"sivua ei löy|nie znaleziono|nebyla nalezena|nenalezen|nije pronađen|bulunamadı|δεν βρέθηκε",
            r"не найден[ао]?|не знайдено|не е намерен",
            r"見つかりません|存在しません|页面不存在|頁面不存在|找不到",
            r"찾을 수 없|존재하지 않|غير موجودة|לא נמצא",
        )
    ),
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"cookie|consent|einwillig|zustimm|datenschutz|privacy|tracking|gdpr|dsgvo|personal data|"
    r"personenbezogen|données personnelles|datos personales|dati personali|privacidad|confidentialité|"
    r"werbefrei|同意|クッキー|개인정보|согласие",
    re.IGNORECASE,
)

_PASSWORD_FIELD = etree.XPath("boolean(//input[@type='password'])")

# Characters of running text. Three sentences of news in brief have some 200.
SOME_PROSE = 90
BRIEF_PROSE = 160
FULL_PROSE = 900
# More linked headlines than this are a list; an article has as many only below its text.
FEW_CARDS, MANY_CARDS = 4, 10
# How many of its sentences speak of consent on a consent wall.
CONSENT_SHARE = 0.5
# What a paywalled page shows at most, if only a teaser is there.
TEASER_PROSE = 1500
TEASER_SHARE = 0.6


@dataclass(frozen=True, kw_only=True, slots=True)
class Signs:
    """What there is to see on a page, apart from what it is."""

    prose: float
    # Running text in the body, in characters.
    cards: int = 0
    # Headings that are links to other pages.
    says_article: bool = False
    # JSON-LD, microdata or OpenGraph call it an article.
    says_list: bool = False
    # … or a list, a profile, a search result.
    has_date: bool = False
    address_is_list: bool = False
    address_is_home: bool = False
    has_password_field: bool = False
    says_not_found: bool = False
    consent_share: float = 0.0
    # Of the page's sentences, by length.
    is_free: bool | None = None
    is_whole: bool = True
    # As far as the page lets one see.


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of the page, and why, in one short sentence."""

    outcome: Outcome
    reason: str


def judge(signs: Signs) -> Verdict:
    """What the page is."""
    return _no_article(signs) or _short(signs) or _paywall(signs) or Verdict(Outcome.STORED, "an article")


def _no_article(signs: Signs) -> Verdict | None:
    if signs.says_not_found and signs.prose < FULL_PROSE and not signs.has_date:
        return Verdict(Outcome.GONE, "the page says that it was not found")
    if signs.consent_share > CONSENT_SHARE and signs.prose < FULL_PROSE and not signs.says_article:
        return Verdict(Outcome.CONSENT_WALL, "a consent dialogue instead of the page")
    if signs.has_password_field and signs.prose < BRIEF_PROSE and not signs.says_article:
        return Verdict(Outcome.NOT_ARTICLE, "a form to log in")
    if _is_list(signs):
        return Verdict(Outcome.NOT_ARTICLE, "a list of other pages")
    return None


def _is_list(signs: Signs) -> bool:
    if signs.address_is_home:
        return signs.prose < FULL_PROSE or signs.cards > FEW_CARDS
    if signs.says_list and not signs.says_article:
        return signs.cards > 0 or signs.address_is_list or signs.prose < FULL_PROSE
    if signs.says_article and signs.prose >= BRIEF_PROSE:
        return False
    if signs.address_is_list:
        return not signs.has_date or signs.cards > FEW_CARDS
    if signs.cards > MANY_CARDS:
        return signs.prose < (BRIEF_PROSE if signs.has_date else FULL_PROSE)
    return signs.cards > FEW_CARDS and signs.prose < (SOME_PROSE if signs.has_date else BRIEF_PROSE)


def _short(signs: Signs) -> Verdict | None:
    if signs.prose >= SOME_PROSE:
        return None
    if signs.is_free is False and signs.prose:
        return None
    return Verdict(Outcome.TOO_SHORT, "hardly any text")


def _paywall(signs: Signs) -> Verdict | None:
    if signs.is_free is False and not signs.is_whole:
        return Verdict(Outcome.PAYWALL, "only the free part is there")
    return None


def signs(clues: Clues, body: Body, *, has_date: bool, is_free: bool | None) -> Signs:
    """What there is to see on the page."""
    types = {name for node in clues.linked.nodes if not node.elsewhere for name in node.types}
    og_type = (clues.meta.text("og:type") or "").lower()
    return Signs(
        prose=body.prose,
        cards=body.cards,
        says_article=bool(clues.linked.stories) or og_type == "article",
        says_list=bool(types & LISTING_TYPES) or og_type in OTHER_OG_TYPES,
        has_date=has_date,
        address_is_list=_is_list_address(clues.document.url),
        address_is_home=_is_home_address(clues.document.url),
        has_password_field=bool(_PASSWORD_FIELD(clues.document.tree)),
        says_not_found=_says_not_found(clues),
        consent_share=_consent_share(body),
        is_free=is_free,
        is_whole=_is_whole(clues, body),
    )


def _is_list_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    segments = [segment.lower() for segment in parts.path.split("/") if segment]
    asked = {key.lower() for key, _ in parse_qsl(parts.query[:2000])} & QUERY_KEYS
    # "/tag/storms", "/news/author/jane-doe", "/suche?q=…"
    return any(segment in LISTING_SEGMENTS for segment in segments[-3:]) or bool(asked and len(segments) < 2)


def _is_home_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.path.strip("/") in ("", "index.html", "index.php", "home") and not parts.query


def _says_not_found(clues: Clues) -> bool:
    title = next(clues.document.tree.iter("title"), None)
    first = next(clues.document.tree.iter("h1"), None)
    shown = visible_text(first) if first is not None else ""
    return any(
        _NOT_FOUND.search(text[:200]) for text in (clean(title.text) if title is not None else "", shown)
    )


def _consent_share(body: Body) -> float:
    texts = [block.text for block in body.blocks]
    total = sum(map(len, texts))
    return sum(len(text) for text in texts if _CONSENT.search(text)) / total if total else 0.0


def _is_whole(clues: Clues, body: Body) -> bool:
    """Whether the body looks like all of the story, and not like the first lines of it."""
    if not body.blocks or body.prose > TEASER_PROSE:
        return True
    last = body.blocks[-1].text
    if last.endswith(("…", "...", "[…]", "[...]")):
        return False
    promised = next(
        (int(t) for node in clues.linked.stories for t in node.texts("wordCount") if t.isdigit()), 0
    )
    words = sum(len(block.text.split()) for block in body.blocks)
    if promised:
        return words >= TEASER_SHARE * promised
    return body.prose > FULL_PROSE
