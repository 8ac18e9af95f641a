"""Money that must go back to buyers: what is owed for each order, and writing down that it was sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import audit
from core.actor import Actor, Role
from core.clock import vietnam_date
from core.money import Money
from core.people.permissions import require
from orders import ledger, lifecycle
from orders.errors import RefundRefused
from orders.ledger import Entry
from orders.models import CustomerOrder, Payment, Refund
from orders.rules.bank_references import LONGEST, tidy_reference
from orders.rules.states import Axis, refund_event

_OWED = Payment.refund_due_minor > Payment.refunded_minor


@dataclass(frozen=True, slots=True)
class CameIn:
    """Money of which a part must go back; its reference leads to the sender's account on the statement."""

    provider: str
    reference: str
    amount: Money
    day: date
    owed: Money
    reason: str


@dataclass(frozen=True, slots=True)
class OwedRefund:
    """What must still go back for one order, in one currency."""

    order_id: int
    number: str
    recipient: str
    phone: str
    state: str
    owed: Money
    since: datetime
    payments: tuple[CameIn, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why, each reason once: overpaid, duplicate, late, cancelled, rejected, currency."""
        return tuple(dict.fromkeys(payment.reason for payment in self.payments))


@dataclass(frozen=True, slots=True)
class Recorded:
    """A refund that is in the books; ``again`` when it was there before, told in the same words."""

    refund_id: int
    amount: Money
    again: bool = False


def refund_queue(session: Session, *, limit: int = 100) -> list[OwedRefund]:
    """What is owed to buyers, the longest wait first. Two statements."""
    order_ids = session.scalars(
        select(Payment.order_id)
        .where(_OWED)
        .group_by(Payment.order_id)
        .order_by(func.min(Payment.recorded_at), Payment.order_id)
        .limit(limit)
    ).all()
    return _owed(session, order_ids) if order_ids else []


def count_refunds_owed(session: Session) -> int:
    """How many orders have money that must go back."""
    return session.scalar(select(func.count(Payment.order_id.distinct())).where(_OWED)) or 0


def owed_for_order(session: Session, order_id: int) -> list[OwedRefund]:
    """What must go back for one order, a currency each; empty when nothing (any more)."""
    return _owed(session, [order_id])


def _owed(session: Session, order_ids: Sequence[int]) -> list[OwedRefund]:
    rows = session.execute(
        select(Payment, CustomerOrder)
        .join(CustomerOrder, CustomerOrder.id == Payment.order_id)
        .where(Payment.order_id.in_(order_ids), _OWED)
        .order_by(Payment.recorded_at, Payment.id)
        .execution_options(populate_existing=True)
    ).all()
    orders = {order.id: order for _, order in rows}
    found: dict[tuple[int, str], list[Payment]] = {}
    for payment, order in rows:
        found.setdefault((order.id, payment.currency), []).append(payment)
    return [
        _one(orders[order_id], currency, payments)
        for (order_id, currency), payments in found.items()
    ]


def _one(order: CustomerOrder, currency: str, payments: Sequence[Payment]) -> OwedRefund:
    came = tuple(
        CameIn(
            provider=payment.provider,
            reference=payment.provider_ref,
            amount=Money(payment.amount_minor, currency),
            day=vietnam_date(payment.occurred_at),
            owed=Money(payment.refund_due_minor - payment.refunded_minor, currency),
            reason=payment.refund_reason or "",
        )
        for payment in payments
    )
    return OwedRefund(
        order_id=order.id,
        number=order.number,
        recipient=order.recipient,
        phone=order.phone,
        state=order.state,
        owed=Money(sum(payment.owed.amount for payment in came), currency),
        since=payments[0].recorded_at,
        payments=came,
    )


def record_refund(
    session: Session,
    order_id: int,
    *,
    amount: Money,
    bank_reference: str,
    paid_on: date,
    actor: Actor,
    now: datetime,
) -> Recorded:
    """A person has sent money back: book it against what is owed, the oldest payment first.

    Told twice in the same words it is booked once. Raises NotAllowed, OrderNotFound, RefundRefused with code
    no_reference, long_reference, bad_amount, in_future, before_order, nothing_owed, too_much (owed),
    reference_used (number, amount, day) or reference_came_in (number).
    """
    require(actor, "order.refund")
    reference = tidy_reference(bank_reference)
    _check_words(reference, amount, paid_on, now)
    order = lifecycle.lock(session, order_id)
    known = _known(session, reference)
    if known is not None:
        return _again(session, known, order_id, amount, paid_on)
    if paid_on < vietnam_date(order.placed_at):
        raise RefundRefused(code="before_order", number=order.number)
    _refuse_incoming(session, reference)
    _take_from_payments(session, order_id, amount)
    refund = Refund(
        order_id=order_id,
        amount_minor=amount.amount,
        currency=amount.currency,
        bank_reference=reference,
        paid_on=paid_on,
        recorded_at=now,
        person_id=actor.person_id,
        actor_name=actor.name,
    )
    try:
        with session.begin_nested():
            session.add(refund)
            session.flush()
    except IntegrityError:  # the same reference was written down for another order at this moment
        raise RefundRefused(code="reference_used", number="", amount=None, day=None) from None
    ledger.post(
        session,
        f"refund:{refund.id}",
        "refund",
        [Entry("buyer", amount), Entry("bank", -amount)],
        order_id=order_id,
        now=now,
    )
    if amount.currency == order.currency:
        _move_payment_state(session, order, actor, now)
    audit.record(
        session,
        actor,
        "order.refund",
        subject=f"order:{order_id}",
        now=now,
        number=order.number,
        amount=amount.amount,
        currency=amount.currency,
        bank_reference=reference,
        paid_on=paid_on.isoformat(),
    )
    return Recorded(refund.id, amount)


def _check_words(reference: str, amount: Money, paid_on: date, now: datetime) -> None:
    if not reference:
        raise RefundRefused(code="no_reference")
    if len(reference) > LONGEST:
        raise RefundRefused(code="long_reference", longest=LONGEST)
    if amount.amount <= 0:
        raise RefundRefused(code="bad_amount")
    if paid_on > vietnam_date(now):
        raise RefundRefused(code="in_future")


def _known(session: Session, reference: str) -> Refund | None:
    return session.scalar(select(Refund).where(Refund.bank_reference == reference))


def _again(
    session: Session, known: Refund, order_id: int, amount: Money, paid_on: date
) -> Recorded:
    booked = Money(known.amount_minor, known.currency)
    if (known.order_id, booked, known.paid_on) == (order_id, amount, paid_on):
        return Recorded(known.id, booked, again=True)
    number = session.scalar(select(CustomerOrder.number).where(CustomerOrder.id == known.order_id))
    raise RefundRefused(code="reference_used", number=number, amount=booked, day=known.paid_on)


def _refuse_incoming(session: Session, reference: str) -> None:
    """Money that went back has a reference of its own; the one of the money that came is a slip."""
    number = session.scalar(
        select(CustomerOrder.number)
        .join(Payment, Payment.order_id == CustomerOrder.id)
        .where(Payment.provider_ref == reference)
        .limit(1)
    )
    if number is not None:
        raise RefundRefused(code="reference_came_in", number=number)


def _take_from_payments(session: Session, order_id: int, amount: Money) -> None:
    """Mark so much of what is owed as sent back; a check keeps it from ever being more."""
    payments = session.scalars(
        select(Payment)
        .where(Payment.order_id == order_id, Payment.currency == amount.currency, _OWED)
        .order_by(Payment.recorded_at, Payment.id)
        .execution_options(populate_existing=True)
    ).all()
    owed = sum(payment.refund_due_minor - payment.refunded_minor for payment in payments)
    if not owed:
        raise RefundRefused(code="nothing_owed")
    if amount.amount > owed:
        raise RefundRefused(code="too_much", owed=Money(owed, amount.currency))
    left = amount.amount
    for payment in payments:
        part = min(left, payment.refund_due_minor - payment.refunded_minor)
        payment.refunded_minor += part
        left -= part
    session.flush()


def _move_payment_state(
    session: Session, order: CustomerOrder, actor: Actor, now: datetime
) -> None:
    sent_back = session.scalar(
        select(func.coalesce(func.sum(Payment.refunded_minor), 0)).where(
            Payment.order_id == order.id, Payment.currency == order.currency
        )
    )
    event = refund_event(
        order.payment_state,
        total=order.total_minor,
        received=order.paid_minor,
        sent_back=int(sent_back or 0),
    )
    if event is not None:
        system = Actor(
            actor.person_id, actor.name, frozenset({Role.SYSTEM}), acting_for=actor.acting_for
        )
        lifecycle.apply(session, order.id, event, actor=system, now=now, axis=Axis.PAYMENT)
