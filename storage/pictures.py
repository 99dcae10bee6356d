"""Which pictures are wanted as files, and which file each of them is.

    want       a new version is stored: its pictures are wanted, in the same transaction
    inherit    a capture is read again: its pictures have the files that they had
    wanted     what a crawl is to fetch; what one that was killed has left, too
    known      the file of an address that was fetched before
    keep       every picture at an address has its file
    give_up    … or the reason why it has none

The files themselves are in `storage.picture_files`.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, select, tuple_, update

from storage.models import article, image, picture_file, version
from storage.records import FileState, PictureFile, Pictures
from storage.upserts import upsert


class Wanted(NamedTuple):
    """A picture whose file is to be fetched."""

    version_id: int
    position: int
    url: str


def want(connection: Connection, version_id: int, which: Pictures) -> None:
    """Ask for the files of a new version's pictures."""
    if which is Pictures.NONE:
        return
    asked = update(image).where(image.c.version_id == version_id)
    if which is Pictures.LEAD:
        asked = asked.where(image.c.is_lead)
    connection.execute(asked.values(file_state=FileState.WANTED))


def inherit(connection: Connection, version_id: int, before_id: int) -> None:
    """Give the pictures of a new reading the files that the reading before has at the same addresses."""
    before = image.alias("before")
    same = (before.c.version_id == before_id, before.c.url == image.c.url)
    names = ("file_state", "file_detail", "file_sha256")
    values = {name: select(before.c[name]).where(*same).limit(1).scalar_subquery() for name in names}
    connection.execute(update(image).where(image.c.version_id == version_id).values(**values))


def wanted(connection: Connection, source_id: int, *, after: Wanted | None, limit: int) -> list[Wanted]:
    """The next pictures of a source whose files are to be fetched, in the order in which they were stored."""
    place = tuple_(image.c.version_id, image.c.position)
    query = (
        select(image.c.version_id, image.c.position, image.c.url)
        .join(version, version.c.id == image.c.version_id)
        .join(article, article.c.id == version.c.article_id)
        .where(image.c.file_state == FileState.WANTED, article.c.source_id == source_id)
        .order_by(image.c.version_id, image.c.position)
        .limit(limit)
    )
    if after is not None:
        query = query.where(place > (after.version_id, after.position))
    return [Wanted(*row) for row in connection.execute(query)]


def known(connection: Connection, url: str) -> PictureFile | None:
    """The file that a picture's address brought before, or None."""
    query = (
        select(picture_file)
        .join(image, image.c.file_sha256 == picture_file.c.sha256)
        .where(image.c.file_state == FileState.KEPT, image.c.url == url)
        .limit(1)
    )
    row = connection.execute(query).first()
    return PictureFile(**row._mapping) if row else None


def keep(connection: Connection, url: str, file: PictureFile) -> None:
    """Give each picture at an address that waits for its file, or went without, the one that it is."""
    row = {name: getattr(file, name) for name in PictureFile.__slots__}
    connection.execute(upsert(connection, picture_file).on_conflict_do_nothing(), row)
    connection.execute(
        update(image)
        .where(image.c.file_state.in_((FileState.WANTED, FileState.FAILED)), image.c.url == url)
        .values(file_state=FileState.KEPT, file_detail=None, file_sha256=file.sha256)
    )


def give_up(connection: Connection, url: str, reason: str) -> None:
    """Write down why the pictures at an address get no file; a later version asks for it again."""
    connection.execute(
        update(image)
        .where(image.c.file_state == FileState.WANTED, image.c.url == url)
        .values(file_state=FileState.FAILED, file_detail=reason)
    )


def find(connection: Connection, sha256: str) -> PictureFile | None:
    """What is known of a file, or None where there is none of that name."""
    row = connection.execute(select(picture_file).where(picture_file.c.sha256 == sha256)).first()
    return PictureFile(**row._mapping) if row else None
