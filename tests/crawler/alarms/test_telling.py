"""Alarms reach a real webhook receiver and a real mail server: at least once, none lost, none in the way."""

from __future__ import annotations

import datetime as dt
import logging
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, update

from crawler.alarms import Plan, check
from crawler.errors import UsageError
from storage import runs, sources
from storage.database import open_engine, writing
from storage.health import alarms
from storage.health.looks import Look
from storage.health.tallies import add
from storage.health.tally import Tally
from storage.models import run
from tests.crawler.alarms.receivers import hook, mailbox, make_certificate

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
GOOD = Tally(answered=1, pages=20, read=20, stored=20, news=20)
BAD = Tally(answered=1, pages=20, blocked=20, news=20)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("alarms") / "empty.db"
    open_engine(str(path)).dispose()
    return path


@pytest.fixture
def engine(tmp_path: Path, empty: Path) -> Iterator[Engine]:
    engine = open_engine(str(shutil.copyfile(empty, tmp_path / "archive.db")))
    yield engine
    engine.dispose()


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, Any]:
    return {
        "ARCHIVE_DATABASE": str(tmp_path / "archive.db"),
        "ARCHIVE_SOURCES": str(tmp_path / "sources.toml"),
        "ARCHIVE_ALARM_DISK_FREE": 0,
    }


def look(engine: Engine, tally: Tally, hours: float = 0, slug: str = "courier") -> dt.datetime:
    at = NOON + hours * HOUR
    with writing(engine) as connection:
        home_page = f"https://{slug}.example/"
        source_id = sources.keep_source(connection, slug=slug, name=slug, home_page=home_page)
        run_id = runs.start(connection, source_id, at=at)
        connection.execute(update(run).where(run.c.id == run_id).values(tally=tally.as_json()))
        add(connection, source_id, Look(at=at, tally=tally))
    return at


def test_a_webhook_hears_each_turn_once(engine: Engine, settings: dict[str, Any]) -> None:
    with hook() as heard:
        settings["ARCHIVE_ALARM_WEBHOOK"] = heard.url
        for hours, tally in ((0, BAD), (1, BAD), (2, GOOD), (3, GOOD)):
            check(engine, look(engine, tally, hours), settings)
    raised, cleared = heard.told
    assert raised == {
        "id": "1-raised",
        "alarm": 1,
        "turn": "raised",
        "rule": "blocked",
        "source": "courier",
        "at": NOON.isoformat(),
        "raised_at": NOON.isoformat(),
        "detail": "20 of 20 pages are consent dialogues or refusals; too little is known of what is usual",
        "remedy": raised["remedy"],
    }
    assert (cleared["id"], cleared["at"]) == ("1-cleared", (NOON + 2 * HOUR).isoformat())
    assert heard.keys == ["1-raised", "1-cleared"]


def test_what_a_receiver_refused_is_told_at_the_next_check(
    engine: Engine, settings: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    with hook() as heard, mailbox() as box:
        settings |= {
            "ARCHIVE_ALARM_WEBHOOK": heard.url,
            "ARCHIVE_ALARM_MAIL_TO": "desk@example.org, night@example.org",
            "ARCHIVE_SMTP_SERVER": box.server,
            "ARCHIVE_SMTP_STARTTLS": "0",
        }
        heard.status = 503
        with caplog.at_level(logging.WARNING):
            assert len(check(engine, look(engine, BAD), settings)) == 1
        assert "by webhook: HTTP 503" in caplog.text
        assert len(box.mails) == 1  # one channel does not wait for the other
        heard.status = 302  # a redirect tells nobody anything
        assert check(engine, NOON + HOUR, settings) == []
        heard.status, box.refuses = 200, True
        assert len(check(engine, look(engine, GOOD, 2), settings)) == 1
        assert [told["id"] for told in heard.told] == ["1-raised", "1-cleared"]
        with engine.connect() as connection:
            assert alarms.count_waiting(connection) == 1
        box.refuses = False
        check(engine, NOON + 3 * HOUR, settings)
        with engine.connect() as connection:
            assert alarms.count_waiting(connection) == 0
    first, second = box.mails
    assert first["Subject"] == "newsarchive: raised: blocked · courier"
    assert first["To"] == "desk@example.org, night@example.org"
    assert "20 of 20 pages are consent dialogues" in first.get_content()
    assert second["Subject"] == "newsarchive: cleared: blocked · courier"
    assert first["Message-ID"] != second["Message-ID"]
    assert (len(heard.told), len(box.mails)) == (2, 2)


def test_one_mail_tells_all_that_turned(engine: Engine, settings: dict[str, Any]) -> None:
    for number in range(5):
        look(engine, BAD, slug=f"paper-{number}")
    with mailbox() as box:
        settings |= {
            "ARCHIVE_ALARM_MAIL_TO": "desk@example.org",
            "ARCHIVE_SMTP_SERVER": box.server,
            "ARCHIVE_SMTP_STARTTLS": False,
        }
        assert len(check(engine, NOON, settings)) == 5
    [mail] = box.mails
    assert mail["Subject"].endswith("(and 4 more)")
    assert all(f"paper-{number}" in mail.get_content() for number in range(5))


def test_mail_goes_encrypted_or_not_at_all(
    engine: Engine, settings: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path)
    settings["ARCHIVE_ALARM_MAIL_TO"] = "desk@example.org"
    with mailbox() as plain, mailbox(certificate) as encrypted:
        check(engine, look(engine, BAD), settings | {"ARCHIVE_SMTP_SERVER": plain.server})
        check(engine, NOON, settings | {"ARCHIVE_SMTP_SERVER": encrypted.server})
        assert plain.mails == encrypted.mails == []  # no STARTTLS; a certificate that nobody vouches for
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        check(engine, NOON, settings | {"ARCHIVE_SMTP_SERVER": encrypted.server})
    assert encrypted.encrypted == [True]


def test_a_receiver_that_is_away_costs_nothing_but_its_own(engine: Engine, settings: dict[str, Any]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens
        port = taken.getsockname()[1]
        settings |= {
            "ARCHIVE_ALARM_WEBHOOK": f"http://127.0.0.1:{port}/",
            "ARCHIVE_ALARM_MAIL_TO": "desk@example.org",
            "ARCHIVE_SMTP_SERVER": f"127.0.0.1:{port}",
        }
        started = time.monotonic()
        assert len(check(engine, look(engine, BAD), settings)) == 1
        assert time.monotonic() - started < 5
    with engine.connect() as connection:
        assert alarms.count_waiting(connection) == 2


def test_the_log_has_every_turn(
    engine: Engine, settings: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        check(engine, look(engine, BAD), settings)
        check(engine, look(engine, GOOD, 1), settings)
    raised, cleared = (r for r in caplog.records if r.name == "newsarchive.alarms")
    assert (raised.levelname, cleared.levelname) == ("WARNING", "INFO")
    assert raised.getMessage().startswith("alarm raised: blocked · courier: 20 of 20 pages")
    assert raised.__dict__["rule"] == "blocked"


def test_sources_toml_mutes_and_a_broken_one_mutes_nothing(
    engine: Engine, settings: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "sources.toml"
    table = '[sources.courier]\nhome_page = "https://courier.example/"\nmute = ["blocked"]\n'
    path.write_text(table, encoding="utf-8")
    now = look(engine, BAD)
    assert check(engine, now, settings) == []
    path.write_text("[sources.courier", encoding="utf-8")
    assert len(check(engine, now, settings)) == 1


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("ARCHIVE_ALARM_SHARE", "much", "write a number"),
        ("ARCHIVE_ALARM_SHARE", "nan", "from 0 on"),
        ("ARCHIVE_ALARM_WEBHOOK", "example.org/hook", "write a web address"),
        ("ARCHIVE_ALARM_MAIL_TO", "desk", "no e-mail address"),
        ("ARCHIVE_SMTP_SERVER", "mail.example.org", "host:port"),
        ("ARCHIVE_ALARM_MAIL_FROM", "a@b\nBcc: c@d", "no e-mail address"),
    ],
)
def test_wrong_settings_are_told(settings: dict[str, Any], name: str, value: str, said: str) -> None:
    settings |= {"ARCHIVE_ALARM_MAIL_TO": "desk@example.org", name: value}
    with pytest.raises(UsageError, match=said) as raised:
        Plan.of(settings)
    assert name.removeprefix("ARCHIVE_ALARM_").split("_")[0] in str(raised.value)
