"""Which personal data of questions and requests have served their purpose, and their deletion."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, delete, or_, update
from sqlalchemy.orm import Session

from orders.models import Question, WholesaleRequest
from orders.rules.voices import (
    KEEP_EMAIL_UNANSWERED,
    KEEP_ENDED_REQUEST,
    KEEP_OPEN_REQUEST,
    KEEP_REFUSED,
    KEEP_UNANSWERED,
)


def forget_what_served(session: Session, *, now: datetime) -> None:
    """Drop addresses nobody answers to, questions nobody will read, and requests long ended."""
    session.execute(
        update(Question)
        .where(Question.email.is_not(None), Question.asked_at < now - KEEP_EMAIL_UNANSWERED)
        .values(email=None)
    )
    session.execute(
        delete(Question).where(
            or_(
                and_(Question.state == "held", Question.asked_at < now - KEEP_UNANSWERED),
                and_(Question.state == "refused", Question.asked_at < now - KEEP_REFUSED),
            )
        )
    )
    session.execute(
        delete(WholesaleRequest).where(
            or_(
                WholesaleRequest.ended_at < now - KEEP_ENDED_REQUEST,
                WholesaleRequest.asked_at < now - KEEP_OPEN_REQUEST,
            )
        )
    )
