"""What an order still costs, the sale in the ledger, and money that has to go back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.money import Money
from orders import ledger
from orders.ledger import Entry
from orders.models import CustomerOrder, LedgerEntry, LedgerTransaction, Payment, SubOrder

GIVEN_UP = ("rejected", "cancelled")
"""Parcels that will not be sent and therefore cost nothing."""


def amount_due(session: Session, order: CustomerOrder) -> Money:
    """What the order costs now: its total less parcels that were rejected or cancelled."""
    due = session.scalar(
        select(func.coalesce(func.sum(SubOrder.total_minor), 0)).where(
            SubOrder.order_id == order.id, SubOrder.state.not_in(GIVEN_UP)
        )
    )
    return Money(int(due or 0), order.currency)


def post_sale(session: Session, order: CustomerOrder, *, now: datetime) -> None:
    """The buyer has paid: what he gave becomes what we owe the producers."""
    parcels = [p for p in _sold(session, order.id, None) if p.state not in GIVEN_UP]
    total = sum(parcel.total_minor for parcel in parcels)
    entries = [Entry("buyer", Money(total, order.currency))]
    entries += [
        Entry("producer", Money(-parcel.total_minor, order.currency), parcel.producer_id)
        for parcel in parcels
    ]
    ledger.post(session, f"sale:{order.id}", "sale", entries, order_id=order.id, now=now)


def undo_sale(
    session: Session,
    order: CustomerOrder,
    sub_order_ids: Collection[int] | None,
    reason: str,
    *,
    now: datetime,
) -> None:
    """Take paid parcels (all for None) out of the sale and mark their money for going back.

    Does nothing for an order that was never paid in full. A parcel is taken out once.
    """
    sellers = _sellers(session, f"sale:{order.id}")
    for parcel in _sold(session, order.id, sub_order_ids):
        key = f"sale-undone:{parcel.id}"
        if parcel.producer_id not in sellers or _sellers(session, key):
            continue
        amount = Money(parcel.total_minor, order.currency)
        entries = [Entry("producer", amount, parcel.producer_id), Entry("buyer", -amount)]
        ledger.post(session, key, "sale_undone", entries, order_id=order.id, now=now)
        mark_refund_due(session, order.id, reason, amount)


def mark_refund_due(
    session: Session, order_id: int, reason: str, amount: Money | None = None
) -> None:
    """Put so much of what came for an order into the refund queue (None: all of it), newest money first."""
    payments = session.scalars(
        select(Payment)
        .where(Payment.order_id == order_id)
        .order_by(Payment.id.desc())
        .execution_options(populate_existing=True)
    )
    left = amount.amount if amount is not None else None
    for payment in payments:
        room = payment.amount_minor - payment.refund_due_minor
        part = room if left is None else min(room, left)
        if part > 0:
            payment.refund_due_minor += part
            payment.refund_reason = reason
            left = None if left is None else left - part
    session.flush()


def _sellers(session: Session, key: str) -> set[int | None]:
    """The producers a ledger transaction concerns; empty when there is no such transaction."""
    return set(
        session.scalars(
            select(LedgerEntry.producer_id)
            .join(LedgerTransaction)
            .where(LedgerTransaction.key == key, LedgerEntry.producer_id.is_not(None))
        )
    )


def _sold(
    session: Session, order_id: int, sub_order_ids: Collection[int] | None
) -> Sequence[SubOrder]:
    query = select(SubOrder).where(SubOrder.order_id == order_id).order_by(SubOrder.id)
    if sub_order_ids is not None:
        query = query.where(SubOrder.id.in_(sorted(sub_order_ids)))
    return session.scalars(query.execution_options(populate_existing=True)).all()
