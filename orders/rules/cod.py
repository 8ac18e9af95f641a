"""When an order may be paid in cash to the courier: limits that keep refused parcels affordable."""

from __future__ import annotations

from core.money import Money

LARGEST = Money(5_000_000, "VND")
"""The most a courier collects at a door; above it a bank transfer is asked for."""

MOST_OPEN_ORDERS = 3
"""Unpaid cash orders that may be open for one phone number at a time."""


def cod_problem(total: Money, country: str, open_orders: int) -> str | None:
    """Why cash on delivery is not offered: "country", "currency", "amount", "open_orders"; None: it is."""
    if country != "VN":
        return "country"
    if total.currency != LARGEST.currency:
        return "currency"
    if total > LARGEST:
        return "amount"
    if open_orders >= MOST_OPEN_ORDERS:
        return "open_orders"
    return None
