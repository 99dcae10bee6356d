"""Plain text: a folder with one file an article, and metadata.csv that says what each one is."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from storage.export import destination
from storage.export.file_names import place
from storage.export.lines import CSV_COLUMNS, to_cells, to_json
from storage.export.request import Request
from storage.records import ArchivedArticle

COLUMNS = ("file", *(name for name in CSV_COLUMNS if name != "body"))


def write(records: Iterator[ArchivedArticle], request: Request) -> int:
    """Write the folder; returns how many articles."""
    assert request.output
    number = 0
    with (
        destination.new_folder(request.output) as folder,
        destination.text_file(folder / "metadata.csv", "metadata.csv") as table,
    ):
        rows = csv.writer(table)
        rows.writerow(COLUMNS)
        for number, item in enumerate(records, 1):
            name = place(number, item, ".txt", every=request.versions == "all")
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text(item), encoding="utf-8", errors="replace", newline="\n")
            cells: dict[str, Any] = {**to_cells(to_json(item)), "file": name}
            rows.writerow([cells[column] for column in COLUMNS])
    return number


def text(item: ArchivedArticle) -> str:
    """Headline, standfirst and body, parted by blank lines."""
    page = item.article
    return "\n\n".join(part for part in (page.headline, page.description, page.body) if part) + "\n"
