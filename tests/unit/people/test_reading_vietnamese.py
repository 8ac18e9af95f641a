from datetime import date
from decimal import Decimal

from storefront.reading import read_count, read_day, read_dong, read_page, read_quantity
from tests.rows import each_row


@each_row(
    "written",
    ["5/3/2024", "05/03/2024", "05-03-2024", "5.3.2024", "05 03 2024", "05032024", "5/3/24",
     "2024-03-05", "ngày 5 tháng 3 năm 2024", " 5 / 3 / 2024 "],
)  # fmt: skip
def test_one_day_is_written_in_many_ways(written: str) -> None:
    assert read_day(written) == date(2024, 3, 5)


@each_row(
    "written",
    ["", "31/02/2024", "32/1/2024", "1/13/2024", "hôm qua", "2024", "5/3", "0/0/0000", "٥/٣/٢٠٢٤x"],
)
def test_what_is_no_day_is_not_guessed(written: str) -> None:
    assert read_day(written) is None


def test_the_29th_of_february_exists_only_in_leap_years() -> None:
    assert read_day("29/02/2024") == date(2024, 2, 29)
    assert read_day("29/02/2025") is None


@each_row(
    "written", ["120000", "120.000", "120,000", "120 000", "120.000đ", "120.000 ₫", "120000 VND",
                "120.000 đồng", "120k", "120K"]
)  # fmt: skip
def test_one_price_is_written_in_many_ways(written: str) -> None:
    assert read_dong(written) == 120_000


@each_row("written", ["", "12o.000", "-5", "1.20.000", "120.00", "1e5", "²", "9" * 20])
def test_what_is_no_price_is_not_guessed(written: str) -> None:
    assert read_dong(written) is None


def test_millions_keep_their_points() -> None:
    assert read_dong("1.250.000") == 1_250_000


@each_row(
    ("written", "quantity"),
    [
        ("500", Decimal(500)),
        ("0,5", Decimal("0.5")),
        ("0.5", Decimal("0.5")),
        ("0.500", Decimal("0.5")),
        ("1.200", Decimal(1200)),
        ("1.200,5", Decimal("1200.5")),
        ("0,1234", None),
        ("viele", None),
        ("-1", None),
    ],
)
def test_a_quantity_may_have_a_comma_or_a_point(written: str, quantity: Decimal | None) -> None:
    assert read_quantity(written) == quantity


def test_a_count_has_an_end() -> None:
    assert read_count("1.000") == 1000
    assert read_count("99.999.999") is None


@each_row(
    ("text", "page"),
    [("1", 1), ("12", 12), ("", 1), ("0", 1), ("-2", 1), ("²", 1), ("٣", 1), ("9" * 40, 1)],
)
def test_an_address_that_names_no_page_shows_the_first(text: str, page: int) -> None:
    assert read_page(text) == page
