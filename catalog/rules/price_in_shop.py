"""What one package costs in the shop when so many of it are bought: the retail price or the list for everybody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from catalog.rules.pricing import (
    OfferFacts,
    Quote,
    next_multiple,
    orderable_tiers,
    price_for,
    speaking_list,
)
from core.money import Money


@dataclass(frozen=True, slots=True)
class CheaperAt:
    """A quantity at which one package costs less, and what it costs then, tax included."""

    quantity: int
    unit: Money


@dataclass(frozen=True, slots=True)
class ShopPrice:
    """The price of one package, tax included, and where it comes from.

    `list_code` and `from_quantity` name the price list and the tier; without a list it is the retail
    price of the package. `cheaper` are the nearest quantities at which one package costs less: the
    last one below, when the quantity lies between two steps of the list, and the first one above.
    """

    unit: Money
    list_code: str = ""
    from_quantity: int = 1
    cheaper: tuple[CheaperAt, ...] = ()


def with_tax(net: Money, rate_bp: int) -> Money:
    """A price without tax as the buyer pays it, rounded half up; the rate in basis points."""
    if rate_bp < 0:
        raise ValueError("a tax rate is not negative")
    return Money((2 * net.amount * (10_000 + rate_bp) + 10_000) // 20_000, net.currency)


def shop_price(
    retail: Money,
    offers: Iterable[OfferFacts],
    *,
    package_id: int,
    quantity: int,
    on: date,
    vat_rate_bp: int,
) -> ShopPrice:
    """The price of each of `quantity` packages for a buyer in the shop; raises ValueError below one.

    `offers` are those of the lists for everybody. A quantity the list does not sell, or a list that
    is not cheaper or in other money, leaves the retail price: nobody pays more for buying much, and
    nobody is refused for a quantity that retail sells.
    """
    listed = speaking_list(offers, package_id=package_id, currency=retail.currency, on=on)

    def price_of(asked: int) -> ShopPrice:
        quoted = price_for(listed, package_id=package_id, quantity=asked, on=on)
        if isinstance(quoted, Quote):
            unit = quoted.unit if quoted.tax_inclusive else with_tax(quoted.unit, vat_rate_bp)
            if unit < retail:
                return ShopPrice(unit, quoted.list_code, quoted.from_quantity)
        return ShopPrice(retail)

    found = price_of(quantity)
    nearby = [CheaperAt(count, price_of(count).unit) for count in _steps(listed, quantity)]
    better = [step for step in nearby if step.unit < found.unit]
    below = [step for step in better if step.quantity < quantity][-1:]
    above = [step for step in better if step.quantity > quantity][:1]
    return ShopPrice(found.unit, found.list_code, found.from_quantity, (*below, *above))


def _steps(listed: Sequence[OfferFacts], quantity: int) -> list[int]:
    """Quantities near the one asked at which a list may speak, in their order."""
    found: set[int] = set()
    for offer in listed:
        tiers = orderable_tiers(offer)
        least = tiers[0].from_quantity if tiers else 1
        found |= {tier.from_quantity for tier in tiers}
        found.add(next_multiple(max(quantity, least), offer.order_multiple))
        found.add(quantity // offer.order_multiple * offer.order_multiple)
    return sorted(found - {0, quantity})
