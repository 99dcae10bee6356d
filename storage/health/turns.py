"""From what the rules say to what has turned: raised once, cleared once. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from storage.health.rules import Finding, Rule

Key = tuple[Rule, str]  # a rule, and the source (or the archive) that it speaks of


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """An alarm that is to be raised, or cleared."""

    rule: Rule
    subject: str
    raised: bool
    detail: str


def changes(findings: Iterable[Finding], open_alarms: Collection[Key]) -> Iterator[Change]:
    """What turns: a rule that holds and is not raised; one that is raised and holds no more.

    What cannot be told leaves things as they are.
    """
    for finding in findings:
        is_open = (finding.rule, finding.subject) in open_alarms
        if finding.holds is not None and finding.holds != is_open:
            yield Change(
                rule=finding.rule, subject=finding.subject, raised=finding.holds, detail=finding.detail
            )
