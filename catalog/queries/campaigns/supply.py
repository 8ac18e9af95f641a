"""Requests of buyers with the offers that answer them, for desks and for a sheet on paper."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from catalog.models import Producer, Product, SupplyOffer, SupplyRequest, TradeEvent
from catalog.rules.matching import Match, Offered, Wanted, matches

MOST_LISTED = 300


@dataclass(frozen=True, slots=True)
class OfferLine:
    """An open offer with its product and producer."""

    offer: SupplyOffer
    product_name: str
    subgroup_code: str
    producer_id: int
    producer_name: str
    province_code: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class RequestLine:
    """An open request with the offers that answer it, the best first."""

    request: SupplyRequest
    answers: tuple[tuple[Match, OfferLine], ...]


def list_requests(
    session: Session, *, on: date, event_id: int | None = None, partner: str | None = None
) -> tuple[RequestLine, ...]:
    """Open requests that are still needed that day, of an event or a supermarket or all. Two statements.

    For an event its own requests and offers are brought together, and offers made for no event.
    """
    query = select(SupplyRequest).where(
        SupplyRequest.is_open.is_(True), SupplyRequest.needed_to >= on
    )
    if event_id is not None:
        query = query.where(SupplyRequest.event_id == event_id)
    if partner is not None:
        query = query.where(SupplyRequest.partner_code == partner)
    rows = session.scalars(
        query.order_by(SupplyRequest.needed_from, SupplyRequest.id).limit(MOST_LISTED)
    ).all()
    offers = list_offers(session, on=on, event_id=event_id)
    by_id = {line.offer.id: line for line in offers}
    offered = [_offered(line) for line in offers]
    return tuple(
        RequestLine(
            row, tuple((one, by_id[one.offer_id]) for one in matches(_wanted(row), offered))
        )
        for row in rows
    )


def list_offers(
    session: Session,
    *,
    on: date,
    event_id: int | None = None,
    producer_ids: Collection[int] | None = None,
) -> tuple[OfferLine, ...]:
    """Open offers that can still be had that day. One statement."""
    tests: list[ColumnElement[bool]] = [
        SupplyOffer.is_open.is_(True),
        SupplyOffer.ready_to >= on,
    ]
    if event_id is not None:
        tests.append(or_(SupplyOffer.event_id == event_id, SupplyOffer.event_id.is_(None)))
    if producer_ids is not None:
        tests.append(Product.producer_id.in_(producer_ids))
    rows = session.execute(
        select(SupplyOffer, Product, Producer)
        .join(Product, Product.id == SupplyOffer.product_id)
        .join(Producer, Producer.id == Product.producer_id)
        .where(*tests)
        .order_by(SupplyOffer.ready_from, SupplyOffer.id)
        .limit(MOST_LISTED)
    )
    return tuple(
        OfferLine(
            offer=offer,
            product_name=product.name,
            subgroup_code=product.subgroup_code or "",
            producer_id=producer.id,
            producer_name=producer.name,
            province_code=producer.province_code,
            phone=producer.phone,
        )
        for offer, product, producer in rows
    )


def list_open_events(session: Session, *, on: date) -> Sequence[tuple[int, str]]:
    """Announced events that are not over: number and name, the nearest first."""
    rows = session.execute(
        select(TradeEvent.id, TradeEvent.name)
        .where(TradeEvent.state == "announced", TradeEvent.ends_on >= on)
        .order_by(TradeEvent.starts_on, TradeEvent.id)
    )
    return [(row.id, row.name) for row in rows]


def _wanted(row: SupplyRequest) -> Wanted:
    return Wanted(
        subgroup=row.subgroup_code,
        quantity=row.quantity,
        unit=row.unit,
        first=row.needed_from,
        last=row.needed_to,
        province=row.province_code or "",
    )


def _offered(line: OfferLine) -> Offered:
    return Offered(
        id=line.offer.id,
        subgroup=line.subgroup_code,
        quantity=line.offer.quantity,
        unit=line.offer.unit,
        first=line.offer.ready_from,
        last=line.offer.ready_to,
        province=line.province_code or "",
    )
