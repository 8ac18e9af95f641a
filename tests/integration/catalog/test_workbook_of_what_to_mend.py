"""The workbook that goes back to a sender: every table and row of what they sent, with what to mend beside it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy.orm import Session

from catalog.importing.understanding import Understood, understand
from catalog.importing.use_case import import_file, judge_only
from core.actor import Actor
from storefront.error_workbook import write_error_workbook
from tests.conftest import NOW

ON = date(2026, 11, 22)
HEADS = ("TT", "Tên sản phẩm", "Chủ thể", "Tỉnh", "Số sao")
FIRST = (
    ("1", "Mắm ba khía", "HTX Rạch Gốc", "Cà Mau", "4"),
    ("2", "Tôm khô", "HTX Rạch Gốc", "Cà Mau", "6"),
)
SECOND = (
    ("1", "Mật ong", "HTX U Minh", "Cà Mau", "4"),
    ("2", "Cua biển", "HTX Năm Căn", "Cà Mau", "2-3"),
)
Rows = list[tuple[str, ...]]


def _word(path: Path, *tables: tuple[str, Rows]) -> Path:
    import docx

    made = docx.Document()
    for above, rows in tables:
        made.add_paragraph(above)
        table = made.add_table(rows=0, cols=len(HEADS))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    made.save(str(path))
    return path


def _mended(path: Path, tmp_path: Path) -> tuple[Understood, dict[str, list[list[str]]]]:
    read = understand(path, as_of=ON)
    write_error_workbook(tmp_path / "mend.xlsx", read, judge_only(read))
    book = openpyxl.load_workbook(tmp_path / "mend.xlsx")
    sheets = {
        sheet.title: [[str(cell.value or "") for cell in row] for row in sheet.iter_rows()]
        for sheet in book
    }
    return read, sheets


def _row(sheet: list[list[str]], name: str) -> list[str]:
    return next(row for row in sheet if name in row)


def test_every_table_of_a_word_file_is_there_with_what_to_mend(tmp_path: Path) -> None:
    path = _word(
        tmp_path / "a.docx",
        ("Danh sách sản phẩm OCOP tỉnh Cà Mau năm 2025, đợt 1", [HEADS, *FIRST]),
        ("Đợt 2", [HEADS, *SECOND]),
    )
    _read, sheets = _mended(path, tmp_path)
    first, second = sheets.values()
    assert first[0][0].startswith("Danh sách sản phẩm OCOP")
    assert second[0][0] == "Đợt 2"
    for sheet in (first, second):
        assert sheet[1] == [*HEADS, "Cần sửa gì"]
        assert len(sheet) == 4
    assert [_row(first, "Mắm ba khía")[-1], _row(second, "Mật ong")[-1]] == ["", ""]
    assert "3, 4" in _row(first, "Tôm khô")[-1]
    assert _row(second, "Cua biển")[-1] != ""


def test_a_word_table_that_goes_on_without_a_heading_stands_below_its_first_part(
    tmp_path: Path,
) -> None:
    path = _word(tmp_path / "a.docx", ("Danh sách năm 2025", [HEADS, *FIRST]), ("", list(SECOND)))
    read, sheets = _mended(path, tmp_path)
    assert len(read.rows) == 4
    (sheet,) = sheets.values()
    assert [row[1] for row in sheet[2:]] == ["Mắm ba khía", "Tôm khô", "Mật ong", "Cua biển"]
    assert [bool(row[-1]) for row in sheet[2:]] == [False, True, False, True]


def test_what_was_mended_in_the_workbook_is_read_as_the_word_file_was(tmp_path: Path) -> None:
    path = _word(
        tmp_path / "a.docx",
        ("Danh sách sản phẩm OCOP tỉnh Cà Mau năm 2025", [HEADS, *FIRST]),
        ("Đợt 2", [HEADS, *SECOND]),
    )
    read, _sheets = _mended(path, tmp_path)
    again = understand(tmp_path / "mend.xlsx", as_of=ON)
    assert [row.values["product_name_vi"] for row in again.rows] == [
        row.values["product_name_vi"] for row in read.rows
    ]
    assert [row.status for row in again.rows] == [row.status for row in read.rows]
    assert {row.values["rating_year"] for row in again.rows[:2]} == {2025}


def test_a_cover_sheet_and_other_sheets_do_not_hide_what_to_mend(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "Bìa"
    book.active.append(["Kính gửi Sở Công thương"])
    sheet = book.create_sheet("Danh sách")
    for row in (("DANH SÁCH",), HEADS, *FIRST):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    _read, sheets = _mended(tmp_path / "a.xlsx", tmp_path)
    assert list(sheets) == ["Bìa", "Danh sách"]
    assert sheets["Bìa"][0][0] == "Kính gửi Sở Công thương"
    assert sheets["Danh sách"][1] == [*HEADS, "Cần sửa gì"]
    assert "3, 4" in sheets["Danh sách"][3][-1]


@pytest.mark.parametrize("mark", [",", ";"])
def test_a_text_file_comes_back_with_every_line(tmp_path: Path, mark: str) -> None:
    lines = [mark.join(row) for row in (HEADS, *FIRST, ("",) * 5, *SECOND)]
    (tmp_path / "a.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    _read, sheets = _mended(tmp_path / "a.csv", tmp_path)
    (sheet,) = sheets.values()
    assert sheet[0] == [*HEADS, "Cần sửa gì"]
    assert sheet[2][:5] == list(FIRST[1])
    assert [bool(row[-1]) for row in sheet[1:]] == [False, True, False, False, True]
    assert sheet[3] == [""] * 6, "an empty line stays, so that line numbers hold"


def test_listings_come_back_with_every_line_too(session: Session, tmp_path: Path) -> None:
    heads = "code,name_vi,province,subgroup,net_content,price_vnd\n"
    text = (
        heads
        + "A-1,Mắm,Cà Mau,F09,500 ml,85000\nA-1,Mắm,Cà Mau,F09,1 l,85000\nA-2,Mắm,Cà Mau,F09,x,85000\n"
    )
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    read = understand(tmp_path / "a.csv", as_of=ON)
    assert read.kind == "catalogue"
    actor = Actor.system("test")
    report = import_file(
        session, tmp_path / "a.csv", actor=actor, now=NOW, dry_run=True, understood=read
    )
    assert dict(report.outcomes) == {"created": 1, "rejected": 2}
    write_error_workbook(tmp_path / "mend.xlsx", read, report)
    sheet = openpyxl.load_workbook(tmp_path / "mend.xlsx").worksheets[0]
    rows = [[str(cell.value or "") for cell in row] for row in sheet.iter_rows()]
    assert [row[0] for row in rows] == ["code", "A-1", "A-1", "A-2"]
    assert [bool(row[-1]) for row in rows] == [True, False, True, True]


def test_what_to_mend_is_no_note_of_the_product_when_the_workbook_comes_back(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.csv").write_text("\n".join(",".join(row) for row in (HEADS, *FIRST)), "utf-8")
    _mended(tmp_path / "a.csv", tmp_path)
    again = understand(tmp_path / "mend.xlsx", as_of=ON)
    assert again.unknown == ()
    assert [row.extra for row in again.rows] == [{}, {}]
