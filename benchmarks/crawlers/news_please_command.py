"""news-please's own command: a Scrapy process for each site, five of them at once as its settings have it.

It is handed the addresses of each site's articles, and fetches no pictures: that would measure their servers.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from configparser import RawConfigParser
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from crawlers import Job

EXTRACTORS = [
    "newspaper_extractor_no_images",
    "readability_extractor",
    "date_extractor",
    "lang_detect_extractor",
]


def command(job: Job) -> list[str]:
    settings = RawConfigParser()
    settings.read(_package() / "config" / "config.cfg", encoding="utf-8")
    settings["Files"]["working_path"] = str(job.folder)
    settings["ArticleMasterExtractor"]["extractors"] = repr(EXTRACTORS)
    folder = job.folder / "config"
    folder.mkdir()
    with (folder / "config.cfg").open("w", encoding="utf-8") as file:
        settings.write(file)
    sites = defaultdict(list)
    for url in job.urls.read_text(encoding="utf-8").split():
        sites[urlsplit(url).netloc].append(url)
    entries = [{"crawler": "Download", "url": urls} for urls in sites.values()]
    (folder / "sitelist.hjson").write_text(json.dumps({"base_urls": entries}), encoding="utf-8")
    return [sys.executable, "-m", "newsplease", "-c", str(folder)]


def stored(job: Job) -> Iterator[tuple[str, str]]:
    for file in (job.folder / "data").rglob("*.html.json"):
        found = json.loads(file.read_text(encoding="utf-8"))
        yield found["url"], "\n\n".join((found["maintext"] or "").splitlines())


def _package() -> Path:
    spec = find_spec("newsplease")
    assert spec is not None  # whoever lacks it is not asked for
    assert spec.origin is not None
    return Path(spec.origin).parent
