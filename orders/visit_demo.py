"""Illustrative enquiries about visits of the demonstration, one that waits and one that is answered."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Product, VisitTerms
from core.actor import Actor
from core.people.permissions import require
from orders.models import VisitEnquiry
from orders.rules.visits import VisitState, day_problem

_NAME = "Nguyễn Minh Họa (dữ liệu minh họa)"
_EMAIL = "nobody@demo.ocop.example"
_ASKED = (
    ("vi", VisitState.NEW, "Nhà tôi có hai trẻ nhỏ. Có món chay không ạ?", None),
    ("ja", VisitState.ANSWERED, "日本語か英語の案内はありますか。", "Dạ có người nói tiếng Anh."),
)


def load_visits(session: Session, *, actor: Actor, now: datetime) -> int:
    """Ask for a day at the first illustrative visit, unless anybody has asked for one; returns how many.

    The rows are written as they are, so that no letter is sent to anybody.
    """
    require(actor, "review.moderate")
    if session.scalar(select(VisitEnquiry.id).limit(1)) is not None:
        return 0
    found = session.execute(
        select(Product, VisitTerms)
        .join(VisitTerms, VisitTerms.product_id == Product.id)
        .where(Product.is_illustrative)
        .order_by(Product.id)
        .limit(1)
    ).one_or_none()
    if found is None:
        return 0
    product, terms = found
    on = now.date()
    months = tuple(terms.months or ())
    wished = next(
        day
        for day in (on + timedelta(days=14 + n) for n in range(340))
        if day_problem(day, on, months) is None
    )
    for number, (locale, state, message, answer) in enumerate(_ASKED):
        asked_at = now - timedelta(days=len(_ASKED) - number)
        session.add(
            VisitEnquiry(
                public_token=secrets.token_urlsafe(16),
                form_token=f"demo-visit-{number}",
                product_id=product.id,
                producer_id=product.producer_id,
                product_name=product.name,
                wished_on=wished,
                people=max(terms.least_people, 2),
                name=_NAME,
                email=_EMAIL,
                message=message,
                locale=locale,
                state=state.value,
                answer=answer,
                steps=1 if answer else 0,
                created_at=asked_at,
                updated_at=asked_at,
            )
        )
    return len(_ASKED)
