"""What only large or odd catalogues show of an export: kept memory, sheets that end, cells another program would read otherwise."""

from __future__ import annotations

import csv
import json
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import cast

import openpyxl
import pytest
from sqlalchemy import Table
from sqlalchemy.orm import Session

from catalog.archive import workbook
from catalog.archive.cells import as_text, from_text
from catalog.archive.records import RECORDS
from catalog.archive.writing import TooManyForSheet, write_archive
from catalog.models import Product
from tests.factories.catalog import make_package, make_product

ODD = (
    "_x0041_",
    "a_x000D_b",
    '"',
    '","',
    "a\nb",
    "  ",
    "\\",
    "\\x0041",
    "'",
    "''",
    "=1",
    "-",
    "–",
    "&<>",
)


def test_every_text_comes_back_as_it_was() -> None:
    column = cast("Table", Product.__table__).columns["description"]
    for text in ODD:
        cell = as_text(text)
        assert from_text(column, cell) == text
        assert not cell.startswith(("=", "+", "-", "@"))
    assert as_text(-5) == "'-5"
    assert as_text(Decimal("-18.50")) == "'-18.50"
    assert (as_text(True), as_text(0), as_text(None)) == ("yes", "0", "")


def test_a_workbook_holds_the_very_text_other_programs_read(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    heads = [f"c{number}" for number in range(30)]
    rows = [[f"{line} {number} & <{'é' * number}>" for number in range(30)] for line in range(700)]
    rows[5][3] = ""
    with workbook.TextWorkbook.opened(path) as book:
        book.add_sheet("một & hai", heads, rows)
        book.add_sheet("empty", heads, [])
    read = openpyxl.load_workbook(path)
    assert read.sheetnames == ["một & hai", "empty"]
    sheet = read["một & hai"]
    assert [[cell.value or "" for cell in row] for row in sheet.iter_rows(min_row=2)] == rows
    assert [cell.value for cell in read["empty"][1]] == heads
    assert sheet["AD1"].font.bold
    assert not sheet["AD2"].font.bold
    assert sheet.freeze_panes == "A2"
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None


def test_a_sheet_that_is_full_is_refused_and_nothing_is_cut(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        make_package(session, make_product(session))
    monkeypatch.setattr(workbook, "MAX_ROWS", 3)
    with pytest.raises(TooManyForSheet) as refusal:
        write_archive(session, tmp_path / "all.xlsx")
    assert refusal.value.facts["record"] in {record.name for record in RECORDS}
    assert not list(tmp_path.iterdir())


def test_a_line_of_the_table_has_a_cell_for_every_column(session: Session, tmp_path: Path) -> None:
    make_package(session, make_product(session, 'Mắm "nhĩ", loại 1\nchai'))
    seen: list[int] = []
    count = write_archive(session, tmp_path / "all.csv", progress=seen.append)
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        head, *rows = list(csv.reader(file, strict=True))
    assert len(rows) == count
    assert {len(row) for row in rows} == {len(head)}
    names = [row[head.index("name")] for row in rows if row[0] == "product"]
    assert names == ['Mắm "nhĩ", loại 1\nchai']
    write_archive(session, tmp_path / "all.jsonl")
    lines = (tmp_path / "all.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == count + 1
    assert all(isinstance(json.loads(line), dict) for line in lines)
