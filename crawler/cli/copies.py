"""The articles that are made of one text, as a table."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crawler.cli.screen import moment
from storage.copies import Cluster, Copy


def copies_table(cluster: Cluster) -> RenderableType:
    """The articles that are made of one text: a row each, the earliest first."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("id", justify="right", style="dim")
    table.add_column("source", style="bold")
    table.add_column("published")
    table.add_column("reused", justify="right")
    table.add_column("words", justify="right")
    table.add_column("headline", overflow="fold")
    table.add_column("", style="green")
    for member in cluster.copies:
        marks = {"published first": member.is_earliest, "likely origin": member.is_likely_origin}
        table.add_row(
            str(member.article_id),
            Text(member.source),
            _published(member),
            "" if member.share_reused is None else f"{member.share_reused:.0%}",
            str(member.word_count),
            Text(member.headline or member.canonical_url),
            ", ".join(name for name, holds in marks.items() if holds),
        )
    origin = Text.assemble(("\nLikely origin: ", "dim"), cluster.likely_origin or "not known")
    return Group(table, origin)


def _published(member: Copy) -> Text:
    """When it was published; where the page does not say, when it was first seen."""
    published = moment(member.date_published)
    return Text(published) if published else Text(f"seen {member.first_seen_at:%Y-%m-%d %H:%M} UTC", "dim")
