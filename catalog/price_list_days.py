"""How the offers of one package on one list share the days: one gives way to another, and comes back after it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.errors import InvalidFields
from catalog.models import Offer, OfferTier
from catalog.rules.pricing import day_after, day_before, overlap


def place_for(
    session: Session, price_list_id: int, package_id: int, valid_from: date, valid_to: date | None
) -> Offer:
    """The offer that begins that day, new or old, after making room for it; raises InvalidFields.

    An offer without an end stops the day before. When the new one has a last day, the same terms hold
    again from the day after (`resumes`), so that a promotion gives way to the price before it by itself.
    """
    offers = _offers(session, price_list_id, package_id)
    same = next((offer for offer in offers if offer.valid_from == valid_from), None)
    others = [offer for offer in offers if offer is not same]
    stopped = [o for o in others if o.valid_to is None and o.valid_from < valid_from]
    goes_on = same is not None or any(o.valid_to == day_before(valid_from) for o in others)
    after = _resumed_after(others, valid_from) if goes_on else None
    lasting = [(o.valid_from, o.valid_to) for o in others if o not in (*stopped, after)]
    if overlap(valid_from, valid_to, lasting):
        raise InvalidFields({"valid_from": "overlaps"})
    if after is not None:
        _begin_after(session, after, valid_to)
    for other in stopped:
        other.valid_to, other.version = day_before(valid_from), other.version + 1
        if valid_to is not None:
            session.add(_again(other, day_after(valid_to)))
    if same is None:
        same = Offer(
            price_list_id=price_list_id, package_id=package_id, valid_from=valid_from, version=0
        )
        session.add(same)
    return same


def close_gap(session: Session, gone: Offer) -> None:
    """An offer is taken off: what gave way to it and resumes after it runs on without the break."""
    offers = [o for o in _offers(session, gone.price_list_id, gone.package_id) if o.id != gone.id]
    before = next((o for o in offers if o.valid_to == day_before(gone.valid_from)), None)
    after = _resumed_after(offers, gone.valid_from)
    if after is None or gone.valid_to is None or after.valid_from != day_after(gone.valid_to):
        return
    if before is not None and _says(before) == _says(after):
        before.valid_to, before.version = after.valid_to, before.version + 1
        session.delete(after)
    else:
        after.valid_from, after.version = gone.valid_from, after.version + 1


def end_early(session: Session, offer: Offer, last: date) -> None:
    """An offer holds until an earlier day than planned; what resumes after it comes back that much sooner."""
    after = _resumed_after(
        _offers(session, offer.price_list_id, offer.package_id), offer.valid_from
    )
    if after is not None and offer.valid_to and after.valid_from == day_after(offer.valid_to):
        after.valid_from, after.version = day_after(last), after.version + 1
    offer.valid_to, offer.version = last, offer.version + 1


def _offers(session: Session, price_list_id: int, package_id: int) -> Sequence[Offer]:
    return session.scalars(
        select(Offer)
        .where(Offer.price_list_id == price_list_id, Offer.package_id == package_id)
        .order_by(Offer.valid_from)
    ).all()


def _resumed_after(offers: Sequence[Offer], day: date) -> Offer | None:
    """The next offer after that day, if it is one that comes back."""
    following = next((offer for offer in offers if offer.valid_from > day), None)
    return following if following is not None and following.resumes else None


def _begin_after(session: Session, resumed: Offer, last: date | None) -> None:
    """It comes back later or earlier, as the offer before it lasts; without a day left, not at all."""
    if last is None or (resumed.valid_to is not None and last >= resumed.valid_to):
        session.delete(resumed)
        session.flush()
    elif resumed.valid_from != day_after(last):
        resumed.valid_from, resumed.version = day_after(last), resumed.version + 1


def _again(offer: Offer, since: date) -> Offer:
    """The same terms, without an end, from a later day."""
    tiers = [
        OfferTier(from_quantity=t.from_quantity, price_minor=t.price_minor) for t in offer.tiers
    ]
    return Offer(
        price_list_id=offer.price_list_id,
        package_id=offer.package_id,
        valid_from=since,
        min_order=offer.min_order,
        order_multiple=offer.order_multiple,
        resumes=True,
        tiers=tiers,
    )


def _says(offer: Offer) -> tuple[object, ...]:
    tiers = tuple((tier.from_quantity, tier.price_minor) for tier in offer.tiers)
    return tiers, offer.min_order, offer.order_multiple
