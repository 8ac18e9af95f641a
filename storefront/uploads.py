"""Uploads that wait for a person's word: kept under names nobody can guess, and for a day at most."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from werkzeug.datastructures import FileStorage

KEPT = timedelta(hours=24)
_STEM = re.compile(r"[0-9]{1,19}-[A-Za-z0-9_-]{20,60}")
_SAID = ".json"
SOFTWARE_FOLDER = "software-uploads"
_FOLDERS = ("uploads", "translation-uploads", SOFTWARE_FOLDER)
_LONGEST_NAME = 200


@dataclass(frozen=True)
class Said:
    """What a person said about their file: its name, whose it is, and the province where nothing in it tells one."""

    name: str = ""
    source: str = ""
    province: str = ""
    rows: int = 0
    kind: str = ""


def keep(
    folder: Path, sent: FileStorage, suffix: str, *, owner: int | None, said: Said | None = None
) -> Path:
    """Store an upload; what people called it is told beside it and never used as a name."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{owner or 0}-{secrets.token_urlsafe(24)}{suffix}"
    sent.save(path)
    path.chmod(0o600)
    if said is not None:
        tell(path, said)
    return path


def find(folder: Path, token: str, *, owner: int | None, endings: Collection[str]) -> Path | None:
    """The upload with that token if it is this person's, of one of these kinds, and still there."""
    stem, dot, ending = token.rpartition(".")
    if not _STEM.fullmatch(stem) or dot + ending not in endings:
        return None
    if not token.startswith(f"{owner or 0}-"):
        return None
    path = folder / token
    return path if path.is_file() else None


def tell(path: Path, said: Said) -> None:
    """Write down what is known about an upload."""
    path.with_suffix(_SAID).write_text(json.dumps(asdict(said)), encoding="utf-8")


def said_of(path: Path) -> Said:
    """What was said about an upload; nothing when that is lost."""
    try:
        said = json.loads(path.with_suffix(_SAID).read_text(encoding="utf-8"))
        return Said(**said)
    except (OSError, ValueError, TypeError):
        return Said()


def digest_of(path: Path) -> str:
    """The SHA-256 of its bytes, by which an import that was broken off is known again."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def drop(path: Path) -> None:
    """Forget an upload."""
    path.unlink(missing_ok=True)
    path.with_suffix(_SAID).unlink(missing_ok=True)


def short_name(name: str | None) -> str:
    """What people called their file, without folders and not too long."""
    return Path((name or "").replace("\\", "/")).name[:_LONGEST_NAME]


def sweep(data_dir: Path, *, now: datetime) -> int:
    """Drop every upload older than a day; returns how many files went."""
    oldest = (now - KEPT).timestamp()
    gone = 0
    for folder in (data_dir / name for name in _FOLDERS):
        if not folder.is_dir():
            continue
        for path in folder.iterdir():
            try:
                if path.stat().st_mtime < oldest:
                    path.unlink()
                    gone += 1
            except FileNotFoundError:  # another worker was faster
                continue
    return gone
