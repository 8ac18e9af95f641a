from datetime import date
from decimal import Decimal

import pytest

from catalog.importing.columns import match_columns
from catalog.importing.parsing import (
    parse_allergens,
    parse_date,
    parse_net_content,
    parse_price,
    parse_shelf_life,
    parse_stars,
)
from tests.rows import each_row


@each_row(
    ("text", "amount", "unit", "count", "sold_by", "abv", "label"),
    [
        ("6×70 ml", "70", "ml", 6, "piece", None, "6 × 70 ml"),
        ("20x2g", "2", "g", 20, "piece", None, "20 × 2 g"),
        ("500 ml (≈700 g)", "500", "ml", 1, "piece", None, "500 ml (≈ 700 g)"),
        ("1 kg (weight item)", "1", "kg", 1, "weight", None, "1 kg"),
        ("500 ml 25 %", "500", "ml", 1, "piece", "25", "500 ml"),
        ("750 ml 12,5 %", "750", "ml", 1, "piece", "12.5", "750 ml"),
        ("1.2 kg", "1.2", "kg", 1, "piece", None, "1.2 kg"),
        ("2 kg box", "2", "kg", 1, "piece", None, "2 kg"),
        ("1 pc", "1", "piece", 1, "piece", None, ""),
        ("10 pcs", "10", "piece", 1, "piece", None, ""),
        ("1 set", "1", "set", 1, "piece", None, ""),
        ("1 person-day", "1", "person", 1, "piece", None, ""),
        ("১০০ g", "100", "g", 1, "piece", None, "100 g"),
    ],
)
def test_a_net_content_is_read(text, amount, unit, count, sold_by, abv, label):
    net = parse_net_content(text)
    assert (net.amount, net.unit, net.count) == (Decimal(amount), unit, count)
    assert (net.sold_by, net.abv, net.label) == (sold_by, abv and Decimal(abv), label)


@each_row("text", ["", "500", "ml", "0 g", "-5 g", "0.0001 g", "5 stones", "0×5 g"])
def test_what_is_no_net_content_is_refused(text):
    with pytest.raises(ValueError, match="not a"):
        parse_net_content(text)


@each_row(
    ("text", "days", "kind"),
    [
        ("36m amb", 1080, "ambient"),
        ("36m", 1080, "ambient"),
        ("20d chl", 20, "chilled"),
        ("6m frz", 180, "frozen"),
        ("3d liv", 3, "live"),
        ("12 tháng", 360, "ambient"),
        ("30 ngày", 30, "ambient"),
        ("365", 365, "ambient"),
        ("no limit", None, "ambient"),
        ("–", None, "ambient"),
    ],
)
def test_a_shelf_life_is_read(text, days, kind):
    assert (parse_shelf_life(text).days, parse_shelf_life(text).storage_kind) == (days, kind)


@each_row("text", ["soon", "0d", "12m hot"])
def test_what_is_no_shelf_life_is_refused(text):
    with pytest.raises(ValueError, match="shelf life"):
        parse_shelf_life(text)


@each_row(
    ("text", "state", "contains", "may"),
    [
        ("CRU EGG (GLU trace)", "declared", ("CRU", "EGG"), ("GLU",)),
        ("SES NUT?", "declared", ("SES",), ("NUT",)),
        ("GLU? MIL?", "declared", (), ("GLU", "MIL")),
        ("BN (EGG cross)", "declared", ("BN",), ("EGG",)),
        ("– (SUL?)", "declared", (), ("SUL",)),
        ("– (MUS caution)", "declared", (), ("MUS",)),
        ("CRU (MEAT!)", "declared", ("CRU",), ()),
        ("– (season Nov–Feb)", "none_declared", (), ()),
        ("– (not <12 months)", "none_declared", (), ()),
        ("SOY, GLU", "declared", ("SOY", "GLU"), ()),
        ("–", "none_declared", (), ()),
        ("none", "none_declared", (), ()),
        ("", "unknown", (), ()),
    ],
)
def test_allergens_are_read_and_an_empty_cell_is_unknown(text, state, contains, may):
    found = parse_allergens(text)
    assert (found.state, found.contains, found.may_contain) == (state, contains, may)


def test_an_unknown_allergen_is_not_skipped():
    with pytest.raises(ValueError, match="XYZ"):
        parse_allergens("FIS XYZ")


@each_row(("text", "stars"), [("4", 4), ("4*", 4), ("4 sao", 4), ("★★★★★", 5), ("৩", 3), ("6", 6)])
def test_stars_are_read(text, stars):
    assert parse_stars(text) == stars


@each_row(
    ("text", "price"),
    [("85000", 85_000), ("85.000", 85_000), ("85,000đ", 85_000), ("85k", 85_000),
     ("0,85tr", 850_000), ("1.500.000 VND", 1_500_000), ("12 000 ₫", 12_000)],
)  # fmt: skip
def test_prices_are_read_as_buyers_type_them(text, price):
    assert parse_price(text) == price


@each_row("text", ["", "free", "-5", "85.5", "1,00"])
def test_what_is_no_price_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        parse_price(text)


@each_row("text", ["2025-01-17", "17/01/2025", "17-1-2025", "17.1.2025"])
def test_a_day_is_read(text):
    assert parse_date(text) == date(2025, 1, 17)


@each_row("text", ["31/02/2025", "2025-13-01", "yesterday", "2025"])
def test_an_impossible_day_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        parse_date(text)


def test_headings_are_known_in_vietnamese_and_english():
    known, unknown = match_columns(
        ["STT", "Tên sản phẩm", "Chủ thể", "TỈNH", "Số sao", "Số quyết định", "Ngày ký", "Màu sắc"]
    )
    assert set(known) == {
        "row_no", "name", "producer_name", "province", "stars", "decision_number", "decision_date",
    }  # fmt: skip
    assert unknown == ("Màu sắc",)
