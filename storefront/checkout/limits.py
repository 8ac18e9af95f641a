"""How many orders and carts one address may begin: room for a village behind one line, none for a machine."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.people.throttle import Limit
from storefront.limits import count

ORDERS = Limit(tries=40, window=timedelta(hours=1))
CARTS = Limit(tries=500, window=timedelta(hours=1))
COUPONS = Limit(tries=100, window=timedelta(hours=1))
"""A code is short: nobody shall try them all."""


def count_order(session: Session, address: str, *, now: datetime) -> None:
    """Count an order that is about to be placed from that address; raises Throttled."""
    count(session, "order", address, ORDERS, now=now)


def count_cart(session: Session, address: str, *, now: datetime) -> None:
    """Count a new cart for that address; raises Throttled."""
    count(session, "cart", address, CARTS, now=now)


def count_coupon(session: Session, address: str, *, now: datetime) -> None:
    """Count a code that is tried from that address; raises Throttled."""
    count(session, "coupon", address, COUPONS, now=now)
