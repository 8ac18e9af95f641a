"""When an OCOP recognition may be claimed: the only source of stars, badge and the word OCOP."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

VALIDITY_MONTHS = 36
"""Decision 148/QĐ-TTg as amended by 1489/QĐ-TTg: 36 months from the day of the decision."""

EXPIRING_DAYS = 90
STARS = (3, 4, 5)


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What the rule needs to know of one certificate; None means the register does not say."""

    id: int
    stars: int | None
    decision_number: str | None
    issued_on: date | None
    issuer: str | None
    valid_to: date | None
    revoked_on: date | None


@dataclass(frozen=True, slots=True)
class StarClaim:
    """A claim that may be shown: stars and the decision that grants them, up to `valid_to`."""

    certificate_id: int
    stars: int
    decision_number: str
    issued_on: date
    issuer: str | None
    valid_to: date


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months later, or that month's last day if there is none."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def valid_to(issued_on: date) -> date:
    """The last day, inclusive, of a recognition decided on `issued_on`.

    A decision of 29 February 2024 is valid to 28 February 2027.
    """
    return add_months(issued_on, VALIDITY_MONTHS)


def is_verifiable(certificate: CertificateFacts) -> bool:
    """Whether somebody could look the decision up: it has a number, a date and stars."""
    return bool(
        certificate.decision_number
        and certificate.issued_on is not None
        and certificate.stars in STARS
    )


def certificate_state(certificate: CertificateFacts, on: date) -> str:
    """One of unverified, upcoming, revoked, expired, expiring (90 days or less left), valid."""
    if not is_verifiable(certificate) or certificate.issued_on is None:
        return "unverified"
    if certificate.revoked_on is not None and certificate.revoked_on <= on:
        return "revoked"
    if on < certificate.issued_on:
        return "upcoming"
    last = certificate.valid_to or valid_to(certificate.issued_on)
    if on > last:
        return "expired"
    return "expiring" if (last - on).days <= EXPIRING_DAYS else "valid"


def star_claim(certificates: Iterable[CertificateFacts], on: date) -> StarClaim | None:
    """The claim a product may make on that day, or None.

    The most recent verifiable decision speaks for the product: if it has been revoked, an older
    one does not come back to life, so a mistake can only hide stars, never show false ones. A
    `valid_to` later than 36 months after the decision is cut to 36 months.
    """
    issued = [
        (c.issued_on, c.id, c)
        for c in certificates
        if is_verifiable(c) and c.issued_on is not None and c.issued_on <= on
    ]
    if not issued:
        return None
    issued_on, _, latest = max(issued, key=lambda entry: entry[:2])
    if latest.revoked_on is not None and latest.revoked_on <= on:
        return None
    last = valid_to(issued_on)
    if latest.valid_to is not None:
        last = min(last, latest.valid_to)
    if on > last or latest.stars is None or latest.decision_number is None:
        return None
    return StarClaim(
        certificate_id=latest.id,
        stars=latest.stars,
        decision_number=latest.decision_number,
        issued_on=issued_on,
        issuer=latest.issuer,
        valid_to=last,
    )


def state_among(certificates: Iterable[CertificateFacts], certificate_id: int, on: date) -> str:
    """The state of one certificate beside the others of its product, as `certificate_state` or superseded.

    It is superseded from the day of a later verifiable decision on, and stays so when that one is
    revoked: an older decision does not come back to life.
    """
    decisions = {
        c.id: (c.issued_on, c) for c in certificates if is_verifiable(c) and c.issued_on is not None
    }
    if certificate_id not in decisions:
        return "unverified"
    issued_on, one = decisions[certificate_id]
    state = certificate_state(one, on)
    is_later = any(
        (issued_on, certificate_id) < (other_day, other_id) and other_day <= on
        for other_id, (other_day, _) in decisions.items()
    )
    return "superseded" if is_later and state in ("valid", "expiring") else state


PART_MAXIMA = (Decimal(40), Decimal(25), Decimal(35))
"""Parts A, B and C of the criteria of Decision 148/QĐ-TTg: product and community, marketing, quality."""


def stars_for(score: Decimal) -> int:
    """The stars of an average score of 0 to 100; the lower bound of each band belongs to it.

    Decision 148/QĐ-TTg: 69.99 is three stars, 70 is four. Only 3 to 5 stars are recognised.
    """
    bands = ((90, 5), (70, 4), (50, 3), (30, 2))
    return next((stars for least, stars in bands if score >= least), 1)
