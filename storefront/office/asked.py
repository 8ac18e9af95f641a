"""What people have asked producers for, at the office's desk: who waits, and which producer must answer."""

from __future__ import annotations

from collections.abc import Collection

from flask import request
from flask.typing import ResponseReturnValue

from core.actor import Role
from orders import asked
from storefront import visit_words, voice_words
from storefront.access import requires
from storefront.extensions import db
from storefront.reading import read_number
from storefront.rendering import render_page

_SHOWN = 50


@requires(Role.OFFICE)
def visits() -> ResponseReturnValue:
    """Visits asked for, the newest first."""
    state = _state(asked.VISIT_STATES)
    found = asked.list_visits(
        db.session(), state, before_id=read_number(request.args.get("before", "")), limit=_SHOWN
    )
    return render_page(
        "office/asked/visits.html",
        lines=found,
        state=state,
        states={one: visit_words.state_word(one) for one in asked.VISIT_STATES},
        unanswered=asked.UNANSWERED,
        last=found[-1].enquiry.id if len(found) == _SHOWN else None,
    )


@requires(Role.OFFICE)
def wholesale() -> ResponseReturnValue:
    """Wholesale requests, the newest first."""
    state = _state(voice_words.REQUEST_STATES)
    found = asked.list_wholesale(
        db.session(), state, before_id=read_number(request.args.get("before", "")), limit=_SHOWN
    )
    return render_page(
        "office/asked/wholesale.html",
        lines=found,
        state=state,
        states=voice_words.REQUEST_STATES,
        words=voice_words,
        unanswered=asked.UNANSWERED,
        last=found[-1].request.id if len(found) == _SHOWN else None,
    )


def _state(known: Collection[str]) -> str:
    chosen = request.args.get("state", "")
    return chosen if chosen in known else ""
