"""What a person should look at twice before a bank transfer is booked: it can't be taken out again."""

from __future__ import annotations

from core.money import Money
from orders.rules.states import OrderState, PaymentState

_WAITS = frozenset({PaymentState.PENDING, PaymentState.AUTHORIZED, PaymentState.PARTIALLY_PAID})


def transfer_doubt(state: str, payment_state: str, due: Money, amount: Money) -> str | None:
    """Why the amount or the order looks wrong: cancelled, expired, paid, too_little, too_much; or None."""
    if state in (OrderState.CANCELLED, OrderState.EXPIRED):
        return state
    if payment_state not in _WAITS:
        return "paid"
    if amount == due:
        return None
    return "too_little" if amount < due else "too_much"
