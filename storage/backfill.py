"""Pages that come to the archive later than they were fetched: imports, and old pages that are articles now.

What was learned after their time stays: a ledger entry that was decided later,
a version that was read later, the day on which an article was found gone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from storage import articles, edit_ledger, events, ledger, search_index
from storage.articles import alias_outcome, insert_parts, version_row
from storage.captures import rows as captures
from storage.models import article, url, version
from storage.records import Outcome, Submission
from storage.urls import key
from storage.words import count_words

BETWEEN = "another text, between two looks at the newest version; its raw bytes are kept"
DECIDED = ("outcome", "outcome_at", "outcome_run_id", "next_fetch_at", "attempts", "http_status", "detail")


@dataclass(frozen=True, kw_only=True, slots=True)
class Ticket:
    """The ledger's entry that a page answers."""

    source_id: int
    url_id: int
    run_id: int
    decided_at: dt.datetime | None = None
    # Of the decision that the page's new one replaces; None where there was none of this page.


def store(connection: Connection, submission: Submission, ticket: Ticket) -> Outcome:
    """Keep what is new of a page of an earlier time, in the caller's transaction."""
    submission = replace(submission, source_id=ticket.source_id, url_id=ticket.url_id, run_id=ticket.run_id)
    known = _known(connection, submission)
    at = max(submission.fetched_at, ticket.decided_at or submission.fetched_at)
    with _later_decision_stands(connection, ticket.url_id, at):
        if known is not None and _is_between_two_looks(submission, known):
            told = replace(submission, detail=BETWEEN)
            ledger.decide(connection, _decision(told, Outcome.UNCHANGED, known.id))
            return Outcome.UNCHANGED
        if known is None or known.fetched_at <= submission.fetched_at:
            with _later_sight_stands(connection, known, submission.fetched_at):
                return articles.store(connection, submission)
        outcome = _store_earlier(connection, submission, known)
        ledger.decide(connection, _decision(submission, outcome, known.id))
        return outcome


def _is_between_two_looks(submission: Submission, known: Row[Any]) -> bool:
    """Whether the newest version was there before and after, and another text would end it too early."""
    if submission.content_hash == known.content_hash:
        return False
    return bool(known.fetched_at <= submission.fetched_at < known.last_checked_at)


def refuse(connection: Connection, decision: ledger.Decision) -> None:
    """Write down that a page of an earlier time is no article."""
    with _later_decision_stands(connection, decision.url_id, decision.at):
        ledger.decide(connection, decision)


def _known(connection: Connection, submission: Submission) -> Row[Any] | None:
    """The article at the submission's address, and its current version."""
    columns = (article.c.id, article.c.key, article.c.first_seen_at)
    seen = (article.c.last_checked_at, article.c.removed_at)
    query: Select[Any] = (
        select(*columns, *seen, version.c.fetched_at, version.c.content_hash)
        .join(version, version.c.id == article.c.current_version_id)
        .where(article.c.key == key(submission.article.canonical_url))
    )
    return connection.execute(query).one_or_none()


@contextmanager
def _later_decision_stands(connection: Connection, url_id: int, at: dt.datetime) -> Iterator[None]:
    """Give a ledger entry back what was decided after `at`, whatever the block decides."""
    columns = [url.c[name] for name in DECIDED]
    before = connection.execute(select(*columns).where(url.c.id == url_id)).one()
    yield
    if before.outcome != Outcome.PENDING and before.outcome_at is not None and before.outcome_at > at:
        connection.execute(update(url).where(url.c.id == url_id).values(**before._mapping))


@contextmanager
def _later_sight_stands(connection: Connection, known: Row[Any] | None, at: dt.datetime) -> Iterator[None]:
    """Give an article back when it was last seen, or found gone, after `at`."""
    yield
    if known is None:
        return
    before = {"last_checked_at": known.last_checked_at, "removed_at": known.removed_at}
    later = {name: instant for name, instant in before.items() if instant is not None and instant > at}
    if later:
        connection.execute(update(article).where(article.c.id == known.id).values(**later))


def _store_earlier(connection: Connection, submission: Submission, known: Row[Any]) -> Outcome:
    """A page older than the article's newest version: a version between those there are, if it differs."""
    of_version = (version.c.number, version.c.fetched_at, version.c.url)
    told_by = (version.c.content_hash, version.c.word_count)
    rows = connection.execute(
        select(*of_version, *told_by)
        .where(version.c.article_id == known.id, version.c.is_superseded.is_(False))
        .order_by(version.c.number)
    ).all()
    before = next((row for row in reversed(rows) if row.fetched_at <= submission.fetched_at), None)
    after = next(row for row in rows if row.fetched_at > submission.fetched_at)
    _seen_since(connection, known, submission.fetched_at)
    if submission.content_hash in (after.content_hash, before and before.content_hash):
        is_home = key(submission.article.url) == known.key
        return Outcome.UNCHANGED if is_home else alias_outcome(submission)
    if key(submission.final_url) not in (known.key, *(key(row.url) for row in rows)):
        return alias_outcome(submission)
    if submission.outcome is Outcome.PAYWALL and count_words(submission.article.body) < after.word_count:
        return Outcome.PAYWALL
    _insert_between(connection, submission, known.id, after.number)
    return Outcome.UPDATED


def _seen_since(connection: Connection, known: Row[Any], at: dt.datetime) -> None:
    if at < known.first_seen_at:
        connection.execute(update(article).where(article.c.id == known.id).values(first_seen_at=at))
        search_index.refresh(connection, known.id)


def _insert_between(connection: Connection, submission: Submission, article_id: int, number: int) -> None:
    """Add a version as `number`; it and those after it count one further."""
    own = version.c.article_id == article_id
    later = select(version.c.id).where(own, version.c.number >= number).order_by(version.c.number.desc())
    for version_id in connection.scalars(later).all():  # the last one first: numbers are distinct all along
        connection.execute(
            update(version).where(version.c.id == version_id).values(number=version.c.number + 1)
        )
    edit_ledger.renumber(connection, article_id, number)
    row = {"article_id": article_id, "number": number, **version_row(submission)}
    if submission.capture:
        row["capture_id"] = captures.keep(connection, submission.capture, None)
    version_id = int(connection.execute(insert(version).returning(version.c.id), row).scalar_one())
    insert_parts(connection, submission.article, version_id)
    search_index.put(connection, version_id, submission.article)
    made = {"version_id": version_id, "number": number}
    events.tell(connection, events.EventKind.VERSION, [article_id], at=submission.fetched_at, **made)
    for changed in (number, number + 1):
        edit_ledger.retell(connection, article_id, changed)


def _decision(submission: Submission, outcome: Outcome, article_id: int) -> ledger.Decision:
    return ledger.Decision(
        url_id=submission.url_id,
        outcome=outcome,
        at=submission.fetched_at,
        run_id=submission.run_id,
        http_status=submission.http_status,
        detail=submission.detail,
        article_id=article_id,
    )
