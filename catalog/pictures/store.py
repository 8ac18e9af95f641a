"""Where the files of pictures lie: a folder by default, an S3-compatible store by URL.

Names are ``pictures/<first two characters>/<key>/<file>``. A file appears whole or not at all, and is never
changed afterwards: the same name always means the same content.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from catalog.rules.pictures import KEY_LENGTH
from core.errors import Unavailable

FOLDER = "pictures"
MASTER = "master.jpg"
CONTENT_TYPES = {"avif": "image/avif", "jpg": "image/jpeg"}
UNFINISHED = ".part-"


class StoreUnavailable(Unavailable):
    """The files can be neither read nor written now: the disk is full, or the store does not answer."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that is there."""

    name: str
    size: int
    changed_at: datetime


class Store(Protocol):
    """What the shop needs of a place for files; every method raises StoreUnavailable."""

    def write(self, name: str, content: bytes) -> None:
        """Put the file there, whole or not at all."""

    def read(self, name: str) -> bytes | None:
        """The file, or None."""

    def has(self, name: str) -> bool:
        """Whether the file is there."""

    def files(self) -> Iterator[Stored]:
        """Every file there is, unfinished ones too."""

    def delete(self, name: str) -> None:
        """Take the file away; nothing happens when it is gone already."""


def name_of(digest: str, file: str) -> str:
    """The name of a file of the picture with that digest."""
    key = digest[:KEY_LENGTH]
    return f"{FOLDER}/{key[:2]}/{key}/{file}"


def content_type(name: str) -> str:
    """What a file is sent as."""
    return CONTENT_TYPES.get(name.rpartition(".")[2], "application/octet-stream")


def open_store(media_url: str, media_dir: Path) -> Store:
    """The store of these settings: ``s3://bucket/prefix?endpoint=…``, or "" for ``media_dir``.

    There is no URL for another folder: backups hold the data directory, and pictures belong in them.
    """
    if media_url.startswith("s3:"):
        from catalog.pictures.s3 import BucketStore

        return BucketStore(media_url)
    return FolderStore(media_dir)


class FolderStore:
    """Files in a folder of this machine (or of one it has mounted)."""

    def __init__(self, folder: Path) -> None:
        """The folder is made when the first file comes."""
        self.folder = folder

    def path(self, name: str) -> Path:
        """Where the file lies, for a web server that sends it itself."""
        return self.folder / name

    def write(self, name: str, content: bytes) -> None:
        """Beside its place first, then moved there in one step."""
        target = self.path(name)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            number, draft = tempfile.mkstemp(dir=target.parent, prefix=UNFINISHED)
            try:
                with os.fdopen(number, "wb") as out:
                    out.write(content)
                    out.flush()
                    os.fsync(out.fileno())
                Path(draft).chmod(0o644)
                Path(draft).replace(target)
            finally:
                Path(draft).unlink(missing_ok=True)
        except OSError as error:
            raise StoreUnavailable(name=name, problem=error.strerror or str(error)) from error

    def read(self, name: str) -> bytes | None:
        """The whole file."""
        try:
            return self.path(name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise StoreUnavailable(name=name, problem=error.strerror or str(error)) from error

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        return self.path(name).is_file()

    def files(self) -> Iterator[Stored]:
        """Below the folder of pictures only: other things of the house may lie beside it."""
        for path in sorted((self.folder / FOLDER).rglob("*")):
            if path.is_file():
                found = path.stat()
                yield Stored(
                    path.relative_to(self.folder).as_posix(),
                    found.st_size,
                    datetime.fromtimestamp(found.st_mtime, UTC),
                )

    def delete(self, name: str) -> None:
        """The file, and its folder when it was the last in it."""
        path = self.path(name)
        try:
            path.unlink(missing_ok=True)
            path.parent.rmdir()
        except OSError:
            return  # not empty, or already gone with somebody else's sweep
