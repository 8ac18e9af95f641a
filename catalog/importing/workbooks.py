"""Reading an Excel workbook in the child process: its parts by openpyxl, the rows straight from the sheets' XML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from catalog.importing.limits import MAX_CELL, MAX_ROWS, MAX_SHEETS
from catalog.importing.sheet_xml import Layout, Meanings, read_rows, read_strings


def read(path: Path) -> Iterator[Any]:
    """For each sheet a {"sheet": …} line, its [line, cells] rows, and a {"merged", "formulas", …} line."""
    import warnings

    warnings.simplefilter("ignore")
    reader = _reader(path)
    meanings = Meanings(
        strings=reader.shared_strings,
        dates=getattr(reader.wb, "_date_formats"),  # noqa: B009  # not in the stubs
        durations=getattr(reader.wb, "_timedelta_formats"),  # noqa: B009
        epoch=reader.wb.epoch,
        text_of=cell_text,
    )
    total = 0
    for name, state, part in reader.sheets[:MAX_SHEETS]:
        yield {"sheet": name, "hidden": state != "visible"}
        layout = Layout()
        with reader.archive.open(part) as source:
            for row in read_rows(source, meanings, layout):
                total += 1
                if total > MAX_ROWS + 1000:
                    raise OverflowError("too_many_rows")
                yield row
        yield {
            "merged": layout.merged,
            "hidden_columns": layout.hidden_columns,
            "formulas": layout.formulas,
        }


def _reader(path: Path) -> Any:
    """openpyxl's reader of everything but the sheets, of which it only says the name, the state and the part."""
    from openpyxl.reader.excel import ExcelReader
    from openpyxl.xml.constants import SHARED_STRINGS

    class Reader(ExcelReader):
        """Reads the table of shared strings our way, and leaves the sheets to us."""

        sheets: list[tuple[str, str, str]]

        def read_strings(self) -> None:
            part: Any = self.package.find(SHARED_STRINGS)  # type: ignore[no-untyped-call]
            if part is not None:
                with self.archive.open(part.PartName[1:]) as source:
                    self.shared_strings = read_strings(source, cell_text)

        def read_worksheets(self) -> None:
            self.sheets = [
                (sheet.name, str(sheet.state), str(link.target))
                for sheet, link in self.parser.find_sheets()
                if link.target in self.valid_files and "chartsheet" not in link.Type
            ]

    reader = Reader(path, read_only=True, data_only=True)
    reader.read()
    return reader


def cell_text(value: Any) -> str:
    """A cell as text: 3.0 is "3", a date "2025-01-17"; three decimals get a fourth, else 1.125 reads as thousands."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == value.time().min else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        text = f"{value:.10f}".rstrip("0") if abs(value) < 1e9 else str(value)
        return f"{text}0" if re.fullmatch(r"-?\d+\.\d{3}", text) else text
    return str(value).strip()[:MAX_CELL]
