from __future__ import annotations

from decimal import Decimal

from catalog.importing.columns import match_heading
from catalog.importing.parsing import parse_net_content, parse_shelf_life
from catalog.importing.record_facts import NOTHING, read_record_facts
from tests.rows import each_row


@each_row(
    ("heading", "field"),
    [
        ("Mã số vùng trồng", "growing_areas"),
        ("Trọng lượng cả bì (kg)", "gross_weight"),
        ("Khối lượng tịnh", "net_content"),
        ("Thành phần dinh dưỡng", "nutrition"),
        ("Thành phần", "ingredients"),
        ("Số lượng/thùng", "units_per_case"),
        ("Mã vạch thùng", "case_gtin"),
        ("Mã vạch", "gtin"),
        ("Trọng lượng thùng (kg)", "case_gross_weight"),
        ("Kích thước (DxRxC, cm)", "dimensions"),
        ("Năng lượng (kcal)", "energy_kcal"),
        ("Nhà SX", "producer_name"),
        ("Thời hạn GCN", "valid_to"),
    ],
)
def test_headings_of_the_full_record_are_known(heading, field):
    assert match_heading(heading)[0] == field


def said(headings=(), **cells):
    return read_record_facts(cells, dict(headings))


def test_codes_of_areas_keep_their_market():
    facts, unsound = said(growing_areas="VN-LSOR-0001 (CN); vn-lsor-0002\nVN-CMPH-012 (JP)")
    assert facts.areas == (
        ("VN-LSOR-0001", "CN", "planting"),
        ("VN-LSOR-0002", "", "planting"),
        ("VN-CMPH-012", "JP", "packing_house"),
    )
    assert not unsound
    illustrative, _ = said(growing_areas="VN-LSOR-0001 (minh họa) (CN)")
    assert illustrative.areas == (("VN-LSOR-0001 (minh họa)", "CN", "planting"),)
    assert said(growing_areas="đang xin cấp") == (NOTHING, ["growing_areas"])


@each_row(
    ("text", "declared"),
    [
        (
            "Năng lượng: 350 kcal; Chất đạm: 12,5g; Carbohydrat 70 g, Chất béo 2,5 g, Natri 120mg",
            None,
        ),
        (
            "Năng lượng 350 kcal; Đạm 12,5 g; Chất béo 2,5 g; Natri 120 mg trong 100 ml",
            {"energy_kcal": "350", "protein": "12.5", "fat": "2.5", "sodium_mg": "120"},
        ),
        ("Giàu chất xơ", None),
        ("Năng lượng 350", None),
        ("Chất đạm 120 g", None),
    ],
)
def test_a_declaration_in_one_cell_is_read_whole_or_not_at_all(text, declared):
    facts, unsound = said(nutrition=text)
    if declared is None:
        assert (facts.nutrition, unsound) == (None, ["nutrition"])
        return
    assert facts.nutrition is not None
    assert facts.nutrition.basis == "100ml"
    for name, number in declared.items():
        assert getattr(facts.nutrition, name) == Decimal(number)


@each_row(
    ("cell", "heading", "grams"),
    [
        ("1,2", "Trọng lượng cả bì (kg)", 1200),
        ("620", "gross weight (g)", 620),
        ("620 g", "Cả bì", 620),
        ("620", "Cả bì", None),
        ("khoảng 1-2 kg", "Cả bì", None),
    ],
)
def test_a_weight_needs_its_unit(cell, heading, grams):
    facts, unsound = said({"gross_weight": heading}.items(), gross_weight=cell)
    assert facts.package.get("gross_weight_g") == grams
    assert unsound == ([] if grams else ["gross_weight"])


def test_measures_and_cases():
    facts, unsound = said(
        dimensions="20 x 10,5 x 5 cm", units_per_case="24 gói/thùng", case_gtin="18938500001236",
        case_gross_weight="15 kg",
    )  # fmt: skip
    assert facts.package == {"length_mm": 200, "width_mm": 105, "height_mm": 50}
    assert facts.case is not None
    assert (facts.case.quantity, facts.case.gtin, facts.case.gross_weight_g) == (
        24, "18938500001236", 15_000,
    )  # fmt: skip
    assert not unsound
    assert said(packing="thùng 24 chai")[0].case.quantity == 24
    assert said(packing="túi zip 500g")[0] == NOTHING
    assert said(units_per_case="24", case_gtin="18938500001237")[1] == ["case_gtin"]
    assert said(dimensions="20x10x5")[1] == ["dimensions"]


def test_a_dot_in_grams_groups_thousands_and_in_kilograms_it_does_not():
    assert parse_net_content("1.250 g").amount == 1250
    assert parse_net_content("1,250 kg").amount == Decimal("1.25")
    assert parse_net_content("0.225 g").amount == Decimal("0.225")
    assert parse_shelf_life("no limit chl").storage_kind == "chilled"
