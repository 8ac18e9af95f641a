"""Reading: which orders wait for a bank transfer, and which order a transfer is for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from core.money import Money
from orders.errors import CheckoutRefused
from orders.models import CustomerOrder, Payment, SubOrder
from orders.rules.bank_references import tidy_reference
from orders.rules.order_numbers import order_numbers_within
from orders.settlement import GIVEN_UP

_WAITS = (
    CustomerOrder.payment_method == "vietqr",
    CustomerOrder.state == "placed",
    CustomerOrder.payment_state.in_(("pending", "partially_paid")),
)


@dataclass(frozen=True, slots=True)
class TransferOrder:
    """An order as somebody sees it who looks at the bank's statement."""

    order_id: int
    number: str
    recipient: str
    state: str
    payment_state: str
    due: Money
    """What is still missing."""
    paid: Money
    placed_at: datetime
    pay_by: datetime | None

    @property
    def held_until(self) -> datetime | None:
        """When its goods go back on sale; None: never by themselves, because a part was paid."""
        return None if self.payment_state == "partially_paid" else self.pay_by


def list_awaited(session: Session, *, after_id: int = 0, limit: int = 50) -> list[TransferOrder]:
    """Orders that wait for a transfer, the oldest first; page on with the last id. One statement."""
    query = _orders().where(*_WAITS, CustomerOrder.id > after_id)
    rows = session.execute(query.order_by(CustomerOrder.id).limit(limit))
    return [_view(order, price) for order, price in rows]


def count_awaited(session: Session) -> int:
    """How many orders wait for a transfer."""
    return session.scalar(select(func.count()).select_from(CustomerOrder).where(*_WAITS)) or 0


def order_of_memo(session: Session, memo: str) -> TransferOrder:
    """The order a memo names; nothing is guessed.

    Raises CheckoutRefused with code no_order (no number in it), two_orders, or unknown_order (number).
    """
    numbers = order_numbers_within(memo)
    if len(numbers) != 1:
        raise CheckoutRefused(code="two_orders" if numbers else "no_order", memo=memo)
    row = session.execute(_orders().where(CustomerOrder.number == numbers[0])).one_or_none()
    if row is None:
        raise CheckoutRefused(code="unknown_order", number=numbers[0])
    return _view(*row)


def is_booked(session: Session, bank_reference: str) -> bool:
    """Whether a transfer with that reference is in the books, for whatever order."""
    reference = tidy_reference(bank_reference)
    query = select(Payment.id).where(
        Payment.provider == "vietqr", Payment.provider_ref == reference
    )
    return session.scalar(query) is not None


def _orders() -> Select[Any]:
    """Orders with what they cost now: parcels that were rejected or cancelled cost nothing."""
    price = (
        select(func.coalesce(func.sum(SubOrder.total_minor), 0))
        .where(SubOrder.order_id == CustomerOrder.id, SubOrder.state.not_in(GIVEN_UP))
        .scalar_subquery()
    )
    return select(CustomerOrder, price).execution_options(populate_existing=True)


def _view(order: CustomerOrder, price: int) -> TransferOrder:
    return TransferOrder(
        order_id=order.id,
        number=order.number,
        recipient=order.recipient,
        state=order.state,
        payment_state=order.payment_state,
        due=Money(max(0, int(price) - order.paid_minor), order.currency),
        paid=Money(order.paid_minor, order.currency),
        placed_at=order.placed_at,
        pay_by=order.pay_by,
    )
