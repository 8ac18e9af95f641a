"""What every request knows before its view runs: language, destination, actor, the moment, a reference.

The language stands in the address (``/vi/…``); desks without a language in their address (``/portal/``)
use the language chosen last, then the browser's. The clock is read once, so that a page never mixes two days.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import OperationalError

from core import clock
from core.actor import Actor
from core.db import begin_write, write_session
from core.people import sessions
from core.people.queries import load_actor
from i18n.catalogue import speak
from i18n.locales import ENABLED
from i18n.negotiation import negotiate
from storefront import destination
from storefront.day_prices import hold_prices_once
from storefront.extensions import cookie, db, here, settings
from storefront.logs import log_failure

LOCALE_PREFIX = "/<any({}):locale>".format(", ".join(f"'{tag}'" for tag in ENABLED))
"""Put before the addresses of an area that speaks the visitor's language; views don't see ``locale``."""

LOCALE_COOKIE = "locale"
CART_COUNT_COOKIE = "cart_count"
"""How many things are in the cart, written by the cart's views, so that no page asks the database."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def install(app: Flask) -> None:
    """Run the steps below before every view."""
    app.url_value_preprocessor(_take_locale)
    app.url_defaults(_give_locale)
    app.before_request(_begin)
    app.after_request(_note_use)
    destination.install(app)


def _take_locale(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    locale = values.pop("locale", None) if values else None
    g.locale = locale or locale_of_request()
    speak(g.locale)


def _give_locale(endpoint: str, values: dict[str, Any]) -> None:
    if "locale" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "locale"):
        values["locale"] = getattr(g, "locale", ENABLED[0])


def locale_of_request() -> str:
    """From the first part of the address, else the language chosen before, else the browser's."""
    first = request.path.split("/", 2)[1] if request.path.startswith("/") else ""
    if first in ENABLED:
        return first
    return remembered_locale() or negotiate(request.headers.get("Accept-Language", ""))


def remembered_locale() -> str | None:
    """The language the visitor chose on purpose, if it is open."""
    chosen = cookie(LOCALE_COOKIE)
    return chosen if chosen in ENABLED else None


def _begin() -> None:
    known = here()
    now = known.now = clock.now()
    known.today = clock.vietnam_date(now)
    known.destination = destination.of_request()
    known.cart_count = _cart_count()
    if request.blueprint not in (None, "health"):
        hold_prices_once(db.engine, known.today, now, reference=known.request_id)
    if request.method not in SAFE_METHODS:
        # Before the first statement: a transaction that reads first and writes later fails on SQLite.
        begin_write(db.session())
    known.actor = _actor()


def _cart_count() -> int:
    text = cookie(CART_COUNT_COOKIE)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0


def sign_in_cookie() -> str:
    """The name of the cookie that holds the sign-in token."""
    return "__Host-sign-in" if settings().is_secure else "sign-in"


def _actor() -> Actor:
    g.session_id = None
    token = cookie(sign_in_cookie())
    if not token:
        return Actor.buyer()
    known = load_actor(db.session(), token, g.now)
    if known is None:
        return Actor.buyer()
    g.session_id = known.session_id
    g.touch_session = sessions.needs_touch(known.last_seen_at, g.now)
    return known.actor


def _note_use(response: Response) -> Response:
    """Keep a living session alive; once a minute, in a transaction of its own.

    What the view did not commit is given up first: a refused form still holds SQLite's only write lock,
    and this would wait for itself. Where somebody else writes for long, the next request notes it.
    """
    if g.get("touch_session"):
        db.session.rollback()
        try:
            with write_session(db.engine) as session:
                sessions.touch(session, g.session_id, g.now)
                session.commit()
        except OperationalError as busy:
            log_failure(busy, reference=g.request_id)
    return response
