"""One page to one `Reading`: the article, and what the page is.

bytes -> Document -> Clues -> fields, body, language -> Article
                              body, page kind        -> outcome and reason
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.extraction import (
    body,
    corrections,
    dates,
    embeds,
    fields,
    language,
    marks,
    overrides,
    page_kind,
    weaving,
)
from crawler.extraction.clues import Clues
from crawler.extraction.document import parse
from crawler.extraction.evidence import Offer, first
from crawler.extraction.hints import NOTHING, Hints
from crawler.extraction.text import visible_text
from crawler.items import Page
from storage.records import Article, Candidate, Moment, Outcome

# Stands for an address that is none.
NO_ADDRESS = "about:invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A page as it was read."""

    article: Article
    # All that was found, whatever the outcome.
    outcome: Outcome
    # STORED for an article to keep; PAYWALL, TOO_SHORT, CONSENT_WALL, NOT_ARTICLE, GONE, EXTRACT_ERROR.
    reason: str
    # Why, in one short sentence for people.


def read(page: Page, hints: Hints = NOTHING) -> Reading:
    """Read a fetched page. Never raises: a page that breaks the reading is an EXTRACT_ERROR."""
    hints = dataclasses.replace(hints, fetched_at=page.fetched_at)
    reading = _read(page.body, page.final_url, page.headers.get("content-type"), hints)
    article = dataclasses.replace(reading.article, url=page.url)
    return dataclasses.replace(reading, article=article)


def extract(
    html: bytes,
    url: str,
    *,
    content_type: str | None = None,
    fetched_at: dt.datetime | None = None,
    hints: Hints = NOTHING,
) -> Article:
    """The article on the page `html`, which `url` led to, whether it is one to keep or not. Never raises.

    `content_type` is the HTTP header's value; `fetched_at` (aware) bounds the dates that are believed.
    """
    if fetched_at is not None:
        hints = dataclasses.replace(hints, fetched_at=fetched_at)
    return dataclasses.replace(_read(html, url, content_type, hints).article, url=url)


def _read(html: bytes, url: str, content_type: str | None, hints: Hints) -> Reading:
    try:
        document = parse(html, _sound(url), content_type=content_type)
        override = overrides.applying(hints.overrides, hints.fetched_at)
        return _understand(Clues(document, hints, overrides.asked(document, override)))
    except Exception as error:  # one page in a million must not end a crawl, whatever the mistake is
        article = Article(url=url, canonical_url=url)
        return Reading(
            article=article, outcome=Outcome.EXTRACT_ERROR, reason=f"{type(error).__name__}: {error}"[:200]
        )
    finally:
        marks.forget()


def _sound(url: str) -> str:
    """`url` where it can be taken apart, so that nobody below has to ask."""
    try:
        urlsplit(url)
    except ValueError:
        return NO_ADDRESS
    return url


def _beside_the_story(found: fields.Fields) -> list[HtmlElement]:
    """The elements that show other fields; one that is not surely a standfirst may be the first paragraph."""
    description = found.description or ""
    others = [element for element in found.shown_in if visible_text(element) not in description]
    return [*others, *found.sure_standfirst]


def _understand(clues: Clues) -> Reading:
    found = fields.read(clues)
    story = body.find(clues, shown_elsewhere=_beside_the_story(found))
    told, notices = corrections.part(story.blocks, found.corrections)
    inserts = embeds.embeds(clues, found.layout)
    blocks, images = weaving.weave(story, told, inserts, found.pictures, found.layout)
    spoken = language.in_language(clues, " ".join(block.text for block in story.blocks))
    signs = page_kind.signs(
        clues, story, has_date=_shows_date(found.date_published), is_free=found.is_accessible_for_free
    )
    verdict = page_kind.judge(signs)
    evidence = (*found.evidence, *_of_body(story), *spoken.candidates("in_language"))
    article = Article(
        url=clues.document.url,
        canonical_url=found.canonical_url,
        headline=found.headline,
        description=found.description,
        byline=found.byline,
        bylines=found.bylines,
        date_published=found.date_published,
        date_modified=found.date_modified,
        blocks=blocks,
        images=images,
        keywords=found.keywords,
        article_section=found.article_section,
        in_language=spoken.value,
        site_name=found.site_name,
        is_accessible_for_free=found.is_accessible_for_free,
        paywall_selector=found.paywall_selector,
        genre=found.genre,
        breadcrumbs=found.breadcrumbs,
        corrections=notices,
        amp_url=found.amp_url,
        license_url=found.license_url,
        evidence=(*evidence, *overrides.missed(clues.picks, evidence)),
    )
    return Reading(article=article, outcome=verdict.outcome, reason=verdict.reason)


def _of_body(story: body.Body) -> tuple[Candidate, ...]:
    """The evidence for a body whose place a source's selector gives: its beginning."""
    offers = [Offer(story.blocks[0].text, story.origin)] if story.origin and story.blocks else []
    return first(offers).candidates("body")


def _shows_date(published: Moment | None) -> bool:
    """Whether the page itself has a date: what its feed said of it does not make it an article."""
    return published is not None and published.origin != dates.ANNOUNCED
