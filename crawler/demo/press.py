"""Print the manuscripts for an address and a time: pure, and the same for the same arguments."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from string import ascii_lowercase

from crawler.demo.content import EditionText, FlowText, Manuscript, OutletText, PictureText
from crawler.demo.other_pages import other_pages
from crawler.demo.outlet import FRESH, Edition, Flow, Outlet, Picture, Story
from storage.records import Block, BlockKind, Image, Outcome

EDIT_HOURS_AGO = 0.2  # when, as seen after the advance, the edit was made

WIDTHS = {"block": (320, 640, 960), "classic": (320, 640), "homemade": (640,), "portal": (320, 640, 960)}
SUFFIXES = {"chart": ".png", "map": ".png"}


def print_outlet(text: OutletText, base: str, now: dt.datetime, *, advanced: bool = False) -> Outlet:
    """`text` as a site at `base` ("http://127.0.0.1:8081"), as it stands at `now` or after the advance."""
    now = now.astimezone(dt.UTC)  # where an hour is an hour: local zones change their clocks
    press = _Press(base=base, outlet=text.slug, now=now, advanced=advanced)
    outlet = Outlet(
        name=text.name,
        slug=text.slug,
        language=text.language,
        text=text,
        base=base,
        now=now,
        editions=tuple(press.edition(edition, place) for place, edition in enumerate(text.editions)),
        pages=(),
    )
    gone = [page for place, edition in enumerate(text.editions) for page in press.vanished(edition, place)]
    return replace(outlet, pages=other_pages(outlet, gone))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Press:
    """What all pages of one print have in common."""

    base: str
    outlet: str
    now: dt.datetime
    advanced: bool

    def edition(self, text: EditionText, place: int) -> Edition:
        kept = (m for m in text.manuscripts if not (m.vanishes if self.advanced else m.appears))
        stories = (self.story(self.edited(manuscript), text, place) for manuscript in kept)
        newest_first = sorted(stories, key=lambda story: story.published, reverse=True)
        return Edition(text=text, zone=_zone(text), stories=tuple(newest_first))

    def vanished(self, text: EditionText, place: int) -> tuple[tuple[str, int], ...]:
        """Path and edition of what the outlet had before the advance and has no more."""
        gone = (m for m in text.manuscripts if m.vanishes and self.advanced)
        return tuple((_path(text, m, self.moment(m.hours_ago, text)), place) for m in gone)

    def edited(self, manuscript: Manuscript) -> Manuscript:
        """The manuscript with its edit, where it has one and time has gone on."""
        if not self.advanced or manuscript.edit is None:
            return manuscript
        return replace(
            manuscript,
            headline=manuscript.edit.headline,
            flow=(_paragraph(manuscript.edit.paragraph), *manuscript.flow),
            updated_hours_ago=EDIT_HOURS_AGO,
        )

    def story(self, text: Manuscript, edition: EditionText, place: int) -> Story:
        published = self.moment(text.hours_ago, edition)
        modified = None if text.updated_hours_ago is None else self.moment(text.updated_hours_ago, edition)
        design = text.design or edition.design
        path = _path(edition, text, published)
        return Story(
            url=self.base + path,
            path=path,
            slug=text.slug,
            number=text.number,
            outlet=self.outlet,
            edition=place,
            language=edition.language,
            design=design,
            section=edition.sections[text.section],
            section_key=text.section,
            headline=text.headline,
            description=text.description,
            byline=text.byline,
            authors=text.authors,
            date_published=published.date() if text.only_day else published,
            date_modified=modified.date() if modified and text.only_day else modified,
            published=published,
            modified=modified,
            flow=self.flow(text, design),
            lead=self.picture(text.lead, str(text.number), design, is_lead=True) if text.lead else None,
            keywords=text.keywords,
            is_accessible_for_free=text.free,
            expected_outcome=_expected(text, self.now - published),
            manuscript=text,
        )

    def moment(self, hours_ago: float, edition: EditionText) -> dt.datetime:
        """An instant in the edition's own time, to the minute."""
        instant = self.now - dt.timedelta(hours=hours_ago)
        return instant.astimezone(_zone(edition)).replace(second=0, microsecond=0)

    def flow(self, text: Manuscript, design: str) -> tuple[Flow, ...]:
        letters = iter(ascii_lowercase)
        return tuple(
            self.picture(item, f"{text.number}{next(letters)}", design)
            if isinstance(item, PictureText)
            else item
            for item in text.flow
        )

    def picture(self, text: PictureText, name: str, design: str, *, is_lead: bool = False) -> Picture:
        stem, suffix = f"/media/{text.motif}-{name}", SUFFIXES.get(text.motif, ".jpg")
        widths = WIDTHS[design]
        image = Image(
            url=f"{self.base}{stem}-{widths[-1]}{suffix}",
            caption=text.caption,
            credit_line=text.credit,
            alt_text=text.alt,
            is_lead=is_lead,
        )
        return Picture(image=image, stem=stem, suffix=suffix, widths=widths, credit_form=text.credit_form)


def _zone(text: EditionText) -> dt.timezone:
    return dt.timezone(dt.timedelta(hours=text.utc_offset_hours), text.zone_name)


def _paragraph(text: str) -> FlowText:
    return Block(kind=BlockKind.PARAGRAPH, text=text)


def _path(edition: EditionText, text: Manuscript, published: dt.datetime) -> str:
    return edition.article_path.format(
        day=published, slug=text.slug, section=text.section, number=text.number
    )


def _expected(text: Manuscript, age: dt.timedelta) -> Outcome:
    if age > FRESH:
        return Outcome.PENDING
    return Outcome.STORED if text.free else Outcome.PAYWALL
