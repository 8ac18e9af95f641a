"""What holds an item back, all reasons at once."""

from dataclasses import replace
from typing import Any

from feeds.rules.completeness import CHECKS, doubled, lacks
from tests.factories.feeds import item, profile
from tests.rows import each_row

WANTED = replace(profile().requirements, required=tuple(CHECKS))


def _codes(**changes: Any) -> list[str]:
    return [lack.code for lack in lacks(item(**changes), WANTED)]


def test_a_complete_item_lacks_nothing() -> None:
    assert _codes() == []


@each_row(
    ("changes", "code"),
    [
        ({"gtin": ""}, "gtin_missing"),
        ({"gtin": "02000000000016"}, "gtin_invalid"),
        ({"gtin": "2000000000015"}, "gtin_invalid"),
        ({"name_vi": " "}, "name_missing"),
        ({"name_en": None}, "name_en_missing"),
        ({"short_name": ""}, "short_name_missing"),
        ({"short_name": "x" * 41}, "short_name_long"),
        ({"producer_name": ""}, "producer_missing"),
        ({"net_unit": "chai"}, "unit_unknown"),
        ({"price_minor": 0}, "price_missing"),
        ({"currency": "EUR"}, "currency_other"),
        ({"shelf_life_days": None}, "shelf_life_missing"),
        ({"ingredients": " "}, "ingredients_missing"),
        ({"allergens_state": "unknown"}, "allergens_unknown"),
        ({"units_per_case": None}, "case_missing"),
        ({"case_gtin": "12000000000013"}, "case_gtin_invalid"),
        ({"origin_country": ""}, "origin_missing"),
    ],
)
def test_one_missing_fact_is_one_code(changes: dict[str, Any], code: str) -> None:
    assert _codes(**changes) == [code]


def test_all_reasons_are_told_together() -> None:
    assert _codes(gtin="", price_minor=0, ingredients=None) == [
        "gtin_missing",
        "price_missing",
        "ingredients_missing",
    ]


@each_row(("subgroup", "field"), [("D01", "shelf_life_days"), ("F01", "ingredients")])
def test_spirits_need_no_expiry_and_fresh_fruit_no_ingredients(subgroup: str, field: str) -> None:
    assert _codes(subgroup_code=subgroup, **{field: None}) == []


def test_a_craft_needs_no_food_facts() -> None:
    changes = {"ingredients": None, "shelf_life_days": None, "allergens_state": "unknown"}

    assert _codes(subgroup_code="C01", **changes) == []


def test_a_real_chain_does_not_take_in_house_numbers() -> None:
    strict = replace(WANTED, accepts_restricted_numbers=False)

    assert [lack.code for lack in lacks(item(), strict)] == ["gtin_restricted"]
    assert lacks(item(gtin="08930001000018", case_gtin="18930001000015"), strict) == []


def test_a_number_on_two_packages_is_told_with_both() -> None:
    items = [item(sku="B"), item(sku="A"), item(gtin="02000000000022"), item(gtin="")]

    assert doubled(items) == {"02000000000015": ["A", "B"]}
