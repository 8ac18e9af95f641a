"""Parsing a foreign file in a child process that can't take the server down with it.

A few kilobytes can make a spreadsheet parser ask for gigabytes or loop for minutes; the child has
limits on memory, processor and time (set by `reader` before it opens the file), and only its printed lines come back.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from catalog.importing.limits import (
    MAX_COLUMNS,
    MAX_FILE_BYTES,
    MAX_ROWS,
    WALL_SECONDS,
)
from catalog.importing.report import FILE_REASONS, UnusableFile
from catalog.importing.sheets import Document, Sheet

_ROOT = Path(__file__).resolve().parents[2]


def read_office_file(path: Path) -> Document:
    """The sheets of a workbook or the tables of a Word file; raises UnusableFile with the reason.

    Lines are taken while the child still reads: two processors share the work, and no second copy is held.
    """
    if path.stat().st_size > MAX_FILE_BYTES:
        raise UnusableFile("too_large", bytes=path.stat().st_size)
    begun = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-m", "catalog.importing.reader", str(path.resolve())],
        cwd=_ROOT,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as child:
        watch = threading.Timer(WALL_SECONDS, child.kill)
        watch.start()
        try:
            document = _document(child.stdout or ())
        except BaseException:
            child.kill()
            raise
        finally:
            watch.cancel()
    if document is not None:
        return document
    if child.returncode == -signal.SIGXCPU or time.monotonic() - begun >= WALL_SECONDS:
        raise UnusableFile("took_too_long", seconds=WALL_SECONDS)
    if child.returncode < 0:
        raise UnusableFile("too_large", signal=-child.returncode)
    raise UnusableFile("corrupt")


def _document(lines: Iterable[bytes]) -> Document | None:
    """What the lines say, None when they break off; raises UnusableFile for a refusal and for wrong lines."""
    sheets: list[Sheet] = []
    kind, count, rows = "", 0, 0
    try:
        for text in lines:
            line = json.loads(text)
            if isinstance(line, list):
                rows += 1
                if rows > MAX_ROWS + 1000:
                    raise UnusableFile("too_many_rows", limit=MAX_ROWS)
                _take(sheets, line)
            elif "refused" in line:
                reason = line["refused"]
                raise UnusableFile(reason if reason in FILE_REASONS else "corrupt")
            elif "end" in line:
                if line["end"] != count or not kind:
                    raise UnusableFile("corrupt")
                return Document(kind, kind, sheets)
            elif count:
                _take(sheets, line)
            else:
                kind = str(line["format"])
            count += 1
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise UnusableFile("corrupt") from error
    return None


def _take(sheets: list[Sheet], line: Any) -> None:
    """One printed line into the sheet it belongs to; raises what a wrong shape raises."""
    if isinstance(line, list):
        number, cells = line
        if len(cells) > MAX_COLUMNS:
            raise ValueError(len(cells))
        sheets[-1].rows.append((int(number), [str(cell) for cell in cells]))
    elif "sheet" in line:
        above = [str(text) for text in line.get("above", ())]
        sheets.append(Sheet(str(line["sheet"]), bool(line["hidden"]), above=above))
    else:
        sheet = sheets[-1]
        sheet.merged = [(int(a), int(b), int(c), int(d)) for a, b, c, d in line["merged"]]
        sheet.formulas = {(int(row), int(column)) for row, column in line["formulas"]}
        sheet.hidden_columns = {int(column) for column in line["hidden_columns"]}
