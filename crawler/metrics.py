"""The archive's figures for Prometheus, read from the database when they are asked for.

newsarchive_articles{source}                  newsarchive_urls{source,outcome}
newsarchive_last_success_timestamp_seconds{source}   newsarchive_last_news_timestamp_seconds{source}
newsarchive_alarms_open{rule,source}          newsarchive_urls_due{source}
newsarchive_database_bytes                    newsarchive_disk_free_bytes{path}
newsarchive_notices_waiting                   process_cpu_seconds_total … (of this process)
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import start_http_server
from prometheus_client.registry import Collector
from sqlalchemy import Connection, Engine, text

from crawler.alarms import Plan
from crawler.errors import UsageError
from storage.health import facts
from storage.health.alarms import alarms, count_waiting
from storage.health.figures import Figures, figures

PREFIX = "newsarchive_"


class ArchiveCollector(Collector):
    """Reads the archive anew for each scrape."""

    def __init__(self, engine: Engine, settings: Mapping[str, Any]) -> None:
        self._engine = engine
        self._plan = Plan.of(settings)

    def collect(self) -> Iterator[Metric]:
        """All figures, in one transaction."""
        now = dt.datetime.now(dt.UTC)
        with self._engine.connect() as connection:
            found = figures(connection, now=now)
            yield from self._of_sources(found)
            yield from self._of_archive(connection)

    def _of_sources(self, found: Iterable[Figures]) -> Iterator[Metric]:
        found = list(found)
        articles = GaugeMetricFamily(PREFIX + "articles", "Articles in the archive.", labels=["source"])
        urls = GaugeMetricFamily(PREFIX + "urls", "Announced URLs by outcome.", labels=["source", "outcome"])
        for one in found:
            articles.add_metric([one.slug], one.articles)
            for outcome, number in one.outcomes.items():
                urls.add_metric([one.slug, outcome], number)
        yield articles
        yield urls
        yield _gauge("urls_due", "URLs that are to be fetched now.", found, lambda one: one.due)
        yield _gauge(
            "last_success_timestamp_seconds",
            "When feeds, sitemaps or section pages last answered.",
            found,
            lambda one: _seconds(one.last_success),
        )
        yield _gauge(
            "last_news_timestamp_seconds",
            "When something new was last announced.",
            found,
            lambda one: _seconds(one.last_news),
        )

    def _of_archive(self, connection: Connection) -> Iterator[Metric]:
        raised = GaugeMetricFamily(
            PREFIX + "alarms_open", "Alarms that are raised.", labels=["rule", "source"]
        )
        for alarm in alarms(connection):
            raised.add_metric([alarm.rule, alarm.source or ""], 1)
        yield raised
        waiting = count_waiting(connection)
        yield GaugeMetricFamily(
            PREFIX + "notices_waiting", "Alarms that could not be told yet.", value=waiting
        )
        size = _database_bytes(connection)
        yield GaugeMetricFamily(PREFIX + "database_bytes", "Size of the database.", value=size)
        free = GaugeMetricFamily(PREFIX + "disk_free_bytes", "Room where the archive lies.", labels=["path"])
        for disk in facts.disks(self._plan.folders):
            free.add_metric([disk.path], disk.free)
        yield free


def _gauge(
    name: str, meaning: str, found: Iterable[Figures], value: Callable[[Figures], float | None]
) -> Metric:
    family = GaugeMetricFamily(PREFIX + name, meaning, labels=["source"])
    for one in found:
        if (number := value(one)) is not None:
            family.add_metric([one.slug], number)
    return family


def _seconds(at: dt.datetime | None) -> float | None:
    return at.timestamp() if at else None


def _database_bytes(connection: Connection) -> int:
    if connection.dialect.name == "sqlite":
        pages = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        return int(connection.execute(text(pages)).scalar_one())
    return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


def registry(engine: Engine, settings: Mapping[str, Any]) -> CollectorRegistry:
    """All that is measured: the archive and this process."""
    registry = CollectorRegistry()
    registry.register(ArchiveCollector(engine, settings))
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    return registry


def printed(engine: Engine, settings: Mapping[str, Any]) -> str:
    """The figures as Prometheus reads them."""
    return generate_latest(registry(engine, settings)).decode()


def serve(engine: Engine, settings: Mapping[str, Any], address: str) -> tuple[WSGIServer, threading.Thread]:
    """Serve the figures at host:port, beside what else this process does; UsageError where it cannot."""
    host, port = parse_address(address)
    try:
        return start_http_server(port, addr=host, registry=registry(engine, settings))
    except OSError as error:
        raise UsageError(f"cannot serve metrics at {address}: {error.strerror or error}") from error


def parse_address(address: str) -> tuple[str, int]:
    """The host and port of "127.0.0.1:9300" or "[::1]:9300"."""
    host, colon, port = address.rpartition(":")
    if not colon or not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise UsageError(f"{address}: write an address as 127.0.0.1:9300")
    return host.strip("[]"), int(port)
