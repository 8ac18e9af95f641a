"""How many orders and carts one address may begin: room for a village behind one line, none for a machine."""

from __future__ import annotations

import ipaddress
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.people import throttle
from core.people.sign_in import network_of
from core.people.throttle import Limit

ORDERS = Limit(tries=40, window=timedelta(hours=1))
CARTS = Limit(tries=500, window=timedelta(hours=1))


def count_order(session: Session, address: str, *, now: datetime) -> None:
    """Count an order that is about to be placed from that address; raises Throttled."""
    _count(session, "order", address, ORDERS, now)


def count_cart(session: Session, address: str, *, now: datetime) -> None:
    """Count a new cart for that address; raises Throttled."""
    _count(session, "cart", address, CARTS, now)


def _count(session: Session, what: str, address: str, limit: Limit, now: datetime) -> None:
    if not _is_loopback(address):
        throttle.spend(session, f"{what}:from:{network_of(address)}", limit, now=now)


def _is_loopback(address: str) -> bool:
    """A proxy that does not say whom it speaks for: everybody would share one allowance."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
