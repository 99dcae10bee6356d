"""The simulated year in a small form: the policy finds in time, and at less cost than fixed intervals."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import schedule_year
from look_policies import Looks, fixed_looks, fixed_rechecks
from schedule_year import LEARNED, Tallies, found_at, markdown, simulate, together
from simulated_press import DAY, HOUR, Outage, PressSource, source

from crawler.scheduling.rhythm import Failure

SOURCES, DAYS = 20, 14


@pytest.fixture(scope="module")
def tallies() -> Tallies:
    return simulate(SOURCES, DAYS)


def _press(published: list[float], *, window: int = 10, outages: tuple[Outage, ...] = ()) -> PressSource:
    at = np.array(published)
    return PressSource(
        rate=1.0,
        published=at,
        visible=at,
        window=window,
        asked=None,
        outages=outages,
        edits=(np.array([]), np.array([], dtype=np.int64)),
    )


def test_the_policy_finds_about_as_much_in_time_as_15_minutes_at_a_fraction_of_the_requests(
    tallies: Tallies,
) -> None:
    learned, often = together(tallies, LEARNED), together(tallies, "15 minutes")
    assert learned.share(learned.soon) > 0.88
    assert learned.share(learned.soon) > often.share(often.soon) - 0.06
    assert learned.requests < 0.65 * often.requests
    assert learned.median_delay < often.median_delay


def test_the_policy_loses_hardly_anything_and_finds_within_a_day(tallies: Tallies) -> None:
    learned, often, daily = (together(tallies, name) for name in (LEARNED, "15 minutes", "1 day"))
    assert learned.found > often.found - 0.01 * often.articles
    assert learned.found > daily.found + 0.1 * daily.articles
    assert learned.share(learned.within_a_day) > 0.97


def test_the_policy_sees_most_edits_with_few_looks(tallies: Tallies) -> None:
    learned, hourly = together(tallies, LEARNED).rechecks, together(tallies, "15 minutes").rechecks
    assert len(learned.late) > 0.6 * learned.edits
    assert learned.requests / len(learned.late) < hourly.requests / len(hourly.late) / 3


def test_the_same_seed_gives_the_same_year(tallies: Tallies) -> None:
    again = source(schedule_year.SEED, 3, DAYS)
    assert np.array_equal(again.published, source(schedule_year.SEED, 3, DAYS).published)
    assert not np.array_equal(again.published, source(schedule_year.SEED + 1, 3, DAYS).published)
    few, once_more = (simulate(3, 5) for _ in range(2))
    assert [one.requests for one in few.values()] == [one.requests for one in once_more.values()]
    assert markdown(schedule_year.looks_table(tallies)).count("\n") == 1 + len(schedule_year.TABLE)


def test_an_article_is_lost_once_newer_ones_have_pushed_it_out() -> None:
    press = _press([HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR], window=2)
    found = found_at(press, Looks(np.array([1.5 * HOUR, 5 * HOUR]), np.array([True, True])))
    assert found.tolist() == [1.5 * HOUR, np.inf, 5 * HOUR, 5 * HOUR]


def test_a_look_during_an_outage_is_paid_for_and_finds_nothing() -> None:
    outage = Outage(start=1.5 * HOUR, end=3.5 * HOUR, failure=Failure.TIMEOUT)
    press = _press([HOUR / 2, 1.7 * HOUR], outages=(outage,))
    looks = fixed_looks(press, HOUR, until=6 * HOUR, chance=0.0)
    assert looks.answered.tolist() == [True, True, False, False, True, True]
    assert found_at(press, looks).tolist() == [HOUR, 4 * HOUR]


def test_an_edit_that_is_edited_over_before_a_look_is_not_seen() -> None:
    edits = np.array([0.5, 1.2, 1.6, 99.0]) * HOUR
    press = _press([0.0])
    press = PressSource(
        rate=1.0,
        published=press.published,
        visible=press.visible,
        window=10,
        asked=None,
        outages=(),
        edits=(edits, np.zeros(4, dtype=np.int64)),
    )
    seen = fixed_rechecks(press, np.array([0]), np.array([0.0]), interval=HOUR, times=24)
    assert (seen.requests, seen.edits) == (24, 4)
    assert seen.late == pytest.approx([0.5 * HOUR, 0.4 * HOUR])


def test_the_press_is_as_it_is_said_to_be() -> None:
    press = [source(1, number, 200) for number in range(60)]
    rates = [one.rate for one in press]
    assert min(rates) < 1
    assert max(rates) > 100
    for one in press:
        assert np.all(np.diff(one.published) >= 0)
        assert np.all(one.visible >= one.published)
        at, article = one.edits
        assert np.all(at > one.published[article])
        assert all(a.end <= b.start for a, b in zip(one.outages, one.outages[1:], strict=False))
        assert np.all(one.published < 201 * DAY)
    assert any(outage.end == np.inf for one in press for outage in one.outages)


@pytest.mark.parametrize("arguments", [["--sources", "0"], ["--days", "-1"]])
def test_bad_numbers_are_told(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["schedule_year.py", *arguments])
    assert schedule_year.main() == 2
    assert "at least 1" in capsys.readouterr().err
