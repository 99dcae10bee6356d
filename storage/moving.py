"""Articles that move: their own address leads to another one, and there they are, edited or not.

An article keeps its history when its newspaper changes the scheme of its
addresses. Only the address that an article was known by can move it, only to
one where no article is known, and only when the text there is its own.
"""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from storage import edit_ledger
from storage.changes import Change
from storage.models import article, version
from storage.records import ChangeKind, Submission
from storage.urls import key

# The share of either text that must stand in the other: more than what a report of the next day repeats.
OF_ITS_OWN = 0.5


def follow(connection: Connection, submission: Submission) -> bool:
    """Let the article whose address led to this page live at this page's address, if it is that article.

    The address of the page must be nobody's yet. Returns whether the article has moved.
    """
    asked, target = key(submission.article.url), key(submission.article.canonical_url)
    if asked in (key(submission.final_url), target):
        return False
    row = connection.execute(
        select(article.c.id, version.c.body)
        .join(version, version.c.id == article.c.current_version_id)
        .where(article.c.key == asked, article.c.source_id == submission.source_id)
    ).one_or_none()
    if row is None or not _is_of_one_text(row.body, submission.article.body):
        return False
    moved = Change(kind=ChangeKind.MOVED, detail=f"to {submission.article.canonical_url}")
    edit_ledger.record(connection, row.id, [moved], at=submission.fetched_at)
    address = {"canonical_url": submission.article.canonical_url, "key": target}
    connection.execute(update(article).where(article.c.id == row.id).values(address))
    return True


def _is_of_one_text(before: str, after: str) -> bool:
    if before == after:
        return True
    from storage import overlap, shingles  # numpy: needed by those who compare alone

    shared = overlap.compare(shingles.read(before), shingles.read(after))
    return min(shared.first, shared.second) >= OF_ITS_OWN
