"""Parsing a foreign file in a child process that can't take the server down with it.

A few kilobytes can make a spreadsheet parser ask for gigabytes or loop for minutes; the child has
limits on memory, processor and time (set by `reader` before it opens the file), and only its printed lines come back.
"""

from __future__ import annotations

import json
import subprocess
import sys
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
    """The sheets of a workbook or the tables of a Word file; raises UnusableFile with the reason."""
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


def _checked(output: bytes, code: int) -> Document:
    if code < 0:
        raise UnusableFile("took_too_long" if code == -24 else "too_large", signal=-code)
    lines = output.splitlines()
    try:
        last = json.loads(lines.pop()) if lines else None
        if isinstance(last, dict) and last.get("refused") in FILE_REASONS:
            raise UnusableFile(last["refused"])
        if not isinstance(last, dict) or last.get("end") != len(lines):
            raise UnusableFile("corrupt")
        first = json.loads(lines[0])
        sheets: list[Sheet] = []
        for line in lines[1:]:
            _take(sheets, json.loads(line))
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise UnusableFile("corrupt") from error
    if sum(len(sheet.rows) for sheet in sheets) > MAX_ROWS + 1000:
        raise UnusableFile("too_many_rows", limit=MAX_ROWS)
    return Document(str(first["format"]), str(first["format"]), sheets)


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
