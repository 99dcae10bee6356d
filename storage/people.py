"""Who is named in bylines: in which roles, in how many articles, since when."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select

from storage.counting import standing_versions
from storage.filters import PUBLISHED
from storage.models import article, byline, person, version
from storage.records import Role
from storage.standing import NOW, Standing
from storage.words import fold


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """A name in bylines; an agency or desk, too."""

    name: str
    articles: int
    roles: dict[Role, int]
    # In how many articles as what.
    first: dt.datetime
    # When the first of them was published (where that is not known: first seen); a day: its midnight in UTC.
    last: dt.datetime


def people(
    connection: Connection,
    found: Select[Any],
    standing: Standing = NOW,
    *,
    name: str | None = None,
    limit: int | None = None,
) -> list[Person]:
    """Who is named in the articles of `found` (a column `id`), the most frequent first.

    `name`: a part of the name, in any case and with or without accents.
    """
    query = standing_versions(found, standing).join(byline, byline.c.version_id == version.c.id)
    query = query.join(person, person.c.id == byline.c.person_id)
    if name is not None:
        query = query.where(person.c.folded.contains(fold(name), autoescape=True))
    number = func.count(article.c.id.distinct())
    told = (person.c.id, person.c.name, number.label("articles"), func.min(PUBLISHED), func.max(PUBLISHED))
    ranked = query.with_only_columns(*told).group_by(person.c.id, person.c.name)
    rows = connection.execute(ranked.order_by(number.desc(), person.c.name).limit(limit)).all()
    roles: dict[int, dict[Role, int]] = defaultdict(dict)
    by_role = query.with_only_columns(person.c.id, byline.c.role, number).group_by(person.c.id, byline.c.role)
    shown = select(ranked.order_by(number.desc(), person.c.name).limit(limit).subquery().c.id)
    for person_id, role, articles in connection.execute(by_role.where(person.c.id.in_(shown))):
        roles[person_id][Role(role)] = articles
    return [
        Person(name=row[1], articles=row[2], first=row[3], last=row[4], roles=roles[row[0]]) for row in rows
    ]
