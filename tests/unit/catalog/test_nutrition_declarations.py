"""Nutrition per 100 g or ml: impossible, doubtful and derived figures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from catalog.rules.nutrition import (
    Nutrition,
    completed,
    energy_from_macronutrients,
    lacking,
    nutrition_doubts,
    nutrition_mistakes,
)
from tests.rows import each_row


def facts(basis: str = "100g", **values: Any) -> Nutrition:
    return Nutrition(basis, **{name: Decimal(str(value)) for name, value in values.items()})


@each_row(
    ("declared", "expected"),
    [
        (facts(energy_kcal=350, fat=1, carbohydrate=78, protein=7), []),
        (facts(fat=-1), [("negative", "fat")]),
        (facts(protein=101), [("more_than_basis", "protein")]),
        (facts("100ml", sugars=120, carbohydrate=120), []),
        (facts(fat=3, saturates=4), [("more_than_whole", "saturates")]),
        (facts(carbohydrate=10, sugars=12), [("more_than_whole", "sugars")]),
        (facts(fat=50, carbohydrate=40, protein=20), [("sum_over_basis", "carbohydrate")]),
        (facts(salt=99.9), []),
        (facts(sodium_mg=39_300), []),
        (facts(sodium_mg=40_001), [("more_than_basis", "sodium_mg")]),
        (facts("1kg"), [("unknown_basis", "basis")]),
    ],
)
def test_impossible_figures_are_refused(
    declared: Nutrition, expected: list[tuple[str, str]]
) -> None:
    assert [(m.code, m.field) for m in nutrition_mistakes(declared)] == expected


@each_row(
    ("declared", "abv", "expected"),
    [
        # milled rice
        (facts(energy_kcal=350, fat="0.6", carbohydrate=79, protein=7), None, []),
        # honey
        (facts(energy_kj=1290, energy_kcal=304, fat=0, carbohydrate=82, protein="0.3"), None, []),
        # fibre counted within carbohydrate, and beside it
        (facts(energy_kj=1500, fat=20, carbohydrate=50, protein=10, fibre=30), None, []),
        (
            facts(energy_kcal=350, fat=30, carbohydrate=60, protein=5),
            None,
            ["energy_macronutrients"],
        ),
        (facts(energy_kj=350, energy_kcal=350), None, ["energy_units"]),
        (facts(energy_kj=350, energy_kcal=1464), None, ["energy_units"]),
        # nothing is doubted before all three are known
        (facts(energy_kcal=900, carbohydrate=10), None, []),
        # rice spirit of 40 % vol
        (facts("100ml", energy_kcal=220, fat=0, carbohydrate=0, protein=0), Decimal(40), []),
        (
            facts("100ml", energy_kcal=220, fat=0, carbohydrate=0, protein=0),
            None,
            ["energy_macronutrients"],
        ),
        (facts(salt="2.5", sodium_mg=1000), None, []),
        (facts(salt=1, sodium_mg=1000), None, ["salt_sodium"]),
    ],
)
def test_slips_of_the_pen_are_doubted(
    declared: Nutrition, abv: Decimal | None, expected: list[str]
) -> None:
    assert [doubt.code for doubt in nutrition_doubts(declared, abv)] == expected


def test_a_doubt_names_the_figure_it_expected() -> None:
    doubt = nutrition_doubts(facts(energy_kcal=350, fat=30, carbohydrate=60, protein=5))[0]
    assert (doubt.field, doubt.expected) == ("energy_kcal", Decimal(529))


def test_missing_units_follow_from_the_declared_ones() -> None:
    full = completed(facts(energy_kcal=100, sodium_mg=400))
    assert (full.energy_kj, full.salt) == (Decimal(418), Decimal("1.000"))
    assert lacking(facts(energy_kcal=100, sodium_mg=400), ("energy_kj", "salt", "fat")) == ("fat",)


_GRAMS = st.decimals(0, 33, places=1)


@given(_GRAMS, _GRAMS, _GRAMS)
def test_energy_reckoned_from_the_nutrients_is_never_doubted(
    fat: Decimal, carbohydrate: Decimal, protein: Decimal
) -> None:
    declared = Nutrition(fat=fat, carbohydrate=carbohydrate, protein=protein)
    reckoned = energy_from_macronutrients(declared)
    assert reckoned is not None
    low, high = reckoned
    assert low == high
    energy = Nutrition(energy_kj=low, fat=fat, carbohydrate=carbohydrate, protein=protein)
    assert nutrition_doubts(energy) == []
