"""What a person said about a source's columns is kept and used for its next file; what to mend is a safe workbook."""

from datetime import date

import openpyxl
import pytest

from catalog.errors import InvalidFields
from catalog.importing.mappings import find_mapping, save_mapping
from catalog.importing.understanding import understand
from catalog.importing.use_case import judge_only
from core.actor import Actor
from storefront.error_workbook import write_error_workbook
from tests.factories.catalog import make_product

ACTOR = Actor.system("test")
LIST = "Tên sản phẩm,Người làm ra,Tỉnh,Hạng sao\nMứt gừng,HTX Gừng,Huế,3\n=1+1,HTX Gừng,Huế,7\n"


def test_a_mapping_is_saved_for_a_source_and_grows(session, now, tmp_path):
    make_product(session)
    save_mapping(session, "Huế", {"NGƯỜI LÀM RA": "producer_name"}, actor=ACTOR, now=now)
    save_mapping(session, "Huế", {"Mã": ""}, actor=ACTOR, now=now)
    path = tmp_path / "ds.csv"
    path.write_text(LIST, encoding="utf-8")
    read = understand(path, as_of=date(2026, 11, 22), mapping=find_mapping(session, "Huế"))
    assert read.rows[0].values["producer_name"] == "HTX Gừng"
    assert find_mapping(session, "Quảng Trị") == {}
    with pytest.raises(InvalidFields):
        save_mapping(session, "Huế", {"Giá": "no_such_field"}, actor=ACTOR, now=now)


def test_what_to_mend_is_the_same_sheet_with_a_column_in_vietnamese_and_no_formula(tmp_path):
    path, out = tmp_path / "ds.csv", tmp_path / "mend.xlsx"
    path.write_text(LIST, encoding="utf-8")
    read = understand(path, as_of=date(2026, 11, 22))
    assert write_error_workbook(out, read, judge_only(read)) == 2
    rows = list(openpyxl.load_workbook(out).active.iter_rows())
    assert [cell.value for cell in rows[0]][:4] == [
        "Tên sản phẩm",
        "Người làm ra",
        "Tỉnh",
        "Hạng sao",
    ]
    assert [cell.data_type for cell in rows[2] if cell.value] == ["s"] * 5
    assert rows[2][0].value == "=1+1"
    assert "Ghi 3, 4 hoặc 5" in rows[2][4].value
    assert "chủ thể" in rows[1][4].value
