"""Livestream sessions at the office's desk: who the host is, every reason against a session, the check."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from catalog.regulation.loading import load_rules
from core.actor import Role
from i18n.catalogue import gettext as _
from orders.errors import InsufficientStock, LiveRefused, NoSuchStep
from orders.live import checking
from orders.live.desks import get_desk_page, list_sessions
from orders.rules.live import CONFIRMATION_RULE, NOT_ADVERTISED_RULE, RECORDING_RULE
from storefront import live_words
from storefront.access import requires
from storefront.extensions import db
from storefront.rendering import render_page

LONGEST_REASON = 300


@requires(Role.OFFICE)
def lives() -> ResponseReturnValue:
    """Every session, the latest first."""
    return render_page(
        "office/lives.html", rows=list_sessions(db.session(), now=g.now), live_words=live_words
    )


@requires(Role.OFFICE)
def live(live_id: int) -> ResponseReturnValue:
    """One session with every reason against it and the rules it is judged by."""
    session = db.session()
    rules = load_rules(session)
    codes = (CONFIRMATION_RULE, NOT_ADVERTISED_RULE, RECORDING_RULE)
    found = [rules.find(code, g.today) for code in codes]
    return render_page(
        "office/live.html",
        page=get_desk_page(session, live_id, now=g.now),
        rules=[(rule, rule.is_confirmed(g.today)) for rule in found if rule is not None],
        live_words=live_words,
    )


@requires(Role.OFFICE)
def live_step(live_id: int, deed: str) -> ResponseReturnValue:
    """Say that the host is known, that the papers are complete, or stop the session."""
    session = db.session()
    reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
    steps: dict[str, Callable[[], object]] = {
        "host": lambda: checking.check_host(session, live_id, actor=g.actor, now=g.now),
        "check": lambda: checking.check(session, live_id, actor=g.actor, now=g.now),
        "stop": lambda: checking.cancel(session, live_id, reason=reason, actor=g.actor, now=g.now),
    }
    if deed not in steps:
        abort(404)
    try:
        steps[deed]()
    except (LiveRefused, InsufficientStock):
        session.rollback()
        flash(_("Not announced: the reasons stand below."), "bad")
    except NoSuchStep:
        session.rollback()
        flash(_("The session is already further on. Look at what it says now."), "bad")
    else:
        session.commit()
        flash(_("Saved."), "good")
    return redirect(url_for("office.live", live_id=live_id), 303)
