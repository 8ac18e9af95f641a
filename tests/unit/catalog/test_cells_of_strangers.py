"""Cells as people outside send them: each parser with what it must read and what it must leave to a person."""

from datetime import date
from decimal import Decimal

from catalog.importing.cleaning import clean_row
from catalog.importing.columns import match_heading
from catalog.importing.judging import judge_register
from catalog.importing.layout import FoundRow, find_table
from catalog.importing.legacy import find_reading
from catalog.importing.parsing.barcodes import read_barcode
from catalog.importing.parsing.contents import read_content, read_shelf_life
from catalog.importing.parsing.dates import read_date
from catalog.importing.parsing.decisions import read_decision
from catalog.importing.parsing.makers import maker_kind
from catalog.importing.parsing.places import read_province
from catalog.importing.parsing.prices import read_price
from catalog.importing.parsing.stars import read_stars
from catalog.importing.parsing.text import is_ditto, lacks_marks
from catalog.importing.pricing import judge_price_list
from catalog.importing.sheets import Sheet
from tests.rows import each_row


@each_row(
    ("text", "stars", "error"),
    [
        ("Ba sao", 3, ""),
        ("BA SAO", 3, ""),
        ("hạng ba", 3, ""),
        ("Hạng 4 sao - 75 điểm", 4, ""),
        ("4 sao, 2021", 4, ""),
        ("4,0", 4, ""),
        ("thứ ba", None, ""),
        ("3 sao; 4 sao", None, "star_range"),
        ("3 sao và 4 sao", None, "star_range"),
        ("3-4", None, "star_range"),
    ],
)
def test_stars_are_read_or_left_to_a_person(text: str, stars: int | None, error: str) -> None:
    cell = read_stars(text)
    assert (cell.stars, cell.error) == (stars, error)


@each_row(
    ("text", "total"),
    [
        ("1/2 kg", 500),
        ("½ kg", 500),
        ("3/4 kg", 750),
        ("20 túi lọc (2g/túi)", 40),
        ("20 gói, 2g/gói", 40),
        ("hộp 10 gói x 20g", 200),
        ("200g/hộp, 24 hộp/thùng", 200),
        ("20 gói 2g", None),
        ("túi 10 cái 300g", 300),
        ("500g-1kg", None),
    ],
)
def test_a_content_is_read_whole_or_not_at_all(text: str, total: int | None) -> None:
    content = read_content(text)
    assert (content and content.total) == (total and Decimal(total))


@each_row(
    ("text", "dong", "error"),
    [
        ("35.000 đ/hộp 500g", 35_000, ""),
        ("150.000/thùng 24 chai", 150_000, ""),
        ("35.000/100g", 35_000, ""),
        ("100.000đ/2 hộp", None, "price_ambiguous"),
        ("100k/3 gói", None, "price_ambiguous"),
        ("45.000/50.000", None, "price_ambiguous"),
    ],
)
def test_a_price_is_of_one_package(text: str, dong: int | None, error: str) -> None:
    cell = read_price(text)
    assert (cell.dong, cell.error) == (dong, error)


@each_row(
    "text", ["8936003721760;", "mã: 8936003721760", "\u200b8936003721760", "EAN: 8936003721760"]
)
def test_signs_around_a_barcode_are_not_part_of_it(text: str) -> None:
    assert read_barcode(text).gtin == "8936003721760"


@each_row("text", ["5-Mar-24", "5 thg 3, 2024", "5 tháng 3, 2024", "Mar 5, 2024"])
def test_a_day_is_read_with_the_month_in_words(text: str) -> None:
    assert read_date(text).day == date(2024, 3, 5)


@each_row(("text", "number"), [("1234.0", "1234"), ("QĐ1234/QĐ-UBND", "1234/QĐ-UBND")])
def test_a_number_of_a_decision_loses_what_is_not_part_of_it(text: str, number: str) -> None:
    assert read_decision(text).number == number


@each_row(("name", "kind"), [("H.T.X Nông nghiệp", "HTX"), ("Nông trại Xanh", "facility")])
def test_the_kind_of_a_maker_is_read_from_its_name(name: str, kind: str) -> None:
    assert maker_kind(name) == kind


def test_tt_hue_is_the_province() -> None:
    found = read_province("TT Huế")
    assert found is not None
    assert found[0] == "Thừa Thiên Huế"


@each_row("text", ['" "', "〃 〃", "“ ”", "’’", "như  trên", '--"--', "-//-"])
def test_every_sign_for_the_same_as_above_is_known(text: str) -> None:
    assert is_ditto(text)


@each_row("text", ["..", "tent", "5", "Ong mật"])
def test_other_text_is_no_such_sign(text: str) -> None:
    assert not is_ditto(text)


@each_row(
    ("name", "lacking"),
    [
        ("Ruou ba kich Ba Che", True),
        ("Khoai lang say deo", True),
        ("Ruou sim", True),
        ("Lap xuong My Yen", True),
        ("Rau xanh", False),
        ("Cream pie", False),
        ("Cao Vinh Quang Khanh", False),
        ("Thanh long", False),
        ("Vicumax Nano Curcumin", False),
    ],
)
def test_a_name_typed_without_marks_is_told_from_one_that_needs_none(
    name: str, lacking: bool
) -> None:
    assert lacks_marks(name) is lacking


def test_a_formula_that_only_quotes_a_code_is_that_code() -> None:
    row = FoundRow(2, {"gtin": '="8936003721760"', "name": '=HYPERLINK("x","y")'})
    clean = clean_row(row, known={})
    assert clean.cells["gtin"] == "8936003721760"
    assert clean.errors == {"formula_in_text": "name"}


HEADING = ["STT", "Tên sản phẩm", "Chủ thể", "Xã", "Hạng sao"]
FIRST = ["1", "Rượu nếp", "HTX A", "xã Hương Minh", "3"]


@each_row(
    "between",
    [
        ["", "Cộng huyện Hương Khê: 03 sản phẩm", "", "", "3"],
        ["Tổng nhóm I", "", "", "", "3"],
        ["", "", "Cộng", "", "2"],
        ["Cộng mang sang", "", "", "", "12"],
        ["Trang 1/2", "", "", "", ""],
        ["- 3 -", "", "", "", ""],
    ],
)
def test_a_line_between_two_products_is_none_and_ends_no_block(between: list[str]) -> None:
    last = ["2", "Mật ong", "nt", "nt", "3"]
    table = find_table(Sheet(rows=[(1, HEADING), (2, FIRST), (3, between), (4, last)]))
    assert table is not None
    assert [row.line for row in table.rows] == [2, 4]
    assert table.rows[1].cells["producer_name"] == "HTX A"
    assert table.rows[1].cells["commune"] == "xã Hương Minh"


def test_lines_are_counted_on_when_a_table_follows_another() -> None:
    sheet = Sheet(rows=[(1, ["a"]), (2, ["b"])], merged=[(1, 0, 2, 0)], formulas={(2, 0)})
    sheet.move_down(5)
    assert sheet.rows == [(6, ["a"]), (7, ["b"])]
    assert (sheet.merged, sheet.formulas) == ([(6, 0, 7, 0)], {(7, 0)})


@each_row(
    ("text", "life"),
    [
        ("10 ngày (2-5 độ C)", "10 ngày"),
        ("7 ngày ở 0-4°C", "7 ngày"),
        ("12 tháng ở -18 độ C", "12 tháng"),
        ("3 - 5 ngày", "3 - 5 ngày"),
    ],
)
def test_the_cold_a_product_needs_is_not_how_long_it_keeps(text: str, life: str) -> None:
    assert read_shelf_life(text) == life


def test_a_few_signs_do_not_make_a_unicode_table_one_of_old_letters() -> None:
    cells = [
        "Chè tôm nõn",
        "Trà Hích",
        "½ kg",
        "¼ kg",
        "¾ kg",
        "500g (±10)",
        "40°",
        "6×70 ml",
        "18 tháng",
    ]
    assert find_reading(cells) == ""


@each_row(
    ("heading", "field"),
    [
        ("KẾT QUẢ ĐÁNH GIÁ", ""),
        ("Cấp quốc gia", ""),
        ("Hộ gia đình", ""),
        ("Giá hộp 500g", "price_vnd"),
        ("Hạn SD", "shelf_life_storage"),
        ("Qui cách", "net_content"),
        ("Mã EAN", "gtin"),
        ("QĐ số, ngày tháng", "decision_number"),
        ("Năm CN", "rating_year"),
    ],
)
def test_a_heading_is_known_by_its_words_not_by_letters_they_share(
    heading: str, field: str
) -> None:
    assert match_heading(heading)[0] == field


@each_row("cells", [("ĐẠT 3 SAO", "4 sao"), ("★★★", "★★★★")])
def test_a_column_full_of_stars_is_the_column_of_stars(cells: tuple[str, str]) -> None:
    rows = [(1, ["Tên sản phẩm", "Chủ thể", "Kết quả đánh giá"])]
    rows += [(n, [f"Rượu {n}", "HTX A", cell]) for n, cell in enumerate(cells, start=2)]
    table = find_table(Sheet(rows=rows))
    assert table is not None
    assert [row.cells["stars"] for row in table.rows] == list(cells)


def test_plain_numbers_under_an_unknown_heading_are_no_stars() -> None:
    rows = [(1, ["Tên sản phẩm", "Chủ thể", "Kỳ họp"]), (2, ["Rượu A", "HTX A", "3"])]
    table = find_table(Sheet(rows=[*rows, (3, ["Rượu B", "HTX A", "4"])]))
    assert table is not None
    assert "stars" not in table.header.by_field


@each_row(
    ("section", "facts"),
    [
        ("IV. TP. HÀ NỘI", {"province": "TP. HÀ NỘI"}),
        ("Thành phố Hải Phòng", {"province": "Thành phố Hải Phòng"}),
        ("II. Thành phố Hải Dương", {"district": "thành phố Hải Dương"}),
    ],
)
def test_a_section_of_a_city_under_the_state_is_a_province(
    section: str, facts: dict[str, str]
) -> None:
    rows = [(1, HEADING), (2, ["", section, "", "", ""]), (3, FIRST)]
    table = find_table(Sheet(rows=rows))
    assert table is not None
    assert table.rows[0].section == facts


@each_row(
    ("text", "unit"),
    [
        ("Cần Thơ (Sóc Trăng cũ)", "Sóc Trăng"),
        ("Phú Thọ (tỉnh Hòa Bình cũ)", "Hòa Bình"),
        ("Bình Phước (nay là Đồng Nai)", "Bình Phước"),
        ("Gia Lai (cũ)", "Gia Lai"),
    ],
)
def test_the_unit_of_before_july_2025_is_kept(text: str, unit: str) -> None:
    found = read_province(text)
    assert found is not None
    assert found[0] == unit


def test_number_and_day_of_a_decision_may_stand_under_either_heading() -> None:
    heading = ["Tên sản phẩm", "Chủ thể", "Hạng sao", "Số QĐ, ngày QĐ"]
    rows = [(1, heading), (2, ["Rượu nếp", "HTX A", "4", "2412/QĐ-UBND, 09/12/2022"])]
    table = find_table(Sheet(rows=rows))
    assert table is not None
    values = judge_register(table, as_of=date(2026, 11, 22))[0].values
    assert (values["decision_number"], values["decision_date"]) == ("2412/QĐ-UBND", "2022-12-09")


@each_row(
    ("packing", "grams"), [("Hũ 250g", 250), ("Hộp 10 gói x 12g", 120), ("Thùng 24 hũ x 250g", "")]
)
def test_a_packing_tells_the_content_unless_it_is_of_a_case(packing: str, grams: int | str) -> None:
    rows = [
        (1, ["BẢNG GIÁ SẢN PHẨM OCOP"]),
        (2, ["Sản phẩm", "Chủ thể", "Sao", "Quy cách đóng gói", "Giá bán"]),
        (3, ["Mứt dừa sáp", "HTX A", "4", packing, "95.000"]),
    ]
    table = find_table(Sheet(rows=rows))
    assert table is not None
    assert judge_price_list(table)[0].values["net_g"] == grams
