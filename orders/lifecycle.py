"""How orders move: one function applies an event to one of the three state columns, or refuses.

``apply`` does ``UPDATE … WHERE state IN (…)`` and checks that a row changed, so two people who do the same
at the same moment do it once. The verbs below it add what an event means for stock and for the other
columns. Locks are always taken in the order: order, parcels, promises, stock by package id.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from core.actor import Actor, Role
from core.clock import vietnam_date
from core.errors import Forbidden
from core.facts import announce
from core.people.permissions import require
from orders import coupons, settlement, stock
from orders.errors import NoSuchStep, OrderNotFound
from orders.models import CustomerOrder, OrderEvent, OrderLine, SubOrder
from orders.rules import states
from orders.rules.states import Axis
from orders.tracing import refuse_unsafe

Row = type[CustomerOrder] | type[SubOrder]


class EventNotAllowed(Forbidden):
    """The event exists, but not for people with this actor's roles."""


def apply(
    session: Session,
    order_id: int,
    event: str,
    *,
    actor: Actor,
    now: datetime,
    axis: Axis = Axis.ORDER,
    sub_order_id: int | None = None,
    reason: str | None = None,
) -> str:
    """Apply one event to one state column and write it down; returns the new state.

    ``sub_order_id`` is needed for the fulfilment axis. Raises ValueError for an event no table knows,
    OrderNotFound, EventNotAllowed, NoSuchStep when the state leads nowhere with this event.
    """
    if not states.is_known_event(axis, event):
        raise ValueError(f"{axis} knows no event {event!r}")
    row, column, row_id = _place(axis, order_id, sub_order_id)
    state = _locked_state(session, row, column, row_id, order_id)
    targets = states.sources(axis, event, actor.roles)
    if state not in targets:
        if states.step(axis, state, event) is not None:
            raise EventNotAllowed(event=event)
        raise NoSuchStep(axis=axis.value, event=event, state=state)
    moved = update(row).where(row.id == row_id, column.in_(list(targets)), column == state)
    changed = session.execute(moved.values({column: targets[state]}))
    if cast("CursorResult[Any]", changed).rowcount != 1:
        raise NoSuchStep(axis=axis.value, event=event, state=state)
    session.add(
        OrderEvent(
            order_id=order_id,
            sub_order_id=sub_order_id,
            axis=axis.value,
            event=event,
            from_state=state,
            to_state=targets[state],
            actor_name=actor.name,
            actor_person_id=actor.person_id,
            acting_for=actor.acting_for,
            reason=reason,
            at=now,
        )
    )
    session.flush()
    return targets[state]


def _place(axis: Axis, order_id: int, sub_order_id: int | None) -> tuple[Row, Any, int]:
    """The table, the column and the row an event on that axis changes."""
    if axis is Axis.ORDER:
        return CustomerOrder, CustomerOrder.state, order_id
    if axis is Axis.PAYMENT:
        return CustomerOrder, CustomerOrder.payment_state, order_id
    if sub_order_id is None:
        raise ValueError("fulfilment belongs to a sub-order")
    return SubOrder, SubOrder.state, sub_order_id


def _locked_state(session: Session, row: Row, column: Any, row_id: int, order_id: int) -> str:
    query = select(column).where(row.id == row_id).with_for_update()
    if row is SubOrder:
        query = query.where(SubOrder.order_id == order_id)
    state = session.scalar(query)
    if state is None:
        raise OrderNotFound(order_id=order_id)
    return str(state)


def lock(session: Session, order_id: int) -> CustomerOrder:
    """The order, fresh and locked until the end of the transaction; raises OrderNotFound."""
    order = session.scalar(
        select(CustomerOrder)
        .where(CustomerOrder.id == order_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if order is None:
        raise OrderNotFound(order_id=order_id)
    return order


def cancel(
    session: Session, order_id: int, *, actor: Actor, now: datetime, reason: str | None = None
) -> None:
    """Cancel a whole order nobody has sent anything of: stock goes back, money due back is marked.

    Raises NoSuchStep when a parcel is on its way, EventNotAllowed, OrderNotFound.
    """
    order = lock(session, order_id)
    apply(session, order_id, "cancel", actor=actor, now=now, reason=reason)
    system = _on_behalf(actor)
    for parcel in _parcels(session, order_id):
        if parcel.state in ("rejected", "cancelled"):
            continue
        _move_parcel(session, parcel, "cancel", system, now)
    stock.release(session, [order_id], now=now)
    coupons.give_uses_back(session, [order_id], now=now)
    stock.take_back(session, order_id, now=now)  # what was paid left the shelf on paper only
    settlement.undo_sale(session, order, None, "cancelled", now=now)
    _end_payment(session, order, system, now)
    announce(session, "order.cancelled", order_id=order_id)


def advance_parcel(
    session: Session,
    sub_order_id: int,
    event: str,
    *,
    actor: Actor,
    now: datetime,
    reason: str | None = None,
) -> str:
    """Move one producer's parcel: accept, reject, pack, ship, deliver, return; returns its new state.

    Shipping takes promised goods off the shelf, rejecting gives them back; when all parcels have ended,
    the order ends with them. A parcel is sent only when the money is there or cash is agreed. Raises
    NotAllowed for another producer's parcel, NoSuchStep, EventNotAllowed, OrderNotFound, LotCalledBack
    for goods that are called back or past their date.
    """
    found = session.execute(
        select(SubOrder.order_id, SubOrder.producer_id).where(SubOrder.id == sub_order_id)
    ).one_or_none()
    if found is None:
        raise OrderNotFound(sub_order_id=sub_order_id)
    require(actor, "order.manage", producer_id=found.producer_id)
    order = lock(session, found.order_id)
    if order.state != "confirmed":
        raise NoSuchStep(axis=Axis.ORDER.value, event=event, state=order.state)
    if event in ("pack", "ship"):
        refuse_unsafe(session, sub_order_id, on=vietnam_date(now))
    state = apply(
        session,
        order.id,
        event,
        actor=actor,
        now=now,
        axis=Axis.FULFILMENT,
        sub_order_id=sub_order_id,
        reason=reason,
    )
    packages = session.scalars(
        select(OrderLine.package_id).where(OrderLine.sub_order_id == sub_order_id)
    ).all()
    if event == "ship":
        stock.commit(session, order.id, now=now, package_ids=packages)
    elif event == "reject":
        stock.release(session, [order.id], now=now, package_ids=packages)
        stock.take_back(session, order.id, now=now, package_ids=packages)
        settlement.undo_sale(session, order, [sub_order_id], "rejected", now=now)
    elif event == "deliver":
        announce(session, "parcel.delivered", sub_order_id=sub_order_id)
    _end_with_parcels(session, order.id, _on_behalf(actor), now)
    return state


def expire_unpaid(session: Session, *, now: datetime, limit: int = 100) -> int:
    """Expire orders whose payment did not come in time and give their stock back; returns how many.

    All orders are locked first (those somebody else works on are left for the next run), then the stock,
    so it never waits in a circle with a payment.
    """
    system = Actor.system("expiry")
    due = list(
        session.scalars(
            select(CustomerOrder.id)
            .where(
                CustomerOrder.state == "placed",
                CustomerOrder.payment_state == "pending",
                CustomerOrder.pay_by < now,
            )
            .order_by(CustomerOrder.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )
    for order_id in due:
        apply(session, order_id, "expire", actor=system, now=now)
        apply(session, order_id, "void", actor=system, now=now, axis=Axis.PAYMENT)
        for parcel in _parcels(session, order_id):
            _move_parcel(session, parcel, "cancel", system, now)
    if due:
        stock.release(session, due, now=now)
        coupons.give_uses_back(session, due, now=now)
    for order_id in due:
        announce(session, "order.cancelled", order_id=order_id)
    return len(due)


def _on_behalf(actor: Actor) -> Actor:
    """The system, finishing what this actor began; the first event carries the actor's name."""
    return Actor(
        person_id=actor.person_id,
        name=actor.name,
        roles=frozenset({Role.SYSTEM}),
        acting_for=actor.acting_for,
    )


def _parcels(session: Session, order_id: int) -> list[SubOrder]:
    return list(
        session.scalars(
            select(SubOrder)
            .where(SubOrder.order_id == order_id)
            .order_by(SubOrder.id)
            .execution_options(populate_existing=True)
        )
    )


def _move_parcel(
    session: Session, parcel: SubOrder, event: str, actor: Actor, now: datetime
) -> None:
    apply(
        session,
        parcel.order_id,
        event,
        actor=actor,
        now=now,
        axis=Axis.FULFILMENT,
        sub_order_id=parcel.id,
    )


def _end_payment(session: Session, order: CustomerOrder, actor: Actor, now: datetime) -> None:
    """After a cancellation: nothing paid is voided, money that came goes to the refund queue."""
    events = {"pending": "void", "authorized": "void", "partially_paid": "void", "paid": "hold"}
    event = events.get(order.payment_state)
    if event is not None:
        apply(session, order.id, event, actor=actor, now=now, axis=Axis.PAYMENT)
    settlement.mark_refund_due(session, order.id, "cancelled")


def _end_with_parcels(session: Session, order_id: int, actor: Actor, now: datetime) -> None:
    event = states.order_event_from_parcels([p.state for p in _parcels(session, order_id)])
    order = lock(session, order_id)
    if event is None or order.state != "confirmed":
        return
    apply(session, order_id, event, actor=actor, now=now)
    if event == "cancel":
        stock.release(session, [order_id], now=now)
        coupons.give_uses_back(session, [order_id], now=now)
        _end_payment(session, order, actor, now)
        announce(session, "order.cancelled", order_id=order_id)
