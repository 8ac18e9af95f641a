"""Signing in with an e-mail or phone and a password; the answer never tells which of them was wrong."""

from __future__ import annotations

import hashlib
import ipaddress
from datetime import timedelta

from sqlalchemy.orm import Session

from core.people import passwords
from core.people.models import Person
from core.people.queries import find_person
from core.people.registration import normal_identifier
from core.people.throttle import Limit

LIMIT = Limit(tries=10, window=timedelta(minutes=15))


def throttle_keys(identifier: str, address: str) -> tuple[str, str]:
    """The two buckets a try is counted in: who is tried, and from where. No personal data in either."""
    who = normal_identifier(identifier) or identifier.strip().casefold()
    return (
        f"sign-in:who:{hashlib.sha256(who.encode()).hexdigest()}",
        f"sign-in:from:{network_of(address)}",
    )


def find_by_password(session: Session, identifier: str, password: str) -> Person | None:
    """The person with this e-mail or phone and password, or None.

    An unknown person, one without a password, and a disabled one take the same work as a wrong
    password. Hold no write lock while calling: hashing takes a tenth of a second.
    """
    person = find_person(session, identifier)
    usable = person is not None and person.disabled_at is None
    kept = person.password_hash if person is not None and usable else None
    return person if passwords.verify_password(kept, password) else None


def renew_hash(person: Person, password: str) -> None:
    """After a successful sign-in: make the hash anew if it was made with older parameters."""
    if person.password_hash is not None and passwords.is_outdated(person.password_hash):
        person.password_hash = passwords.rehash(password)


def network_of(address: str) -> str:
    """The address itself, or its /64 for IPv6: one household there has 2^64 addresses."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is None:
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)
