"""From a file somebody sent to a kept picture, and from a kept picture to its renditions.

Neither touches the database: decoding takes a second or two, and nobody else may wait for it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from catalog.pictures import sandbox
from catalog.pictures.store import MASTER, Store, name_of
from catalog.rules.pictures import rendition_names
from core.errors import NotFound


class MasterMissing(NotFound):
    """The kept picture is gone from the store; renditions cannot be made."""


@dataclass(frozen=True, slots=True)
class Received:
    """A picture that lies in the store."""

    digest: str
    width: int
    height: int


def receive(store: Store, data: bytes) -> Received:
    """Clean the file and keep it under its digest; raises UnusablePicture, StoreUnavailable."""
    cleaned = sandbox.clean(data)
    digest = hashlib.sha256(cleaned.content).hexdigest()
    name = name_of(digest, MASTER)
    if not store.has(name):
        store.write(name, cleaned.content)
    return Received(digest, cleaned.width, cleaned.height)


def make_renditions(store: Store, digest: str, width: int) -> int:
    """Make what is missing of a picture's renditions; returns how many files were written.

    Killed at any point it leaves only whole files, and the next try makes the rest.
    """
    missing = [name for name in rendition_names(width) if not store.has(name_of(digest, name))]
    if not missing:
        return 0
    master = store.read(name_of(digest, MASTER))
    if master is None:
        raise MasterMissing(digest=digest)
    made = sandbox.render(master, width)
    for name in missing:
        store.write(name_of(digest, name), made[name])
    return len(missing)
