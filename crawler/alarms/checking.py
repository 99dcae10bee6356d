"""A check, and telling of what turned."""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine

from crawler.alarms.channels import Channel, DeliveryError
from crawler.alarms.plan import Plan
from crawler.errors import SourcesError
from storage.database import writing
from storage.health import alarms
from storage.health.alarms import Notice, Turn, TurnKind
from storage.health.checking import check as check_rules

logger = logging.getLogger("newsarchive.alarms")


def check(engine: Engine, now: dt.datetime, settings: Mapping[str, Any]) -> list[Turn]:
    """Raise and clear alarms, and tell of them; returns those that turned, the worst first.

    Blocks for as long as the channels need, 10 s each at the most: call it in a
    thread. What cannot be told now is told at the next check.
    """
    plan = Plan.of(settings)
    turned = check_rules(
        engine,
        now,
        limits=plan.limits,
        folders=plan.folders,
        channels=[channel.name for channel in plan.channels],
        muted=_muted(plan),
    )
    for turn in turned:
        level = logging.WARNING if turn.kind is TurnKind.RAISED else logging.INFO
        facts = {"alarm": turn.id, "turn": str(turn.kind), "rule": str(turn.rule), "source": turn.source}
        logger.log(level, "alarm %s: %s", turn.headline, turn.detail, extra=facts)
    deliver(engine, now, plan.channels)
    return turned


def _muted(plan: Plan) -> dict[str, tuple[str, ...]]:
    try:
        return plan.muted()
    except SourcesError as error:  # somebody is editing it; an alarm too many is better than none
        logger.warning("%s", error)
        return {}


def deliver(engine: Engine, now: dt.datetime, channels: Sequence[Channel]) -> None:
    """Tell each channel what it has not been told yet."""
    by_name = {channel.name: channel for channel in channels}
    if not by_name:
        return
    with writing(engine) as connection:
        notices = alarms.claim(connection, list(by_name), now=now)
    waiting: dict[str, list[Notice]] = defaultdict(list)
    for notice in notices:
        waiting[notice.channel].append(notice)
    for name, told in waiting.items():
        error = _tell(by_name[name], told)
        with writing(engine) as connection:
            for notice in told:
                if error is None:
                    alarms.sent(connection, notice.id, at=now)
                else:
                    alarms.not_sent(connection, notice.id, error=error)


def _tell(channel: Channel, notices: Sequence[Notice]) -> str | None:
    """Why it could not be told, or None."""
    try:
        channel.tell(notices)
    except DeliveryError as error:
        logger.warning(
            "alarms could not be sent by %s: %s (tried again at the next check)", channel.name, error
        )
        return str(error)
    return None
