"""How many articles there are: by day, source, language, section or author."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from storage.errors import UsageError
from storage.filters import PUBLISHED
from storage.models import article, byline, person, source, version
from storage.records import Role
from storage.standing import NOW, Standing

WRITERS = (Role.WRITER, Role.CONTRIBUTOR)


class Group(StrEnum):
    """What articles are counted by."""

    DAY = "day"  # UTC; published, or first seen where that is not known
    SOURCE = "source"
    LANGUAGE = "language"
    SECTION = "section"
    AUTHOR = "author"  # an article of two writers counts for each


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """A group of articles."""

    key: str | None
    # The day (2026-03-01), slug, language tag, section or name; None: the page does not say.
    articles: int
    words: int
    # Of all their bodies.


def group(by: Group | str) -> Group:
    """`by` as one of the groups; UsageError where it is none."""
    try:
        return Group(by)
    except ValueError as error:
        raise UsageError(f"articles are counted by {', '.join(Group)}, not by {by!r}") from error


def counts(connection: Connection, found: Select[Any], by: Group, standing: Standing = NOW) -> list[Count]:
    """The articles of `found` (a column `id`) by group: days in order, all else the largest first."""
    key = _key(by)
    number = func.count()
    query = _grouped(found, by, standing).with_only_columns(key, number, func.sum(version.c.word_count))
    order = (key,) if by is Group.DAY else (number.desc(), key)
    rows = connection.execute(query.group_by(key).order_by(*order))
    return [Count(key=None if row[0] is None else str(row[0]), articles=row[1], words=row[2]) for row in rows]


def standing_versions(found: Select[Any], standing: Standing = NOW) -> Select[Any]:
    """The articles of `found` (a column `id`), each with its version."""
    ids = found.subquery()
    return (
        select(article.c.id)
        .select_from(article)
        .join(ids, ids.c.id == article.c.id)
        .join(version, version.c.id == standing.version_id)
    )


def _key(by: Group) -> ColumnElement[Any]:
    keys: dict[Group, ColumnElement[Any]] = {
        Group.DAY: func.date(PUBLISHED),
        Group.SOURCE: source.c.slug,
        Group.LANGUAGE: version.c.in_language,
        Group.SECTION: version.c.article_section,
        Group.AUTHOR: person.c.name,
    }
    return keys[by].label("key")


def _grouped(found: Select[Any], by: Group, standing: Standing) -> Select[Any]:
    query = standing_versions(found, standing)
    if by is Group.SOURCE:
        return query.join(source, source.c.id == article.c.source_id)
    if by is Group.AUTHOR:
        # Once an article, though a name may stand in a byline twice.
        wrote = select(byline.c.version_id, byline.c.person_id).where(byline.c.role.in_(WRITERS)).distinct()
        written = wrote.subquery()
        query = query.outerjoin(written, written.c.version_id == version.c.id)
        return query.outerjoin(person, person.c.id == written.c.person_id)
    return query
