"""Writing one table for people and programs outside, as CSV or XLSX; no cell of it is ever a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from pathlib import Path

from catalog.exporting import guard
from core.errors import Invalid

TABLE_FORMATS = (".csv", ".xlsx")
Cell = str | int | date | None


class UnknownTableFormat(Invalid):
    """The name of the file ends in none of TABLE_FORMATS; facts: ending."""


def write_table(
    path: Path, headings: Sequence[str], rows: Iterable[Sequence[Cell]], *, name: str, made_on: date
) -> int:
    """Write the table in the format the file's name says; returns the rows. Raises UnknownTableFormat.

    CSV is UTF-8 with a byte order mark, for Excel, its days as dd/mm/yyyy. The same table made on the
    same day is the same file, byte for byte.
    """
    if path.suffix == ".csv":
        return _write_csv(path, headings, rows)
    if path.suffix == ".xlsx":
        return _write_xlsx(path, headings, rows, name=name, made_on=made_on)
    raise UnknownTableFormat(ending=path.suffix)


def _write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(headings)
        for row in rows:
            writer.writerow([_text(cell) for cell in row])
            count += 1
    return count


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return guard(cell) if isinstance(cell, str) else str(cell)


def _write_xlsx(
    path: Path, headings: Sequence[str], rows: Iterable[Sequence[Cell]], *, name: str, made_on: date
) -> int:
    from xlsxwriter import Workbook

    count = 0
    book = Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime.combine(made_on, time())})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    whole, day = (
        book.add_format({"num_format": "#,##0"}),
        book.add_format({"num_format": "dd/mm/yyyy"}),
    )
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    widths = [len(heading) for heading in headings]
    sheet.write_row(0, 0, headings, bold)
    for count, row in enumerate(rows, 1):
        for place, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(count, place, datetime.combine(cell, time()), day)
            elif isinstance(cell, int):
                sheet.write_number(count, place, cell, whole)
            elif cell:
                sheet.write_string(count, place, cell)
            widths[place] = max(widths[place], len(_text(cell)))
    for place, width in enumerate(widths):
        sheet.set_column(place, place, min(width, 40) + 2)
    book.close()
    return count
