"""The articles of a generated archive once more, each at an address of its own: a large archive in less time.

Texts are what takes long to make and to read. The same ones at other addresses cost their rows and their
place in the index, as any others do: a word is in as many articles of a thousand as before. They have no
sketches, or each would be a copy of its other self.
"""

from __future__ import annotations

from growth_loading import SEARCH, SEARCH_COLUMNS, loading
from rich.progress import Progress
from sqlalchemy import func, select

from storage.database import open_engine
from storage.models import article, metadata, version

# What the columns of the k-th repetition are; all others are as they were.
ARTICLES, VERSIONS = "{column} + {k} * {articles}", "{column} + {k} * {versions}"
ADDRESS = "{column} || '-{k}'"
CHANGED = {
    "article": {
        "id": ARTICLES,
        "canonical_url": ADDRESS,
        "key": ADDRESS,
        "current_version_id": VERSIONS,
        "text_hash": ADDRESS,
        "sketch": "NULL",
    },
    "version": {"id": VERSIONS, "article_id": ARTICLES, "url": ADDRESS},
    "byline": {"version_id": VERSIONS},
    "image": {"version_id": VERSIONS},
    "keyword": {"version_id": VERSIONS},
    "url": {"id": ARTICLES, "url": ADDRESS, "key": ADDRESS, "article_id": ARTICLES},
    "announcement": {"url_id": ARTICLES},
    "change": {"article_id": ARTICLES, "version_id": VERSIONS},
    "event": {"id": VERSIONS, "article_id": ARTICLES, "version_id": VERSIONS},
    SEARCH: {"rowid": VERSIONS},
}
OWN = {"article": "id", "url": "id", "announcement": "url_id", "change": "article_id"}  # else a version's


def repeat(where: str, times: int, progress: Progress) -> None:
    """Let an archive that was just made have its articles `times` times."""
    engine = open_engine(where)
    with engine.connect() as connection:
        articles = connection.scalar(select(func.max(article.c.id))) or 0
        versions = connection.scalar(select(func.max(version.c.id))) or 0
    task = progress.add_task(f"{times} times", total=times, completed=1)
    with loading(engine) as loader:
        for k in range(1, times):
            for name in CHANGED:
                loader.run(_statement(engine.dialect.name, name, k, articles, versions))
            progress.advance(task)
    engine.dispose()


def _statement(dialect: str, name: str, k: int, articles: int, versions: int) -> str:
    every = SEARCH_COLUMNS[dialect] if name == SEARCH else metadata.tables[name].c.keys()
    columns = [column for column in every if (name, column) != ("change", "id")]
    given = {"k": k, "articles": articles, "versions": versions}
    changed = [CHANGED[name].get(one, "{column}").format(column=one, **given) for one in columns]
    own = OWN.get(name, "rowid" if name == SEARCH else "id" if name in ("version", "event") else "version_id")
    last = articles if name in OWN else versions
    chosen = f"SELECT {', '.join(changed)} FROM {name} WHERE {own} <= {last}"
    return f"INSERT INTO {name} ({', '.join(columns)}) {chosen}"
