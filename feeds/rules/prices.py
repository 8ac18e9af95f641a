"""What a partner pays for a package: its own price list where there is one, else the retail price."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from catalog.rules.price_in_shop import with_tax
from catalog.rules.pricing import OfferFacts, orderable_tiers, speaking_list
from core.money import Money


@dataclass(frozen=True, slots=True)
class PartnerPrice:
    """The price of one package with tax, and the least the partner can order at it."""

    unit: Money
    min_order: int


def partner_price(
    retail: Money,
    min_order: int,
    offers: Iterable[OfferFacts],
    *,
    package_id: int,
    currency: str,
    on: date,
    vat_rate_bp: int,
) -> PartnerPrice:
    """The price for a partner who pays in `currency`; `offers` are those of the lists for it alone.

    The first tier speaks, for a file has one price: the partner's conditions for more stand on the
    list itself. A list in other money says nothing, and never becomes a price in this one.
    """
    listed = speaking_list(offers, package_id=package_id, currency=currency, on=on)
    tiers = orderable_tiers(listed[0]) if listed else ()
    if not tiers:
        return PartnerPrice(retail, min_order)
    unit = Money(tiers[0].price_minor, currency)
    gross = unit if listed[0].tax_inclusive else with_tax(unit, vat_rate_bp)
    return PartnerPrice(gross, tiers[0].from_quantity)
