"""Writing the whole catalogue to one file: JSON Lines, CSV or a workbook with one sheet for each kind of row."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.archive.cells import as_plain, as_text
from catalog.archive.records import RECORDS, Record
from catalog.archive.workbook import MAX_ROWS, TextWorkbook
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


class TooManyForSheet(Invalid):
    """More rows of one kind than a sheet can have; facts: record, most."""


def write_archive(session: Session, path: Path, *, progress: Progress = lambda _rows: None) -> int:
    """Write every row; returns how many. Raises UnknownFormat, TooLongForSheet or TooManyForSheet.

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


def rows_of(session: Session, record: Record) -> Generator[tuple[Any, ...], None, None]:
    """All rows of one kind in a stable order, as tuples in the order of `record.columns`."""
    order = [record.table.c.id] if record.has_number else list(record.table.primary_key)
    query = select(*record.columns).order_by(*order).execution_options(yield_per=_AT_ONCE)
    # A server's cursor is closed even when the writer gives up.
    with session.execute(query) as found:
        for rows in found.partitions():
            yield from map(tuple, rows)


def _write_jsonl(session: Session, path: Path, progress: Progress) -> int:
    count = 0
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(FORMAT) + "\n")
        for record in RECORDS:
            names = [column.name for column in record.columns]
            for row in rows_of(session, record):
                said = {
                    name: as_plain(value)
                    for name, value in zip(names, row, strict=True)
                    if value is not None
                }
                file.write(encode({RECORD_COLUMN: record.name, **said}) + "\n")
                count += 1
                if count % _AT_ONCE == 0:
                    progress(count)
    return count


def _write_csv(session: Session, path: Path, progress: Progress) -> int:
    """One table for all kinds: the first column names the kind, the rest are all columns there are."""
    names = list(dict.fromkeys(c.name for record in RECORDS for c in record.columns))
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        file.write(",".join([RECORD_COLUMN, *names]) + "\r\n")
        for record in RECORDS:
            order, commas, end = _gaps(record, names)
            for row in rows_of(session, record):
                line = [record.name]
                for number, gap in zip(order, commas, strict=True):
                    line.append(gap)
                    if row[number] is not None:
                        line.append(_quoted(as_text(row[number])))
                file.write("".join(line) + end)
                count += 1
                if count % _AT_ONCE == 0:
                    progress(count)
    return count


def _gaps(record: Record, names: list[str]) -> tuple[list[int], list[str], str]:
    """The order of a record's columns in the table, the commas before each, and how its lines end.

    Most of the two hundred cells of a line belong to other kinds of row and are empty.
    """
    places = [names.index(column.name) + 1 for column in record.columns]
    order = sorted(range(len(places)), key=places.__getitem__)
    gaps = ["," * (places[n] - places[last]) for last, n in pairwise(order)]
    first, last = places[order[0]], places[order[-1]]
    return order, ["," * first, *gaps], "," * (len(names) - last) + "\r\n"


def _quoted(text: str) -> str:
    """A cell as RFC 4180 has it: in quotes only where it must be."""
    if '"' in text:
        return '"' + text.replace('"', '""') + '"'
    return f'"{text}"' if "," in text or "\n" in text else text


def _write_xlsx(session: Session, path: Path, progress: Progress) -> int:
    """One sheet for each kind of row."""
    count = 0
    with TextWorkbook.opened(path) as book:
        for record in RECORDS:
            names = [column.name for column in record.columns]

            def cells(
                found: Iterable[tuple[Any, ...]], record: Record = record, names: list[str] = names
            ) -> Iterator[list[str]]:
                nonlocal count
                for row in found:
                    texts = ["" if value is None else as_text(value) for value in row]
                    if max(map(len, texts)) > MAX_CELL:
                        raise _too_long(record, names, texts)
                    yield texts
                    count += 1
                    if count % _AT_ONCE == 0:
                        progress(count)

            try:
                # A server's cursor must be closed at once when a row does not fit.
                with closing(rows_of(session, record)) as found:
                    book.add_sheet(record.name, names, cells(found))
            except OverflowError as error:
                raise TooManyForSheet(record=record.name, most=MAX_ROWS - 1) from error
    return count


def _too_long(record: Record, names: list[str], texts: list[str]) -> TooLongForSheet:
    length = max(map(len, texts))
    column = next(n for n, text in zip(names, texts, strict=True) if len(text) == length)
    return TooLongForSheet(record=record.name, column=column, length=length)


_WRITERS = {".jsonl": _write_jsonl, ".csv": _write_csv, ".xlsx": _write_xlsx}
