"""Whether a page is an article to keep, and if not, what it is.

    page -> Signs (what there is to see) -> judge(signs) -> Verdict

The evidence for an article is a story: sentences in one place. What a page says of itself is
believed only where the text agrees.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from crawler.extraction import obstacles
from crawler.extraction.body import Body
from crawler.extraction.clues import Clues
from crawler.extraction.outline import CONSENT, Outline, has_links, outline
from crawler.extraction.page_address import Place, place
from crawler.extraction.text import clean, fold, visible_text, word_set
from storage.records import Outcome

LISTING_TYPES = word_set(
    "aboutpage checkoutpage collectionpage contactpage faqpage itemlist product profilepage searchresultspage"
)
# OpenGraph calls everything a "website": that tells nothing.
LISTING_OG_TYPES = word_set("profile video.other music.song product")

# What the pages are headed that a site has about itself; `fold`ed, the whole heading.
SERVICE_HEADINGS = frozenset(
    fold(heading)
    for heading in (
        "Imprint, Legal notice, About us, About, Contact, Contact us, Privacy policy, Privacy notice, Terms of use, "
        "Terms and conditions, Terms of service, Cookie policy, Newsletter, Newsletters, Our newsletters, Subscribe, "
        "Subscription, Subscriptions, Advertise with us, Jobs, Careers, Shop, Log in, Sign in, Register, "
        "Impressum, Über uns, Kontakt, Datenschutz, Datenschutzerklärung, AGB, Nutzungsbedingungen, Abonnement, "
        "Anmelden, Stellenmarkt, Mentions légales, Qui sommes-nous, Contactez-nous, À propos, Conditions d’utilisation, "
        "Politique de confidentialité, S’abonner, Abonnez-vous, Offres d’emploi, Aviso legal, Quiénes somos, Contacto, "
        "Política de privacidad, Condiciones de uso, Suscríbete, Suscripciones, Chi siamo, Contatti, Abbonamenti, "
        "Informativa sulla privacy, Note legali, Sobre nós, Contato, Termos de uso, Assine, Over ons, "
        "Privacybeleid, Algemene voorwaarden, Om oss, Om os, Kontakt oss, Kontakta oss, Personvern, Integritetspolicy, "
        "Tietosuoja, Yhteystiedot, O nas, Regulamin, Polityka prywatności, Kontakty, О нас, Контакты, Реклама, "
        "Політика конфіденційності, Политика конфиденциальности, Hakkımızda, Künye, İletişim, Gizlilik politikası, "
        "会社概要, お問い合わせ, プライバシーポリシー, 利用規約, 关于我们, 联系我们, 隐私政策, 회사소개, 개인정보처리방침, 이용약관, "
        "من نحن, اتصل بنا, سياسة الخصوصية, אודות, צור קשר"
    ).split(", ")
)

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
_PASSWORD_FIELD = etree.XPath("boolean(//input[@type='password'])")

# Characters of running text. Three sentences of news in brief have some 200.
SOME_PROSE = 90
BRIEF_PROSE = 160
FULL_PROSE = 900
# More linked headlines than this are a list; an article has as many only below its text.
FEW_CARDS, MANY_CARDS = 4, 10
# Titles of other pages that make a list where there is no line of text before them, and where there is one.
FEW_TITLES, MANY_TITLES = 3, 8
# Summaries follow their titles, and are shorter than what stands between two links in a story.
SUMMARIES, SUMMARY_LENGTH = 3, 300
# A look at a story's links is worth the time where it has this many, or one for so many paragraphs.
WORTH_A_LOOK, PARAGRAPHS_A_LINK = 4, 3
# Of the text, how much is talk of consent on a consent wall; a page of the site's own has more titles.
CONSENT_SHARE, CONSENT_TITLES = 0.5, 3
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
    outline: Outline = Outline()
    # What the body is made of; where there is next to none, what the page is made of.
    says_article: bool = False
    # JSON-LD, microdata or OpenGraph call it an article.
    has_story_data: bool = False
    # … in JSON-LD or microdata, which imprints hardly ever do.
    says_list: bool = False
    # … or a list, a profile, a search result.
    has_date: bool = False
    place: Place = Place.OTHER
    has_service_heading: bool = False
    has_password_field: bool = False
    says_not_found: bool = False
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
    stands_alone = seen.titles < CONSENT_TITLES and not signs.cards
    return asks and stands_alone and signs.place is Place.OTHER and not signs.has_password_field


def _service(signs: Signs) -> Verdict | None:
    if signs.has_password_field and signs.prose < BRIEF_PROSE and not signs.says_article:
        return Verdict(Outcome.NOT_ARTICLE, "a form to log in")
    if (signs.place is Place.SERVICE or signs.has_service_heading) and not signs.has_story_data:
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
    if seen.summaries >= SUMMARIES and seen.text < SUMMARY_LENGTH * seen.titles:
        return not signs.has_date or seen.titles >= MANY_TITLES
    if signs.prose >= SOME_PROSE or signs.has_date:
        return False
    return seen.titles >= (MANY_TITLES if seen.lead else FEW_TITLES)


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
    prose = body.prose * (1 - _consent_share(body))
    headings = _headings(clues)
    return Signs(
        prose=prose,
        cards=body.cards,
        outline=_outline(clues, body, prose),
        says_article=bool(clues.linked.stories) or og_type == "article",
        has_story_data=bool(clues.linked.stories),
        says_list=bool(types & LISTING_TYPES) or og_type in LISTING_OG_TYPES,
        has_date=has_date,
        place=place(clues.document.url),
        has_service_heading=any(fold(heading) in SERVICE_HEADINGS for heading in headings),
        has_password_field=prose < BRIEF_PROSE and bool(_PASSWORD_FIELD(clues.document.tree)),
        says_not_found=any(_NOT_FOUND.search(heading[:200]) for heading in headings),
        obstacle=obstacles.obstacle(clues) if prose < BRIEF_PROSE else None,
        is_free=is_free,
        is_whole=_is_whole(clues, body),
    )


def _outline(clues: Clues, body: Body, prose: float) -> Outline:
    """The page's outline, or that of the story; a story without links needs no look."""
    if prose < BRIEF_PROSE or body.container is None:
        return outline(clues.document)
    if has_links(body.container, max(WORTH_A_LOOK, len(body.blocks) // PARAGRAPHS_A_LINK)):
        return outline(clues.document, body.container)
    return Outline(text=prose, stretch=prose)


def _headings(clues: Clues) -> tuple[str, str]:
    """The page's title and first heading; "" for none."""
    title = next(clues.document.tree.iter("title"), None)
    first = next(clues.document.tree.iter("h1"), None)
    return clean(title.text) if title is not None else "", visible_text(first) if first is not None else ""


def _consent_share(body: Body) -> float:
    texts = [block.text for block in body.blocks]
    total = sum(map(len, texts))
    return sum(len(text) for text in texts if CONSENT.search(text)) / total if total else 0.0


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
