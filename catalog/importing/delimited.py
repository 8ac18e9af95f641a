"""Cutting a text file into cells: commas, semicolons, tabs or pipes, with or without a "sep=" line."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from catalog.importing.columns import match_heading
from catalog.importing.limits import MAX_CELL, MAX_COLUMNS, MAX_FILE_BYTES, MAX_ROWS
from catalog.importing.report import UnusableFile
from catalog.importing.sheets import Sheet

_DELIMITERS = ";\t|,"
_HEAD_LINES = 40
_RULE = re.compile(r"^[\s|+:=_-]+$")


def cut(text: str) -> Sheet:
    """The rows of a text file; raises UnusableFile (too many rows or columns, no readable quotes)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    told = re.match(r"\ufeff?\s*sep=(.)\n", text, re.IGNORECASE)
    delimiter = told.group(1) if told else _delimiter(text)
    rows = _rows(text, delimiter)
    if delimiter == "|":
        rows = [_table_row(cells) for cells in rows]
    sheet = Sheet(name="")
    for line, found in enumerate(rows, start=1):
        if told and line == 1:
            continue
        if len(found) > MAX_COLUMNS:
            raise UnusableFile("too_many_columns", limit=MAX_COLUMNS, line=line)
        cells = [_plain(cell) for cell in found]
        if any(cells):
            sheet.rows.append((line, cells))
        if len(sheet.rows) > MAX_ROWS + 100:
            raise UnusableFile("too_many_rows", limit=MAX_ROWS)
    return sheet


def _delimiter(text: str) -> str:
    """The one that makes the best headings, then the one that cuts most lines into equally many cells."""
    head = text.split("\n", _HEAD_LINES)[:_HEAD_LINES]
    best, chosen = (-1.0, -1.0), ","
    for delimiter in _DELIMITERS:
        rows = [line.split(delimiter) for line in head if line.strip()]
        known = max(
            (
                len(
                    {match_heading(c.strip().strip('"').strip())[0] for c in row if c.strip()}
                    - {""}
                )
                for row in rows
            ),
            default=0,
        )
        widths = [len(row) for row in rows if len(row) > 1]
        common = max((widths.count(width) for width in set(widths)), default=0) / max(len(rows), 1)
        score = (float(known) if known > 1 else 0.0, common)
        if score > best:
            best, chosen = score, delimiter
    return chosen


def _rows(text: str, delimiter: str) -> list[list[str]]:
    csv.field_size_limit(MAX_FILE_BYTES)
    try:
        rows: list[list[str]] = []
        for row in csv.reader(_lines(text), delimiter=delimiter, strict=True):
            if len(rows) > MAX_ROWS + 200:
                raise UnusableFile("too_many_rows", limit=MAX_ROWS)
            rows.append(row)
        return rows
    except csv.Error as error:
        lines = text.split("\n")
        if len(lines) <= 2 or delimiter == ",":
            whole = _loose(lines, delimiter)
            if whole is None:
                raise UnusableFile("corrupt") from error
            return whole
        return [line.split(delimiter) for line in lines]


def _lines(text: str) -> Iterator[str]:
    """One line after the other: a copy of a large file would take four bytes for each letter."""
    start = 0
    while end := text.find("\n", start) + 1:
        yield text[start:end]
        start = end
    if start < len(text):
        yield text[start:]


def _loose(lines: list[str], delimiter: str) -> list[list[str]] | None:
    """Lines cut one by one, for a lone quote (inches, a ditto mark); None when the lines don't fit together."""
    try:
        rows = [next(csv.reader([line], delimiter=delimiter), []) for line in lines]
    except csv.Error:
        return None
    widths = [len(row) for row in rows if row]
    if (
        len(widths) < 3
        or max(widths) < 2
        or widths.count(max(set(widths), key=widths.count)) * 10 < len(widths) * 8
    ):
        return None
    return rows


def _table_row(cells: list[str]) -> list[str]:
    """A row of a table drawn with pipes: no outer empty cells, no ruler line."""
    if _RULE.match("|".join(cells)):
        return []
    if cells and not cells[0].strip():
        cells = cells[1:]
    return cells[:-1] if cells and not cells[-1].strip() else cells


def _plain(cell: str) -> str:
    return cell.strip()[:MAX_CELL]
