"""Running ``ocop`` as people run it, on a database of its own, and what it took."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parent.parent
_LOOK_EVERY = 0.02


@dataclass(frozen=True)
class Took:
    """What one command took: seconds by the clock and of the processor, and megabytes at the worst moment."""

    wall: float
    cpu: float
    memory: float


def begin(
    arguments: Sequence[str], database: Path, *, said: IO[bytes] | int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    """Start ``ocop`` with these arguments; none of the settings of this process count."""
    environment = {name: v for name, v in os.environ.items() if not name.startswith("OCOP_")} | {
        "OCOP_DATABASE_URL": f"sqlite:///{database}",
        "OCOP_DATA_DIR": str(database.parent / "data"),
    }
    command = [sys.executable, "-m", "storefront.commands", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said)


def run(arguments: Sequence[str], database: Path) -> Took:
    """Run ``ocop`` with these arguments; raises CalledProcessError when it refuses."""
    begun, used = time.monotonic(), _cpu_of_children()
    with tempfile.TemporaryFile() as said:
        child = begin(arguments, database, said=said)
        largest = 0.0
        while child.poll() is None:
            largest = max(largest, sum(_resident_mb(pid) for pid in _family(child.pid)))
            time.sleep(_LOOK_EVERY)
        if child.returncode:
            said.seek(0)
            sys.stderr.buffer.write(said.read()[-2_000:])
            raise subprocess.CalledProcessError(child.returncode, list(arguments))
    return Took(time.monotonic() - begun, _cpu_of_children() - used, largest)


def _cpu_of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _family(pid: int) -> Iterator[int]:
    """A process and the children it has now."""
    yield pid
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _family(int(child))
    except OSError:
        return


def _resident_mb(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * resource.getpagesize() / 1e6
