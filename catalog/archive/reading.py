"""Reading a file that `catalog.archive.writing` wrote: every row with its kind, its line and typed values."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog.archive.cells import BadCell, from_plain, from_text
from catalog.archive.records import RECORDS, Record, record_named
from catalog.archive.writing import FORMAT, RECORD_COLUMN
from core.errors import Invalid

_MAX_FIELD = 8_000_000


class BadArchive(Invalid):
    """The file is no catalogue of ours, or damaged; facts: place (sheet or file, and line), reason."""


@dataclass(frozen=True, slots=True)
class ArchiveRow:
    """One row of a file: where it stands, what kind it is, and its values by column."""

    place: str
    record: Record
    values: dict[str, Any]


def is_archive(path: Path) -> bool:
    """Whether the file begins as one of ours does; False for what can't be read."""
    try:
        if path.suffix.lower() == ".xlsx":
            with zipfile.ZipFile(path) as book:
                names = (
                    book.read("xl/workbook.xml") if "xl/workbook.xml" in book.namelist() else b""
                )
                return b'name="producer"' in names and b'name="offer_tier"' in names
        with path.open("rb") as file:
            start = file.read(64).removeprefix(b"\xef\xbb\xbf")
    except (OSError, zipfile.BadZipFile):
        return False
    return start.startswith((RECORD_COLUMN.encode() + b",", b'{"ocop_catalogue"'))


def read_archive(path: Path) -> Iterator[ArchiveRow]:
    """Every row in the order in which it can be stored; raises BadArchive at the first that is damaged."""
    ending = path.suffix.lower()
    if ending == ".jsonl":
        yield from _read_jsonl(path)
    elif ending == ".csv":
        yield from _read_csv(path)
    elif ending == ".xlsx":
        yield from _read_xlsx(path)
    else:
        raise BadArchive(place=path.name, reason="unknown_ending")


def _read_jsonl(path: Path) -> Iterator[ArchiveRow]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            place = f"line {number}"
            try:
                data = json.loads(line)
            except ValueError as error:
                raise BadArchive(place=place, reason="no_json") from error
            if number == 1:
                if data != FORMAT:
                    raise BadArchive(place=place, reason="other_version")
                continue
            record = _record(
                data.pop(RECORD_COLUMN, None) if isinstance(data, dict) else None, place
            )
            yield ArchiveRow(place, record, _plain_values(record, data, place))


def _plain_values(record: Record, data: dict[str, Any], place: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column in record.columns:
        try:
            values[column.name] = from_plain(column, data.pop(column.name, None))
        except BadCell as error:
            raise BadArchive(place=f"{place}, {column.name}", reason=str(error)) from error
    if data:
        raise BadArchive(place=f"{place}, {next(iter(data))}", reason="unknown_column")
    return values


def _read_csv(path: Path) -> Iterator[ArchiveRow]:
    csv.field_size_limit(_MAX_FIELD)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        try:
            head = next(reader, [])
            places = {name: number for number, name in enumerate(head)}
            _refuse_lacking(places, {c.name for r in RECORDS for c in r.columns}, "line 1")
            for cells in reader:
                place = f"line {reader.line_num}"
                record = _record(cells[0] if cells else None, place)
                yield ArchiveRow(place, record, _cell_values(record, cells, places, place))
        except (csv.Error, UnicodeDecodeError) as error:
            raise BadArchive(place=f"line {reader.line_num}", reason=str(error)) from error


def _read_xlsx(path: Path) -> Iterator[ArchiveRow]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except Exception as error:
        raise BadArchive(place=path.name, reason="no_workbook") from error
    try:
        for record in RECORDS:
            if record.name not in book.sheetnames:
                raise BadArchive(place=record.name, reason="sheet_missing")
            rows = book[record.name].iter_rows(values_only=True)
            places = {str(name): number for number, name in enumerate(next(rows, ()))}
            _refuse_lacking(places, {c.name for c in record.columns}, record.name)
            for line, row in enumerate(rows, 2):
                place = f"{record.name} {line}"
                cells = ["" if cell is None else str(cell) for cell in row]
                if any(cells):
                    yield ArchiveRow(place, record, _cell_values(record, cells, places, place))
    finally:
        book.close()


def _refuse_lacking(places: dict[str, int], wanted: set[str], place: str) -> None:
    lacking = sorted(wanted - places.keys())
    if lacking:
        raise BadArchive(place=f"{place}, {lacking[0]}", reason="column_missing")


def _record(name: Any, place: str) -> Record:
    record = record_named(name) if isinstance(name, str) else None
    if record is None:
        raise BadArchive(place=place, reason="unknown_record")
    return record


def _cell_values(
    record: Record, cells: list[str], places: dict[str, int], place: str
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column in record.columns:
        number = places[column.name]
        text = cells[number] if number < len(cells) else ""
        try:
            values[column.name] = from_text(column, text)
        except BadCell as error:
            raise BadArchive(place=f"{place}, {column.name}", reason=str(error)) from error
    return values
