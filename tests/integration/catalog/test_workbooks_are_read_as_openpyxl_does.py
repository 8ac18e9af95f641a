"""Our own quick reading of a workbook says cell by cell what openpyxl says, for every kind of cell there is."""

import io
import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from catalog.importing.workbooks import cell_text, read

ROWS = [
    ["Tên sản phẩm", "Giá", "Ngày", "", "Có", "はちみつ"],
    [],
    ["Mật ong  rừng ", 85000, date(2025, 1, 17), None, True, "ミツ\nX"],
    ["", 1.125, datetime(2025, 1, 17, 8, 30), None, False, "_x000D_ & <b>"],  # noqa: DTZ001  # as sheets have it
    [None, 1e21, time(8, 30), None, "#N/A", "=1"],
    ["Cà phê", -0.5, timedelta(hours=30), "x" * 21_000],
]


def by_xlsxwriter(path, *, shared):
    book = xlsxwriter.Workbook(path, {"in_memory": True, "constant_memory": not shared})
    sheet = book.add_worksheet("Một")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for line, cells in enumerate(ROWS):
        for column, value in enumerate(cells):
            if isinstance(value, date | time):
                sheet.write_datetime(line, column, value, day)
            elif isinstance(value, str):
                sheet.write_string(line, column, value)
            elif value is not None and not isinstance(value, timedelta):
                sheet.write(line, column, value)
    book.add_worksheet("Ẩn").hide()
    book.close()


def by_openpyxl(path):
    book = openpyxl.Workbook()
    for cells in ROWS:
        book.active.append(cells)
    book.active["H9"] = CellRichText("Trà ", TextBlock(InlineFont(b=True), "Shan"), " tuyết")
    book.create_sheet("Trống").sheet_state = "hidden"
    book.save(path)


def as_openpyxl_reads(path):
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
            texts = [cell_text(value) for value in values]
            while texts and not texts[-1]:
                texts.pop()
            if texts:
                yield sheet.title, line, texts


def as_we_read(path):
    title = ""
    for said in read(path):
        if isinstance(said, tuple):
            yield title, *said
        else:
            title = said.get("sheet", title)


@pytest.mark.parametrize("made", ["shared", "inline", "openpyxl"])
def test_every_kind_of_cell_reads_as_openpyxl_reads_it(tmp_path, made):
    path = tmp_path / "a.xlsx"
    if made == "openpyxl":
        by_openpyxl(path)
    else:
        by_xlsxwriter(path, shared=made == "shared")
    found = list(as_we_read(path))
    assert found == list(as_openpyxl_reads(path))
    assert len(found) >= len([row for row in ROWS if row])


ODD = """<row><c><v>1</v></c><c t="str"><f>A1</f><v>hai</v></c><c><f>B1</f></c></row>
<row r="4.0" hidden="1"><c r="C4" t="s"><v>0</v></c><c r="B4" t="inlineStr"><is><r><t>mật </t></r><r><t>ong</t></r>
<rPh sb="0" eb="1"><t>ミツ</t></rPh></is></c><c r="F4" t="inlineStr"/></row>
<row r="3"><c r="A3"><v>9</v></c></row><row r="5"><c r="A5" t="e"><v>#REF!</v></c><c r="A5" t="b"><v>1</v></c></row>"""
STRINGS = """<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><r><t>蜂</t></r><r>
<t xml:space="preserve">蜜 </t></r><rPh sb="0" eb="2"><t>ハチミツ</t></rPh><phoneticPr fontId="1"/></si></sst>"""


def test_what_other_programs_write_reads_alike_and_readings_of_kanji_are_no_text(tmp_path):
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    sheet = book.add_worksheet()
    sheet.merge_range("A2:C3", "Mật ong")
    sheet.set_column("B:B", None, None, {"hidden": True})
    book.close()
    path = tmp_path / "odd.xlsx"
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(path, "w") as new:
        for entry in old.infolist():
            part = old.read(entry).decode()
            if entry.filename == "xl/worksheets/sheet1.xml":
                head, _, rest = part.partition("<sheetData>")
                part = f"{head}<sheetData>{ODD}</sheetData>{rest.partition('</sheetData>')[2]}"
            elif entry.filename == "xl/sharedStrings.xml":
                part = STRINGS
            new.writestr(entry.filename, part)
    found = list(as_we_read(path))
    assert found == list(as_openpyxl_reads(path))
    assert [(line, texts) for _sheet, line, texts in found] == [
        (1, ["1", "hai"]),
        (4, ["", "mật ong", "蜂蜜"]),
        (5, ["TRUE"]),
    ]
    assert list(read(path))[-1] == {
        "merged": [[2, 0, 3, 2]],
        "hidden_columns": [1],
        "formulas": [[1, 2]],
    }
