"""What news of money does to an order: one function for webhook, return page, reconciliation and a person.

Money that came is always written down. What it cannot pay for (too much, too late, cancelled) goes to the
refund queue; nothing is ever "paid but no order" or taken twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.actor import Actor, Role
from core.facts import announce
from core.money import Money
from orders import ledger, lifecycle, settlement, stock
from orders.errors import InsufficientStock
from orders.ledger import Entry
from orders.models import (
    CustomerOrder,
    Payment,
    PaymentAttempt,
    ProviderEventRow,
    Reservation,
    SubOrder,
)
from orders.payments.gateway import ProviderEvent
from orders.rules.states import Axis, ReservationState


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of an event: its order and one word.

    paid, part_paid, credit (paid already, all of it goes back), late (the order is over, it goes back),
    reinstated (late, but the goods were still there), unmatched (no such order), known (seen before).
    """

    outcome: str
    order_id: int | None = None
    again: bool = field(default=False, compare=False)
    """Nothing was done now: the same news came before, and this is what became of it then."""


def apply(session: Session, event: ProviderEvent, *, actor: Actor, now: datetime) -> Applied:
    """Apply one event, exactly once however often and in whatever order it is delivered."""
    seen = _seen(session, event)
    if seen is not None:
        return seen
    order_id = session.scalar(
        select(CustomerOrder.id).where(CustomerOrder.number == event.reference)
    )
    try:
        with session.begin_nested():
            inbox = ProviderEventRow(
                provider=event.provider,
                event_id=event.event_id,
                kind=event.kind,
                raw=dict(event.raw),
                received_at=now,
                order_id=order_id,
                outcome="unmatched",
            )
            session.add(inbox)
            session.flush()
    except IntegrityError:
        return _seen(session, event) or Applied("known", again=True)
    if order_id is None:
        return Applied("unmatched")
    order = lifecycle.lock(session, order_id)
    system = Actor(
        actor.person_id, actor.name, frozenset({Role.SYSTEM}), acting_for=actor.acting_for
    )
    payment = _write_down(session, order, event, now)
    inbox.outcome = "known" if payment is None else _take(session, order, payment, system, now)
    session.flush()
    return Applied(inbox.outcome, order_id, again=payment is None)


def _seen(session: Session, event: ProviderEvent) -> Applied | None:
    row = session.scalar(
        select(ProviderEventRow).where(
            ProviderEventRow.provider == event.provider, ProviderEventRow.event_id == event.event_id
        )
    )
    return None if row is None else Applied(row.outcome, row.order_id, again=True)


def _write_down(
    session: Session, order: CustomerOrder, event: ProviderEvent, now: datetime
) -> Payment | None:
    """The payment row and its ledger entries; None when another event already told of this payment."""
    known = session.scalar(
        select(Payment.id).where(
            Payment.provider == event.provider, Payment.provider_ref == event.provider_ref
        )
    )
    if known is not None:
        return None
    payment = Payment(
        order_id=order.id,
        attempt_id=session.scalar(
            select(PaymentAttempt.id)
            .where(PaymentAttempt.order_id == order.id, PaymentAttempt.provider == event.provider)
            .order_by(PaymentAttempt.n.desc())
            .limit(1)
        ),
        provider=event.provider,
        provider_ref=event.provider_ref,
        amount_minor=event.amount.amount,
        currency=event.amount.currency,
        occurred_at=event.occurred_at,
        recorded_at=now,
        refund_due_minor=0,
    )
    try:
        with session.begin_nested():
            session.add(payment)
            session.flush()
    except IntegrityError:  # the same reference came for another order at the same moment
        return None
    holder = "courier" if event.provider == "cod" else "bank"
    key = sha256(f"{event.provider}:{event.provider_ref}".encode()).hexdigest()[:40]
    ledger.post(
        session,
        f"payment:{key}",
        "payment",
        [Entry(holder, event.amount), Entry("buyer", -event.amount)],
        order_id=order.id,
        now=now,
    )
    return payment


def _take(
    session: Session, order: CustomerOrder, payment: Payment, system: Actor, now: datetime
) -> str:
    """Decide what the money does; ``order`` is locked."""
    if payment.currency != order.currency:
        return _give_back(session, order, payment, "currency", system, now)
    order.paid_minor += payment.amount_minor
    session.flush()
    if order.state == "cancelled":
        return _give_back(session, order, payment, "cancelled", system, now)
    if order.state == "expired":
        return _take_late(session, order, payment, system, now)
    if order.payment_state not in ("pending", "authorized", "partially_paid"):
        return _give_back(session, order, payment, "duplicate", system, now)
    due = settlement.amount_due(session, order)
    if order.paid_minor < due.amount:
        lifecycle.apply(session, order.id, "pay_part", actor=system, now=now, axis=Axis.PAYMENT)
        stock.extend(session, order.id, expires_at=None, now=now)
        return "part_paid"
    _pay(session, order, payment, due, system, now)
    return "paid"


def _pay(
    session: Session,
    order: CustomerOrder,
    payment: Payment,
    due: Money,
    system: Actor,
    now: datetime,
) -> None:
    """The order is paid: promises become sales, the ledger learns of the sale, too much is noted."""
    lifecycle.apply(session, order.id, "pay", actor=system, now=now, axis=Axis.PAYMENT)
    if order.state == "placed":
        lifecycle.apply(session, order.id, "confirm", actor=system, now=now)
        stock.commit(session, order.id, now=now)
    settlement.post_sale(session, order, now=now)
    kept = order.paid_minor - _refund_due(session, order)
    excess = Money(kept - due.amount, order.currency)
    if excess:
        settlement.mark_refund_due(session, order.id, "overpaid", excess)
    if payment.attempt_id is not None:
        attempt = session.get_one(PaymentAttempt, payment.attempt_id)
        attempt.state = "succeeded"
    announce(session, "order.paid", order_id=order.id)


def _take_late(
    session: Session, order: CustomerOrder, payment: Payment, system: Actor, now: datetime
) -> str:
    """Money for an expired order: sell the goods if they are still there, else it goes back."""
    demand = stock.summed(
        (row.package_id, row.quantity)
        for row in session.execute(
            select(Reservation.package_id, Reservation.quantity).where(
                Reservation.order_id == order.id,
                Reservation.state == ReservationState.RELEASED.value,
            )
        )
    )
    free = order.paid_minor - _refund_due(session, order)
    if free < order.total_minor:
        return _give_back(session, order, payment, "late", system, now)
    try:
        with session.begin_nested():
            stock.reserve(session, demand)
    except InsufficientStock:
        return _give_back(session, order, payment, "late", system, now)
    stock.write_promises(session, order.id, demand, now=now, expires_at=None)
    lifecycle.apply(session, order.id, "reinstate", actor=system, now=now)
    for parcel_id in session.scalars(
        select(SubOrder.id)
        .where(SubOrder.order_id == order.id, SubOrder.state == "cancelled")
        .order_by(SubOrder.id)
    ).all():
        lifecycle.apply(
            session,
            order.id,
            "reinstate",
            actor=system,
            now=now,
            axis=Axis.FULFILMENT,
            sub_order_id=parcel_id,
        )
    stock.commit(session, order.id, now=now)
    _pay(session, order, payment, Money(order.total_minor, order.currency), system, now)
    return "reinstated"


def _refund_due(session: Session, order: CustomerOrder) -> int:
    """What of the money in the order's currency is already on its way back."""
    rows = session.scalars(
        select(Payment.refund_due_minor).where(
            Payment.order_id == order.id, Payment.currency == order.currency
        )
    )
    return sum(rows)


def _give_back(
    session: Session,
    order: CustomerOrder,
    payment: Payment,
    reason: str,
    system: Actor,
    now: datetime,
) -> str:
    """All of this payment goes to the refund queue, and a person sees the order."""
    payment.refund_due_minor = payment.amount_minor
    payment.refund_reason = reason
    if order.payment_state in ("voided", "review", "refunded") and reason != "currency":
        lifecycle.apply(session, order.id, "hold", actor=system, now=now, axis=Axis.PAYMENT)
    return "late" if reason in ("late", "cancelled") else "credit"
