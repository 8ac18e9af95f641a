"""Putting packages on price lists: a new offer, another price from a day on, an end; nothing past is rewritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from catalog.announcing import product_changed, touch
from catalog.errors import InvalidFields, OfferNotFound, StaleVersion
from catalog.models import Offer, OfferTier, Package, PriceList, Product
from catalog.price_list_days import close_gap, end_early, place_for
from catalog.price_list_retail import apply_retail_prices, give_back
from catalog.price_lists import find_price_list
from catalog.publishing import find_product
from catalog.reference.destinations import destinations
from catalog.rules.pricing import Tier, day_before, tier_mistakes
from catalog.wrapping import find_package
from core.actor import Actor
from core.clock import vietnam_date
from core.people.permissions import require


@dataclass(frozen=True, slots=True)
class Terms:
    """What a package is offered for: tiers, last day (inclusive, None: no end), least quantity and step."""

    tiers: tuple[Tier, ...]
    valid_to: date | None = None
    min_order: int = 1
    order_multiple: int = 1


def terms_of(offer: Offer) -> Terms:
    """The terms as they are stored."""
    tiers = tuple(Tier(row.from_quantity, row.price_minor) for row in offer.tiers)
    return Terms(tiers, offer.valid_to, offer.min_order, offer.order_multiple)


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
    """Put a package on a list as `put_on_list` does, its terms one by one."""
    terms = Terms(tuple(tiers), valid_to, min_order, order_multiple)
    return put_on_list(
        session, price_list_id, package_id, terms, valid_from=valid_from, actor=actor, now=now
    )


def put_on_list(
    session: Session,
    price_list_id: int,
    package_id: int,
    terms: Terms,
    *,
    valid_from: date,
    actor: Actor,
    now: datetime,
) -> Offer:
    """Put a package on a list from a day on, or change the offer that begins on that day.

    Days are inclusive, the last one too. An earlier offer without an end stops the day before, and holds
    again after the last day of the new one; any other overlap is refused. On a retail list in force a price that has begun becomes the price of
    the package; one in the money of a destination abroad is the price there. Raises InvalidFields, PriceListNotFound, PackageNotFound, Forbidden.
    """
    listed = find_price_list(session, price_list_id)
    require(actor, "package.edit", producer_id=listed.producer_id)
    package = find_package(session, package_id)
    product = find_product(session, package.product_id)
    ordered = tuple(sorted(terms.tiers, key=lambda tier: tier.from_quantity))
    terms = replace(terms, tiers=ordered)
    mistakes = _mistakes(listed, package, product, terms, valid_from)
    if mistakes:
        raise InvalidFields(mistakes)
    offer = place_for(session, price_list_id, package_id, valid_from, terms.valid_to)
    if offer.version and terms_of(offer) == terms:
        return offer
    _write(offer, terms)
    session.flush()
    said = {str(tier.from_quantity): tier.price_minor for tier in ordered}
    _tell(session, product, "offer.set", actor, now, listed, package, valid_from, tiers=said)
    if listed.kind == "retail" and listed.active:
        apply_retail_prices(
            session, on=vietnam_date(now), actor=actor, now=now, price_list_id=listed.id
        )
    return offer


def _mistakes(
    listed: PriceList, package: Package, product: Product, terms: Terms, valid_from: date
) -> dict[str, str]:
    mistakes = tier_mistakes(terms.tiers)
    if product.producer_id != listed.producer_id:
        mistakes["package_id"] = "not_of_this_producer"
    if terms.valid_to is not None and terms.valid_to < valid_from:
        mistakes["valid_to"] = "before_first_day"
    for name, value in (("min_order", terms.min_order), ("order_multiple", terms.order_multiple)):
        if value < 1:
            mistakes[name] = "not_positive"
    if listed.kind == "retail":
        alone = [tier.from_quantity for tier in terms.tiers] == [1]
        if not alone or (terms.min_order, terms.order_multiple) != (1, 1):
            mistakes.setdefault("tiers", "retail_has_one_price")
        abroad = {place.currency for place in destinations().values()}
        if listed.currency not in {package.currency, *abroad}:
            mistakes["currency"] = "other_currency"
    return mistakes


def _write(offer: Offer, terms: Terms) -> None:
    offer.valid_to = terms.valid_to
    offer.min_order, offer.order_multiple = terms.min_order, terms.order_multiple
    offer.version += 1
    present = {row.from_quantity: row for row in offer.tiers}
    wanted = {tier.from_quantity: tier.price_minor for tier in terms.tiers}
    if {number: row.price_minor for number, row in present.items()} != wanted:
        offer.applied_on = None
    for quantity in present.keys() - wanted.keys():
        offer.tiers.remove(present[quantity])
    for quantity, price in wanted.items():
        if quantity in present:
            present[quantity].price_minor = price
        else:
            offer.tiers.append(OfferTier(from_quantity=quantity, price_minor=price))
    offer.tiers.sort(key=lambda row: row.from_quantity)


def revise_offer(
    session: Session,
    offer_id: int,
    terms: Terms,
    *,
    seen_version: int,
    actor: Actor,
    on: date,
    now: datetime,
) -> Offer:
    """Change what is offered from today on; returns the offer that holds then.

    One that has not begun is changed itself; one that holds already ends yesterday and a new one
    begins, so that every past day keeps its price. Only another last day changes a running offer
    itself. Raises InvalidFields, OfferNotFound, StaleVersion when somebody else was faster, Forbidden.
    """
    offer = _offer(session, offer_id, seen_version, actor)
    before = terms_of(offer)
    if before == terms:
        return offer
    same_prices = Terms(before.tiers, terms.valid_to, before.min_order, before.order_multiple)
    if terms.valid_to is not None and terms.valid_to < on and offer.valid_from < on:
        raise InvalidFields({"valid_to": "day_is_over"})
    if offer.valid_to is not None and offer.valid_to < on:
        raise InvalidFields({"valid_from": "has_ended"})
    begins = offer.valid_from if offer.valid_from >= on or same_prices == terms else on
    if begins != offer.valid_from:
        offer.valid_to, offer.version = day_before(on), offer.version + 1
        session.flush()
    return put_on_list(
        session,
        offer.price_list_id,
        offer.package_id,
        terms,
        valid_from=begins,
        actor=actor,
        now=now,
    )


def end_offer(
    session: Session, offer_id: int, *, seen_version: int, actor: Actor, on: date, now: datetime
) -> None:
    """Let an offer hold until yesterday; one that would begin today or later is taken off the list.

    Raises OfferNotFound, StaleVersion, Forbidden.
    """
    offer = _offer(session, offer_id, seen_version, actor)
    if offer.valid_from >= on:
        remove_offer(session, offer_id, actor=actor, now=now)
        return
    if offer.valid_to is not None and offer.valid_to < on:
        return
    end_early(session, offer, day_before(on))
    package = find_package(session, offer.package_id)
    product = find_product(session, package.product_id)
    _tell(session, product, "offer.end", actor, now, offer.price_list, package, offer.valid_from)
    apply_retail_prices(session, on=on, actor=actor, now=now, price_list_id=offer.price_list_id)


def _offer(session: Session, offer_id: int, seen_version: int, actor: Actor) -> Offer:
    """The offer as the person saw it, held until the commit."""
    offer = session.get(Offer, offer_id, with_for_update=True, populate_existing=True)
    if offer is None:
        raise OfferNotFound(offer_id=offer_id)
    require(actor, "package.edit", producer_id=offer.price_list.producer_id)
    if offer.version != seen_version:
        raise StaleVersion(subject=f"offer:{offer_id}", seen=seen_version, current=offer.version)
    return offer


def remove_offer(session: Session, offer_id: int, *, actor: Actor, now: datetime) -> None:
    """Take an offer off its list; one that is not there is no mistake. Raises Forbidden."""
    offer = session.get(Offer, offer_id)
    if offer is None:
        return
    require(actor, "package.edit", producer_id=offer.price_list.producer_id)
    package = find_package(session, offer.package_id)
    product = find_product(session, package.product_id)
    listed, began = offer.price_list, offer.valid_from
    give_back(session, offer, actor=actor, on=vietnam_date(now), now=now)
    close_gap(session, offer)
    session.delete(offer)
    _tell(session, product, "offer.remove", actor, now, listed, package, began)


def _tell(
    session: Session,
    product: Product,
    action: str,
    actor: Actor,
    now: datetime,
    listed: PriceList,
    package: Package,
    valid_from: date,
    **more: Any,
) -> None:
    touch(product, now)
    said = {"list": listed.code, "sku": package.sku, "valid_from": valid_from.isoformat(), **more}
    product_changed(session, product.id, action, actor, now, **said)
