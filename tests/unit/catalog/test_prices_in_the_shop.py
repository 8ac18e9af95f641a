"""What a buyer in the shop pays for each package, by quantity, list, currency and tax."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.rules.price_in_shop import CheaperAt, shop_price, with_tax
from catalog.rules.pricing import (
    MixedLists,
    OfferFacts,
    Tier,
    orderable_tiers,
    price_for,
    speaking_list,
)
from core.money import Money, vat_included
from tests.rows import each_row

DAY = date(2026, 11, 22)
RETAIL = Money(85_000, "VND")


def listed(number: int = 1, *tiers: tuple[int, int], **values: Any) -> OfferFacts:
    facts: dict[str, Any] = {
        "id": number,
        "package_id": 7,
        "valid_from": date(2026, 11, 1),
        "valid_to": date(2026, 12, 31),
        "currency": "VND",
        "tax_inclusive": True,
        "tiers": tuple(Tier(*tier) for tier in tiers or ((12, 80_000), (48, 76_000))),
        "min_order": 12,
        "order_multiple": 12,
        "list_id": number,
        "list_code": f"list-{number}",
    }
    return OfferFacts(**{**facts, **values})


NET = listed(tax_inclusive=False)
NEWER = listed(2, (10, 70_000), min_order=10, order_multiple=1, valid_from=date(2026, 11, 20))


@each_row(
    ("offers", "quantity", "unit", "source", "cheaper"),
    [
        ((), 50, 85_000, "", ()),
        ((listed(),), 1, 85_000, "", ((12, 80_000),)),
        ((listed(),), 12, 80_000, "list-1", ((48, 76_000),)),
        ((listed(),), 36, 80_000, "list-1", ((48, 76_000),)),
        ((listed(),), 48, 76_000, "list-1", ()),
        ((listed(),), 50, 85_000, "", ((48, 76_000), (60, 76_000))),  # between two steps
        ((listed(order_multiple=1),), 50, 76_000, "list-1", ()),
        ((NET,), 12, 85_000, "", ((48, 82_080),)),  # with tax it is dearer than retail
        ((NET,), 48, 82_080, "list-1", ()),
        ((listed(1, (12, 90_000)),), 12, 85_000, "", ()),  # nobody pays more for buying much
        ((listed(currency="USD"),), 48, 85_000, "", ()),
        ((listed(valid_from=date(2026, 11, 23)),), 48, 85_000, "", ()),
        ((listed(valid_to=date(2026, 11, 21)),), 48, 85_000, "", ()),
        ((listed(valid_to=DAY),), 48, 76_000, "list-1", ()),
        ((listed(package_id=8),), 48, 85_000, "", ()),
        ((listed(), NEWER), 12, 70_000, "list-2", ()),  # one list speaks, with its own conditions
        ((NEWER, listed()), 13, 70_000, "list-2", ()),
        ((listed(), listed(3, (1, 100), currency="USD")), 48, 76_000, "list-1", ()),
    ],
)
def test_the_quantity_decides_what_each_costs(
    offers: tuple[OfferFacts, ...],
    quantity: int,
    unit: int,
    source: str,
    cheaper: tuple[tuple[int, int], ...],
) -> None:
    found = shop_price(RETAIL, offers, package_id=7, quantity=quantity, on=DAY, vat_rate_bp=800)
    assert (found.unit, found.list_code) == (Money(unit, "VND"), source)
    assert found.cheaper == tuple(CheaperAt(q, Money(price, "VND")) for q, price in cheaper)


@each_row(
    "other",
    [
        listed(2),
        listed(1, currency="USD"),
        listed(1, tax_inclusive=False),
        listed(2, currency="USD", tax_inclusive=False),
    ],
)
def test_two_lists_or_currencies_never_make_one_price(other: OfferFacts) -> None:
    with pytest.raises(MixedLists):
        price_for([listed(), other], package_id=7, quantity=12, on=DAY)


@each_row(
    ("currency", "day", "chosen"),
    [
        ("VND", DAY, {2}),
        ("USD", DAY, {3}),
        ("EUR", DAY, set()),
        ("VND", date(2026, 11, 19), {1}),  # the newer one has not begun
        ("VND", date(2027, 1, 1), set()),
    ],
)
def test_one_list_speaks_in_one_currency(currency: str, day: date, chosen: set[int]) -> None:
    lists = (listed(), NEWER, listed(3, currency="USD", valid_from=date(2026, 1, 1)))
    found = speaking_list(lists, package_id=7, currency=currency, on=day)
    assert {offer.list_id for offer in found} == chosen


offers_of_one_list = st.builds(
    lambda tiers, least, step, inclusive: listed(
        1, *sorted(tiers.items()), min_order=least, order_multiple=step, tax_inclusive=inclusive
    ),
    st.dictionaries(st.integers(1, 200), st.integers(1, 10**6), min_size=1, max_size=4),
    st.integers(1, 60),
    st.integers(1, 24),
    st.booleans(),
)


@given(offers_of_one_list, st.integers(1, 400), st.sampled_from([0, 500, 800, 1000]))
def test_no_quantity_costs_more_than_retail_and_every_hint_is_kept(
    offer: OfferFacts, quantity: int, rate: int
) -> None:
    def ask(count: int) -> Any:
        return shop_price(RETAIL, [offer], package_id=7, quantity=count, on=DAY, vat_rate_bp=rate)

    found = ask(quantity)
    assert found.unit <= RETAIL
    for hint in found.cheaper:
        assert hint.unit < found.unit
        assert ask(hint.quantity).unit == hint.unit
    if found.list_code:
        reached = [t.from_quantity for t in orderable_tiers(offer) if t.from_quantity <= quantity]
        assert reached
        assert quantity % offer.order_multiple == 0


@each_row(
    ("net", "rate", "gross"),
    [(80_000, 800, 86_400), (76_000, 500, 79_800), (1, 800, 1), (7, 800, 8), (0, 1000, 0)],
)
def test_tax_is_added_once_and_rounded_half_up(net: int, rate: int, gross: int) -> None:
    assert with_tax(Money(net, "VND"), rate) == Money(gross, "VND")


@given(st.integers(0, 10**9), st.sampled_from([0, 500, 800, 1000]))
def test_the_tax_added_is_the_tax_taken_out_again(net: int, rate: int) -> None:
    gross = with_tax(Money(net, "VND"), rate)
    assert gross - vat_included(gross, rate) == Money(net, "VND")
