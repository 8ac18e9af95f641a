"""When the price of a retail list becomes the price of the package: on its first day, once."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog.models import Offer, Package, PriceList
from catalog.products import set_package
from core.actor import Actor

HOME_CURRENCY = "VND"
"""A retail list in other money is the price for a destination abroad, never that of the package (ADR 24)."""


def apply_retail_prices(
    session: Session,
    *,
    on: date,
    actor: Actor,
    now: datetime,
    price_list_id: int | None = None,
) -> int:
    """Give packages the retail prices that have begun and were not given yet; returns how many changed.

    The price of the package stays the only price the shop shows, so each offer speaks once: a price
    that a person enters afterwards is not taken back by the list, and one whose last day is over
    stays until somebody enters another, for goods on sale must have a price.
    """
    query = (
        select(Offer)
        .join(PriceList)
        .where(
            PriceList.kind == "retail",
            PriceList.active.is_(True),
            PriceList.currency == HOME_CURRENCY,
            Offer.applied_on.is_(None),
            Offer.valid_from <= on,
        )
        .options(selectinload(Offer.tiers), joinedload(Offer.price_list))
        .order_by(Offer.valid_from, Offer.id)
    )
    if price_list_id is not None:
        query = query.where(Offer.price_list_id == price_list_id)
    changed = 0
    for offer in session.scalars(query).all():
        offer.applied_on = on
        if offer.valid_to is None or offer.valid_to >= on:
            changed += _give(session, offer, on=on, actor=actor, now=now)
    session.flush()
    return changed


def _give(session: Session, offer: Offer, *, on: date, actor: Actor, now: datetime) -> bool:
    package = session.get_one(Package, offer.package_id)
    price = offer.tiers[0].price_minor
    if package.price_minor == price:
        return False
    values = {"price_minor": price}
    set_package(session, package.product_id, package.sku, values, actor=actor, on=on, now=now)
    return True
