"""What is known of each source's next crawl: its endpoints' next looks, its next page, who is at it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, select, update

from storage import leases
from storage.leases import Kind, Lease
from storage.models import article, run, source, url
from storage.sources import EndpointState, top_endpoints

_NEXT_PAGE = select(func.min(url.c.next_fetch_at)).where(
    url.c.source_id == source.c.id, url.c.next_fetch_at.is_not(None)
)
_RECHECK = select(func.min(article.c.next_check_at)).where(
    article.c.source_id == source.c.id, article.c.next_check_at.is_not(None)
)
_LAST_RUN = select(func.max(run.c.started_at)).where(run.c.source_id == source.c.id)
# A scheduler asks before each crawl: put together once.
ALL = select(
    source.c.id,
    source.c.slug,
    source.c.paused_at,
    source.c.probed_at,
    _NEXT_PAGE.scalar_subquery().label("next_page_at"),
    _RECHECK.scalar_subquery().label("next_recheck_at"),
    _LAST_RUN.scalar_subquery().label("last_run_at"),
)
SOME = ALL.where(source.c.slug.in_(bindparam("slugs", expanding=True)))


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceAgenda:
    """What the archive knows of a source's next crawl."""

    slug: str
    paused_at: dt.datetime | None
    probed_at: dt.datetime | None
    next_page_at: dt.datetime | None
    # When the first of its pages is due: new ones, and ones to try again.
    next_recheck_at: dt.datetime | None
    # When the first of its articles is to be looked at for edits.
    last_run_at: dt.datetime | None
    endpoints: tuple[EndpointState, ...]
    # Those that are asked by themselves, in the order they were found; not those within an index.


def sources(connection: Connection, slugs: Sequence[str] | None = None) -> dict[str, SourceAgenda]:
    """The agenda of all sources that the archive knows, or of some, by slug."""
    some = {} if slugs is None else {"slugs": list(slugs)}
    rows = connection.execute(ALL if slugs is None else SOME, some).all()
    known = top_endpoints(connection, slugs)
    return {
        row.slug: SourceAgenda(
            slug=row.slug,
            paused_at=row.paused_at,
            probed_at=row.probed_at,
            next_page_at=row.next_page_at,
            next_recheck_at=row.next_recheck_at,
            last_run_at=row.last_run_at,
            endpoints=tuple(known.get(row.id, ())),
        )
        for row in rows
    }


def crawls(connection: Connection, *, now: dt.datetime) -> dict[str, Lease]:
    """Who crawls which source at present, by slug."""
    return leases.held(connection, Kind.SOURCE, now=now)


def pause(connection: Connection, slug: str, *, at: dt.datetime | None) -> None:
    """Let no scheduled crawl of a source begin from `at` on; None: let them begin again."""
    connection.execute(update(source).where(source.c.slug == slug).values(paused_at=at))
