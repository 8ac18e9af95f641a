"""Writing the whole catalogue to one file: JSON Lines, CSV or a workbook with one sheet for each kind of row."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.archive.cells import as_plain, as_text
from catalog.archive.records import RECORDS, Record
from core.errors import Invalid

FORMAT = {"ocop_catalogue": 1}
RECORD_COLUMN = "ocop_record"
FORMATS = (".csv", ".jsonl", ".xlsx")
MAX_CELL = 32_767
"""Characters a cell of a workbook can hold; a longer text would be cut without a word."""
_AT_ONCE = 2_000

Progress = Callable[[int], None]


class UnknownFormat(Invalid):
    """The name of the file ends in none of FORMATS; facts: ending."""


class TooLongForSheet(Invalid):
    """A text longer than a cell of a workbook; facts: record, column, length."""


def write_archive(session: Session, path: Path, *, progress: Progress = lambda _rows: None) -> int:
    """Write every row; returns how many. Raises UnknownFormat or TooLongForSheet.

    The file appears whole or not at all: it is written beside its place and then renamed.
    """
    write = _WRITERS.get(path.suffix.lower())
    if write is None:
        raise UnknownFormat(ending=path.suffix)
    part = path.with_name(path.name + ".part")
    try:
        count = write(session, part, progress)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return count


def rows_of(session: Session, record: Record) -> Iterator[tuple[Any, ...]]:
    """All rows of one kind in a stable order, as tuples in the order of `record.columns`."""
    order = [record.table.c.id] if record.has_number else list(record.table.primary_key)
    query = select(*record.columns).order_by(*order).execution_options(yield_per=_AT_ONCE)
    with session.execute(
        query
    ) as found:  # a server's cursor is closed even when the writer gives up
        for row in found:
            yield tuple(row)


def _write_jsonl(session: Session, path: Path, progress: Progress) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(FORMAT) + "\n")
        for record in RECORDS:
            names = [column.name for column in record.columns]
            for row in rows_of(session, record):
                values = {name: as_plain(value) for name, value in zip(names, row, strict=True)}
                said = {name: value for name, value in values.items() if value is not None}
                line = {RECORD_COLUMN: record.name, **said}
                file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
                count += 1
                progress(count)
    return count


def _write_csv(session: Session, path: Path, progress: Progress) -> int:
    """One table for all kinds: the first column names the kind, the rest are all columns there are."""
    names = list(dict.fromkeys(c.name for record in RECORDS for c in record.columns))
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([RECORD_COLUMN, *names])
        for record in RECORDS:
            places = [names.index(column.name) + 1 for column in record.columns]
            for row in rows_of(session, record):
                cells = [record.name, *[""] * len(names)]
                for place, value in zip(places, row, strict=True):
                    cells[place] = as_text(value)
                writer.writerow(cells)
                count += 1
                progress(count)
    return count


def _write_xlsx(session: Session, path: Path, progress: Progress) -> int:
    from xlsxwriter import Workbook

    count = 0
    book = Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False})
    bold = book.add_format({"bold": True})
    try:
        for record in RECORDS:
            sheet = book.add_worksheet(record.name)
            sheet.freeze_panes(1, 0)
            names = [column.name for column in record.columns]
            sheet.write_row(0, 0, names, bold)
            for line, row in enumerate(rows_of(session, record), 1):
                for place, value in enumerate(row):
                    text = as_text(value)
                    if len(text) > MAX_CELL:
                        raise TooLongForSheet(
                            record=record.name, column=names[place], length=len(text)
                        )
                    if text:
                        sheet.write_string(line, place, text)
                count += 1
                progress(count)
    finally:
        book.close()
    return count


_WRITERS = {".jsonl": _write_jsonl, ".csv": _write_csv, ".xlsx": _write_xlsx}
