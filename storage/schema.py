"""The tables of a new archive, as the models have them: what all revisions make of an empty database.

A test holds the two together. Going through the revisions takes ten times as long,
Alembic's import included, and each new archive would wait for it.
"""

from __future__ import annotations

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table

from storage import views
from storage.migrations import full_text
from storage.models import metadata

# As Alembic makes it.
REVISIONS = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


def create(connection: Connection, revision: str) -> None:
    """Make all tables and views in an empty database, whose revision is `revision` from then on."""
    metadata.create_all(connection)
    full_text.create(connection)
    views.create(connection)
    REVISIONS.create(connection)
    connection.execute(REVISIONS.insert().values(version_num=revision))
