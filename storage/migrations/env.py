"""Alembic's entry: run the revisions on the connection that `storage.database` hands over."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine

from storage.models import metadata


def is_ours(obj: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
    """No model describes the search index: on SQLite it is a virtual table with shadow tables."""
    return not (kind == "table" and (name or "").startswith("article_search"))


def run(connection: object) -> None:
    """Run the revisions asked for in the caller's transaction."""
    context.configure(
        connection=connection,  # type: ignore[arg-type]
        target_metadata=metadata,
        include_object=is_ours,
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


connection = context.config.attributes.get("connection")
if connection is not None:
    run(connection)
else:  # `alembic -x …` by a developer, with sqlalchemy.url in the command
    with create_engine(context.config.get_main_option("sqlalchemy.url") or "sqlite://").begin() as own:
        run(own)
