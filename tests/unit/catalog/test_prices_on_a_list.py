"""The price of a quantity of a package on a list on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.rules.pricing import (
    NoQuote,
    OfferFacts,
    Quote,
    Tier,
    orderable_tiers,
    overlap,
    price_for,
    tier_mistakes,
)
from core.money import Money
from tests.rows import each_row

NOV = date(2026, 11, 1)
TIERS = (Tier(6, 80_000), Tier(24, 75_000), Tier(120, 70_000))


def offer(number: int = 1, **values: Any) -> OfferFacts:
    facts: dict[str, Any] = {
        "id": number,
        "package_id": 7,
        "valid_from": NOV,
        "valid_to": date(2026, 12, 31),
        "currency": "VND",
        "tax_inclusive": True,
        "tiers": TIERS,
        "min_order": 6,
        "order_multiple": 6,
    }
    return OfferFacts(**{**facts, **values})


@each_row(
    ("quantity", "day", "expected"),
    [
        (6, NOV, 80_000),
        (18, NOV, 80_000),
        (24, NOV, 75_000),
        (114, NOV, 75_000),
        (120, NOV, 70_000),
        (6000, NOV, 70_000),
        (6, date(2026, 12, 31), 80_000),  # the last day is inclusive
        (6, date(2027, 1, 1), NoQuote("no_offer", 0)),
        (6, date(2026, 10, 31), NoQuote("no_offer", 0)),
        (1, NOV, NoQuote("below_minimum", 6)),
        (7, NOV, NoQuote("not_a_multiple", 12)),
        (23, NOV, NoQuote("not_a_multiple", 24)),
    ],
)
def test_quantity_and_day_decide_the_price(
    quantity: int, day: date, expected: int | NoQuote
) -> None:
    found = price_for([offer()], package_id=7, quantity=quantity, on=day)
    if isinstance(expected, int):
        assert isinstance(found, Quote)
        assert found.unit == Money(expected, "VND")
        assert found.total == Money(expected * quantity, "VND")
    else:
        assert found == expected


def test_only_offers_of_the_package_count() -> None:
    assert price_for([offer()], package_id=8, quantity=6, on=NOV) == NoQuote("no_offer", 0)


def test_the_next_offer_takes_over_on_its_first_day() -> None:
    old = offer(1, valid_to=date(2026, 11, 30))
    new = offer(2, valid_from=date(2026, 12, 1), valid_to=None, tiers=(Tier(1, 90_000),))
    before = price_for([old, new], package_id=7, quantity=6, on=date(2026, 11, 30))
    after = price_for([new, old], package_id=7, quantity=6, on=date(2026, 12, 1))
    assert isinstance(before, Quote)
    assert isinstance(after, Quote)
    assert (before.offer_id, after.offer_id) == (1, 2)


def test_a_list_may_begin_above_its_minimum() -> None:
    found = price_for([offer(min_order=1, order_multiple=1)], package_id=7, quantity=3, on=NOV)
    assert found == NoQuote("below_first_tier", 6)


def test_foreign_money_and_net_prices_say_so() -> None:
    found = price_for(
        [offer(currency="USD", tax_inclusive=False)], package_id=7, quantity=6, on=NOV
    )
    assert isinstance(found, Quote)
    assert (found.unit.currency, found.tax_inclusive) == ("USD", False)


def test_nothing_is_not_a_quantity() -> None:
    with pytest.raises(ValueError, match="at least one"):
        price_for([offer()], package_id=7, quantity=0, on=NOV)


@given(
    st.integers(1, 400),
    st.integers(1, 30),
    st.integers(1, 60),
    st.lists(
        st.builds(Tier, st.integers(1, 200), st.integers(1, 10**6)),
        min_size=1,
        max_size=5,
        unique_by=lambda tier: tier.from_quantity,
    ),
)
def test_what_a_refusal_proposes_can_be_ordered(
    quantity: int, multiple: int, least: int, tiers: list[Tier]
) -> None:
    facts = [offer(order_multiple=multiple, min_order=least, tiers=tuple(tiers))]
    found = price_for(facts, package_id=7, quantity=quantity, on=NOV)
    if isinstance(found, NoQuote):
        assert found.quantity >= quantity
        found = price_for(facts, package_id=7, quantity=found.quantity, on=NOV)
    assert isinstance(found, Quote)
    below = [tier for tier in tiers if tier.from_quantity <= found.total.amount / found.unit.amount]
    assert found.from_quantity == max(tier.from_quantity for tier in below)


@each_row(
    ("tiers", "mistakes"),
    [
        (TIERS, {}),
        ((), {"tiers": "missing"}),
        ((Tier(0, 5),), {"tiers": "not_positive"}),
        ((Tier(1, 5), Tier(1, 4)), {"tiers": "repeated"}),
        ((Tier(10, 5), Tier(1, 4)), {"tiers": "dearer_for_more"}),
    ],
)
def test_tiers_must_make_sense(tiers: tuple[Tier, ...], mistakes: dict[str, str]) -> None:
    assert tier_mistakes(tiers) == mistakes


@each_row(
    ("start", "end", "touches"),
    [
        (date(2026, 12, 31), None, True),
        (date(2027, 1, 1), None, False),
        (date(2026, 1, 1), date(2026, 10, 31), False),
        (date(2026, 1, 1), NOV, True),
        (date(2026, 1, 1), None, True),
    ],
)
def test_offers_of_one_package_may_not_overlap(
    start: date, end: date | None, touches: bool
) -> None:
    assert overlap(start, end, [(NOV, date(2026, 12, 31))]) is touches


@given(
    tiers=st.dictionaries(st.integers(1, 200), st.integers(1, 10**6), min_size=1, max_size=5),
    min_order=st.integers(1, 60),
    multiple=st.integers(1, 24),
    quantity=st.integers(1, 400),
)
def test_a_printed_table_of_prices_is_what_an_order_would_cost(
    tiers: dict[int, int], min_order: int, multiple: int, quantity: int
) -> None:
    dearest_first = zip(sorted(tiers), sorted(tiers.values(), reverse=True), strict=True)
    listed = offer(
        tiers=tuple(Tier(count, price) for count, price in dearest_first),
        min_order=min_order,
        order_multiple=multiple,
    )
    table = orderable_tiers(listed)
    quoted = price_for([listed], package_id=7, quantity=quantity, on=NOV)
    reached = [tier.price_minor for tier in table if tier.from_quantity <= quantity]
    if isinstance(quoted, Quote):
        assert reached[-1] == quoted.unit.amount
    elif quoted.reason != "not_a_multiple":
        assert not reached
    for tier in table:
        exact = price_for([listed], package_id=7, quantity=tier.from_quantity, on=NOV)
        assert isinstance(exact, Quote)
        assert exact.unit.amount == tier.price_minor
