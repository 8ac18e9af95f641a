"""How often one address may do something without signing in: counted by network, never by person."""

from __future__ import annotations

import hashlib
import ipaddress
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.people import throttle
from core.people.sign_in import network_of
from core.people.throttle import Limit

TEXTS = Limit(tries=20, window=timedelta(hours=1))
"""Questions and wholesale requests of one household or company."""
LETTERS = Limit(tries=5, window=timedelta(days=1))
"""Confirmations to one e-mail address, which a stranger may have typed."""


def count(session: Session, what: str, address: str, limit: Limit, *, now: datetime) -> None:
    """Count one more ``what`` from that network address; raises Throttled."""
    if not _is_loopback(address):
        throttle.spend(session, f"{what}:from:{network_of(address)}", limit, now=now)


def count_letter(session: Session, email: str, *, now: datetime) -> None:
    """Count a letter that somebody else asked us to send to that address; raises Throttled."""
    digest = hashlib.sha256(email.encode()).hexdigest()[:24]
    throttle.spend(session, f"letter:to:{digest}", LETTERS, now=now)


def _is_loopback(address: str) -> bool:
    """A proxy that does not say whom it speaks for: everybody would share one allowance."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
