"""What buyers say, at the producer's desk: questions to answer, reviews to answer once, wholesale requests."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from core.people.permissions import require
from i18n.catalogue import gettext as _
from orders.errors import NoSuchStep
from orders.rules.voices import LONGEST_ANSWER, WHOLESALE, next_state
from orders.voices import desks, questions, reviews, wholesale
from orders.voices.errors import AnsweredAlready, TextChanged, WrongVoice
from storefront import voice_words
from storefront.access import requires
from storefront.extensions import db
from storefront.producers import desk
from storefront.reading import read_number
from storefront.rendering import render_page


@requires(*desk.TEAM)
def voices() -> ResponseReturnValue:
    """Questions that wait for an answer, then what everybody can read."""
    session = db.session()
    mine = g.actor.producer_ids
    return render_page(
        "producers/voices.html",
        waiting=desks.list_questions_for(session, mine, "held"),
        answered=desks.list_questions_for(session, mine, "answered", limit=10),
        reviews=desks.list_reviews_for(session, mine),
        words=voice_words,
        longest=LONGEST_ANSWER,
    )


@requires(*desk.TEAM)
def answer_question(question_id: int) -> ResponseReturnValue:
    """Answer a question, or put the answer better; everybody reads it from now on."""
    question, _about = desks.get_question(db.session(), question_id)
    actor = desk.acting_for(question.producer_id)
    _do(
        lambda session: questions.answer(
            session,
            question_id,
            request.form.get("answer", ""),
            locale=g.locale,
            actor=actor,
            now=g.now,
        )
    )
    return redirect(url_for("producers.voices"), 303)


@requires(*desk.TEAM)
def answer_review(review_id: int) -> ResponseReturnValue:
    """Answer a review, once."""
    _do(
        lambda session: reviews.answer_review(
            session,
            review_id,
            request.form.get("answer", ""),
            locale=g.locale,
            version=desk.seen_version() or 0,
            actor=g.actor,
            now=g.now,
        )
    )
    return redirect(url_for("producers.voices"), 303)


@requires(*desk.TEAM)
def requests() -> ResponseReturnValue:
    """Wholesale requests, the newest first."""
    found = desks.list_requests_for(
        db.session(), g.actor.producer_ids, before_id=read_number(request.args.get("before", ""))
    )
    return render_page("producers/requests.html", requests=found, words=voice_words)


@requires(*desk.TEAM)
def one_request(request_id: int) -> ResponseReturnValue:
    """One wholesale request: who wants what, and what to do next."""
    asked, about = desks.get_request(db.session(), request_id)
    require(g.actor, "wholesale.answer", producer_id=asked.producer_id)
    events = [
        event
        for event in ("answer", "decline", "close")
        if next_state(WHOLESALE, asked.state, event, g.actor.roles)
    ]
    return render_page(
        "producers/request.html",
        asked=asked,
        about=about,
        events=events,
        words=voice_words,
        longest=LONGEST_ANSWER,
    )


@requires(*desk.TEAM)
def move_request(request_id: int, event: str) -> ResponseReturnValue:
    """Press one of the buttons of a request."""
    asked, _about = desks.get_request(db.session(), request_id)
    actor = desk.acting_for(asked.producer_id)
    text = request.form.get("reply", "")

    def change(session: Session) -> None:
        if event == "close":
            wholesale.close(session, request_id, actor=actor, now=g.now)
        else:
            wholesale.reply(session, request_id, event, text, actor=actor, now=g.now)

    _do(change)
    return redirect(url_for("producers.one_request", request_id=request_id), 303)


def _do(change: Callable[[Session], None]) -> None:
    """Make the change and commit, or say why it was not made."""
    session = db.session()
    try:
        change(session)
    except WrongVoice:
        session.rollback()
        flash(_("Please write an answer of at most %(most)s characters.", most=LONGEST_ANSWER),
              "bad")  # fmt: skip
    except (NoSuchStep, AnsweredAlready, TextChanged):
        session.rollback()
        flash(_("Somebody else changed this while you were looking. Load the page again."), "bad")
    else:
        session.commit()
        desk.saved()
