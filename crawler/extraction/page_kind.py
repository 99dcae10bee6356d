"""Whether a page is an article to keep, and if not, what it is.

    page -> Signs (what there is to see) -> judge(signs) -> Verdict

The evidence for an article is a story: sentences in one place. What a page says of itself is
believed only where the text agrees.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from crawler.extraction import obstacles, outline, service_pages
from crawler.extraction.body import Body
from crawler.extraction.clues import Clues
from crawler.extraction.document import Document
from crawler.extraction.outline import Outline, talks_of_consent
from crawler.extraction.page_address import Place, place
from crawler.extraction.text import visible_text, word_set
from storage.records import Outcome

LISTING_TYPES = word_set(
    "aboutpage checkoutpage collectionpage contactpage faqpage itemlist product profilepage searchresultspage"
)
# OpenGraph calls everything a "website": that tells nothing.
LISTING_OG_TYPES = word_set("profile video.other music.song product")

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
_COUNT = re.compile(r"[0-9]{1,7}")

# Characters of running text. Three sentences of news in brief have some 200.
SOME_PROSE = 90
BRIEF_PROSE = 160
FULL_PROSE = 900
# More linked headlines than this are a list; an article has as many only below its text.
FEW_CARDS, MANY_CARDS = 4, 10
# Titles of other pages that make a list where there is no line of text before them, and where there is one.
FEW_TITLES, MANY_TITLES = 2, 8
# Summaries follow their titles, and are shorter, on the whole and each, than a story between two links.
SUMMARIES, SUMMARY_LENGTH, LONGEST_SUMMARY = 3, 300, 600
# Of the text, how much is talk of consent on a consent wall; any other page has a menu, and more titles.
CONSENT_SHARE, CONSENT_LINKS, CONSENT_TITLES = 0.5, 6, 3
# What a paywalled page shows at most, if only a teaser is there.
TEASER_PROSE = 1500
TEASER_SHARE = 0.6


@dataclass(frozen=True, kw_only=True, slots=True)
class Signs:
    """What there is to see on a page, apart from what it is. Lengths are in characters."""

    prose: float
    # Running text in the body, but for talk of consent.
    cards: int = 0
    # Headings that are links to other pages.
    outline: Outline = field(default_factory=Outline)
    # What the body is made of; where there is next to none, what the page is made of.
    says_article: bool = False
    # JSON-LD, microdata or OpenGraph call it an article.
    has_story_data: bool = False
    # … in JSON-LD or microdata, which imprints hardly ever do.
    says_list: bool = False
    # … or a list, a profile, a search result.
    has_date: bool = False
    place: Place = Place.OTHER
    is_headed_service: bool = False
    # The whole heading is "Imprint", "Newsletter" …
    asks_for_consent: bool = False
    # Title or heading does; asked where there is no full story.
    has_password_field: bool = False
    says_not_found: bool = False
    # Likewise.
    obstacle: str | None = None
    # What stands in the page's place.
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
    return _in_its_place(signs) or _service(signs) or _list(signs)


def _in_its_place(signs: Signs) -> Verdict | None:
    """What a site shows in place of what the address promises."""
    if signs.says_not_found and signs.prose < FULL_PROSE and not signs.has_date:
        return Verdict(Outcome.GONE, "the page says that it was not found")
    if signs.prose >= FULL_PROSE or signs.says_article:
        return None
    if _is_consent_wall(signs):
        return Verdict(Outcome.CONSENT_WALL, "a consent dialogue instead of the page")
    if signs.obstacle and signs.prose < BRIEF_PROSE and signs.outline.titles < MANY_TITLES:
        return Verdict(Outcome.NOT_ARTICLE, signs.obstacle)
    return None


def _is_consent_wall(signs: Signs) -> bool:
    seen = signs.outline
    asks = seen.consent > CONSENT_SHARE * (seen.consent + seen.text)
    is_page = signs.has_date or signs.has_password_field or signs.place is not Place.OTHER or signs.cards
    if not asks or is_page or seen.is_beside_dialogue:
        return False
    if signs.prose >= SOME_PROSE or seen.titles >= CONSENT_TITLES:
        return False
    return seen.links <= CONSENT_LINKS or (signs.asks_for_consent and not seen.text)


def _service(signs: Signs) -> Verdict | None:
    if signs.has_password_field and signs.prose < BRIEF_PROSE and not signs.says_article:
        return Verdict(Outcome.NOT_ARTICLE, "a form to log in")
    if (signs.place is Place.SERVICE or signs.is_headed_service) and not signs.has_story_data:
        return Verdict(Outcome.NOT_ARTICLE, "a page about the site itself")
    return None


def _list(signs: Signs) -> Verdict | None:
    is_list = _is_home(signs) or _says_list(signs) or _is_made_of_titles(signs) or _has_cards(signs)
    return Verdict(Outcome.NOT_ARTICLE, "a list of other pages") if is_list else None


def _is_home(signs: Signs) -> bool:
    links = max(signs.cards, signs.outline.titles)
    return signs.place is Place.HOME and (signs.prose < FULL_PROSE or links > FEW_CARDS)


def _says_list(signs: Signs) -> bool:
    links = max(signs.cards, signs.outline.titles)
    if signs.says_list and not signs.says_article:
        return signs.prose < FULL_PROSE or links > MANY_CARDS
    if signs.place is Place.LIST and not (signs.says_article and signs.prose >= BRIEF_PROSE):
        return signs.prose < FULL_PROSE and (not signs.has_date or links > FEW_CARDS)
    return False


def _is_made_of_titles(signs: Signs) -> bool:
    seen = signs.outline
    if signs.says_article and signs.prose >= SOME_PROSE:
        return False
    in_summaries = seen.text < SUMMARY_LENGTH * seen.titles and seen.stretch < LONGEST_SUMMARY
    if seen.summaries >= SUMMARIES and in_summaries:
        return not signs.has_date or seen.titles >= MANY_TITLES
    if signs.prose >= SOME_PROSE or (seen.lead and signs.has_date):
        return False
    return seen.titles >= (MANY_TITLES if seen.lead or signs.has_date else FEW_TITLES)


def _has_cards(signs: Signs) -> bool:
    if signs.says_article and signs.prose >= BRIEF_PROSE:
        return False
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
    says_article = bool(clues.linked.stories) or og_type == "article"
    prose = 0.0 if _is_consent_talk(body, may_be_story=says_article or has_date) else body.prose
    is_full = prose >= FULL_PROSE  # then nothing stands in the story's place
    title, heading = _headings(clues)
    return Signs(
        prose=prose,
        cards=body.cards,
        outline=_outline(clues, body, prose),
        says_article=says_article,
        has_story_data=bool(clues.linked.stories),
        says_list=bool(types & LISTING_TYPES) or og_type in LISTING_OG_TYPES,
        has_date=has_date,
        place=place(clues.document.url),
        is_headed_service=service_pages.is_headed_so(title, None if has_date else heading),
        asks_for_consent=not is_full and talks_of_consent(f"{title} {heading}"),
        has_password_field=prose < BRIEF_PROSE and _has_password_field(clues.document),
        says_not_found=not is_full and any(_NOT_FOUND.search(text[:200]) for text in (title, heading)),
        obstacle=obstacles.obstacle(clues) if prose < BRIEF_PROSE else None,
        is_free=is_free,
        is_whole=_is_whole(clues, body),
    )


def _is_consent_talk(body: Body, *, may_be_story: bool) -> bool:
    """Whether what was taken for the story asks for consent; a story about consent has a date, or is long."""
    if body.container is None or not body.prose or body.prose >= FULL_PROSE:
        return False
    if outline.is_dialogue(body.container):
        return True
    total = sum(len(block.text) for block in body.blocks)
    talk = sum(len(block.text) for block in body.blocks if talks_of_consent(block.text))
    return talk > CONSENT_SHARE * total and not may_be_story


def _outline(clues: Clues, body: Body, prose: float) -> Outline:
    """The page's outline, or that of the story; one with few links is no list, and needs no look."""
    if prose < BRIEF_PROSE or body.container is None:
        return outline.of_page(clues.document)
    least = max(SUMMARIES, int(prose / SUMMARY_LENGTH))
    if not clues.linked.stories and outline.has_titles(body.container, least):
        return outline.of_story(clues.document, body.container)
    return Outline(text=prose, stretch=prose)


def _has_password_field(document: Document) -> bool:
    return any(field.get("type") == "password" for field in document.tagged("input"))


def _headings(clues: Clues) -> tuple[str, str]:
    """The page's title and first heading; "" for none."""
    return clues.document.title, next((visible_text(first) for first in clues.document.tagged("h1")), "")


def _is_whole(clues: Clues, body: Body) -> bool:
    """Whether the body looks like all of the story, and not like the first lines of it."""
    if not body.blocks or body.prose > TEASER_PROSE:
        return True
    last = body.blocks[-1].text
    if last.endswith(("…", "...", "[…]", "[...]")):
        return False
    counts = (text for node in clues.linked.stories for text in node.texts("wordCount"))
    promised = next((int(text) for text in counts if _COUNT.fullmatch(text)), 0)
    words = sum(len(block.text.split()) for block in body.blocks)
    if promised:
        return words >= TEASER_SHARE * promised
    return body.prose > FULL_PROSE
