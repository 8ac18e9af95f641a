"""Reviews: written by the buyer of a delivered line, shown or refused by the office, answered once by the producer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.actor import Actor
from core.facts import announce
from core.people.permissions import require
from i18n.locales import LOCALES
from orders.errors import NoSuchStep
from orders.models import CustomerOrder, OrderLine, Review, SubOrder
from orders.rules.states import FulfilmentState
from orders.rules.voices import (
    LONGEST_ANSWER,
    LONGEST_NAME,
    MOST_POINTS,
    REFUSALS,
    REVIEW,
    next_state,
    text_mistake,
    tidy_line,
    tidy_text,
)
from orders.voices.errors import (
    AnsweredAlready,
    NotDeliveredYet,
    TextChanged,
    VoiceNotFound,
    WrongVoice,
)


@dataclass(frozen=True, slots=True)
class ReviewDraft:
    """What the buyer typed; an empty name shows nobody's name."""

    points: int
    text: str
    shown_name: str
    locale: str


def write_review(
    session: Session, order_token: str, line_id: int, draft: ReviewDraft, *, now: datetime
) -> Review:
    """Keep the review of a line by whoever has the order's address; a change holds it again.

    Raises VoiceNotFound, NotDeliveredYet, WrongVoice.
    """
    text, name = tidy_text(draft.text), tidy_line(draft.shown_name)
    _check(draft, text, name)
    line, parcel = _bought(session, order_token, line_id)
    review = session.scalar(select(Review).where(Review.order_line_id == line_id))
    if review is None:
        if parcel.state != FulfilmentState.DELIVERED:
            raise NotDeliveredYet(line_id=line_id)
        review = Review(
            order_line_id=line_id,
            product_id=line.product_id,
            producer_id=parcel.producer_id,
            version=0,
        )
        session.add(review)
    elif review.state == "shown":
        announce(session, "reviews.changed", product_id=review.product_id)
    review.points, review.text, review.locale = draft.points, text, draft.locale
    review.shown_name = name or None
    review.state, review.refusal, review.written_at = "held", None, now
    review.answer = review.answer_locale = review.answered_at = None
    review.version += 1
    session.flush()
    return review


def withdraw_review(session: Session, order_token: str, line_id: int) -> None:
    """Delete the review of a line with all it says; nothing when there is none. Raises VoiceNotFound."""
    _bought(session, order_token, line_id)
    review = session.scalar(select(Review).where(Review.order_line_id == line_id))
    if review is None:
        return
    if review.state == "shown":
        announce(session, "reviews.changed", product_id=review.product_id)
    session.delete(review)
    session.flush()


def show_review(
    session: Session, review_id: int, *, version: int, actor: Actor, now: datetime
) -> None:
    """Let everybody read the text of that version; raises VoiceNotFound, TextChanged, NoSuchStep."""
    _decide(session, review_id, "show", None, version=version, actor=actor, now=now)


def refuse_review(
    session: Session, review_id: int, reason: str, *, version: int, actor: Actor, now: datetime
) -> None:
    """Keep the text of that version off the shop for one of the fixed reasons, which its writer reads.

    Raises VoiceNotFound, WrongVoice for any other reason, TextChanged, NoSuchStep.
    """
    if reason not in REFUSALS:
        raise WrongVoice({"reason": "missing"})
    _decide(session, review_id, "refuse", reason, version=version, actor=actor, now=now)


def answer_review(
    session: Session,
    review_id: int,
    text: str,
    *,
    locale: str,
    version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Let the producer answer a shown review, once and for everybody to read.

    Raises VoiceNotFound, NotAllowed, WrongVoice, AnsweredAlready, TextChanged.
    """
    review = _locked(session, review_id)
    require(actor, "review.answer", producer_id=review.producer_id)
    if review.state != "shown":
        raise VoiceNotFound(review_id=review_id)
    if review.answer is not None:
        raise AnsweredAlready(review_id=review_id)
    if review.version != version:
        raise TextChanged(review_id=review_id)
    answer = tidy_text(text)
    if mistake := text_mistake(answer, LONGEST_ANSWER):
        raise WrongVoice({"answer": mistake})
    review.answer, review.answer_locale, review.answered_at = answer, locale, now
    audit.record(session, actor, "review.answer", subject=f"review:{review_id}", now=now)
    announce(session, "reviews.changed", product_id=review.product_id)


def remove_answer(session: Session, review_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a producer's answer away that must not be read; raises VoiceNotFound, NotAllowed."""
    require(actor, "review.moderate")
    review = _locked(session, review_id)
    if review.answer is None:
        return
    review.answer = review.answer_locale = review.answered_at = None
    audit.record(session, actor, "review.remove_answer", subject=f"review:{review_id}", now=now)
    announce(session, "reviews.changed", product_id=review.product_id)


def _check(draft: ReviewDraft, text: str, name: str) -> None:
    mistakes: dict[str, str] = {}
    if not 1 <= draft.points <= MOST_POINTS:
        mistakes["points"] = "missing"
    if mistake := text_mistake(text):
        mistakes["text"] = mistake
    if len(name) > LONGEST_NAME:
        mistakes["shown_name"] = "too_long"
    if draft.locale not in LOCALES:
        mistakes["locale"] = "missing"
    if mistakes:
        raise WrongVoice(mistakes)


def _bought(session: Session, order_token: str, line_id: int) -> tuple[OrderLine, SubOrder]:
    """The line of that order with its parcel, locked so that two of the same form are one review."""
    found = session.execute(
        select(OrderLine, SubOrder)
        .join(SubOrder, SubOrder.id == OrderLine.sub_order_id)
        .join(CustomerOrder, CustomerOrder.id == SubOrder.order_id)
        .where(CustomerOrder.public_token == order_token, OrderLine.id == line_id)
        .with_for_update(of=OrderLine)
    ).one_or_none()
    if found is None:
        raise VoiceNotFound(line_id=line_id)
    return found[0], found[1]


def _locked(session: Session, review_id: int) -> Review:
    review = session.scalar(
        select(Review)
        .where(Review.id == review_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if review is None:
        raise VoiceNotFound(review_id=review_id)
    return review


def _decide(
    session: Session,
    review_id: int,
    event: str,
    reason: str | None,
    *,
    version: int,
    actor: Actor,
    now: datetime,
) -> None:
    require(actor, "review.moderate")
    review = _locked(session, review_id)
    if review.version != version:
        raise TextChanged(review_id=review_id)
    state = next_state(REVIEW, review.state, event, actor.roles)
    if state is None:
        raise NoSuchStep(axis="review", event=event, state=review.state)
    was_shown = review.state == "shown"
    review.state, review.refusal = state, reason
    audit.record(
        session,
        actor,
        f"review.{event}",
        subject=f"review:{review_id}",
        now=now,
        points=review.points,
        reason=reason,
    )
    if was_shown or state == "shown":
        announce(session, "reviews.changed", product_id=review.product_id)
