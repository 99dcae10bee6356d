"""What the archive remembers of sources and their endpoints."""

from __future__ import annotations

from sqlalchemy import Connection, select

from storage import sources
from storage.models import endpoint, source
from storage.sources import EndpointState
from tests.storage.newsroom import DAY, HOUR, NOON, Newsroom

HOST = "https://courier.example/"


def keep(connection: Connection, **known: str | None) -> int:
    told: dict[str, str | None] = {"name": "Courier", "home_page": HOST, **known}
    return sources.keep_source(connection, slug="courier", **told)  # type: ignore[arg-type]


def test_what_is_newly_known_is_kept_and_what_was_known_is_not_lost(connection: Connection) -> None:
    first = keep(connection, language="en")
    again = keep(connection, name="The Courier", country="NO")
    assert first == again
    row = connection.execute(select(source)).one()
    assert (row.name, row.language, row.country, row.time_zone) == ("The Courier", "en", "NO", None)


def test_whose_ledger_holds_a_url(newsroom: Newsroom, connection: Connection) -> None:
    newsroom.announce(f"{HOST}a")
    assert sources.source_of(connection, "courier.example/a") == "courier"
    assert sources.source_of(connection, "courier.example/b") is None


def test_when_a_home_page_was_searched(connection: Connection) -> None:
    source_id = keep(connection)
    assert sources.probed_at(connection, source_id) is None
    sources.mark_probed(connection, source_id, NOON)
    assert sources.probed_at(connection, source_id) == NOON


def test_endpoints_within_an_index(connection: Connection) -> None:
    source_id = keep(connection)
    [index] = sources.keep_endpoints(connection, source_id, [(f"{HOST}index.xml", "sitemap", None)])
    children = [(f"{HOST}{n}.xml", "sitemap", NOON - n * DAY) for n in range(3)]
    kept = sources.keep_endpoints(connection, source_id, children, parent_id=index.id)
    assert [(state.url, state.modified_at) for state in kept] == [(u, m) for u, _, m in children]
    assert sources.endpoints(connection, source_id) == [index]
    assert sources.endpoints(connection, source_id, parent_id=index.id) == kept
    assert sources.keep_endpoints(connection, source_id, []) == []


def test_an_endpoint_that_is_named_again(connection: Connection) -> None:
    source_id = keep(connection)
    address = f"{HOST}news.xml"
    [first] = sources.keep_endpoints(connection, source_id, [(address, "sitemap", NOON)])
    [again] = sources.keep_endpoints(connection, source_id, [(address, "news_sitemap", None)])
    assert (again.id, again.kind, again.modified_at) == (first.id, "news_sitemap", NOON)


def test_one_address_in_two_sources(connection: Connection) -> None:
    one = Newsroom(connection)
    other = Newsroom(connection, "tagblatt")
    shared = [(f"{HOST}feed.xml", "feed", None)]
    [mine] = sources.keep_endpoints(connection, one.source_id, shared)
    [theirs] = sources.keep_endpoints(connection, other.source_id, shared)
    assert mine.id != theirs.id


def test_failures_in_a_row_and_their_end(newsroom: Newsroom, connection: Connection) -> None:
    def state() -> EndpointState:
        return sources.endpoints(connection, newsroom.source_id)[0]

    for n in (1, 2):
        sources.record_failure(connection, newsroom.endpoint_id, at=NOON + n * HOUR, error=f"error {n}")
        assert state().failures == n
    row = connection.execute(select(endpoint)).one()
    assert (row.last_error, row.last_checked_at, row.last_success_at) == ("error 2", NOON + 2 * HOUR, None)
    sources.record_success(
        connection, newsroom.endpoint_id, at=NOON + DAY, new=3, etag='"x"', last_modified="Mon, 02 Mar 2026"
    )
    assert (state().failures, state().last_new, state().last_success_at) == (0, 3, NOON + DAY)
    assert (state().etag, state().last_modified) == ('"x"', "Mon, 02 Mar 2026")
    assert connection.execute(select(endpoint)).one().last_error is None
