"""All price lists of all producers, drafts first, for the office."""

from __future__ import annotations

from flask import g, request
from flask.typing import ResponseReturnValue

from catalog.queries.price_lists import LISTS_AT_ONCE, list_price_lists
from core.actor import Role
from storefront import price_words
from storefront.access import requires
from storefront.extensions import db
from storefront.rendering import render_page


@requires(Role.OFFICE)
def price_lists() -> ResponseReturnValue:
    """Search by list, producer or supermarket; each leads to the page where its prices are kept."""
    text = request.args.get("q", "")[:120]
    lists = list_price_lists(db.session(), on=g.today, text=text)
    return render_page(
        "office/price_lists.html",
        lists=lists,
        text=text,
        cut=len(lists) == LISTS_AT_ONCE,
        words=price_words,
    )
