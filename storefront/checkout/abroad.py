"""Checkout for a destination abroad: what the gate says now, and what the buyer can do instead of ordering."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from orders import carts
from orders.abroad import CartAbroad, cart_abroad
from orders.carts import CartPage
from storefront import market_messages
from storefront.checkout import words
from storefront.checkout.cookie import cart_token
from storefront.extensions import db
from storefront.rendering import render_page

View = TypeVar("View", bound=Callable[..., Any])


def abroad(page: CartPage) -> CartAbroad | None:
    """The cart at the buyer's destination; None at home and for an empty cart."""
    if g.destination.is_home or page.is_empty:
        return None
    return cart_abroad(db.session(), page, g.destination, on=g.today)


def at_home(view: View) -> View:
    """A step of the checkout for parcels inside the country; others are told what holds there now."""

    @wraps(view)
    def judged(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs) if g.destination.is_home else _page()

    return cast(View, judged)


def _page() -> ResponseReturnValue:
    page = carts.cart_page(db.session(), cart_token(), locale=g.locale, on=g.today, now=g.now)
    there = abroad(page)
    if there is None:
        return redirect(url_for("checkout.cart"), 303)
    return render_page(
        "checkout/abroad.html",
        200 if request.method == "GET" else 409,
        page=page,
        abroad=there,
        market=market_messages,
        words=words,
    )
