"""Reading an Excel workbook in the child process: cells by openpyxl, merged and hidden ones from the XML beside it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from catalog.importing.limits import MAX_CELL, MAX_COLUMNS, MAX_MERGES, MAX_ROWS, MAX_SHEETS

_CELL = re.compile(r"^([A-Z]{1,3})(\d{1,7})$")


def read(path: Path) -> Iterator[Any]:
    """For each sheet a {"sheet": …} line, its [line, cells] rows, and a {"merged", "formulas", …} line."""
    import warnings

    import openpyxl

    warnings.simplefilter("ignore")
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    total = 0
    for sheet in book.worksheets[:MAX_SHEETS]:
        sheet.reset_dimensions()
        yield {"sheet": sheet.title, "hidden": sheet.sheet_state != "visible"}
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            texts = [cell_text(value) for value in row]
            while texts and not texts[-1]:
                texts.pop()
            if len(texts) > MAX_COLUMNS:
                raise OverflowError("too_many_columns")
            if texts:
                total += 1
                if total > MAX_ROWS + 1000:
                    raise OverflowError("too_many_rows")
                yield [number, texts]
        yield _layout(path, str(getattr(sheet, "_worksheet_path")))  # noqa: B009  # not in the stubs


def _layout(path: Path, part: str) -> dict[str, Any]:
    """Merged ranges, hidden columns and the formulas without a stored result, streamed from the sheet's XML."""
    merged: list[list[int]] = []
    hidden: list[int] = []
    formulas: list[list[int]] = []
    with zipfile.ZipFile(path) as archive, archive.open(part) as source:
        for event, element in ET.iterparse(source, events=("start", "end")):  # noqa: S314  # no DOCTYPE
            if event == "start":
                continue
            space, _, tag = element.tag.rpartition("}")
            if tag == "c":
                if (
                    element.find(f"{space}}}f") is not None
                    and not (element.findtext(f"{space}}}v") or "").strip()
                ):
                    formulas.append(list(_position(element.get("r", ""))))
                element.clear()
            elif tag == "row":
                element.clear()
            elif tag == "mergeCell" and len(merged) < MAX_MERGES:
                first, _, last = element.get("ref", "").partition(":")
                merged.append([*_position(first), *_position(last or first)])
            elif tag == "col" and element.get("hidden") in {"1", "true"}:
                first_column = int(element.get("min", "1"))
                hidden += range(
                    first_column - 1, min(int(element.get("max", first_column)), MAX_COLUMNS)
                )
    return {"merged": merged, "hidden_columns": hidden, "formulas": formulas[:MAX_MERGES]}


def _position(reference: str) -> tuple[int, int]:
    """(line from 1, column from 0) of "B3"."""
    found = _CELL.match(reference)
    if not found:
        raise ValueError(reference)
    column = 0
    for letter in found.group(1):
        column = column * 26 + ord(letter) - 64
    return int(found.group(2)), column - 1


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
