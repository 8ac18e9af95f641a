"""Counts of facets are those of a plain walk through all goods, whatever was chosen and whatever has changed."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise

from catalog.reference import KINDS_OF
from catalog.reference.destinations import destinations
from catalog.rules.facets import ALL_OF, BANDS, FACETS, band_ends, free_from, price_band
from core.money import EXPONENTS
from tests.rows import each_row


@each_row(
    ("price", "band"),
    [(0, "0-49999"), (49_999, "0-49999"), (50_000, "50000-99999"), (10**9, "1000000-")],
)
def test_a_price_stands_in_one_band_ends_included(price: int, band: str) -> None:
    assert price_band(price) == band


def test_bands_leave_no_gap_in_any_money_somebody_pays_in() -> None:
    assert {place.currency for place in destinations().values()} <= {*EXPONENTS} == {*BANDS}
    for currency, bands in BANDS.items():
        ends = [band_ends(band) for band in bands]
        assert {of for of, _, _ in ends} == {currency}
        assert (ends[0][1], ends[-1][2]) == (0, None)
        for (_, _, high), (_, low, _) in pairwise(ends):
            assert high is not None
            assert low == high + 1
            assert price_band(high, currency) != price_band(low, currency)


def test_a_price_in_yen_stands_in_a_band_of_yen() -> None:
    assert price_band(1_480, "JPY") == "jpy-1000-1999"
    assert band_ends("jpy-1000-1999") == ("JPY", 1_000, 1_999)
    assert price_band(1_480) == "0-49999"


def test_goods_of_which_nothing_is_known_are_free_from_nothing() -> None:
    assert free_from("unknown", (), KINDS_OF, "F09") == ()
    assert "MIL" in free_from("none_declared", (), KINDS_OF, "F09")


def test_what_may_contain_a_kind_is_not_free_from_its_group() -> None:
    declared = free_from("declared", {"WAL", "FIS"}, KINDS_OF, "F09")

    assert "NUT" not in declared
    assert "FIS" not in declared
    assert "MIL" in declared


def test_a_basket_is_not_sold_as_free_from_milk() -> None:
    assert free_from("none_declared", (), KINDS_OF, "C01") == ()


def test_facets_that_all_must_hold_are_facets() -> None:
    assert set(FACETS) >= ALL_OF


def test_sets_of_bits_are_sets() -> None:
    from core.bits import as_bits, numbers_of

    chance = random.Random(3)
    for share in (0.0, 0.01, 0.5, 1.0):
        numbers = [n for n in range(500) if chance.random() < share]
        assert numbers_of(as_bits(reversed(numbers), 500)) == numbers
        assert as_bits(numbers, 500).bit_count() == Counter(n < 500 for n in numbers)[True]
