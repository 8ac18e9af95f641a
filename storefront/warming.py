"""Loads in a new web process what the first visitors would otherwise wait for: goods by facet, index, words.

Called after the fork, never at import: an open index must not be handed to children, and a process that
serves nothing needs none of it.
"""

from __future__ import annotations

import gc
import logging
import time

from flask import Flask

from core import clock
from core.facts import newest_fact
from i18n.locales import DEFAULT
from storefront.extensions import db, settings

_TEXTS = (
    "nước mắm truyền thống",
    "mat ong rung",
    "trà hữu cơ",
    "dried shrimp",
    "お茶",
    "cà phê bột",
)
"""A few words each way, so that the vocabulary, corrections and the commonest terms are read."""

log = logging.getLogger("ocop.web")


def warm(app: Flask) -> None:
    """Answer a few questions nobody asked; whatever fails will be said to the first who asks them."""
    started = time.perf_counter()
    try:
        with app.app_context():
            try:
                _ask()
            finally:
                db.session.remove()
    except Exception:
        log.exception("warming failed")
        return
    gc.collect()
    gc.freeze()  # what was loaded stays: the collector need not look through it at every turn
    log.info("warm", extra={"facts": {"seconds": round(time.perf_counter() - started, 2)}})


def _ask() -> None:
    from catalog.queries.browse import browse
    from catalog.queries.pages import BrowseRequest
    from catalog.search.home import search_home
    from catalog.search.query import SearchRequest, search
    from catalog.search.suggest import suggest
    from orders import stock

    session, on = db.session(), clock.today()
    newest = newest_fact(session)
    in_stock = stock.in_stock(session, newest)
    browse(session, BrowseRequest(), locale=DEFAULT, on=on, newest=newest, in_stock=in_stock)
    home = search_home(settings())
    for text in _TEXTS:
        request = SearchRequest(text, DEFAULT)
        search(session, home, request, on=on, newest=newest, in_stock=in_stock)
    suggest(session, home, "n", locale=DEFAULT, on=on)
