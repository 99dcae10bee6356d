"""Which version of each article stands: the latest, or the one that stood at an instant.

    captured    the last one that the archive had read by then
    published   the last one that the newsroom had published by then, as far as is known: the version's own
                date of change (of publication, where it has none; of our reading, where it has neither), but
                not before the version that it replaced was last seen. What was edited in silence keeps an
                old date, and did not stand when we read another text there.

Of several readings of one capture the last one counts.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, select

from storage.models import article, change, check_mark, version
from storage.records import ChangeKind


class By(StrEnum):
    """By whose clock an earlier state is asked for."""

    CAPTURED = "captured"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Standing:
    """The archive as it is, or as it was; its expressions belong to a query of `article`."""

    instant: dt.datetime | None = None
    # Aware; None: now.
    by: By = By.CAPTURED

    @property
    def version_id(self) -> ColumnElement[int | None]:
        """The id of the version that stands; NULL where the article was not there yet."""
        if self.instant is None:
            return article.c.current_version_id
        one = version.alias("standing")
        of_article = select(one.c.id).where(one.c.article_id == article.c.id, one.c.is_superseded.is_(False))
        if self.by is By.CAPTURED:
            stood = of_article.where(one.c.fetched_at <= self.instant)
            stood = stood.order_by(one.c.fetched_at.desc(), one.c.number.desc())
        else:
            stood = of_article.where(_was_published(one.c, self.instant)).order_by(one.c.number.desc())
        return stood.limit(1).correlate(article).scalar_subquery()

    @property
    def removed_at(self) -> ColumnElement[dt.datetime | None]:
        """When the article was found gone for good, where it was gone."""
        if self.instant is None:
            return article.c.removed_at
        went = select(case((change.c.kind == ChangeKind.REMOVED, change.c.at)))
        went = went.where(
            change.c.article_id == article.c.id,
            change.c.kind.in_((ChangeKind.REMOVED, ChangeKind.BACK)),
            change.c.at <= self.instant,
        )
        went = went.order_by(change.c.at.desc(), change.c.id.desc())
        return went.limit(1).correlate(article).scalar_subquery()

    @property
    def last_checked_at(self) -> ColumnElement[dt.datetime]:
        """When it was last read by then, as far as is known; `version` is the one that stands."""
        if self.instant is None:
            return article.c.last_checked_at
        return case(
            (article.c.last_checked_at <= self.instant, article.c.last_checked_at), else_=version.c.fetched_at
        )


NOW = Standing()


def _was_published(one: Any, instant: dt.datetime) -> ColumnElement[bool]:
    own = func.coalesce(one.date_modified, one.date_published, one.fetched_at)
    before = version.alias("predecessor")
    last_seen = func.coalesce(check_mark.c.last_at, before.c.fetched_at)
    mark = and_(check_mark.c.article_id == before.c.article_id, check_mark.c.number == before.c.number)
    still_there = (
        select(before.c.id)
        .select_from(before.outerjoin(check_mark, mark))
        .where(
            before.c.article_id == one.article_id,
            before.c.number == one.number - 1,
            before.c.is_superseded.is_(False),
            last_seen > instant,
        )
    )
    return and_(own <= instant, ~exists(still_there))
