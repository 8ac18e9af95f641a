"""Uploads that wait for a person's word: kept under names nobody can guess, and for a day at most."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from werkzeug.datastructures import FileStorage

KEPT = timedelta(hours=24)
_STEM = re.compile(r"[0-9]{1,19}-[A-Za-z0-9_-]{20,60}")
_SAID = ".json"
SOFTWARE_FOLDER = "software-uploads"
_FOLDERS = ("uploads", "translation-uploads", SOFTWARE_FOLDER)
_LONGEST_NAME = 200


@dataclass(frozen=True)
class Said:
    """What a person said about their file: its name, whose it is, and the province where nothing in it tells one.

    A file too long for a request is given to the worker; `state` is then one of STATES, `done` how many rows it
    has seen or stored, `refusal` and `facts` why it cannot be read, `confirmed` when somebody said "store it".
    """

    name: str = ""
    source: str = ""
    province: str = ""
    rows: int = 0
    kind: str = ""
    state: str = ""
    done: int = 0
    refusal: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    confirmed: str = ""
    run_id: int = 0


STATES = ("", "reading", "looked", "storing", "done", "refused")
"""What the worker does or did with an upload; "" for one that never was the worker's."""


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
    beside = path.with_suffix(_SAID)
    part = beside.with_suffix(f".{secrets.token_hex(4)}.part")  # nobody reads half a note
    part.write_text(json.dumps(asdict(said), default=str), encoding="utf-8")
    part.replace(beside)


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
    """Forget an upload and all that was kept beside it."""
    path.unlink(missing_ok=True)
    for beside in path.parent.glob(f"{path.stem}.*"):
        beside.unlink(missing_ok=True)


def beside(path: Path, ending: str) -> Path:
    """Where something that belongs to an upload is kept, such as ".look.json"; it goes with the upload."""
    return path.with_name(path.stem + ending)


def with_worker(
    folder: Path, *, owner: int | None, endings: Collection[str]
) -> list[tuple[str, Said]]:
    """This person's uploads that were given to the worker, by their tokens, the latest first."""
    if not folder.is_dir():
        return []
    own = [path for path in folder.glob(f"{owner or 0}-*") if path.suffix in endings]
    own = [path for path in own if _STEM.fullmatch(path.stem)]
    told = [(path.stat().st_mtime, path.name, said_of(path)) for path in own]
    return [
        (name, said) for _when, name, said in sorted(told, reverse=True, key=_when) if said.state
    ]


def _when(told: tuple[float, str, Said]) -> float:
    return told[0]


def short_name(name: str | None) -> str:
    """What people called their file: without folders and letters nobody can see, and not too long."""
    seen = "".join(letter for letter in name or "" if letter.isprintable())
    return Path(seen.replace("\\", "/")).name[:_LONGEST_NAME]


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
