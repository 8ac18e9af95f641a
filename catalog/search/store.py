"""Knows the search directory: generations, which one is current, the writer's lock, the manifest.

::

    <directory>/v1-000007/      a generation: Whoosh's files and manifest.json
    <directory>/current         a link to the generation that is read and written
    <directory>/writer.lock     held by whoever writes; the kernel frees it when the process dies
    <directory>/rebuild.lock    held by whoever rebuilds
    <directory>/arrived.log     product ids applied while a rebuild runs
    <directory>/rebuild.wanted  somebody found the index missing or damaged

Whoosh never calls fsync and unpickles what it opens, so a generation is a disposable cache of the
database in a directory that only the worker's user may write to.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from catalog.search.document import TERMS_VERSION
from catalog.search.errors import IndexBusy, IndexUnhealthy

MANIFEST = "manifest.json"
KEPT_GENERATIONS = 2
_PREFIX = f"v{TERMS_VERSION}-"


def current(directory: Path) -> Path:
    """Return the generation in use; raises `IndexUnhealthy` when there is none of this version."""
    link = directory / "current"
    path = link.resolve()
    if not path.is_dir() or not path.name.startswith(_PREFIX):
        raise IndexUnhealthy(directory=str(directory), why="no index of this version")
    return path


def new_generation(directory: Path) -> Path:
    """Create and return an empty directory for the next generation."""
    directory.mkdir(parents=True, exist_ok=True)
    numbers = [int(path.name.rpartition("-")[2]) for path in _generations(directory)]
    path = directory / f"{_PREFIX}{max(numbers, default=0) + 1:06d}"
    path.mkdir(mode=0o700)
    return path


def switch(directory: Path, generation: Path) -> None:
    """Make a generation the current one in one step, and sweep away the oldest ones."""
    fresh = directory / f"current.{os.getpid()}"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(generation.name)
    fresh.replace(directory / "current")
    kept = sorted(_generations(directory), key=lambda path: path.stat().st_mtime, reverse=True)
    kept.remove(generation)
    for path in kept[KEPT_GENERATIONS - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


def _generations(directory: Path) -> list[Path]:
    found = directory.glob("v*-[0-9][0-9][0-9][0-9][0-9][0-9]")
    return [path for path in found if path.is_dir() and not path.is_symlink()]


@contextlib.contextmanager
def locked(directory: Path, name: str, *, wait_seconds: float = 600.0) -> Iterator[None]:
    """Hold ``writer.lock`` or ``rebuild.lock``; raises `IndexBusy` after waiting in vain."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / name).open("a") as handle:
        until = time.monotonic() + wait_seconds
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise IndexBusy(directory=str(directory), lock=name) from None
                time.sleep(0.02)
        yield


def want_rebuild(directory: Path) -> None:
    """Ask the worker for a rebuild; asking twice is asking once."""
    with contextlib.suppress(OSError):
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "rebuild.wanted").touch()


def rebuild_wanted(directory: Path) -> bool:
    """Say whether somebody asked for a rebuild."""
    return (directory / "rebuild.wanted").exists()


def rebuild_done(directory: Path) -> None:
    """Forget the wish for a rebuild."""
    (directory / "rebuild.wanted").unlink(missing_ok=True)


def start_log(directory: Path) -> None:
    """Begin to note which products are applied while a rebuild runs."""
    (directory / "arrived.log").write_text("", encoding="ascii")


def note_arrived(directory: Path, product_ids: Iterable[int]) -> None:
    """Note product ids for a rebuild that may be running."""
    log = directory / "arrived.log"
    if log.exists():
        with log.open("a", encoding="ascii") as handle:
            handle.write("".join(f"{number}\n" for number in product_ids))


def read_log(directory: Path) -> list[int]:
    """Return the products that were applied since `start_log`."""
    log = directory / "arrived.log"
    lines = log.read_text(encoding="ascii").splitlines() if log.exists() else []
    return sorted({int(line) for line in lines if line.isdigit()})


def end_log(directory: Path) -> None:
    """Stop noting arrivals."""
    (directory / "arrived.log").unlink(missing_ok=True)


def write_manifest(generation: Path, *, documents: int, built_at: datetime | None = None) -> None:
    """Write the SHA-256 of every file; files never change once written, so known sums are kept."""
    before = _manifest(generation) if (generation / MANIFEST).exists() else {}
    known = before.get("files", {})
    files = {
        path.name: known.get(path.name) or _sha256(path)
        for path in sorted(generation.iterdir())
        if path.suffix in (".seg", ".toc", ".names")
    }
    built = built_at.isoformat() if built_at else before.get("built_at", "")
    fresh = generation / f"{MANIFEST}.new"
    fresh.write_text(
        json.dumps({"built_at": built, "documents": documents, "files": files}, indent=1)
    )
    fresh.replace(generation / MANIFEST)


def damaged_files(generation: Path, *, known_good: set[str] | None = None) -> list[str]:
    """Return the files whose content is not what was written; ``known_good`` names need no look.

    A file that was merged away is not damage: Whoosh's own table of contents would miss it.
    """
    known_good = set() if known_good is None else known_good
    bad = []
    for name, sha256 in _manifest(generation)["files"].items():
        path = generation / name
        if name in known_good or not path.exists():
            continue
        try:
            good = _sha256(path) == sha256
        except FileNotFoundError:
            continue
        if good:
            known_good.add(name)
        else:
            bad.append(name)
    return bad


def _manifest(generation: Path) -> dict[str, Any]:
    try:
        found = json.loads((generation / MANIFEST).read_text())
        dict(found["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexUnhealthy(directory=str(generation), why="no readable manifest") from error
    return dict(found)


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
