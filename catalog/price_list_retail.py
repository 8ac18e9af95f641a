"""When the price of a retail list becomes the price of the package, and gives way again after its last day."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog.models import Offer, Package, PriceList
from catalog.products import set_package
from catalog.rules.destinations import HOME_CURRENCY
from core.actor import Actor


def apply_retail_prices(
    session: Session,
    *,
    on: date,
    actor: Actor,
    now: datetime,
    price_list_id: int | None = None,
) -> int:
    """Give packages the retail prices that have begun, and back those whose last day is past.

    Returns how many packages changed. The price of the package stays the only price the shop shows, so
    each offer speaks once: a price that a person enters afterwards is neither taken back by the list nor
    when the offer ends. An offer that ends without another gives back the price it took the place of.
    """
    ended = session.scalars(_due(_ended(on), price_list_id)).all()
    begun = session.scalars(_due(_begun(on), price_list_id)).all()
    before: dict[int, int] = {}
    wanted: dict[int, int] = {}
    for offer in ended:
        package = session.get_one(Package, offer.package_id)
        if offer.replaced_minor is not None and _holds(package, offer):
            before[package.id] = wanted[package.id] = offer.replaced_minor
        offer.replaced_minor = None
    for offer in begun:
        offer.applied_on = on
        if offer.valid_to is None or offer.valid_to >= on:
            package = session.get_one(Package, offer.package_id)
            usual = before.setdefault(package.id, package.price_minor)
            if offer.replaced_minor is None:
                offer.replaced_minor = usual
            wanted[package.id] = offer.tiers[0].price_minor
    session.flush()
    given = [_give(session, number, price, actor, on, now) for number, price in wanted.items()]
    return sum(given)


def is_any_price_due(session: Session, on: date) -> bool:
    """Whether a retail price begins or ends that nobody has given or taken back yet; one statement."""
    due = select(Offer.id).join(PriceList).where(or_(_begun(on), _ended(on))).limit(1)
    return session.scalar(due) is not None


def give_back(session: Session, offer: Offer, *, actor: Actor, on: date, now: datetime) -> None:
    """An offer is taken off its list: the price it took the place of comes back, unless somebody entered another."""
    package = session.get_one(Package, offer.package_id)
    if offer.replaced_minor is not None and _holds(package, offer):
        _give(session, package.id, offer.replaced_minor, actor, on, now)


def _begun(on: date) -> ColumnElement[bool]:
    return and_(
        PriceList.kind == "retail",
        PriceList.active.is_(True),
        PriceList.currency == HOME_CURRENCY,
        Offer.applied_on.is_(None),
        Offer.valid_from <= on,
    )


def _ended(on: date) -> ColumnElement[bool]:
    """Those whose last day is past, and those of a list that is no longer in force."""
    past = or_(Offer.valid_to < on, PriceList.active.is_(False))
    return and_(Offer.replaced_minor.is_not(None), past)


def _due(which: ColumnElement[bool], price_list_id: int | None) -> Select[Offer]:
    query = (
        select(Offer)
        .join(PriceList)
        .where(which)
        .options(selectinload(Offer.tiers), joinedload(Offer.price_list))
        .order_by(Offer.valid_from, Offer.id)
    )
    return query if price_list_id is None else query.where(Offer.price_list_id == price_list_id)


def _holds(package: Package, offer: Offer) -> bool:
    """Whether the package still has the price of the offer: nobody entered another since."""
    return package.price_minor == offer.tiers[0].price_minor


def _give(
    session: Session, package_id: int, price: int, actor: Actor, on: date, now: datetime
) -> bool:
    package = session.get_one(Package, package_id)
    if package.price_minor == price:
        return False
    values = {"price_minor": price}
    set_package(session, package.product_id, package.sku, values, actor=actor, on=on, now=now)
    return True
