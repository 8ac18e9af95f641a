"""What buyers say, at the office's desk: read, show, or refuse for one of the fixed reasons; never change a word."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from core.actor import Role
from core.people.permissions import require
from i18n.catalogue import gettext as _
from orders.errors import NoSuchStep
from orders.rules.voices import LONGEST_ANSWER
from orders.voices import desks, questions, reviews
from orders.voices.errors import TextChanged, WrongVoice
from storefront import voice_words
from storefront.access import requires
from storefront.extensions import db
from storefront.reading import read_number
from storefront.rendering import render_page


@requires(Role.OFFICE)
def voices() -> ResponseReturnValue:
    """What waits for the office, and what everybody reads since lately."""
    require(g.actor, "review.moderate")
    session = db.session()
    return render_page(
        "office/voices.html",
        held=desks.list_all_reviews(session, "held"),
        asked=desks.list_all_questions(session, "held"),
        shown=desks.list_all_reviews(session, "shown", limit=15),
        answered=desks.list_all_questions(session, "answered", limit=15),
        balance=desks.refusals_by_points(session),
        words=voice_words,
        longest=LONGEST_ANSWER,
    )


@requires(Role.OFFICE)
def show_review(review_id: int) -> ResponseReturnValue:
    """Let everybody read it."""
    return _do(
        lambda session: reviews.show_review(
            session, review_id, version=_version(), actor=g.actor, now=g.now
        )
    )


@requires(Role.OFFICE)
def refuse_review(review_id: int) -> ResponseReturnValue:
    """Keep it off the shop; the writer reads why."""
    reason = request.form.get("reason", "")
    return _do(
        lambda session: reviews.refuse_review(
            session, review_id, reason, version=_version(), actor=g.actor, now=g.now
        )
    )


@requires(Role.OFFICE)
def remove_answer(review_id: int) -> ResponseReturnValue:
    """Take a producer's answer away that breaks the rules."""
    return _do(lambda session: reviews.remove_answer(session, review_id, actor=g.actor, now=g.now))


@requires(Role.OFFICE)
def answer_question(question_id: int) -> ResponseReturnValue:
    """Answer in the producer's place."""
    text = request.form.get("answer", "")
    return _do(
        lambda session: questions.answer(
            session, question_id, text, locale=g.locale, actor=g.actor, now=g.now
        )
    )


@requires(Role.OFFICE)
def refuse_question(question_id: int) -> ResponseReturnValue:
    """Keep a question off the shop."""
    reason = request.form.get("reason", "")
    return _do(
        lambda session: questions.refuse(session, question_id, reason, actor=g.actor, now=g.now)
    )


def _version() -> int:
    """The version of the text that was read."""
    return read_number(request.form.get("version", "")) or 0


def _do(change: Callable[[Session], None]) -> ResponseReturnValue:
    """Make the change and commit, or say why it was not made; back to the list."""
    session = db.session()
    try:
        change(session)
    except WrongVoice as refusal:
        session.rollback()
        if "reason" in refusal.mistakes:
            flash(_("Choose one of the reasons."), "bad")
        else:
            flash(_("Please write an answer of at most %(most)s characters.", most=LONGEST_ANSWER),
                  "bad")  # fmt: skip
    except (NoSuchStep, TextChanged):
        session.rollback()
        flash(_("Somebody else changed this while you were looking. Load the page again."), "bad")
    else:
        session.commit()
        flash(_("Saved."), "good")
    return redirect(url_for("office.voices"), 303)
