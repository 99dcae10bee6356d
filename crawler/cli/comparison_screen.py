"""What a person sees of a comparison of readings: counts by source and field, and examples."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from crawler.replay.comparison import Comparison, Turn

COLOURS = {Turn.SAME: "dim", Turn.CHANGED: "yellow", Turn.GAINED: "green", Turn.LOST: "red"}


def table(comparison: Comparison) -> Table:
    """A row for each field of a source in which anything would change."""
    found = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("source", "field"):
        found.add_column(name)
    for turn in Turn:
        found.add_column(turn, justify="right")
    for source, by_field in sorted(comparison.sources.items()):
        for name, changes in by_field.items():
            if changes.turns.keys() - {Turn.SAME}:
                numbers = (Text(str(changes.turns[turn]), COLOURS[turn]) for turn in Turn)
                found.add_row(Text(source, "bold"), Text(name), *numbers)
    return found


def examples(comparison: Comparison) -> Iterator[Text]:
    """The examples of each field, with the article that each is of."""
    for source, by_field in sorted(comparison.sources.items()):
        for name, changes in by_field.items():
            for example in changes.examples:
                head = Text.assemble(
                    (f"{source} · {name}", "bold"), (f"  article {example.article_id}  {example.url}", "dim")
                )
                before, after = (_value(text) for text in (example.before, example.after))
                yield Text.assemble(head, ("\n  - ", "red"), before, ("\n  + ", "green"), after, "\n")


def _value(text: str) -> Text:
    """A value on one line."""
    return Text(text.replace("\n", " ¶ ")) if text else Text("(nothing)", "dim")
