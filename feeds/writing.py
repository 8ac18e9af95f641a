"""How a decided batch becomes files: in the formats the partner wants, each with its fingerprint."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

from feeds.formats.lines import Batch
from feeds.models import FeedBatchFile
from feeds.profiles import Profile

EXTENSIONS = {"xlsx": "xlsx", "cin31": "xml"}


def write_files(batch: Batch, profile: Profile) -> list[FeedBatchFile]:
    """The files of the batch, not stored yet; the same batch gives the same bytes."""
    files = []
    for name in profile.formats:
        content = _renderer(name)(batch, profile)
        digest = hashlib.sha256(content).hexdigest()
        file_name = profile.file_name(batch.number, EXTENSIONS[name])
        files.append(FeedBatchFile(name=file_name, format=name, sha256=digest, content=content))
    return files


def digest_of(files: Iterable[FeedBatchFile]) -> str:
    """The fingerprint of all files of a batch, hexadecimal SHA-256."""
    return hashlib.sha256("".join(file.sha256 for file in files).encode()).hexdigest()


def _renderer(name: str) -> Callable[[Batch, Profile], bytes]:
    from feeds.formats import gs1_cin, xlsx

    return {"xlsx": xlsx.render, "cin31": gs1_cin.render}[name]
