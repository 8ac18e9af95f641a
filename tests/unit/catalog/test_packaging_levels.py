"""Each, inner, case, pallet: how many, which numbers, which weights."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.rules.identifiers import check_digit, is_valid_gtin
from catalog.rules.packaging import (
    Wrapping,
    case_number,
    is_case_of,
    is_gross_plausible,
    packages_in,
    packaging_mistakes,
)
from tests.rows import each_row

EACH = Wrapping("each", gtin="8938500001239", gross_weight_g=550)


def case(quantity: int = 12, **values: Any) -> Wrapping:
    return Wrapping("case", quantity, **values)


@each_row(
    ("wrappings", "expected"),
    [
        ([EACH, case(gtin="18938500001236", gross_weight_g=7000)], []),
        ([EACH, case(), Wrapping("pallet", 40, layers=5)], []),
        ([EACH, case(gtin="18938500001237")], [("check_digit", "case", "gtin")]),
        ([EACH, case(gtin="8938500001239")], [("same_number", "case", "gtin")]),
        ([EACH, case(gross_weight_g=6599)], [("lighter_than_content", "case", "gross_weight_g")]),
        ([EACH, case(0)], [("not_positive", "case", "quantity")]),
        ([EACH, Wrapping("pallet", 40, layers=3)], [("layers_do_not_divide", "pallet", "layers")]),
        ([EACH, case(), case()], [("repeated_level", "case", "level")]),
        ([EACH, Wrapping("crate", 3)], [("unknown_level", "crate", "level")]),
        (
            [
                Wrapping("each", length_mm=100, width_mm=100, height_mm=100),
                case(length_mm=200, width_mm=200, height_mm=299),
            ],
            [("smaller_than_content", "case", "length_mm")],
        ),
    ],
)
def test_what_does_not_fit_is_named(
    wrappings: list[Wrapping], expected: list[tuple[str, str, str]]
) -> None:
    assert [(m.code, m.level, m.field) for m in packaging_mistakes(wrappings)] == expected


def test_levels_multiply_upwards_whatever_their_order() -> None:
    levels = [Wrapping("pallet", 40), EACH, case(12)]
    assert [packages_in(levels, name) for name in ("each", "case", "pallet", "inner")] == [
        1,
        12,
        480,
        None,
    ]


@given(st.integers(0, 10**9 - 1), st.integers(1, 8))
def test_a_case_number_belongs_to_its_package(number: int, indicator: int) -> None:
    body = f"893{number:09d}"
    gtin = f"{body}{check_digit(body)}"
    case_gtin = case_number(gtin, indicator)
    assert is_valid_gtin(case_gtin)
    assert is_case_of(case_gtin, gtin)
    assert not is_case_of(case_gtin, "8930000000019") or gtin == "8930000000019"


@each_row(("gtin", "indicator"), [("2000000000015", 1), ("8938500001238", 1), ("8938500001239", 9)])
def test_an_in_house_number_has_no_case_number(gtin: str, indicator: int) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        case_number(gtin, indicator)


@each_row(
    ("gross", "net", "unit", "count", "plausible"),
    [
        (550, "500", "g", 1, True),
        (499, "500", "g", 1, False),
        (460, "70", "ml", 6, True),
        (40, "0.5", "l", 1, False),
        (1, "1", "piece", 1, True),
    ],
)
def test_a_package_weighs_at_least_its_content(
    gross: int, net: str, unit: str, count: int, plausible: bool
) -> None:
    assert is_gross_plausible(gross, Decimal(net), unit, count) is plausible
