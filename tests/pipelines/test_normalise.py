"""Every value in the archive's own form, whatever a page says."""

from __future__ import annotations

import datetime as dt
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines import normalise as module
from pipelines.normalise import MAX_BODY, MAX_LINE, MAX_TEXT, Normalise, line, normalise, plausible, text
from storage.records import Article, Block, BlockKind, Byline, Candidate, Image, Moment, Role, Submission
from tests.any_article import TEXTS, articles
from tests.storage.newsroom import DAY, HOUR, NOON, article, paragraphs

PIER = "https://courier.example/pier"
JST = dt.timezone(dt.timedelta(hours=9))


def submission(item: Article, **changed: Any) -> Submission:
    plain = Submission(
        article=item,
        source_id=1,
        url_id=1,
        run_id=1,
        fetched_at=NOON,
        final_url=PIER,
        http_status=200,
    )
    return replace(plain, **changed)


def normal(**given_fields: Any) -> Article:
    return normalise(submission(article(PIER, **given_fields))).article


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (None, None),
        ("", None),
        (" \t\n\u2028\xa0 ", None),
        ("\u200b\ufeff\xad", None),
        ("\x00\x07\ud800", None),
        ("  A   pier\t\tcloses ", "A pier closes"),
        ("A\xa0pier\u3000closes", "A pier closes"),
        ("One\r\ntwo\n\n\nthree\u2028four\x85five\x0bsix", "One\ntwo\nthree\nfour\nfive\nsix"),
        ("Cafe\u0301", "Café"),
        ("e\x00\u0301", "é"),
        ("Bundes\xadregierung", "Bundesregierung"),
        ("zero\u200bwidth", "zerowidth"),
        ("evil \u202egnp.exe", "evil gnp.exe"),
        ("isolate\u2066d\u2069", "isolated"),
        ("half \ud83d a pair", "half a pair"),
        ("👩\u200d🚀 می\u200cخواهم", "👩\u200d🚀 می\u200cخواهم"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
        ("NULL", "NULL"),
    ],
)
def test_text(written: str | None, kept: str | None) -> None:
    assert text(written) == kept
    assert line(written) == (kept.replace("\n", " ") if kept else None)


@pytest.mark.parametrize(
    ("written", "limit", "kept"),
    [
        ("abcdef", 3, "abc"),
        ("ab cd", 3, "ab"),
        ("a\nb", 2, "a"),
        (" " * 99 + "ab", 2, "ab"),
        ("é" * 5, 2, "éé"),
    ],
)
def test_limits(written: str, limit: int, kept: str) -> None:
    assert text(written, limit) == kept


@settings(max_examples=500)
@given(st.text("ab. "))
def test_plain_text_is_the_same_beside_other_letters(written: str) -> None:
    assert text(f"{written} é") == " ".join(filter(None, (text(written), "é")))


@given(TEXTS, st.integers(1, 20))
def test_text_twice_is_once(written: str, limit: int) -> None:
    once = text(written, limit)
    assert text(once, limit) == once
    assert line(once, limit) == line(line(once, limit), limit)
    if once is not None:
        assert 0 < len(once) <= limit
        once.encode()


@pytest.mark.parametrize(
    ("value", "is_kept"),
    [
        (NOON, True),
        (NOON + 23 * HOUR, True),
        (NOON + 25 * HOUR, False),
        ((NOON + DAY).date(), True),
        ((NOON + 2 * DAY).date(), False),
        (dt.datetime(2026, 3, 3, 20, tzinfo=JST), True),
        (dt.datetime(2026, 3, 4, 20, tzinfo=JST), False),
        (dt.date(1600, 1, 1), True),
        (dt.date(1599, 12, 31), False),
        (dt.date.min, False),
        (dt.date.max, False),
        (dt.datetime.min.replace(tzinfo=JST), False),
        (dt.datetime.max.replace(tzinfo=dt.timezone(-9 * HOUR)), False),
    ],
)
def test_dates_that_can_be(value: dt.datetime | dt.date, is_kept: bool) -> None:
    moment = Moment(value=value, raw="raw", origin="meta")
    assert plausible(moment, NOON + DAY) == (moment if is_kept else None)


def test_a_date_keeps_its_own_offset_and_what_it_was_read_from() -> None:
    moment = Moment(
        value=dt.datetime(2026, 3, 2, 9, tzinfo=JST), raw=" 3月2日\x00\n9時 ", origin="time\ud800"
    )
    assert normal(date_published=moment).date_published == replace(moment, raw="3月2日 9時", origin="time")


@pytest.mark.parametrize(
    ("canonical", "kept"),
    [
        ("https://Courier.example/pier?utm_source=x#top", PIER),
        ("https://courier.example/other", "https://courier.example/other"),
        ("", PIER),
        ("no address", PIER),
    ],
)
def test_canonical_url(canonical: str, kept: str) -> None:
    assert normal(canonical_url=canonical).canonical_url == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://i.example/1.jpg", "https://i.example/1.jpg"),
        (" /img/1.jpg\n", "https://courier.example/img/1.jpg"),
        ("1.jpg?w=1200&h=800", "https://courier.example/1.jpg?w=1200&h=800"),
        ("//i.example/1.jpg", "https://i.example/1.jpg"),
        ("HTTP://i.example/1.jpg", "HTTP://i.example/1.jpg"),
        ("https://i.example/\x00\ud8001.jpg", "https://i.example/1.jpg"),
        ("data:image/gif;base64,R0lGOD", None),
        ("blob:https://courier.example/1", None),
        ("javascript:alert(1)", None),
        ("http://[", None),
        (f"https://i.example/{'1' * 9_000}", None),
    ],
)
def test_pictures(written: str, kept: str | None) -> None:
    images = normal(images=(Image(url=written, caption=" A  gull ", credit_line="", alt_text="\x00"),)).images
    assert images == ((Image(url=kept, caption="A gull"),) if kept else ())


def test_names_stand_once_in_a_role() -> None:
    named = normal(
        byline="  By Ada\xa0Holm\n",
        bylines=(
            Byline(name=" Ada  Holm "),
            Byline(name="Ada Holm"),
            Byline(name="Ada Holm", role=Role.PHOTOGRAPHER),
            Byline(name="\u200b"),
        ),
    )
    assert named.byline == "By Ada Holm"
    assert named.bylines == (Byline(name="Ada Holm"), Byline(name="Ada Holm", role=Role.PHOTOGRAPHER))


def test_keywords_stand_once() -> None:
    assert normal(keywords=("ports", " ports ", "", "Ports", "\x00")).keywords == ("ports", "Ports")


def test_empty_blocks_are_none() -> None:
    blocks = (
        Block(kind=BlockKind.HEADING, text=" The  pier "),
        Block(kind=BlockKind.PARAGRAPH, text="\u200b"),
        Block(kind=BlockKind.LIST_ITEM, text="one\ntwo"),
    )
    assert [(b.kind, b.text) for b in normal(blocks=blocks).blocks] == [
        (BlockKind.HEADING, "The pier"),
        (BlockKind.LIST_ITEM, "one\ntwo"),
    ]


def test_evidence_is_cleaned_too() -> None:
    shown = Candidate(field="headline", value=" A\x00 pier ", origin="h1\ud800", chosen=True)
    empty = Candidate(field="headline", value="\x00", origin="title")
    assert normal(evidence=(shown, empty, shown)).evidence == (replace(shown, value="A pier", origin="h1"),)


def test_a_selector_that_found_nothing_stays_in_the_evidence() -> None:
    missed = Candidate(field="headline", value="", origin="override:h1.title")
    assert normal(evidence=(missed,)).evidence == (missed,)


def test_one_line_for_people() -> None:
    done = normalise(submission(article(PIER), detail="half\x00 the\ntext "))
    assert done.detail == "half the text"


def strings(value: Any) -> Iterator[str]:
    """Every text in a record; addresses are no text."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from strings(item)
    elif is_dataclass(value):
        for field in fields(value):
            if not field.name.endswith("url"):
                yield from strings(getattr(value, field.name))


@settings(max_examples=300, deadline=None)
@given(item=articles())
@example(item=Article(url=PIER, canonical_url="", images=(Image(url="ht\x01tp://x"),)))
def test_any_article_twice_is_once(item: Article) -> None:
    once = normalise(submission(item))
    assert normalise(once) == once
    for picture in once.article.images:
        picture.url.encode()
    for value in strings(once.article):
        value.encode()  # no half characters
        assert unicodedata.is_normalized("NFC", value)
        assert "\x00" not in value
    optional = (
        once.article.headline,
        once.article.description,
        once.article.byline,
        once.article.in_language,
    )
    assert "" not in optional


class TestTooMuch:
    """A hostile page costs little time, and leaves little behind."""

    @pytest.fixture(autouse=True)
    def quick(self) -> Iterator[None]:
        started = time.process_time()
        yield
        assert time.process_time() - started < 3

    @pytest.mark.parametrize("sign", ["a", " ", "e\u0301", "\x00", "\u200b", "ﷺ"])
    def test_ten_megabytes_in_one_value(self, sign: str) -> None:
        much = sign * 10_000_000
        item = normal(
            headline=much,
            description=much,
            byline=much,
            bylines=(Byline(name=much),),
            keywords=(much,),
            in_language=much,
            evidence=(Candidate(field="headline", value=much, origin=much),),
            images=(Image(url=much, caption=much),),
            date_published=Moment(value=NOON, raw=much, origin=much),
        )
        assert len(item.headline or "") <= MAX_LINE
        assert len(item.description or "") <= MAX_TEXT
        assert sum(map(len, strings(item))) < 30_000

    def test_many_values(self) -> None:
        item = normal(
            bylines=tuple(Byline(name=f"Name {n}") for n in range(100_000)),
            keywords=tuple(map(str, range(100_000))),
            images=tuple(Image(url=f"/{n}.jpg") for n in range(100_000)),
            evidence=tuple(Candidate(field="f", value=str(n), origin="o") for n in range(100_000)),
            blocks=paragraphs(*map(str, range(100_000))),
        )
        for name in ("BLOCKS", "KEYWORDS", "NAMES", "IMAGES", "CANDIDATES"):
            field = {"NAMES": "bylines", "CANDIDATES": "evidence"}.get(name, name.lower())
            assert len(getattr(item, field)) == getattr(module, f"MAX_{name}")

    def test_a_long_body_is_cut(self) -> None:
        item = normal(blocks=paragraphs("kept", *["word " * 100_000] * 20))
        assert sum(len(block.text) for block in item.blocks) <= MAX_BODY
        assert item.body.startswith("kept\n\nword word")
        assert not item.body.endswith(" ")


def test_what_is_no_submission_goes_through() -> None:
    pipeline = Normalise()
    assert pipeline.process_item({"a": 1}) == {"a": 1}
    item = submission(article(PIER, headline=" A  pier "))
    assert pipeline.process_item(item) == normalise(item)
