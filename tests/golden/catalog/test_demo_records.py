"""The illustrative full records are ones the house itself would accept."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from catalog.demo.record import read_records
from catalog.record import read_ingredients
from catalog.reference.additives import class_names
from catalog.rules.identifiers import internal_gtin, is_restricted_circulation
from catalog.rules.ingredients import list_mistakes, list_warnings, statement_text
from catalog.rules.nutrition import NUTRIENTS, Nutrition, nutrition_doubts, nutrition_mistakes
from catalog.rules.packaging import Wrapping, packaging_mistakes
from catalog.rules.pricing import Tier, tier_mistakes

CATALOGUE = Path(__file__).parents[3] / "catalog" / "demo" / "data" / "catalogue.csv"
RECORDS = read_records()


def rows() -> dict[str, dict[str, str]]:
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize("code", sorted(RECORDS))
def test_a_record_is_possible_and_beyond_doubt(code: str) -> None:
    record = RECORDS[code]
    if "nutrition" in record:
        facts = record["nutrition"]
        amounts = {name: Decimal(facts[name]) for name in NUTRIENTS if name in facts}
        declared = Nutrition(facts["basis"], **amounts)
        assert nutrition_mistakes(declared) == []
        assert nutrition_doubts(declared) == []
    each = Wrapping("each", **record.get("package", {}))
    levels = [
        Wrapping(level, quantity, internal_gtin(number), gross, *sides, layers)
        for level, quantity, number, gross, sides, layers in record.get("levels", ())
    ]
    assert packaging_mistakes([each, *levels]) == []
    assert all(is_restricted_circulation(str(level.gtin)) for level in levels)
    if "wholesale" in record:
        tiers = [Tier(*tier) for tier in record["wholesale"]["tiers"]]
        assert tier_mistakes(tiers) == {}
        assert tiers[0].price_minor < int(rows()[code]["price_vnd"])


@pytest.mark.parametrize(
    "code", sorted(code for code, record in RECORDS.items() if record.get("ingredients"))
)
def test_the_statement_says_what_the_catalogue_file_says(code: str) -> None:
    text = rows()[code]["ingredients_vi"]
    listed = read_ingredients(text)
    assert statement_text(listed, class_names("vi")) == text
    assert (list_mistakes(listed), list_warnings(listed)) == ([], [])


def test_something_is_in_season_in_every_month() -> None:
    seasons = [record.get("trade", {}).get("season_months", ()) for record in RECORDS.values()]
    assert {month for months in seasons for month in months} == set(range(1, 13))
