"""The programme office's book of certificates: how many claims hold, and every decision page by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from catalog.models import Certificate, Producer, Product
from catalog.queries.listing import (
    CERTIFICATE_RECORD,
    certificate,
    in_force,
    latest_certificate,
    product,
)
from catalog.queries.pages import CertificateView
from catalog.queries.products import read_certificate
from i18n.text import fold

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class ClaimCounts:
    """How many products may show stars on a day, and how many of these claims end soon."""

    valid: int
    ending_in_30_days: int
    ending_in_90_days: int


@dataclass(frozen=True, slots=True)
class CertificateLine:
    """One decision and the product it is about."""

    certificate: CertificateView
    product_id: int
    product_name: str
    producer_id: int
    producer_name: str


def count_claims(session: Session, *, on: date) -> ClaimCounts:
    """Claims in force on that day; computed from dates, one statement."""

    def ending(days: int) -> object:
        return func.coalesce(
            func.sum(case((certificate.c.valid_to <= on + timedelta(days=days), 1), else_=0)), 0
        )

    row = session.execute(
        select(func.count(), ending(30), ending(90))  # type: ignore[call-overload]
        .select_from(product.join(certificate, latest_certificate()))
        .where(in_force()),
        {"on": on},
    ).one()
    return ClaimCounts(*row)


def count_products_by_state(session: Session) -> dict[str, int]:
    """How many products are draft, published and withdrawn."""
    rows = session.execute(select(Product.state, func.count()).group_by(Product.state))
    return {row[0]: row[1] for row in rows}


def list_certificates(
    session: Session, *, on: date, text: str = "", page: int = 1
) -> tuple[list[CertificateLine], bool]:
    """A page of decisions, the newest entry first, and whether there are more.

    `text` finds a decision number, or a product's name without regard to tones.
    """
    query = (
        select(
            *CERTIFICATE_RECORD,
            Product.id,
            Product.name,
            Producer.id,
            Producer.name,
        )
        .select_from(Certificate)
        .join(Product, Product.id == Certificate.product_id)
        .join(Producer, Producer.id == Product.producer_id)
        .order_by(certificate.c.id.desc())
        .limit(PER_PAGE + 1)
        .offset((min(max(page, 1), 10_000) - 1) * PER_PAGE)
    )
    wanted = text.strip()[:120]
    if wanted:
        query = query.where(
            or_(
                Certificate.decision_number.contains(wanted, autoescape=True),
                Product.search_fold.contains(fold(wanted), autoescape=True),
            )
        )
    rows = session.execute(query).all()
    end = len(CERTIFICATE_RECORD)
    lines = [
        CertificateLine(read_certificate(("certificate", *row[:end]), on), *row[end:])
        for row in rows[:PER_PAGE]
    ]
    return lines, len(rows) > PER_PAGE
