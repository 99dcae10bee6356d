"""How fast stored pages are taken in and read again: `newsarchive import`, `newsarchive reextract --all`.

    python benchmarks/rereading.py FOLDER --copies 4

FOLDER is as `benchmarks/serve.py` takes it. Its pages are written to one WARC file as a crawler would
have stored them, each `copies` times under addresses of its own, and that file is imported.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path

from serve import measured, pages
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter


def write(folder: Path, copies: int, path: Path) -> int:
    """Write the pages of `folder` to a WARC file; returns how many."""
    number = 0
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for copy in range(copies):
            for place, body in pages(folder):
                url = f"https://site-{copy}.example{place}"
                head = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], "HTTP/1.1")
                payload = BytesIO(gzip.decompress(body))
                writer.write_record(
                    writer.create_warc_record(url, "response", payload=payload, http_headers=head)
                )
                number += 1
    return number


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--copies", type=int, default=1, help="how often each page is stored (default: 1)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "pages.warc.gz"
        number = write(arguments.folder, arguments.copies, file)
        shared = ["--database", f"{place}/archive.db", "--sources", f"{place}/none", "--json"]
        for command in (["import", str(file)], ["reextract", "--all"]):
            begun = time.monotonic()
            told, cpu = measured([sys.executable, "-m", "crawler", *command, *shared])
            seconds = time.monotonic() - begun
            speed, cost = number / seconds, 1000 * cpu / number
            print(f"{command[0]:10} {speed:6.1f} pages a second  {cost:6.1f} ms CPU a page")
            print({name: value for name, value in json.loads(told).items() if value})


if __name__ == "__main__":
    main()
