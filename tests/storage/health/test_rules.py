"""The rules on simulated outlets: healthy ones are left alone, each trouble is told by its own rule."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from storage.health.looks import Look
from storage.health.rules import Disk, Finding, Limits, Rule, SourceFacts, findings, of_source
from storage.health.tally import Tally
from storage.health.turns import Key, changes
from tests.storage.health.columns import looks_of
from tests.storage.health.outlet import DAY, HABITS, HOUR, MONDAY, NATIONAL, REGIONAL, Outlet, settled

LIMITS = Limits()
QUARTER = 91 * DAY
GIB = 1024**3


def held(source: SourceFacts) -> dict[Rule, str]:
    return {finding.rule: finding.detail for finding in of_source(source, LIMITS) if finding.holds}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("habits", HABITS)
def test_a_healthy_outlet_raises_nothing_in_a_quarter(habits: str, seed: int) -> None:
    outlet = settled(HABITS[habits], seed)
    for known in outlet.pass_by(QUARTER):
        assert not held(known), outlet.now


def consent(tally: Tally) -> Tally:
    return replace(tally, stored=0, read=0, no_byline=0, no_picture=0, errors=0, blocked=tally.pages)


def no_bylines(tally: Tally) -> Tally:
    return replace(tally, no_byline=tally.read)


def no_story(tally: Tally) -> Tally:
    return replace(tally, stored=0, read=0, no_byline=0, no_picture=0, no_body=tally.read)


def elsewhere(tally: Tally) -> Tally:
    return replace(tally, elsewhere=tally.pages)


def broken(tally: Tally) -> Tally:
    return replace(tally, stored=0, read=0, no_byline=0, no_picture=0, errors=tally.pages)


def silent(tally: Tally) -> Tally:
    return Tally(answered=tally.answered)


def unreachable(tally: Tally) -> Tally:
    return Tally(failed=tally.answered)


def gone(tally: Tally) -> Tally:
    return Tally(failed=tally.answered, gone=tally.answered)


TROUBLES = (
    # the trouble, its alarm, and within how many hours of looks
    (consent, Rule.BLOCKED, 3),
    (no_bylines, Rule.NO_BYLINE, 14),
    (no_story, Rule.NO_BODY, 3),
    (elsewhere, Rule.MOVED, 3),
    (broken, Rule.ERRORS, 3),
    (silent, Rule.SILENT, 36),
    (unreachable, Rule.UNREACHABLE, 3),
    (gone, Rule.GONE, 1),
)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("trouble", "rule", "hours"), TROUBLES, ids=[t[1] for t in TROUBLES])
def test_a_trouble_is_told_by_its_own_rule_once_and_cleared_once(
    trouble: Callable[[Tally], Tally], rule: Rule, hours: int, seed: int
) -> None:
    outlet = settled(NATIONAL, seed)
    for _ in outlet.pass_by(10 * HOUR):  # ten in the morning
        pass
    alarms = Alarms(outlet)
    outlet.change = trouble
    alarms.watch(hours * HOUR)
    assert alarms.told == [(rule, True)]
    alarms.watch(5 * DAY)  # it goes on, day and night
    outlet.change = lambda tally: tally
    alarms.watch(3 * DAY)
    assert alarms.told == [(rule, True), (rule, False)]


class Alarms:
    """The alarms of an outlet as they turn."""

    def __init__(self, outlet: Outlet) -> None:
        self.outlet = outlet
        self.told: list[tuple[Rule, bool]] = []
        self.open: dict[Key, dt.datetime] = {}

    def watch(self, span: dt.timedelta) -> None:
        for known in self.outlet.pass_by(span):
            raised = {str(rule): at for (rule, _), at in self.open.items()}
            found = of_source(replace(known, raised=raised), LIMITS)
            for change in changes(found, self.open):
                self.told.append((change.rule, change.raised))
                if change.raised:
                    self.open[change.rule, change.subject] = self.outlet.now
                else:
                    del self.open[change.rule, change.subject]


def test_what_stays_wrong_does_not_become_usual() -> None:
    outlet = settled(REGIONAL, 1)
    alarms = Alarms(outlet)
    outlet.change = no_story
    alarms.watch(QUARTER)
    assert alarms.told == [(Rule.NO_BODY, True)]


def test_a_muted_rule_is_not_heard_and_one_that_was_raised_is_cleared() -> None:
    outlet = settled(NATIONAL, 2)
    outlet.change = silent
    *_, known = outlet.pass_by(3 * DAY)
    assert set(held(known)) == {Rule.SILENT}
    muted = replace(known, muted=frozenset({"silent"}))
    [change] = changes(of_source(muted, LIMITS), {(Rule.SILENT, "outlet")})
    assert not change.raised


def test_one_failed_look_is_no_alarm_and_pages_alone_are_no_look() -> None:
    at, answered, failed = MONDAY, Tally(answered=1), Tally(failed=1)
    looks = [Look(at=at, tally=tally) for tally in (failed, Tally(pages=2), failed, answered)]
    assert not held(source(looks))
    assert Rule.UNREACHABLE in held(source([Look(at=at, tally=failed), *looks]))


def test_what_is_wrong_anywhere_needs_no_past() -> None:
    looks = [Look(at=MONDAY, tally=Tally(answered=1, pages=20, blocked=20))]
    assert set(held(source(looks))) == {Rule.BLOCKED}
    looks = [Look(at=MONDAY, tally=Tally(answered=1, pages=20, read=20, no_byline=20))]
    assert not held(source(looks))


def source(looks: Iterable[Look] = (), **facts: object) -> SourceFacts:
    return SourceFacts(slug="outlet", home_page="https://outlet.example/", looks=looks_of(looks), **facts)  # type: ignore[arg-type]


def said(found: Iterable[Finding], rule: Rule) -> bool | None:
    return next(finding.holds for finding in found if finding.rule is rule)


def test_the_disk_is_full_until_there_is_plainly_room() -> None:
    def full(free: float, *raised: str) -> bool | None:
        disk = Disk(path="/archive", free=int(free * GIB), total=100 * GIB)
        return said(findings([], [disk], LIMITS, MONDAY, raised), Rule.DISK_FULL)

    assert [full(2.1), full(1.9), full(2.1, "disk_full"), full(2.5, "disk_full")] == [
        False,
        True,
        True,
        False,
    ]


def test_no_crawl_at_all_is_told() -> None:
    known = [source([Look(at=MONDAY, tally=Tally(answered=1))])]
    assert said(findings(known, [], LIMITS, MONDAY + 23 * HOUR), Rule.NOT_CRAWLED) is False
    assert said(findings(known, [], LIMITS, MONDAY + 25 * HOUR), Rule.NOT_CRAWLED) is True
    assert said(findings([source()], [], LIMITS, MONDAY), Rule.NOT_CRAWLED) is None


def test_nothing_stored_at_all_is_told_where_a_day_brings_something() -> None:
    outlets = [settled(NATIONAL, 3), settled(REGIONAL, 4)]
    for outlet in outlets:
        outlet.change = broken
        for _ in outlet.pass_by(40 * HOUR):
            pass
    found = list(findings([o.facts() for o in outlets], [], LIMITS, outlets[0].now))
    assert said(found, Rule.NOTHING_STORED) is True
    small = Outlet(habits=HABITS["blog"], seed=random.Random(1))
    for _ in small.pass_by(60 * DAY):
        pass
    small.stored_at = MONDAY
    assert said(findings([small.facts()], [], LIMITS, small.now), Rule.NOTHING_STORED) is None
