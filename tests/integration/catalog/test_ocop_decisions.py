"""Decisions of the programme: upgraded, revoked, alike in number, with points that fit their stars."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.certificates import record_certificate, revoke_certificate, upgrade_certificate
from catalog.errors import (
    CertificateClosed,
    InvalidFields,
)
from catalog.models import Certificate
from catalog.queries.certificates import get_certificate_page
from core.actor import Actor, Role
from tests.factories.catalog import make_certificate, make_product

SYSTEM = Actor.system("test")
OFFICER = Actor(person_id=None, name="Cán bộ", roles=frozenset({Role.OFFICE}))
DECISION: dict[str, Any] = {
    "decision_number": "77/QĐ-UBND",
    "issued_on": date(2026, 6, 1),
    "issuer": "UBND tỉnh Cà Mau",
    "issuing_level": "province",
}


def test_an_upgrade_names_what_it_replaces_and_both_stay_readable(
    session: Session, now: datetime, on: date
) -> None:
    product = make_product(session)
    old = make_certificate(session, product, 3, issued_on=date(2025, 3, 1))
    new = upgrade_certificate(
        session,
        old.id,
        stars=4,
        score_parts=(Decimal("30.5"), Decimal(20), Decimal("24.5")),
        actor=OFFICER,
        on=on,
        now=now,
        **DECISION,
    )
    assert old.superseded_by_id == new.id
    assert new.score == Decimal(75)
    before = get_certificate_page(session, old.id, locale="vi", on=date(2026, 5, 31))
    assert before.claim is not None
    assert before.claim.stars == 3
    after = get_certificate_page(session, old.id, locale="vi", on=date(2026, 6, 1))
    assert (after.claim, after.certificate.state) == (None, "superseded")
    assert after.superseded_by is not None
    assert after.superseded_by.id == new.id
    page = get_certificate_page(session, new.id, locale="vi", on=on)
    assert page.claim is not None
    assert page.replaces is not None
    assert page.replaces.id == old.id
    with pytest.raises(CertificateClosed):
        upgrade_certificate(
            session,
            old.id,
            stars=5,
            actor=OFFICER,
            on=on,
            now=now,
            **{**DECISION, "decision_number": "78/QĐ-UBND"},
        )


def test_the_same_number_of_another_province_is_another_decision(
    session: Session, now: datetime, on: date
) -> None:
    product = make_product(session)
    old = make_certificate(
        session, product, 4, decision_number="77/QĐ-UBND", issued_on=date(2025, 6, 1)
    )
    record_certificate(session, product.id, stars=4, actor=SYSTEM, on=on, now=now, **DECISION)
    same = record_certificate(
        session,
        product.id,
        stars=4,
        actor=SYSTEM,
        on=on,
        now=now,
        **{**DECISION, "issuer": "UBND tỉnh Lạng Sơn"},
    )
    assert same.id != old.id
    numbers = session.scalars(
        select(Certificate.decision_number).where(Certificate.product_id == product.id)
    ).all()
    assert numbers == ["77/QĐ-UBND"] * 3


@pytest.mark.parametrize(
    ("stars", "score", "parts", "field"),
    [
        (4, Decimal("69.99"), None, "score"),
        (4, Decimal(101), None, "score"),
        (4, None, (Decimal(41), Decimal(20), Decimal(20)), "score_parts"),
        (4, Decimal(80), (Decimal(30), Decimal(20), Decimal(20)), "score"),
    ],
)
def test_a_score_must_fit_the_stars(
    session: Session,
    now: datetime,
    on: date,
    stars: int,
    score: Decimal | None,
    parts: tuple[Decimal, Decimal, Decimal] | None,
    field: str,
) -> None:
    product = make_product(session)
    with pytest.raises(InvalidFields) as refused:
        record_certificate(
            session,
            product.id,
            stars=stars,
            score=score,
            score_parts=parts,
            actor=SYSTEM,
            on=on,
            now=now,
            **DECISION,
        )
    assert list(refused.value.mistakes) == [field]


def test_a_past_day_shows_a_revoked_certificate_as_it_was(
    session: Session, now: datetime, on: date
) -> None:
    product = make_product(session)
    certificate = make_certificate(session, product)
    revoke_certificate(
        session, certificate.id, reason="Ngừng sản xuất", actor=SYSTEM, on=on, now=now
    )
    day_before = get_certificate_page(
        session, certificate.id, locale="vi", on=on - timedelta(days=1)
    )
    assert day_before.claim is not None
    assert get_certificate_page(session, certificate.id, locale="vi", on=on).claim is None
