"""Pictures are told by their bytes, named by their hash, and a name is only given to a whole file."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from storage import picture_files, pictures
from storage.picture_files import PART, STALE_SECONDS, FolderError, NoPicture, check, examined, folder, write
from storage.records import SUFFIXES, Image, PictureFile, Pictures
from tests.some_pictures import SVG, bomb, picture
from tests.storage.newsroom import NOON, Newsroom, article

PIER = "https://courier.example/pier"
MAX_PIXELS = 1_000_000


def told(body: bytes, max_pixels: int = MAX_PIXELS) -> PictureFile:
    return examined(body, max_pixels=max_pixels, at=NOON)


@pytest.mark.parametrize("media_type", SUFFIXES)
def test_each_kind_is_told_by_its_bytes(media_type: str) -> None:
    body = picture(media_type.removeprefix("image/").upper(), (64, 48))
    found = told(body)
    sha256 = hashlib.sha256(body).hexdigest()
    assert found == PictureFile(
        sha256=sha256, media_type=media_type, width=64, height=48, size=len(body), fetched_at=NOON
    )
    assert found.path == f"{sha256[:2]}/{sha256}.{SUFFIXES[media_type]}"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "no JPEG, PNG"),
        (b"<!doctype html><html><body>Sign in</body></html>", "no JPEG, PNG"),
        (SVG, "no JPEG, PNG"),
        (picture("BMP"), "no JPEG, PNG"),
        (picture("TIFF"), "no JPEG, PNG"),
        (bomb(), "pixels"),
        (bomb(1001, 1000), "1001 x 1000 pixels are more than ARCHIVE_PICTURE_MAXPIXELS"),
        (bomb(900, 900), "a broken picture"),  # few enough, but they are not there
        (b"\xff\xd8\xff\xe0", "no JPEG, PNG"),
    ],
)
def test_what_is_no_picture_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(NoPicture, match=reason):
        told(body)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_picture_that_broke_off_is_refused(kind: str, share: float) -> None:
    body = picture(kind, (320, 240))
    with pytest.raises(NoPicture):
        told(body[: int(len(body) * share)])


def test_a_progressive_picture_that_broke_off_is_refused(tmp_path: Path) -> None:
    from PIL import Image as Pillow

    Pillow.effect_noise((640, 480), 80).save(tmp_path / "p.jpg", progressive=True)
    body = (tmp_path / "p.jpg").read_bytes()
    assert told(body).width == 640
    with pytest.raises(NoPicture):
        told(body[: len(body) // 2])


@given(st.binary(max_size=300), st.sampled_from(["JPEG", "PNG", "GIF", "WEBP", "AVIF"]), st.integers(0, 400))
def test_no_bytes_break_it(noise: bytes, kind: str, place: int) -> None:
    body = BODIES[kind]
    for written in (noise, body[:place] + noise + body[place + len(noise) :]):
        try:
            found = told(written)
        except NoPicture as error:
            assert "\n" not in str(error)  # noqa: PT017 - what it says is the point
        else:
            assert found.media_type in SUFFIXES


BODIES = {kind: picture(kind, (8, 8)) for kind in ("JPEG", "PNG", "GIF", "WEBP", "AVIF")}


def test_a_file_is_written_once(tmp_path: Path) -> None:
    body = picture()
    file = told(body)
    write(tmp_path / "pictures", file, body)
    path = tmp_path / "pictures" / file.path
    before = path.stat()
    write(tmp_path / "pictures", file, body)
    assert (path.stat().st_ino, path.read_bytes()) == (before.st_ino, body)
    assert before.st_mode & 0o777 == 0o644
    path.write_bytes(body[:10])  # a disk that was full, say
    write(tmp_path / "pictures", file, body)
    assert path.read_bytes() == body
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "pictures").write_text("a file")
    body = picture()
    with pytest.raises(FolderError, match=r"cannot write to the folder of pictures .*pictures: Not a dir"):
        write(tmp_path / "pictures", told(body), body)


WRITER = """
import datetime as dt, os, sys
from pathlib import Path
from storage.picture_files import write
from storage.records import PictureFile
import hashlib
print("begun", flush=True)
while True:
    body = os.urandom(4_000_000)
    sha256 = hashlib.sha256(body).hexdigest()
    file = PictureFile(sha256=sha256, media_type="image/png", width=1, height=1, size=len(body),
                       fetched_at=dt.datetime.now(dt.UTC))
    write(Path(sys.argv[1]), file, body)
"""


def test_a_killed_writer_leaves_no_half_file_under_a_name(tmp_path: Path) -> None:
    chance = random.Random(1)
    for _ in range(6):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        assert process.stdout
        process.stdout.readline()
        time.sleep(chance.uniform(0.05, 0.3))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    named = [path for path in tmp_path.rglob("*") if path.is_file() and not path.name.startswith(PART)]
    assert named
    for path in named:
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.stem


def test_half_written_files_are_cleared_when_they_are_old(tmp_path: Path) -> None:
    (tmp_path / "ab").mkdir()
    old, new = tmp_path / "ab" / f"{PART}old", tmp_path / "ab" / f"{PART}new"
    kept = tmp_path / "ab" / "ab.jpg"
    for path in (old, new, kept):
        path.touch()
    then = time.time() - STALE_SECONDS - 60
    os.utime(old, (then, then))
    os.utime(kept, (then, then))
    picture_files.tidy(tmp_path)
    assert sorted(p.name for p in (tmp_path / "ab").iterdir()) == [new.name, kept.name]
    picture_files.tidy(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("database", "beside"),
    [("archive.db", "archive-pictures"), ("/data/news.sqlite", "/data/news-pictures"),
     ("sqlite:////data/a.db", "/data/a-pictures")],
)  # fmt: skip
def test_the_folder_is_beside_the_archive(database: str, beside: str) -> None:
    assert folder("", database) == Path(beside)
    assert folder("/elsewhere", database) == Path("/elsewhere")


def test_check(newsroom: Newsroom, connection: Connection, tmp_path: Path) -> None:
    """What is missing, changed, or pointed to by nothing is named; what is sound is not."""
    bodies = [picture(seed=seed) for seed in range(4)]
    files = [told(body) for body in bodies]
    urls = [f"https://courier.example/{n}.jpg" for n in range(3)]
    newsroom.store(article(PIER, images=tuple(Image(url=url) for url in urls)), pictures=Pictures.ALL)
    for url, file, body in zip(urls, files[:3], bodies[:3], strict=True):
        write(tmp_path, file, body)
        pictures.keep(connection, url, file)
    assert list(check(connection, tmp_path)) == [None, None, None]
    (tmp_path / files[0].path).unlink()
    (tmp_path / files[1].path).write_bytes(bodies[3])
    write(tmp_path, files[3], bodies[3])
    (tmp_path / f"{PART}x").touch()
    problems = [problem for problem in check(connection, tmp_path) if problem]
    assert sorted(problems) == sorted(
        [
            f"{tmp_path / files[0].path}: missing",
            f"{tmp_path / files[1].path}: its bytes are not those that its name says",
            f"{tmp_path / files[3].path}: nothing in the archive points to it",
            f"{tmp_path / PART}x: half written",
        ]
    )
    pictures.keep(connection, "https://courier.example/nowhere.jpg", files[3])
    assert f"{tmp_path}: no picture of an article points to {files[3].sha256}" in list(
        check(connection, tmp_path)
    )
