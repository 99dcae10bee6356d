"""`newsarchive counts` and `people`: how much there is, and who is named."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from crawler.cli.archive import AsJson, Author, Language, Since, SourceName, Until, chosen
from crawler.cli.instants import AsOf, ByWhom, standing
from crawler.cli.options import Options, with_options
from storage import Archive
from storage.counting import Count, Group
from storage.people import Person
from storage.standing import By

BAR = 40  # characters
Query = Annotated[str | None, typer.Option("--query", help="Only in articles that this search finds.")]
Top = Annotated[int, typer.Option("--limit", min=1, max=1_000_000, help="How many rows.")]


@with_options
def counts(
    options: Options,
    group: Annotated[Group, typer.Option("--by", help="What articles are counted by.")] = Group.DAY,
    query: Query = None,
    source: SourceName = None,
    author: Author = None,
    since: Since = None,
    until: Until = None,
    language: Language = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Count articles by day, source, language, section or author, with the same filters as search.

    A day is the UTC day of publication, or that on which an article was first seen
    where its page has no date. An article of two writers counts for each.

    Examples:  newsarchive counts --by day --since 2026-01-01
               newsarchive counts --by author --query harbour --json
    """
    where = chosen(source, author, since, until, language)
    with Archive.open(options.database) as archive:
        found = standing(archive, as_of, By.CAPTURED).counts(group, where, query=query)
    if as_json:
        lines = [{"key": one.key, "articles": one.articles, "words": one.words} for one in found]
        print(json.dumps(lines, ensure_ascii=False))
        return
    from crawler.cli import screen

    screen.out.print(_chart(found, group) if found else "No articles.")


@with_options
def people(
    options: Options,
    name: Annotated[str | None, typer.Argument(help="A part of a name; without it, all.")] = None,
    query: Query = None,
    source: SourceName = None,
    since: Since = None,
    until: Until = None,
    language: Language = None,
    as_of: AsOf = None,
    by: ByWhom = By.CAPTURED,
    limit: Top = 50,
    as_json: AsJson = False,
) -> None:
    """List who is named in bylines: in which roles, in how many articles, from when to when.

    Agencies and desks are among them. Case and accents do not count in NAME.

    Examples:  newsarchive people
               newsarchive people holt --source example-org --since 2026-01-01
    """
    where = chosen(source, None, since, until, language)
    with Archive.open(options.database) as archive:
        found = standing(archive, as_of, by).people(name, where, query=query, limit=limit)
    if as_json:
        print(json.dumps([_person_json(one) for one in found], ensure_ascii=False))
        return
    from crawler.cli import screen

    screen.out.print(_people_table(found) if found else "Nobody is named so.")


def _chart(found: list[Count], group: Group) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column(str(group))
    table.add_column("articles", justify="right")
    table.add_column("words", justify="right", style="dim")
    table.add_column("")
    most = max(one.articles for one in found)
    for one in found:
        bar = Text("█" * max(1, round(BAR * one.articles / most)), "green")
        named = Text(one.key) if one.key is not None else Text("(not known)", "dim")
        table.add_row(named, str(one.articles), str(one.words), bar)
    return table


def _people_table(found: list[Person]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("name", style="bold", overflow="fold")
    table.add_column("articles", justify="right")
    table.add_column("as")
    table.add_column("first", style="dim")
    table.add_column("last", style="dim")
    for one in found:
        roles = ", ".join(f"{role} {number}" for role, number in one.roles.items())
        days = (f"{one.first:%Y-%m-%d}", f"{one.last:%Y-%m-%d}")
        table.add_row(Text(one.name), str(one.articles), roles, *days)
    return table


def _person_json(one: Person) -> dict[str, object]:
    return {
        "name": one.name,
        "articles": one.articles,
        "roles": one.roles,
        "first": one.first.isoformat(),
        "last": one.last.isoformat(),
    }
