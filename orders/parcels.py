"""Reading parcels: a producer's parts of orders, with what may be done to each next."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from core.actor import Actor
from orders.errors import OrderNotFound
from orders.models.order import SubOrder
from orders.rules.states import FULFILMENT, FulfilmentState

OPEN = (FulfilmentState.NEW.value, FulfilmentState.ACCEPTED.value, FulfilmentState.PACKED.value)


def list_parcels(
    session: Session,
    producer_ids: Collection[int],
    *,
    only_open: bool = False,
    before_id: int | None = None,
    limit: int = 50,
) -> Sequence[SubOrder]:
    """Parcels of these producers with their orders and lines, the newest first; two statements."""
    query = (
        select(SubOrder)
        .where(SubOrder.producer_id.in_(sorted(producer_ids)))
        .options(joinedload(SubOrder.order), selectinload(SubOrder.lines))
        .order_by(SubOrder.id.desc())
        .limit(limit)
    )
    if only_open:
        query = query.where(SubOrder.state.in_(OPEN))
    if before_id is not None:
        query = query.where(SubOrder.id < before_id)
    return session.scalars(query).all()


def count_open_parcels(session: Session, producer_ids: Collection[int]) -> int:
    """How many parcels of these producers still wait for something to be done."""
    return (
        session.scalar(
            select(func.count())
            .select_from(SubOrder)
            .where(SubOrder.producer_id.in_(sorted(producer_ids)), SubOrder.state.in_(OPEN))
        )
        or 0
    )


def get_parcel(session: Session, sub_order_id: int) -> SubOrder:
    """One parcel with its order and lines; raises OrderNotFound."""
    parcel = session.scalar(
        select(SubOrder)
        .where(SubOrder.id == sub_order_id)
        .options(joinedload(SubOrder.order), selectinload(SubOrder.lines))
    )
    if parcel is None:
        raise OrderNotFound(sub_order_id=sub_order_id)
    return parcel


def next_events(parcel: SubOrder, actor: Actor) -> list[str]:
    """What this actor may do to the parcel now, in the order of the table."""
    waits_for_order = parcel.order.state != "confirmed"
    return [
        event
        for (state, event), step in FULFILMENT.items()
        if state == parcel.state
        and not step.roles.isdisjoint(actor.roles)
        and not (waits_for_order and event in ("accept", "pack", "ship"))
    ]
