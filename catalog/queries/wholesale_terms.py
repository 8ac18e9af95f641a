"""What a trade buyer may know before asking: from how many on each package is sold wholesale, and open prices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from catalog.models import Offer, OfferTier, Package, PriceList
from catalog.rules.pricing import OfferFacts, Tier, orderable_tiers, speaking_list
from core.money import Money


@dataclass(frozen=True, slots=True)
class WholesaleTerms:
    """One package: quantities with the price of each package from there on.

    The price is None where only lists for named partners exist: what one of them pays is nobody's
    business, so not even their steps are told, only the smallest order of all.
    """

    package_id: int
    net_content: Decimal | None
    unit: str | None
    count: int
    steps: tuple[tuple[int, Money | None], ...]
    order_multiple: int
    tax_inclusive: bool


def wholesale_terms(session: Session, product_id: int, *, on: date) -> list[WholesaleTerms]:
    """The terms of each package of a product that day, in the order of the packages. One statement."""
    rows = session.execute(
        select(
            Package.id,
            Package.net_content,
            Package.unit,
            Package.count,
            PriceList.partner_code,
            PriceList.currency,
            PriceList.tax_inclusive,
            PriceList.id.label("list_id"),
            Offer.id.label("offer_id"),
            Offer.valid_from,
            Offer.valid_to,
            Offer.min_order,
            Offer.order_multiple,
            OfferTier.from_quantity,
            OfferTier.price_minor,
        )
        .join(Offer, Offer.package_id == Package.id)
        .join(PriceList, PriceList.id == Offer.price_list_id)
        .join(OfferTier, OfferTier.offer_id == Offer.id)
        .where(
            Package.product_id == product_id,
            Package.active.is_(True),
            PriceList.active.is_(True),
            PriceList.kind == "wholesale",
            Offer.valid_from <= on,
            or_(Offer.valid_to.is_(None), Offer.valid_to >= on),
        )
        .order_by(Package.position, Package.id, Offer.id, OfferTier.from_quantity)
    ).all()
    by_package: dict[int, list[Any]] = {}
    for row in rows:
        by_package.setdefault(row.id, []).append(row)
    return [terms for mine in by_package.values() for terms in _terms(mine, on)]


def _terms(rows: list[Any], on: date) -> list[WholesaleTerms]:
    """The open lists of one package, one for each currency; else the least that partners order."""
    opened = [row for row in rows if row.partner_code is None]
    first = rows[0]
    named = (first.id, first.net_content, first.unit, first.count)
    if not opened:
        offers = _facts(rows)
        least = min(tiers[0].from_quantity for tiers in map(orderable_tiers, offers))
        return [WholesaleTerms(*named, ((least, None),), 1, tax_inclusive=True)]
    found = []
    for currency in dict.fromkeys(row.currency for row in opened):
        for offer in speaking_list(_facts(opened), package_id=first.id, currency=currency, on=on):
            steps = tuple(
                (tier.from_quantity, Money(tier.price_minor, currency))
                for tier in orderable_tiers(offer)
            )
            found.append(
                WholesaleTerms(
                    *named, steps, offer.order_multiple, tax_inclusive=offer.tax_inclusive
                )
            )
    return found


def _facts(rows: Iterable[Any]) -> list[OfferFacts]:
    by_offer: dict[int, list[Any]] = {}
    for row in rows:
        by_offer.setdefault(row.offer_id, []).append(row)
    return [
        OfferFacts(
            id=number,
            package_id=tiers[0].id,
            valid_from=tiers[0].valid_from,
            valid_to=tiers[0].valid_to,
            currency=tiers[0].currency,
            tax_inclusive=tiers[0].tax_inclusive,
            tiers=tuple(Tier(tier.from_quantity, tier.price_minor) for tier in tiers),
            min_order=tiers[0].min_order,
            order_multiple=tiers[0].order_multiple,
            list_id=tiers[0].list_id,
        )
        for number, tiers in by_offer.items()
    ]
