"""Questions about a product: asked by anybody, read by all once the producer or the office has answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Product
from core import audit
from core.actor import Actor, Role
from core.facts import announce
from core.people.permissions import require
from i18n.locales import LOCALES
from orders.errors import NoSuchStep
from orders.models import Question
from orders.rules.voices import (
    LONGEST_ANSWER,
    QUESTION,
    REFUSALS,
    next_state,
    text_mistake,
    tidy_text,
)
from orders.voices.errors import VoiceNotFound, WrongVoice


def ask(
    session: Session, product_id: int, text: str, *, locale: str, email: str | None, now: datetime
) -> Question:
    """Keep a question until somebody answers it. ``email`` is a checked address or None.

    Raises VoiceNotFound for an unknown product, WrongVoice.
    """
    tidy = tidy_text(text)
    mistakes = {"text": mistake} if (mistake := text_mistake(tidy)) else {}
    if locale not in LOCALES:
        mistakes["locale"] = "missing"
    if mistakes:
        raise WrongVoice(mistakes)
    product = session.get(Product, product_id)
    if product is None:
        raise VoiceNotFound(product_id=product_id)
    question = Question(
        product_id=product_id,
        producer_id=product.producer_id,
        text=tidy,
        locale=locale,
        email=email,
        asked_at=now,
    )
    session.add(question)
    session.flush()
    announce(session, "question.asked", question_id=question.id)
    return question


def answer(
    session: Session, question_id: int, text: str, *, locale: str, actor: Actor, now: datetime
) -> None:
    """Answer a question, or put the answer better; from now on everybody reads both.

    Raises VoiceNotFound, NotAllowed, WrongVoice, NoSuchStep for a refused one.
    """
    question = _locked(session, question_id)
    require(actor, "question.answer", producer_id=question.producer_id)
    said = tidy_text(text)
    if mistake := text_mistake(said, LONGEST_ANSWER):
        raise WrongVoice({"answer": mistake})
    _move(question, "answer", actor)
    question.answer, question.answer_locale, question.answered_at = said, locale, now
    question.answered_by_office = (
        Role.OFFICE in actor.roles and question.producer_id not in actor.producer_ids
    )
    audit.record(session, actor, "question.answer", subject=f"question:{question_id}", now=now)
    announce(session, "question.answered", question_id=question_id, product_id=question.product_id)


def refuse(session: Session, question_id: int, reason: str, *, actor: Actor, now: datetime) -> None:
    """Keep a question off the shop for one of the fixed reasons; what its writer left is forgotten.

    Raises VoiceNotFound, NotAllowed, WrongVoice for any other reason, NoSuchStep.
    """
    require(actor, "question.refuse")
    if reason not in REFUSALS:
        raise WrongVoice({"reason": "missing"})
    question = _locked(session, question_id)
    was_shown = question.state == "answered"
    _move(question, "refuse", actor)
    question.refusal, question.email = reason, None
    subject = f"question:{question_id}"
    audit.record(session, actor, "question.refuse", subject=subject, now=now, reason=reason)
    if was_shown:
        announce(session, "questions.changed", product_id=question.product_id)


def forget_email(session: Session, question_id: int) -> None:
    """The answer is on its way: the address has served its only purpose."""
    question = session.get(Question, question_id)
    if question is not None:
        question.email = None


def _move(question: Question, event: str, actor: Actor) -> None:
    state = next_state(QUESTION, question.state, event, actor.roles)
    if state is None:
        raise NoSuchStep(axis="question", event=event, state=question.state)
    question.state = state


def _locked(session: Session, question_id: int) -> Question:
    question = session.scalar(
        select(Question)
        .where(Question.id == question_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if question is None:
        raise VoiceNotFound(question_id=question_id)
    return question
