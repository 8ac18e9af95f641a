from __future__ import annotations

from decimal import Decimal

from catalog.importing.parsing.contents import priced_by, read_content
from catalog.importing.parsing.prices import PriceCell, read_price
from catalog.importing.parsing.stars import read_stars
from tests.rows import each_row

DOUBTFUL = "price_ambiguous"


@each_row(
    ("cell", "dong"),
    [
        ("hai trăm nghìn", 200_000),
        ("Một trăm tám mươi lăm nghìn đồng", 185_000),
        ("một triệu hai trăm năm mươi ngàn", 1_250_000),
        ("ba mươi nghìn năm trăm đồng", 30_500),
        ("một trăm linh năm nghìn", 105_000),
        ("1 triệu 250 nghìn", 1_250_000),
        ("1tr250k", 1_250_000),
        ("1tr2", 1_200_000),
        ("1.250.000 đ/kg", 1_250_000),
        ("ba trăm", None),
        ("hai ba nghìn", None),
        ("nghìn lẻ một đêm", None),
        ("liên hệ", None),
    ],
)
def test_prices_in_words_are_read_whole_or_not_at_all(cell, dong):
    assert read_price(cell) == PriceCell(dong)


@each_row(("cell", "amount"), [
    ("1.250.000 đ/kg", (1000, "g")), ("99k/100g", (100, "g")), ("45.000đ/0,5 lít", (500, "ml")),
    ("120.000đ/hộp", None), ("85k", None),
])  # fmt: skip
def test_a_price_may_be_for_an_amount(cell, amount):
    found = priced_by(cell)
    assert (found and (found.total, found.kind)) == amount


@each_row(("cell", "grams"), [
    ("1kg2", 1200), ("hộp 2kg5", 2500), ("1kg250", 1250), ("1kg x 2", 2000), ("1 kg 24 gói", 1000),
    ("hộp 10 gói x 15g", 150), ("chai 0,5 lít", 500),
])  # fmt: skip
def test_contents_as_one_says_them(cell, grams):
    found = read_content(cell)
    assert found is not None
    assert found.total == Decimal(grams)


@each_row(("cell", "stars", "error"), [
    ("3 sao → 4 sao", None, "star_range"), ("từ 3 sao lên 4 sao", None, "star_range"),
    ("3->4 sao", None, "star_range"), ("OCOP 4 sao (2025)", 4, ""), ("★★★★", 4, ""),
    ("★★★☆☆", 3, ""),
])  # fmt: skip
def test_a_step_between_stars_is_for_a_person(cell, stars, error):
    assert (read_stars(cell).stars, read_stars(cell).error) == (stars, error)
