"""Keeping price lists: for whom, since when, what from which quantity on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.announcing import product_changed, touch
from catalog.errors import CodeTaken, InvalidFields, PriceListNotFound
from catalog.models import Offer, OfferTier, PriceList
from catalog.models.price_list import LIST_KINDS
from catalog.producers import find_producer
from catalog.publishing import find_product
from catalog.rules.pricing import (
    Tier,
    day_before,
    overlap,
    tier_mistakes,
)
from catalog.wrapping import find_package
from core import audit
from core.actor import Actor
from core.money import EXPONENTS
from core.people.permissions import require


def create_price_list(
    session: Session,
    producer_id: int,
    code: str,
    *,
    name: str,
    kind: str,
    currency: str = "VND",
    tax_inclusive: bool = True,
    partner_code: str | None = None,
    actor: Actor,
    now: datetime,
) -> PriceList:
    """Open a list of a producer; raises InvalidFields, CodeTaken, ProducerNotFound, Forbidden."""
    find_producer(session, producer_id)
    require(actor, "package.edit", producer_id=producer_id)
    mistakes = {}
    if kind not in LIST_KINDS:
        mistakes["kind"] = "unknown_kind"
    if currency not in EXPONENTS:
        mistakes["currency"] = "unknown_currency"
    if not name.strip():
        mistakes["name"] = "missing"
    if mistakes:
        raise InvalidFields(mistakes)
    if session.scalar(select(PriceList.id).where(PriceList.code == code)) is not None:
        raise CodeTaken(field="code", value=code)
    opened = PriceList(
        code=code,
        producer_id=producer_id,
        name=name,
        kind=kind,
        currency=currency,
        tax_inclusive=tax_inclusive,
        partner_code=partner_code,
        created_at=now,
    )
    session.add(opened)
    session.flush()
    subject = f"price_list:{opened.id}"
    audit.record(session, actor, "price_list.create", subject=subject, now=now, code=code)
    return opened


def wholesale_list(
    session: Session, producer_id: int, *, name: str, actor: Actor, now: datetime
) -> PriceList:
    """The producer's list for everybody who buys much, in đồng with tax; opened when there is none."""
    found = session.scalar(
        select(PriceList)
        .where(
            PriceList.producer_id == producer_id,
            PriceList.kind == "wholesale",
            PriceList.partner_code.is_(None),
            PriceList.currency == "VND",
            PriceList.active.is_(True),
        )
        .order_by(PriceList.id)
        .limit(1)
    )
    if found is not None:
        return found
    return create_price_list(
        session,
        producer_id,
        f"wholesale-{producer_id}",
        name=name,
        kind="wholesale",
        actor=actor,
        now=now,
    )


def set_offer(
    session: Session,
    price_list_id: int,
    package_id: int,
    *,
    tiers: Sequence[Tier],
    valid_from: date,
    valid_to: date | None = None,
    min_order: int = 1,
    order_multiple: int = 1,
    actor: Actor,
    now: datetime,
) -> Offer:
    """Put a package on a list from a day on, or change the offer that begins on that day.

    Days are inclusive, the last one too. An earlier offer without an end stops the day before; any
    other overlap is refused. Raises InvalidFields, PriceListNotFound, PackageNotFound, Forbidden.
    """
    price_list = session.get(PriceList, price_list_id)
    if price_list is None:
        raise PriceListNotFound(price_list_id=price_list_id)
    require(actor, "package.edit", producer_id=price_list.producer_id)
    package = find_package(session, package_id)
    product = find_product(session, package.product_id)
    mistakes = tier_mistakes(tiers)
    if product.producer_id != price_list.producer_id:
        mistakes["package_id"] = "not_of_this_producer"
    if valid_to is not None and valid_to < valid_from:
        mistakes["valid_to"] = "before_first_day"
    mistakes |= {
        field: "not_positive"
        for field, value in (("min_order", min_order), ("order_multiple", order_multiple))
        if value < 1
    }
    if mistakes:
        raise InvalidFields(mistakes)
    offer = _place_for(session, price_list_id, package_id, valid_from, valid_to)
    offer.valid_to = valid_to
    offer.min_order, offer.order_multiple = min_order, order_multiple
    _set_tiers(offer, tiers)
    session.flush()
    touch(product, now)
    product_changed(
        session,
        product.id,
        "offer.set",
        actor,
        now,
        list=price_list.code,
        sku=package.sku,
        valid_from=valid_from.isoformat(),
        tiers={str(tier.from_quantity): tier.price_minor for tier in tiers},
    )
    return offer


def _place_for(
    session: Session, price_list_id: int, package_id: int, valid_from: date, valid_to: date | None
) -> Offer:
    """The offer that begins that day, new or old, after making room for it; raises InvalidFields."""
    offers = session.scalars(
        select(Offer).where(Offer.price_list_id == price_list_id, Offer.package_id == package_id)
    ).all()
    same = next((offer for offer in offers if offer.valid_from == valid_from), None)
    others = [offer for offer in offers if offer is not same]
    stopped = [o for o in others if o.valid_to is None and o.valid_from < valid_from]
    lasting = [(o.valid_from, o.valid_to) for o in others if o not in stopped]
    if overlap(valid_from, valid_to, lasting):
        raise InvalidFields({"valid_from": "overlaps"})
    for other in stopped:
        other.valid_to = day_before(valid_from)
    if same is None:
        same = Offer(price_list_id=price_list_id, package_id=package_id, valid_from=valid_from)
        session.add(same)
    return same


def _set_tiers(offer: Offer, tiers: Sequence[Tier]) -> None:
    present = {row.from_quantity: row for row in offer.tiers}
    wanted = {tier.from_quantity: tier.price_minor for tier in tiers}
    for quantity in present.keys() - wanted.keys():
        offer.tiers.remove(present[quantity])
    for quantity, price in wanted.items():
        if quantity in present:
            present[quantity].price_minor = price
        else:
            offer.tiers.append(OfferTier(from_quantity=quantity, price_minor=price))


def remove_offer(session: Session, offer_id: int, *, actor: Actor, now: datetime) -> None:
    """Take an offer off its list; one that is not there is no mistake. Raises Forbidden."""
    offer = session.get(Offer, offer_id)
    if offer is None:
        return
    require(actor, "package.edit", producer_id=offer.price_list.producer_id)
    package = find_package(session, offer.package_id)
    product = find_product(session, package.product_id)
    session.delete(offer)
    touch(product, now)
    product_changed(session, product.id, "offer.remove", actor, now, sku=package.sku)
