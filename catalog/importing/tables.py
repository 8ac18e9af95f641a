"""Turning a file into a table of text: CSV in the encodings offices use, XLSX through the sandbox."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from catalog.importing.limits import MAX_CELL, MAX_COLUMNS, MAX_FILE_BYTES, MAX_ROWS
from catalog.importing.report import UnusableFile
from catalog.importing.sandbox import read_spreadsheet
from i18n.text import nfc

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_CP1258_MARKS = "\u0300\u0301\u0303\u0309\u0323"


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and rows of text; `rows` are (line as a spreadsheet numbers it, cells)."""

    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    encoding: str


def read_table(path: Path) -> Table:
    """The table in a CSV or XLSX file; raises UnusableFile with a reason."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(8)
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise UnusableFile("no_such_file", name=path.name) from error
    if size == 0:
        raise UnusableFile("empty")
    if size > MAX_FILE_BYTES:
        raise UnusableFile("too_large", bytes=size)
    if head.startswith(_ZIP):
        return _table(list(enumerate(read_spreadsheet(path), start=1)), "xlsx")
    if head.startswith(_OLE) or path.suffix.lower() in {".xlsx", ".xlsm"}:
        raise UnusableFile("corrupt" if path.suffix.lower() != ".xls" else "unknown_format")
    text, encoding = decode(path.read_bytes())
    return _table(_csv_rows(text), encoding)


def decode(data: bytes) -> tuple[str, str]:
    """The text and its encoding: UTF-8, UTF-16 (Excel's "Unicode text") or Windows-1258.

    Windows-1258 is taken only when it reads as Vietnamese; raises UnusableFile("encoding").
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strict(data, "utf-16"), "utf-16"
    if data[:200].count(0) * 4 > len(data[:200]):
        order = "utf-16-le" if data[1:200:2].count(0) > data[0:200:2].count(0) else "utf-16-be"
        return _strict(data, order), order
    try:
        return nfc(data.decode("utf-8-sig")), "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp1258")
    except UnicodeDecodeError as error:
        raise UnusableFile("encoding") from error
    marks = sum(text.count(mark) for mark in _CP1258_MARKS)
    if marks * 100 < len(text) or any(ord(c) < 32 and c not in "\t\r\n" for c in text):
        raise UnusableFile("encoding")
    return nfc(text), "cp1258"


def _strict(data: bytes, encoding: str) -> str:
    try:
        return nfc(data.decode(encoding))
    except UnicodeDecodeError as error:
        raise UnusableFile("encoding") from error


def _csv_rows(text: str) -> list[tuple[int, list[str]]]:
    first = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    csv.field_size_limit(MAX_FILE_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for row in reader:
            if len(row) > MAX_COLUMNS:
                raise UnusableFile("too_many_columns", limit=MAX_COLUMNS, line=line)
            if len(rows) > MAX_ROWS:
                raise UnusableFile("too_many_rows", limit=MAX_ROWS)
            rows.append((line, [_plain(cell) for cell in row]))
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnusableFile("corrupt", line=line) from error
    return rows


def _plain(cell: str) -> str:
    """The cell without outer spaces and without the apostrophe that guards against formulas."""
    cell = cell.strip()[:MAX_CELL]
    return cell[1:] if cell[:1] == "'" and cell[1:2] in {"=", "+", "-", "@"} else cell


def _table(rows: list[tuple[int, list[str]]], encoding: str) -> Table:
    """The first row with at least two cells is the heading; rows without any text are left out."""
    start = next((i for i, (_, row) in enumerate(rows) if sum(map(bool, row)) >= 2), None)
    if start is None:
        raise UnusableFile("empty")
    headings = tuple(rows[start][1])
    body = tuple(
        (line, (*row, *[""] * (len(headings) - len(row))))
        for line, row in rows[start + 1 :]
        if any(row)
    )
    if not body:
        raise UnusableFile("empty")
    return Table(headings, body, encoding)
