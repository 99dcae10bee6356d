"""What the settings say of alarms: how far from its usual a thing may be, and who is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from crawler import settings as defaults
from crawler.alarms.channels import Channel
from crawler.alarms.mail import Mail
from crawler.alarms.webhook import Webhook
from crawler.errors import UsageError
from crawler.settings import is_on
from crawler.sources import load
from storage import picture_files
from storage.captures.folder import default_folder
from storage.database import database_url
from storage.health.rules import Limits


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How a check is made."""

    limits: Limits
    channels: tuple[Channel, ...]
    folders: tuple[Path, ...]
    # Where the archive lies.
    sources: Path
    # sources.toml: which rules are not for which source.

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Self:
        """The plan in Scrapy's settings or any mapping of ours; UsageError where one makes no sense."""
        given = _Given(settings)
        return cls(
            limits=Limits(
                share=given.number("ARCHIVE_ALARM_SHARE"),
                patience=given.number("ARCHIVE_ALARM_PATIENCE"),
                failed_looks=int(given.number("ARCHIVE_ALARM_FAILED_LOOKS")),
                idle=dt.timedelta(hours=given.number("ARCHIVE_ALARM_IDLE_HOURS")),
                nothing_stored=dt.timedelta(hours=given.number("ARCHIVE_ALARM_NOTHING_HOURS")),
                disk_free=int(given.number("ARCHIVE_ALARM_DISK_FREE")),
            ),
            channels=_channels(given),
            folders=_folders(given),
            sources=Path(given.text("ARCHIVE_SOURCES")),
        )

    def muted(self) -> dict[str, tuple[str, ...]]:
        """The rules that a source's table in sources.toml mutes; SourcesError where that file is wrong."""
        if not self.sources.exists():
            return {}
        return {slug: source.mute for slug, source in load(self.sources).items() if source.mute}


class _Given:
    """Settings with their defaults."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings

    def value(self, name: str) -> Any:
        value = self._settings.get(name)
        return getattr(defaults, name) if value is None else value

    def text(self, name: str) -> str:
        return str(self.value(name)).strip()

    def number(self, name: str) -> float:
        value = self.value(name)
        try:
            number = float(value)
        except (TypeError, ValueError) as error:
            raise UsageError(f"{name} = {value!r}: write a number") from error
        if not 0 <= number < float("inf"):
            raise UsageError(f"{name} = {value!r}: write a number from 0 on")
        return number

    def switch(self, name: str) -> bool:
        value = self.value(name)
        return is_on(value) if isinstance(value, str) else bool(value)


def _channels(given: _Given) -> tuple[Channel, ...]:
    channels: list[Channel] = []
    if url := given.text("ARCHIVE_ALARM_WEBHOOK"):
        channels.append(Webhook(url))
    if to := given.text("ARCHIVE_ALARM_MAIL_TO"):
        channels.append(
            Mail(
                to=tuple(address.strip() for address in to.split(",") if address.strip()),
                sender=given.text("ARCHIVE_ALARM_MAIL_FROM"),
                server=given.text("ARCHIVE_SMTP_SERVER"),
                starttls=given.switch("ARCHIVE_SMTP_STARTTLS"),
                user=given.text("ARCHIVE_SMTP_USER"),
                password=given.text("ARCHIVE_SMTP_PASSWORD"),
            )
        )
    return tuple(channels)


def _folders(given: _Given) -> tuple[Path, ...]:
    where = given.text("ARCHIVE_DATABASE")
    captures = given.text("ARCHIVE_CAPTURES_FOLDER")
    folders = [
        Path(captures) if captures else default_folder(where),
        picture_files.folder(given.text("ARCHIVE_PICTURES_FOLDER"), where),
    ]
    url = database_url(where)
    if url.get_backend_name() == "sqlite" and url.database:
        folders.append(Path(url.database).parent)
    return tuple(folders)
