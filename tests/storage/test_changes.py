"""Each change by its kind; what is silent, and what nobody can tell."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from pipelines.fingerprint import content_hash
from storage.changes import Change, access, compare
from storage.records import Article, Block, BlockKind, Byline, ChangeKind, Image, Moment, Role
from tests.any_article import articles
from tests.storage.newsroom import BODY, DAY, HOUR, NOON, paragraphs

ADDRESS = "https://courier.example/pier"
PICTURE = Image(url="https://courier.example/1.jpg", caption="A gull", credit_line="Ada Holm")


def on(value: dt.datetime | dt.date) -> Moment:
    return Moment(value=value, raw=str(value), origin="meta:date")


STORY = Article(
    url=ADDRESS,
    canonical_url=ADDRESS,
    headline="Storm closes the pier",
    description="Repairs will take until spring.",
    byline="By Ada Holm",
    bylines=(Byline(name="Ada Holm"),),
    date_published=on(NOON),
    date_modified=on(NOON + HOUR),
    blocks=paragraphs(*BODY),
    images=(PICTURE,),
)
LATER = {"date_modified": on(NOON + 2 * HOUR)}


def kinds(*, before: Article = STORY, **fields: Any) -> list[ChangeKind]:
    """The kinds of change that `fields` make, the page's date of change moved along."""
    return [change.kind for change in compare(before, replace(before, **{**LATER, **fields}))]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"headline": "Storm closes pier"}, ["headline"]),
        ({"headline": None}, ["headline"]),
        ({"description": "Repairs take long."}, ["description"]),
        ({"blocks": paragraphs(*BODY[:2])}, ["body"]),
        ({"blocks": (*paragraphs(*BODY), Block(kind=BlockKind.VIDEO, text="", url=ADDRESS))}, ["body"]),
        ({"bylines": (Byline(name="Ada Holm"), Byline(name="Jan Berg"))}, ["byline"]),
        ({"bylines": (Byline(name="Ada Holm", role=Role.PHOTOGRAPHER),)}, ["byline"]),
        ({"byline": "Words: Ada Holm"}, []),
        ({"bylines": (), "byline": "By our staff"}, ["byline"]),
        ({"images": (replace(PICTURE, caption="Two gulls"),)}, ["caption"]),
        ({"images": (replace(PICTURE, credit_line="Jan Berg"),)}, ["caption"]),
        ({"images": ()}, ["caption"]),
        ({"images": (replace(PICTURE, url="https://courier.example/resized/1.jpg"),)}, []),
        ({"date_published": on(NOON + DAY)}, ["date_published"]),
        ({"date_published": on(NOON.astimezone(dt.timezone(HOUR)))}, []),
        ({"corrections": ("The pier is older.",)}, ["correction"]),
        ({"keywords": ("new",), "article_section": "Harbour", "amp_url": "https://amp.example/"}, []),
        ({"headline": "X", "blocks": paragraphs("Y.")}, ["headline", "body"]),
    ],
)
def test_kinds(fields: dict[str, Any], expected: list[str]) -> None:
    assert kinds(**fields) == expected


def only(before: Article, after: Article, kind: ChangeKind, **told: Any) -> Change:
    [change] = [change for change in compare(before, after, **told) if change.kind is kind]
    return change


def test_details_say_what_it_was_and_is() -> None:
    edited = replace(STORY, headline="The pier", blocks=paragraphs(*BODY, "More follows."), **LATER)
    assert only(STORY, edited, ChangeKind.HEADLINE).detail == "“Storm closes the pier” → “The pier”"
    body = only(STORY, edited, ChangeKind.BODY)
    assert body.detail == "0 words removed, 2 added"
    assert body.share is not None
    assert 0.01 < body.share < 0.05
    taken = replace(STORY, images=(), **LATER)
    assert only(STORY, taken, ChangeKind.CAPTION).detail == "“A gull (Ada Holm)” → nothing"


class TestSilence:
    EDITED = replace(STORY, blocks=paragraphs(*BODY, "More follows."))

    def silent(self, before: Article, after: Article, **told: Any) -> bool:
        return ChangeKind.SILENT_EDIT in [change.kind for change in compare(before, after, **told)]

    def test_the_date_of_change_stayed(self) -> None:
        assert self.silent(STORY, self.EDITED)
        assert only(STORY, self.EDITED, ChangeKind.SILENT_EDIT).detail == (
            "the page's date of change is still 2026-03-02T13:00:00+00:00"
        )

    def test_the_date_of_change_moved(self) -> None:
        assert not self.silent(STORY, replace(self.EDITED, **LATER))

    def test_the_page_has_no_date_of_change(self) -> None:
        before, after = replace(STORY, date_modified=None), replace(self.EDITED, date_modified=None)
        assert only(before, after, ChangeKind.SILENT_EDIT).detail == "the page gives no date of change"

    def test_a_correction_says_so(self) -> None:
        assert not self.silent(STORY, replace(self.EDITED, corrections=("More follows was missing.",)))

    def test_a_correction_that_is_taken_away_says_nothing(self) -> None:
        corrected = replace(STORY, corrections=("The pier is older.",))
        assert only(corrected, STORY, ChangeKind.CORRECTION).detail == "taken away: The pier is older."
        assert self.silent(corrected, self.EDITED)

    def test_a_day_covers_what_was_edited_on_it(self) -> None:
        before, after = (replace(item, date_modified=on(NOON.date())) for item in (STORY, self.EDITED))
        assert not self.silent(before, after, last_seen=NOON)
        assert not self.silent(before, after)
        assert self.silent(before, after, last_seen=NOON + DAY)

    @pytest.mark.parametrize(
        "fields", [{"images": ()}, {"bylines": ()}, {"headline": "STORM closes: the pier"}]
    )
    def test_words_of_the_story_alone_count(self, fields: dict[str, Any]) -> None:
        assert not self.silent(STORY, replace(STORY, **fields))

    def test_a_wall_that_went_up_or_down_is_no_edit_in_silence(self) -> None:
        lowered = Change(kind=ChangeKind.PAYWALL_LOWERED)
        changes = compare(STORY, self.EDITED, paywall=lowered)
        assert [change.kind for change in changes] == ["body", "paywall_lowered"]


def test_another_reader_leaves_it_open_who_changed_it() -> None:
    edited = replace(STORY, headline="The pier", blocks=paragraphs(*BODY[:1]))
    [change] = compare(STORY, edited, same_reader=False)
    assert change.kind is ChangeKind.REREAD
    assert change.detail == "read by another extractor, which may be why these differ: headline, body"
    assert change.share
    assert compare(STORY, STORY, same_reader=False) == ()


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (True, False, "paywall_raised"),
        (None, False, "paywall_raised"),
        (False, True, "paywall_lowered"),
        (False, None, "paywall_lowered"),
        (None, True, None),
        (False, False, None),
    ],
)
def test_access(before: bool | None, after: bool | None, kind: str | None) -> None:
    change = access(before, after)
    assert (change.kind if change else None) == kind


@given(before=articles(), after=articles())
def test_what_has_another_fingerprint_has_changed(before: Article, after: Article) -> None:
    if content_hash(before) != content_hash(after):
        assert compare(before, after)
