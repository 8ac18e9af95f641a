"""Prices as the lists give them: the offers of packages on lists for somebody, and the price of a quantity."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session

from catalog.errors import PackageNotFound
from catalog.models import Offer, OfferTier, Package, PriceList
from catalog.rules.pricing import NoQuote, OfferFacts, Quote, Tier, price_for, speaking_list
from core.money import Money

_listed, _offer, _tier = PriceList.__table__, Offer.__table__, OfferTier.__table__


@cache
def _select(*, for_partner: bool, every_package: bool = False) -> Select[Any]:
    to = _listed.c.partner_code
    chosen = (
        select(
            _offer.c.id,
            _offer.c.package_id,
            _offer.c.valid_from,
            _offer.c.valid_to,
            _offer.c.min_order,
            _offer.c.order_multiple,
            _listed.c.id.label("list_id"),
            _listed.c.code,
            _listed.c.currency,
            _listed.c.tax_inclusive,
            _tier.c.from_quantity,
            _tier.c.price_minor,
        )
        .select_from(
            _tier.join(_offer, _offer.c.id == _tier.c.offer_id).join(
                _listed, _listed.c.id == _offer.c.price_list_id
            )
        )
        .where(
            _listed.c.active.is_(True),
            _listed.c.kind.in_(bindparam("kinds", expanding=True)),
            to == bindparam("partner") if for_partner else to.is_(None),
            _offer.c.valid_from <= bindparam("on"),
            or_(_offer.c.valid_to.is_(None), _offer.c.valid_to >= bindparam("on")),
        )
        .order_by(_offer.c.id, _tier.c.from_quantity)
    )
    if every_package:
        return chosen
    return chosen.where(_offer.c.package_id.in_(bindparam("ids", expanding=True)))


def _read(
    session: Session, query: Select[Any], values: dict[str, Any]
) -> dict[int, list[OfferFacts]]:
    rows: dict[int, list[Any]] = {}
    for row in session.execute(query, values):
        rows.setdefault(row.id, []).append(row)
    found: dict[int, list[OfferFacts]] = {}
    for number, tiers in rows.items():
        first = tiers[0]
        found.setdefault(first.package_id, []).append(
            OfferFacts(
                id=number,
                package_id=first.package_id,
                valid_from=first.valid_from,
                valid_to=first.valid_to,
                currency=first.currency,
                tax_inclusive=first.tax_inclusive,
                tiers=tuple(Tier(tier.from_quantity, tier.price_minor) for tier in tiers),
                min_order=first.min_order,
                order_multiple=first.order_multiple,
                list_id=first.list_id,
                list_code=first.code,
            )
        )
    return found


def offers_for_everybody(
    session: Session, package_ids: Collection[int], *, on: date, kind: str = "wholesale"
) -> dict[int, list[OfferFacts]]:
    """By package, the offers that hold on that day on lists for everybody. One statement."""
    values = {"ids": sorted(set(package_ids)), "on": on, "kinds": [kind]}
    return _read(session, _select(for_partner=False), values)


def offers_for_partner(session: Session, partner: str, *, on: date) -> dict[int, list[OfferFacts]]:
    """By package, every offer that holds on that day on lists for that partner. One statement."""
    values = {"partner": partner, "on": on, "kinds": ["retail", "wholesale"]}
    return _read(session, _select(for_partner=True, every_package=True), values)


def quote(
    session: Session,
    package_id: int,
    quantity: int,
    *,
    kind: str,
    on: date,
    partner_code: str | None = None,
    currency: str = "VND",
) -> Quote | NoQuote:
    """The price of a quantity: from the partner's own list, else the open one, else the retail price.

    One list in the currency asked gives the whole answer. The retail price for everybody is
    `Package.price_minor` (see ADR 16 and 20); raises PackageNotFound.
    """
    package = session.get(Package, package_id)
    if package is None:
        raise PackageNotFound(package_id=package_id)
    values: dict[str, Any] = {"ids": [package_id], "on": on, "kinds": [kind]}
    asked: list[list[OfferFacts]] = []
    if partner_code is not None:
        own = _read(session, _select(for_partner=True), values | {"partner": partner_code})
        asked.append(own.get(package_id, []))
    if kind != "retail":
        asked.append(_read(session, _select(for_partner=False), values).get(package_id, []))
    for offers in asked:
        speaks = speaking_list(offers, package_id=package_id, currency=currency, on=on)
        if speaks:
            return price_for(speaks, package_id=package_id, quantity=quantity, on=on)
    if kind != "retail" or package.currency != currency:
        return NoQuote("no_offer", 0)
    unit = Money(package.price_minor, package.currency)
    if quantity < package.min_order:
        return NoQuote("below_minimum", package.min_order)
    return Quote(unit, unit * quantity, True, 0, 1)
