"""Loads in a new web process what the first visitors would otherwise wait for: pages, goods by facet, index, words.

Called after the fork, never at import: an open index must not be handed to children, and a process that
serves nothing needs none of it.
"""

from __future__ import annotations

import gc
import logging
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from flask import Flask, current_app

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

_PAGES = ("shop/product.html", "shop/browse.html", "shop/home.html", "shop/search.html")

PATIENCE_SECONDS = 10
"""On a machine too busy to be warm by then, visitors had better be let in."""

log = logging.getLogger("ocop.web")


def warm(
    app: Flask, alive: Callable[[], None] = lambda: None, *, patience: float = PATIENCE_SECONDS
) -> None:
    """Answer a few questions nobody asked; whatever fails will be said to the first who asks them.

    ``alive`` is called after each question: who watches this process must not think that it hangs.
    After ``patience`` seconds no further question is asked.
    """
    started = time.perf_counter()
    asked = 0
    try:
        with app.app_context():
            try:
                for question in _questions():
                    question()
                    asked += 1
                    alive()
                    if time.perf_counter() - started > patience:
                        break
            finally:
                db.session.remove()
    except Exception:
        log.exception("warming failed")
        return
    gc.collect()
    gc.freeze()  # what was loaded stays: the collector need not look through it at every turn
    seconds = round(time.perf_counter() - started, 2)
    log.info("warm", extra={"facts": {"questions": asked, "seconds": seconds}})


def _questions() -> Iterator[Callable[[], object]]:
    from catalog.queries.browse import browse
    from catalog.queries.pages import BrowseRequest
    from catalog.search.home import search_home
    from catalog.search.query import SearchRequest, search
    from catalog.search.suggest import suggest
    from orders import stock

    # First of all: what compiling needs for a moment, the goods and the index then fill.
    for page in _PAGES:
        yield partial(current_app.jinja_env.get_template, page)
    session, on = db.session(), clock.today()
    newest = newest_fact(session)
    in_stock = stock.in_stock(session, newest)
    known: dict[str, Any] = {"on": on, "newest": newest, "in_stock": in_stock}
    yield partial(browse, session, BrowseRequest(), locale=DEFAULT, **known)
    home = search_home(settings())
    for text in _TEXTS:
        yield partial(search, session, home, SearchRequest(text, DEFAULT), **known)
    yield partial(suggest, session, home, "n", locale=DEFAULT, on=on)
