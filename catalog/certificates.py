"""Recording and revoking OCOP recognitions."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.errors import (
    CertificateClosed,
    CertificateExists,
    CertificateNotFound,
    InvalidFields,
)
from catalog.models import Certificate
from catalog.models.certificate import ISSUING_LEVELS
from catalog.publishing import find_product
from catalog.rules.certification import PART_MAXIMA, STARS, stars_for, valid_to
from core import audit
from core.actor import Actor
from core.facts import announce
from core.people.permissions import require
from i18n.text import nfc


def record_certificate(
    session: Session,
    product_id: int,
    *,
    decision_number: str,
    issued_on: date,
    issuer: str | None,
    issuing_level: str | None,
    stars: int,
    actor: Actor,
    on: date,
    now: datetime,
    score: Decimal | None = None,
    score_parts: tuple[Decimal, Decimal, Decimal] | None = None,
    rating_year: int | None = None,
    source: str | None = None,
    is_illustrative: bool = False,
) -> Certificate:
    """Record a decision, valid for 36 months; raises InvalidFields, CertificateExists, Forbidden.

    `score` is the average of 0 to 100 and must lie in the band of the stars; `score_parts` are its parts
    A, B and C. `issuer` is None only when a register does not print it. Older decisions on the same product are marked as superseded by the newest.
    """
    product = find_product(session, product_id)
    require(actor, "certificate.record", producer_id=product.producer_id)
    decision_number = tidy_number(decision_number)
    issuer = None if issuer is None else nfc(" ".join(issuer.split()))
    if score is None and score_parts is not None:
        score = sum(score_parts, Decimal(0))
    _check(decision_number, issued_on, issuer, issuing_level, stars, on=on)
    _check_score(stars, score, score_parts)
    part_a, part_b, part_c = score_parts or (None, None, None)
    others = session.scalars(
        select(Certificate).where(
            Certificate.product_id == product_id, Certificate.issued_on.is_not(None)
        )
    ).all()
    key = (decision_number, issued_on, issuer)
    if any((c.decision_number, c.issued_on, c.issuer) == key for c in others):
        raise CertificateExists(product_id=product_id, decision_number=decision_number)
    certificate = Certificate(
        product_id=product_id,
        decision_number=decision_number,
        issued_on=issued_on,
        issuer=issuer,
        issuing_level=issuing_level,
        stars=stars,
        score=score,
        score_a=part_a,
        score_b=part_b,
        score_c=part_c,
        valid_to=valid_to(issued_on),
        rating_year=rating_year,
        source=source,
        is_illustrative=is_illustrative,
        created_at=now,
    )
    session.add(certificate)
    session.flush()
    for other in others:
        if other.issued_on is not None and other.issued_on <= issued_on:
            other.superseded_by_id = other.superseded_by_id or certificate.id
    audit.record(
        session,
        actor,
        "certificate.record",
        subject=f"product:{product_id}",
        now=now,
        certificate_id=certificate.id,
        decision_number=decision_number,
        issued_on=issued_on.isoformat(),
        issuer=issuer,
        stars=stars,
    )
    announce(session, "certificate.recorded", product_id=product_id)
    return certificate


def upgrade_certificate(
    session: Session,
    replaced_id: int,
    *,
    decision_number: str,
    issued_on: date,
    issuer: str,
    issuing_level: str | None,
    stars: int,
    actor: Actor,
    on: date,
    now: datetime,
    score: Decimal | None = None,
    score_parts: tuple[Decimal, Decimal, Decimal] | None = None,
) -> Certificate:
    """Record the decision that takes the place of an older one of the same product; both stay readable.

    Raises CertificateNotFound, Conflict for one that is replaced or revoked already, and whatever
    `record_certificate` raises; InvalidFields too when the new decision is not later than the old one.
    """
    replaced = session.get(Certificate, replaced_id)
    if replaced is None:
        raise CertificateNotFound(certificate_id=replaced_id)
    require(actor, "certificate.verify")
    if replaced.superseded_by_id is not None or replaced.revoked_on is not None:
        raise CertificateClosed(certificate_id=replaced_id)
    if replaced.issued_on is not None and issued_on <= replaced.issued_on:
        raise InvalidFields({"issued_on": "before_replaced"})
    certificate = record_certificate(
        session,
        replaced.product_id,
        decision_number=decision_number,
        issued_on=issued_on,
        issuer=issuer,
        issuing_level=issuing_level,
        stars=stars,
        score=score,
        score_parts=score_parts,
        actor=actor,
        on=on,
        now=now,
    )
    replaced.superseded_by_id = certificate.id
    session.flush()
    audit.record(
        session,
        actor,
        "certificate.upgrade",
        subject=f"product:{replaced.product_id}",
        now=now,
        certificate_id=certificate.id,
        replaces=replaced_id,
    )
    announce(
        session,
        "certificate.superseded",
        product_id=replaced.product_id,
        certificate_id=replaced_id,
    )
    return certificate


def record_unverified(
    session: Session,
    product_id: int,
    *,
    stars: int | None,
    rating_year: int | None,
    decision_number: str | None,
    issued_on: date | None,
    source: str | None,
    actor: Actor,
    now: datetime,
) -> Certificate:
    """Keep what a register printed when nobody could look the decision up; it never makes a claim.

    Raises InvalidFields for stars other than 3 to 5 or when number and date are both given.
    """
    product = find_product(session, product_id)
    require(actor, "certificate.record", producer_id=product.producer_id)
    if stars is not None and stars not in STARS:
        raise InvalidFields({"stars": "out_of_range"})
    if decision_number and issued_on:
        raise InvalidFields({"decision_number": "verifiable"})
    certificate = Certificate(
        product_id=product_id,
        decision_number=tidy_number(decision_number) if decision_number else None,
        issued_on=issued_on,
        stars=stars,
        valid_to=valid_to(issued_on) if issued_on else None,
        rating_year=rating_year,
        source=source,
        created_at=now,
    )
    session.add(certificate)
    session.flush()
    announce(session, "certificate.recorded", product_id=product_id)
    return certificate


def revoke_certificate(
    session: Session,
    certificate_id: int,
    *,
    reason: str,
    actor: Actor,
    on: date,
    now: datetime,
) -> Certificate:
    """End a recognition from `on` onwards; revoking twice changes nothing.

    Raises CertificateNotFound, Forbidden, and InvalidFields when no reason is given.
    """
    certificate = session.get(Certificate, certificate_id)
    if certificate is None:
        raise CertificateNotFound(certificate_id=certificate_id)
    product_id = certificate.product_id
    producer_id = find_product(session, product_id).producer_id
    require(actor, "certificate.revoke", producer_id=producer_id)
    if not reason.strip():
        raise InvalidFields({"reason": "missing"})
    if certificate.revoked_on is None or certificate.revoked_on > on:
        certificate.revoked_on = on
        certificate.revoked_reason = reason
        audit.record(
            session,
            actor,
            "certificate.revoke",
            subject=f"product:{product_id}",
            now=now,
            certificate_id=certificate_id,
            reason=reason,
        )
        announce(session, "certificate.revoked", product_id=product_id)
        session.flush()
    return certificate


def tidy_number(text: str) -> str:
    """A decision number in one spelling: NFC, no spaces, Đ as U+0110 even where Ð was typed."""
    return nfc("".join(text.split()).replace("\u00d0", "\u0110"))


def _check(
    decision_number: str,
    issued_on: date,
    issuer: str | None,
    issuing_level: str | None,
    stars: int,
    *,
    on: date,
) -> None:
    mistakes: dict[str, str] = {}
    if not decision_number:
        mistakes["decision_number"] = "missing"
    if issuer == "":
        mistakes["issuer"] = "missing"
    if issued_on > on:
        mistakes["issued_on"] = "in_future"
    elif issued_on < date(2018, 5, 7):
        mistakes["issued_on"] = "before_programme"
    if issuing_level is not None and issuing_level not in ISSUING_LEVELS:
        mistakes["issuing_level"] = "unknown_level"
    if stars not in STARS:
        mistakes["stars"] = "out_of_range"
    if mistakes:
        raise InvalidFields(mistakes)


def _check_score(
    stars: int, score: Decimal | None, parts: tuple[Decimal, Decimal, Decimal] | None
) -> None:
    mistakes: dict[str, str] = {}
    if parts is not None:
        if any(not 0 <= part <= most for part, most in zip(parts, PART_MAXIMA, strict=True)):
            mistakes["score_parts"] = "out_of_range"
        elif sum(parts, Decimal(0)) != score:
            mistakes["score"] = "not_the_sum"
    if score is not None and not 0 <= score <= 100:
        mistakes["score"] = "out_of_range"
    if score is not None and not mistakes and stars_for(score) != stars:
        mistakes["score"] = "other_stars"
    if mistakes:
        raise InvalidFields(mistakes)
