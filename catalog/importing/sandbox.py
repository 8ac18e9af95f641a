"""Parsing a foreign spreadsheet in a child process that can't take the server down with it.

A few kilobytes can make a spreadsheet parser ask for gigabytes or loop for minutes; the child has
limits on memory, processor and time (set by `reader` before it opens the file), and only its printed rows come back.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from catalog.importing.limits import (
    MAX_COLUMNS,
    MAX_FILE_BYTES,
    MAX_ROWS,
    WALL_SECONDS,
)
from catalog.importing.report import FILE_REASONS, UnusableFile

_ROOT = Path(__file__).resolve().parents[2]


def read_spreadsheet(path: Path) -> list[list[str]]:
    """The rows of the first sheet with content; raises UnusableFile with the reason."""
    if path.stat().st_size > MAX_FILE_BYTES:
        raise UnusableFile("too_large", bytes=path.stat().st_size)
    try:
        child = subprocess.run(
            [sys.executable, "-m", "catalog.importing.reader", str(path.resolve())],
            cwd=_ROOT,
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UnusableFile("took_too_long", seconds=WALL_SECONDS) from error
    return _checked(child.stdout, child.returncode)


def _checked(output: bytes, code: int) -> list[list[str]]:
    if code < 0:
        raise UnusableFile("took_too_long" if code == -24 else "too_large", signal=-code)
    try:
        lines = [json.loads(line) for line in output.splitlines()]
    except ValueError as error:
        raise UnusableFile("corrupt") from error
    last = lines.pop() if lines else None
    if isinstance(last, dict) and last.get("refused") in FILE_REASONS:
        raise UnusableFile(last["refused"])
    if not isinstance(last, dict) or last.get("end") != len(lines):
        raise UnusableFile("corrupt")
    if len(lines) > MAX_ROWS + 1:
        raise UnusableFile("too_many_rows", limit=MAX_ROWS)
    for row in lines:
        if not isinstance(row, list) or len(row) > MAX_COLUMNS:
            raise UnusableFile("corrupt")
    return [[str(cell) for cell in row] for row in lines]
