"""The page on which a buyer says where goods are to be sent, and the note kept of it."""

from __future__ import annotations

from flask import g, make_response, redirect, request
from flask.typing import ResponseReturnValue

from catalog.reference.destinations import destinations
from catalog.rules.destinations import named
from catalog.rules.eligibility import HOME
from i18n.text import fold
from storefront import destination
from storefront.access import public
from storefront.market_messages import country_name
from storefront.rendering import render_page


@public
def page() -> ResponseReturnValue:
    """Every destination, the present one chosen; nothing is remembered by looking at it."""
    alone, union = _choices()
    return render_page(
        "shop/ship_to.html",
        back=destination.asked_back(request.args.get("back", "")),
        alone=alone,
        union=union,
    )


@public
def choose() -> ResponseReturnValue:
    """Remember the destination and go back to the page the buyer came from, as it is for there."""
    chosen = named(destinations(), request.form.get("country", ""))
    if chosen is None:
        return page()
    back = destination.asked_back(request.form.get("back", ""))
    g.carried = "" if chosen.is_home else chosen.slug
    answer = make_response(redirect(destination.with_destination(back, g.carried), 303))
    answer.headers["Cache-Control"] = "no-store"
    return destination.remember(answer, chosen)


def _choices() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(slug, name): countries that are a market of their own, home first; then those of the Union."""
    alone: list[tuple[str, str]] = []
    union: list[tuple[str, str]] = []
    for place in destinations().values():
        entry = place.slug, country_name(place)
        (alone if place.market in (HOME, place.country) else union).append(entry)
    return alone, sorted(union, key=lambda entry: fold(entry[1]))
