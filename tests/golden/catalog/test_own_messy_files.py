"""Files as provinces, cooperatives and shops send them, made up here; what they mean was judged before they were run."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from catalog.importing.legacy import _TCVN3, _vni
from catalog.importing.understanding import Understood, understand

Read = Callable[..., Understood]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(content: bytes, name: str, **options: Any) -> Understood:
        path = tmp_path / name
        path.write_bytes(content)
        return understand(path, as_of=date(2026, 11, 22), **options)

    return read


def told(read: Understood, *names: str) -> list[tuple[Any, ...]]:
    return [(row.line, row.status, *(row.values.get(name) for name in names)) for row in read.rows]


def old_letters(text: str, table: dict[str, str]) -> bytes:
    back = {letter: code for code, letter in table.items()}
    return "".join(back.get(c, c) for c in text).encode("latin-1")


def workbook(fill: Callable[[Any], None]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


REGISTER = (
    "DANH SÁCH SẢN PHẨM OCOP NĂM 2023\n"
    "Tên sản phẩm;Chủ thể;Địa chỉ;Tỉnh;Xếp hạng\n"
    "Kẹo dừa sầu riêng;Công ty TNHH Bến Tre Xanh;X. Phú Nhuận, TP. Bến Tre;Bến Tre;Bốn sao\n"
    "Rượu nếp;Tổ hợp tác Phước Mỹ;H. Châu Thành;Trà Vinh;***\n"
)
WANTED = [
    (3, "import", "Kẹo dừa sầu riêng", "company", "xã Phú Nhuận", "thành phố Bến Tre", "Vĩnh Long", 4, 2023),
    (4, "import", "Rượu nếp", "cooperative_group", "", "huyện Châu Thành", "Vĩnh Long", 3, 2023),
]  # fmt: skip


@pytest.mark.parametrize("letters", ["vni", "tcvn3", "viscii", "utf-16", "utf-8 twice", "nfd"])
def test_a_register_reads_the_same_in_any_letters(read: Read, letters: str) -> None:
    from catalog.importing.legacy import _VISCII

    text = REGISTER.replace("DANH SÁCH SẢN PHẨM OCOP NĂM", "Danh sách sản phẩm OCOP năm")
    if letters == "vni":
        data = old_letters(text, {**_vni(), "aù": "á"})
    elif letters == "tcvn3":
        data = old_letters(text, _TCVN3)
    elif letters == "viscii":
        data = old_letters(text, _VISCII)
    elif letters == "utf-16":
        data = text.encode("utf-16")
    elif letters == "nfd":
        import unicodedata

        data = unicodedata.normalize("NFD", text).encode()
    else:
        data = text.encode().decode("latin-1").encode()
    found = read(data, "ds.csv")
    names = (
        "product_name_vi",
        "producer_type",
        "commune",
        "district",
        "province_2025",
        "stars",
        "rating_year",
    )
    assert told(found, *names) == WANTED


def test_two_levels_of_headings_over_blocks_with_a_hidden_column_and_a_hidden_sheet(
    read: Read,
) -> None:
    def fill(book: Any) -> None:
        sheet = book.active
        sheet.title = "PL1"
        for row in [
            ["ỦY BAN NHÂN DÂN TỈNH KIÊN GIANG"],
            ["PHỤ LỤC: KẾT QUẢ ĐÁNH GIÁ, PHÂN HẠNG SẢN PHẨM OCOP ĐỢT 2 NĂM 2022"],
            ["(Kèm theo Quyết định số 86/QĐ-UBND ngày 11 tháng 01 năm 2023 của UBND tỉnh)"],
            ["TT", "Mã nội bộ", "Sản phẩm", "Thông tin chủ thể", None, "Địa bàn", None, "Kết quả", None],
            [None, None, None, "Tên", "Loại hình", "Xã/phường", "Huyện", "Điểm", "Hạng sao"],
            ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)"],
            [1, "X1", "Nước mắm 40 độ đạm", "Khải Hoàn", "Công ty", "P. Dương Đông", "TP. Phú Quốc", 91.5, "★★★★★"],
            [2, "X2", "Tiêu sọ", "Sáu Phú", "HTX", "Cửa Cạn", None, 71.125, "4*"],
            ["II", "HUYỆN AN BIÊN"],
            [3, "X3", "Khô cá sặc", "Năm Rèn", "Hộ kinh doanh", "xã Đông Yên", None, 69.99, 3],
            [None, None, "Tổng cộng", None, None, None, None, None, 3],
            [],
            [None, None, None, None, None, "Kiên Giang, ngày 11 tháng 01 năm 2023"],
            [None, None, None, None, None, "TM. ỦY BAN NHÂN DÂN"],
        ]:  # fmt: skip
            sheet.append(row)
        for span in (
            "A1:I1",
            "A2:I2",
            "A3:I3",
            "A4:A5",
            "B4:B5",
            "C4:C5",
            "D4:E4",
            "F4:G4",
            "H4:I4",
            "G7:G8",
        ):
            sheet.merge_cells(span)
        sheet.column_dimensions["B"].hidden = True
        sheet.row_dimensions[4].hidden = True
        old = book.create_sheet("cũ")
        old.append(["Tên sản phẩm", "Chủ thể", "Hạng sao"])
        old.append(["Sản phẩm cũ", "HTX Cũ", 3])
        old.sheet_state = "hidden"

    found = read(workbook(fill), "pl1.xlsx")
    names = ("product_name_vi", "producer_name", "producer_type", "commune", "district", "stars", "decision_number", "decision_date")  # fmt: skip
    assert told(found, *names) == [
        (7, "import", "Nước mắm 40 độ đạm", "Khải Hoàn", "company", "phường Dương Đông", "thành phố Phú Quốc", 5, "86/QĐ-UBND", "2023-01-11"),
        (8, "import", "Tiêu sọ", "Sáu Phú", "HTX", "Cửa Cạn", "thành phố Phú Quốc", 4, "86/QĐ-UBND", "2023-01-11"),
        (10, "import", "Khô cá sặc", "Năm Rèn", "household", "xã Đông Yên", "huyện An Biên", 3, "86/QĐ-UBND", "2023-01-11"),
    ]  # fmt: skip
    assert {row.values["former_province"] for row in found.rows} == {"Kiên Giang"}
    assert {row.values["province_2025"] for row in found.rows} == {"An Giang"}
    assert all(row.errors == ["recognition_expired"] for row in found.rows)


def test_excel_serials_english_headings_and_a_formula_with_and_without_result(read: Read) -> None:
    def fill(book: Any) -> None:
        for row in [
            ["No.", "Product name", "Producer", "Province", "Star rating", "Decision No.", "Date of decision"],
            [1, "Trà Shan tuyết", "Bản Liền Cooperative", "Lao Cai", "4 stars", "12/QĐ-UBND", 45367],
            [2, "Mật ong hoa nhãn", "Hung Yen Honey Co., Ltd", "Hung Yen Province", "five stars", "9/QĐ-BNN-VPĐP", date(2024, 3, 5)],
            [3, "=A1&B2", "Nhà vườn Hoa Lan", "Lâm Đồng", 3, None, None],
        ]:  # fmt: skip
            book.active.append(row)

    found = read(workbook(fill), "list.xlsx")
    names = ("product_name_vi", "producer_type", "former_province", "province_2025", "stars", "decision_date", "valid_to")  # fmt: skip
    assert told(found, *names) == [
        (2, "import", "Trà Shan tuyết", "HTX", "Lào Cai", "Lào Cai", 4, "2024-03-16", "2027-03-16"),
        (3, "import", "Mật ong hoa nhãn", "company", "Hưng Yên", "Hưng Yên", 5, "2024-03-05", "2027-03-05"),
        (4, "reject", "", "facility", "Lâm Đồng", "Lâm Đồng", 3, "", ""),
    ]  # fmt: skip
    assert found.rows[2].errors == ["formula_in_text"]


def test_a_price_list_between_pipes_with_prices_in_every_style(read: Read) -> None:
    text = (
        "BÁO GIÁ THÁNG 11\n\n"
        "| STT | Tên mặt hàng | Quy cách | Mã vạch | HSD | Giá bán lẻ |\n"
        "|-----|--------------|----------|---------|-----|------------|\n"
        "| 1 | Yến chưng | 6 x 70 ml | 8938500001239 | HSD: 12 tháng kể từ NSX | 330k |\n"
        "| 2 | Cà phê phin giấy | hộp 10 gói x 20g | | 18 tháng | 0,085tr |\n"
        "| 3 | Mắm tôm | 500g (±10) | | 06 tháng | 85 nghìn |\n"
        "| 4 | Tôm khô | 0,5 kg | 893 8500 001238 | 180 ngày | 850.000 - 900.000 |\n"
        "| 5 | Mực một nắng | ৫০০ g | | 6 months | 1tr250 |\n"
        "| 6 | Rượu nếp than | 500 ml | | | liên hệ |\n"
        "| | Cộng: 6 mặt hàng | | | | |\n"
    )
    found = read(text.encode(), "baogia.txt")
    assert found.kind == "price_list"
    names = ("name", "net_g", "net_ml", "gtin", "shelf_life", "price_vnd")
    assert told(found, *names) == [
        (5, "import", "Yến chưng", "", 420, "8938500001239", "12 tháng", 330_000),
        (6, "import", "Cà phê phin giấy", 200, None, "", "18 tháng", 85_000),
        (7, "import", "Mắm tôm", 500, None, "", "6 tháng", 85_000),
        (8, "review", "Tôm khô", 500, None, "", "180 ngày", ""),
        (9, "import", "Mực một nắng", 500, None, "", "6 tháng", 1_250_000),
        (10, "import_incomplete", "Rượu nếp than", "", 500, "", "", ""),
    ]
    assert set(found.rows[3].errors) == {"gtin_check_digit", "price_ambiguous"}


def test_prices_in_thousands_and_american_commas(read: Read) -> None:
    thousands = (
        "Tên hàng\tKhối lượng (g)\tGiá (nghìn đồng)\nBánh đa\t250\t85\nChả mực\t1.000\t420,5\n"
    )
    found = read(thousands.encode("utf-16"), "gia.txt")
    assert told(found, "net_g", "price_vnd") == [
        (2, "import", 250, 85_000),
        (3, "import", 1000, 420_500),
    ]
    american = 'Product,Net weight,Retail price\nHoney,500 g,"120,000"\nPepper,1.5 kg,"85,000"\nTea,0.25 kg,85\n'
    found = read(american.encode(), "prices.csv")
    assert told(found, "net_g", "price_vnd") == [
        (2, "import", 500, 120_000), (3, "import", 1500, 85_000), (4, "review", 250, ""),
    ]  # fmt: skip


def document(fill: Callable[[Any], None]) -> bytes:
    import docx

    made = docx.Document()
    fill(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_a_word_list_inside_a_layout_table_by_districts_with_ditto_marks(read: Read) -> None:
    rows = [
        ["STT", "Tên sản phẩm", "Chủ thể", "Phân hạng"],
        ["I", "Huyện Đầm Dơi", "", ""],
        ["1", "Ba khía muối", "HTX Ba khía Đầm Dơi", "4 sao"],
        ["2", "Mắm ba khía", "nt", "nt"],
        ["II", "TP. Cà Mau", "", ""],
        ["3", "Bánh phồng tôm", "Hộ KD Khánh Nhị", "3-4 sao"],
        ["4", "Chả cá", "Bà Nguyễn Thị Tư", "tiềm năng 5 sao"],
        ["Tổng số: 04 sản phẩm", "", "", ""],
    ]

    def fill(made: Any) -> None:
        made.add_paragraph(
            "Căn cứ Quyết định số 148/QĐ-TTg ngày 24/02/2023 của Thủ tướng Chính phủ;"
        )
        made.add_paragraph("DANH SÁCH SẢN PHẨM OCOP TỈNH CÀ MAU NĂM 2024")
        outer = made.add_table(rows=1, cols=1)
        inner = outer.cell(0, 0).add_table(rows=0, cols=4)
        for row in rows:
            cells = inner.add_row().cells
            for cell, text in zip(cells, row, strict=True):
                cell.text = text

    found = read(document(fill), "danh sach.docx")
    names = (
        "product_name_vi",
        "producer_name",
        "district",
        "stars",
        "rating_year",
        "decision_number",
    )
    assert told(found, *names) == [
        (3, "import", "Ba khía muối", "HTX Ba khía Đầm Dơi", "huyện Đầm Dơi", 4, 2024, ""),
        (4, "import", "Mắm ba khía", "HTX Ba khía Đầm Dơi", "huyện Đầm Dơi", 4, 2024, ""),
        (6, "review", "Bánh phồng tôm", "Hộ KD Khánh Nhị", "thành phố Cà Mau", None, 2024, ""),
        (7, "review", "Chả cá", "Bà Nguyễn Thị Tư", "thành phố Cà Mau", None, 2024, ""),
    ]
    assert [row.errors for row in found.rows[2:]] == [
        ["star_range"],
        ["potential_star_not_recognised"],
    ]


def test_doubles_are_proposed_and_another_strength_is_another_product(read: Read) -> None:
    text = (
        "Tên sản phẩm,Chủ thể,Tỉnh,Hạng,Năm,Số QĐ\n"
        "Nước mắm 30 độ đạm,CTCP Khải Hoàn,Kiên Giang,4,2020,\n"
        "Nước mắm 40 độ đạm,Công ty Cổ phần Khải Hoàn,Kiên Giang,4,2020,\n"
        "Bánh phồng tôm Năm Căn,HTX Năm Căn,Cà Mau,3,2021,\n"
        "Bánh phòng tôm Năm Căn,Hợp tác xã Năm Căn,Cà Mau,3,2021,\n"
        "Khô cá kèo,Hộ KD Ngọc Giàu,Cà Mau,3,2021,\n"
        "Khô cá kèo,Hộ kinh doanh Ngọc Giàu,Cà Mau,4,2024,\n"
        "Tom kho dac biet,HTX Đất Mũi,Cà Mâu,3,2021,38/QD-UBND\n"
    )
    found = read(text.encode("utf-8-sig"), "ds.csv")
    assert [(row.line, row.status, row.errors) for row in found.rows] == [
        (2, "import", []),
        (3, "import", []),
        (4, "import", []),
        (5, "review", ["possible_duplicate"]),
        (6, "import", []),
        (7, "review", ["possible_upgrade"]),
        (8, "review", ["diacritics_missing", "unknown_province"]),
    ]
    assert found.rows[-1].values["decision_number"] == "38/QĐ-UBND"


def test_stars_by_ticks_in_a_csv_and_a_district_printed_once_for_its_block(read: Read) -> None:
    text = (
        "UBND TỈNH QUẢNG NAM,,,,,,\n"
        "STT,Tên sản phẩm,Huyện,Chủ thể,Xếp hạng,,\n"
        ",,,,3 sao,4 sao,5 sao\n"
        "1,Bánh dừa,Quế Sơn,HTX Quế Xuân,x,,\n"
        "2,Sâm Ngọc Linh,,Cty TNHH Sâm,,,✓\n"
        "3,Trầm hương,,HTX Trầm,X,x,\n"
        "4,Nếp bầu,Đại Lộc,HTX Ái Nghĩa,,v,\n"
        "5,Bánh tráng,,Cơ sở Bà Tám,x,,\n"
    )
    found = read(text.encode(), "qn.csv")
    assert told(found, "district", "stars", "former_province", "province_2025") == [
        (4, "import", "huyện Quế Sơn", 3, "Quảng Nam", "Đà Nẵng"),
        (5, "import", "huyện Quế Sơn", 5, "Quảng Nam", "Đà Nẵng"),
        (6, "review", "huyện Quế Sơn", None, "Quảng Nam", "Đà Nẵng"),
        (7, "import", "huyện Đại Lộc", 4, "Quảng Nam", "Đà Nẵng"),
        (8, "import", "huyện Đại Lộc", 3, "Quảng Nam", "Đà Nẵng"),
    ]
    assert found.rows[2].errors == ["conflicting_stars"]


def test_a_heading_nobody_knows_is_kept_and_can_be_named_by_a_person(read: Read) -> None:
    text = "Tên sản phẩm,Người làm ra,Tỉnh,Hạng sao\nMứt gừng,HTX Gừng,Huế,3\n"
    found = read(text.encode(), "a.csv")
    assert found.unknown == ("Người làm ra",)
    assert found.rows[0].raw["Người làm ra"] == "HTX Gừng"
    assert found.rows[0].status == "import_incomplete"
    named = read(text.encode(), "a.csv", mapping={"người  làm ra": "producer_name"})
    assert named.rows[0].values["producer_name"] == "HTX Gừng"
    assert (named.rows[0].status, named.rows[0].values["former_province"]) == (
        "import",
        "Thừa Thiên Huế",
    )


@pytest.mark.parametrize(("title", "kind"), [("BẢNG GIÁ", "price_list"), ("DANH SÁCH", "register")])
def test_a_list_with_stars_and_prices_is_what_its_title_says(
    read: Read, title: str, kind: str
) -> None:
    text = f"{title} SẢN PHẨM OCOP\nSản phẩm;Chủ thể;Sao;Giá bán\nMứt dừa sáp;HTX A;4;95.000\n"
    assert read(text.encode(), "ds.csv").kind == kind
