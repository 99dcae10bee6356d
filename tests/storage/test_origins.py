"""Whose text a cluster is: what its members say, and nothing that they do not."""

from __future__ import annotations

import datetime as dt

import pytest

from storage.origins import Member, likely
from tests.storage.newsroom import HOUR, NOON

END_OF_DAY = dt.datetime.combine(NOON.date(), dt.time.max, dt.UTC)


def member(number: int, agency: str | None = None, **fields: object) -> Member:
    row = {"source_id": number, "order_at": NOON + number * HOUR, "is_dated": True, "is_agency": False}
    return Member(**{"article_id": number, "agency": agency, **row, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("members", "agency", "origin"),
    [
        ([member(1, "Reuters"), member(2)], "Reuters", None),
        ([member(1), member(2, "Reuters", is_agency=True)], "Reuters", 2),
        ([member(1, "AFP"), member(2, "AFP"), member(3, "Reuters")], "AFP", None),
        ([member(1, "AFP"), member(2, "Reuters")], None, None),
        ([member(1, "AFP, dpa"), member(2)], "AFP, dpa", None),
        # No agency that is known: two sources must name it.
        ([member(1, "Norwind"), member(2, "Norwind")], "Norwind", None),
        ([member(1, "Norwind", is_agency=True), member(2, "Norwind")], "Norwind", 1),
        ([member(1, "Norwind"), member(2)], None, 1),
        ([member(1, "Norwind"), member(2, "Norwind", source_id=1)], None, 1),
        # None is named: who was first, where that is certain.
        ([member(1), member(2)], None, 1),
        ([member(1, is_dated=False), member(2)], None, None),
        ([member(1), member(2, order_at=NOON + HOUR)], None, None),
        ([member(1), member(2), member(3, order_at=END_OF_DAY)], None, None),
        ([member(1), member(2, order_at=END_OF_DAY + dt.timedelta(days=1))], None, 1),
        ([member(1, order_at=END_OF_DAY), member(2, order_at=END_OF_DAY)], None, None),
    ],
)
def test_likely_origin(members: list[Member], agency: str | None, origin: int | None) -> None:
    assert likely(members) == (agency, origin)
