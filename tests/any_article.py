"""Hypothesis strategies for articles as no newspaper would print them: hostile, empty, in any script."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st

from storage.records import Article, Block, BlockKind, Byline, Candidate, Genre, Image, Moment, Role

NASTY = (
    st.sampled_from(["", " ", "\n", "\r\n", "\t", "\x85", "\u2028"])
    | st.sampled_from(["\x00", "\x1f", "\xad", "\u200b", "\u202e", "\ufeff", "\ud800", "\udfff"])
    | st.sampled_from(["e\u0301", "é", "\u0301", "ﬁ", "ｶﾞ", "予算", "हिन्दी", "👩\u200d🚀"])
    | st.sampled_from(["<b>", "&amp;", "'", '"', ";", "=", "A pier"])
)
TEXTS = st.text(max_size=12) | st.lists(NASTY | st.text(max_size=4), max_size=8).map("".join)
MAYBE = st.none() | TEXTS
ZONES = st.sampled_from(
    [dt.UTC, dt.timezone(dt.timedelta(hours=9)), dt.timezone(dt.timedelta(hours=-9, minutes=-30))]
)
PLAUSIBLE = st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2026, 3, 1), timezones=ZONES)  # noqa: DTZ001
INSTANTS = PLAUSIBLE | st.datetimes(timezones=ZONES)
FIELDS = st.sampled_from(["headline", "byline", "date_published", "canonical_url"])
MOMENTS = st.none() | st.builds(Moment, value=INSTANTS | st.dates(), raw=TEXTS, origin=TEXTS)
ADDRESSES = st.sampled_from(
    [
        "https://courier.example/pier",
        "http://www.courier.example/pier/?utm_source=x#top",
        "https://courier.example/привет",
        "/img/1.jpg",
        "img/1.jpg",
        "//cdn.example/1.jpg",
        "data:image/gif;base64,R0",
        "http://[",
        "",
    ]
) | st.text(max_size=12)


def articles() -> st.SearchStrategy[Article]:
    """Any article that extraction could hand over, and many that it should not."""
    return st.builds(
        Article,
        url=st.just("https://courier.example/pier"),
        canonical_url=ADDRESSES,
        headline=MAYBE,
        description=MAYBE,
        byline=MAYBE,
        bylines=some(st.builds(Byline, name=TEXTS, role=st.sampled_from(Role))),
        date_published=MOMENTS,
        date_modified=MOMENTS,
        blocks=some(st.builds(Block, kind=st.sampled_from(BlockKind), text=TEXTS, url=st.none() | ADDRESSES)),
        images=some(
            st.builds(
                Image,
                url=ADDRESSES,
                caption=MAYBE,
                credit_line=MAYBE,
                alt_text=MAYBE,
                is_lead=st.booleans(),
                block_position=st.none() | st.integers(0, 5),
            )
        ),
        keywords=some(TEXTS),
        article_section=MAYBE,
        in_language=MAYBE,
        site_name=MAYBE,
        is_accessible_for_free=st.none() | st.booleans(),
        paywall_selector=MAYBE,
        genre=st.none() | st.sampled_from(Genre),
        breadcrumbs=some(TEXTS),
        corrections=some(TEXTS),
        amp_url=st.none() | ADDRESSES,
        license_url=st.none() | ADDRESSES,
        evidence=some(st.builds(Candidate, field=FIELDS, value=TEXTS, origin=TEXTS, chosen=st.booleans())),
    )


def some(things: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(things, max_size=3).map(tuple)
