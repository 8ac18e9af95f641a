"""What headings and titles of price lists mean."""

from __future__ import annotations

from datetime import date

from catalog.importing.parsing.price_terms import TitleTerms, meaning_of, sells_much, title_terms
from catalog.importing.parsing.prices import PriceCell, heading_currency, read_foreign_price
from tests.rows import each_row


@each_row(
    ("heading", "meaning"),
    [
        ("Giá từ 10 thùng", ("tier", 10)),
        ("Từ 50 hộp trở lên", ("tier", 50)),
        ("Giá sỉ (≥ 100)", ("tier", 100)),
        ("Price from 24", ("tier", 24)),
        ("MOQ", ("min_order", 0)),
        ("Đặt tối thiểu", ("min_order", 0)),
        ("Bội số đặt hàng", ("order_multiple", 0)),
        ("Áp dụng từ", ("valid_from", 0)),
        ("Áp dụng từ 01/12/2026", ("valid_from", 0)),
        ("Hiệu lực đến", ("valid_to", 0)),
        ("Từ 2024", ("", 0)),
        ("Giá từ 01/12/2026", ("", 0)),
        ("Giá sỉ", ("", 0)),
        ("Tên hàng", ("", 0)),
    ],
)
def test_a_heading_says_what_stands_below(heading: str, meaning: tuple[str, int]) -> None:
    assert meaning_of(heading) == meaning


@each_row(
    ("heading", "much"),
    [
        ("Giá sỉ", True), ("Giá bán buôn", True), ("GIÁ ĐẠI LÝ", True), ("Wholesale price", True),
        ("Giá vốn", False), ("Giá gốc", False), ("Giá cũ", False), ("Giá khuyến mãi", False),
        ("Giá nhập", False), ("Giá bán lẻ", False), ("Giá", False),
    ],
)  # fmt: skip
def test_only_a_price_for_agents_is_a_wholesale_price(heading: str, much: bool) -> None:
    assert sells_much(heading) is much


@each_row(
    ("lines", "terms"),
    [
        (["BẢNG GIÁ BÁN LẺ"], TitleTerms("retail")),
        (["BẢNG GIÁ SỈ", "Áp dụng từ ngày 01/12/2026 đến ngày 31/12/2026"],
         TitleTerms("wholesale", date(2026, 12, 1), date(2026, 12, 31))),
        (["Báo giá đại lý (chưa bao gồm VAT)"], TitleTerms("wholesale", tax_inclusive=False)),
        (["Giá đã bao gồm thuế, hiệu lực từ 01/11/2026"],
         TitleTerms("", date(2026, 11, 1), tax_inclusive=True)),
        (["Cà Mau, ngày 22/11/2026"], TitleTerms()),
        ([], TitleTerms()),
    ],
)  # fmt: skip
def test_titles_tell_of_the_whole_list(lines: list[str], terms: TitleTerms) -> None:
    assert title_terms(lines) == terms


@each_row(
    ("heading", "currency"),
    [
        ("Giá (USD)", "USD"), ("Price, €", "EUR"), ("Wholesale price US$", "USD"),
        ("Giá (đ)", "VND"), ("Giá", "VND"), ("JPY", "JPY"), ("", "VND"),
    ],
)  # fmt: skip
def test_a_heading_names_the_money_of_its_column(heading: str, currency: str) -> None:
    assert heading_currency(heading) == currency


@each_row(
    ("text", "currency", "expected"),
    [
        ("3,50", "USD", PriceCell(350)),
        ("$3.5", "USD", PriceCell(350)),
        ("1 250", "JPY", PriceCell(1250)),
        ("12.50 USD", "USD", PriceCell(1250)),
        ("3.505", "USD", PriceCell(350_500)),  # three digits are thousands, as in the whole house
        ("12.5", "JPY", PriceCell(error="price_ambiguous")),
        ("2.10 EUR", "USD", PriceCell(error="price_ambiguous")),
        ("3-4", "USD", PriceCell(error="price_ambiguous")),
        ("0", "USD", PriceCell(error="price_ambiguous")),
        ("liên hệ", "USD", PriceCell()),
        ("", "USD", PriceCell()),
    ],
)
def test_a_foreign_price_is_read_in_its_smallest_unit(
    text: str, currency: str, expected: PriceCell
) -> None:
    assert read_foreign_price(text, currency) == expected
