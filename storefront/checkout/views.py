"""The cart's pages: look, add, change, remove."""

from __future__ import annotations

from flask import flash, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import OcopError
from i18n.catalogue import gettext as _
from orders import carts, gift_sets
from orders.errors import BadQuantity, CartFull, PackageNotFound, SetNotOnSale
from storefront import market_messages
from storefront.access import public
from storefront.checkout import limits, words
from storefront.checkout.abroad import abroad
from storefront.checkout.cookie import cart_token, known_or_new_token, remember, remember_count
from storefront.extensions import db
from storefront.messages import error_sentence
from storefront.rendering import render_page

_QUANTITY = "quantity-"
_LONGEST_NUMBER = 18


@public
def cart() -> ResponseReturnValue:
    """What lies in the cart, what is wrong with it, and the whole cost."""
    page = carts.cart_page(db.session(), cart_token(), locale=g.locale, on=g.today, now=g.now)
    g.cart_count = page.count
    response = make_response(
        render_page(
            "checkout/cart.html",
            page=page,
            abroad=abroad(page),
            market=market_messages,
            words=words,
        )
    )
    return remember_count(response, page.count)


@public
def add() -> ResponseReturnValue:
    """Put a package into the cart."""
    session = db.session()
    package_id = _whole(request.form.get("package_id", ""))
    quantity = _whole(request.form.get("quantity", "1"))
    if package_id is None:
        raise PackageNotFound
    try:
        token = known_or_new_token(session)
        if token != cart_token():
            limits.count_cart(session, request.remote_addr or "", now=g.now)
        carts.add(session, token, package_id, _asked(quantity), now=g.now, on=g.today)
        count = carts.count_items(session, token)
        session.commit()
    except (BadQuantity, CartFull) as refused:
        session.rollback()
        flash(_not_added(refused), "bad")
        return redirect(url_for("checkout.cart"), 303)
    flash(_("Put into your cart."), "good")
    return remember(make_response(redirect(url_for("checkout.cart"), 303)), token, count)


@public
def add_set() -> ResponseReturnValue:
    """Put every part of a gift set into the cart, or nothing."""
    session = db.session()
    slug = request.form.get("set", "")
    try:
        token = known_or_new_token(session)
        if token != cart_token():
            limits.count_cart(session, request.remote_addr or "", now=g.now)
        quantity = _asked(_whole(request.form.get("quantity", "1")))
        gift_sets.add_set(session, token, slug, quantity, on=g.today, now=g.now)
        count = carts.count_items(session, token)
        session.commit()
    except SetNotOnSale as refused:
        session.rollback()
        flash(error_sentence(refused), "bad")
        return redirect(url_for("shop.gift_set", locale=g.locale, slug=slug), 303)
    except (BadQuantity, CartFull) as refused:
        session.rollback()
        flash(_not_added(refused), "bad")
        return redirect(url_for("checkout.cart"), 303)
    flash(_("Put into your cart."), "good")
    return remember(make_response(redirect(url_for("checkout.cart"), 303)), token, count)


@public
def update() -> ResponseReturnValue:
    """Set the quantities of the lines as the form says; lines it does not name stay."""
    session = db.session()
    token = cart_token()
    refused: BadQuantity | None = None
    for name, text in request.form.items():
        package_id = _whole(name.removeprefix(_QUANTITY)) if name.startswith(_QUANTITY) else None
        if package_id is None:
            continue
        try:
            carts.set_quantity(session, token, package_id, _asked(_whole(text)), now=g.now)
        except BadQuantity as bad:
            refused = bad
    return _changed(token, refused)


@public
def remove() -> ResponseReturnValue:
    """Take one package out."""
    package_id = _whole(request.form.get("package_id", ""))
    token = cart_token()
    if package_id is not None:
        carts.remove(db.session(), token, package_id, now=g.now)
    return _changed(token, None)


@public
def coupon() -> ResponseReturnValue:
    """Note a code for the cart, or take it away; the cart says what it does."""
    session = db.session()
    limits.count_coupon(session, request.remote_addr or "", now=g.now)
    known = carts.set_coupon(session, cart_token(), request.form.get("code", "")[:60], now=g.now)
    session.commit()
    if not known:
        flash(words.no_code(), "bad")
    return redirect(url_for("checkout.cart"), 303)


def _changed(token: str, refused: BadQuantity | None) -> ResponseReturnValue:
    session = db.session()
    count = carts.count_items(session, token)
    session.commit()
    if refused is not None:
        flash(_not_added(refused), "bad")
    return remember_count(make_response(redirect(url_for("checkout.cart"), 303)), count)


def _whole(text: str) -> int | None:
    """A whole number as a person types it; None for everything else ("1e3", "NaN", "٣", "1.5")."""
    text = text.strip()
    digits = text.removeprefix("-")
    if not digits.isascii() or not digits.isdigit() or len(digits) > _LONGEST_NUMBER:
        return None
    return int(text)


def _asked(quantity: int | None) -> int:
    if quantity is None:
        raise BadQuantity(quantity=0, most=carts.MOST_OF_ONE)
    return quantity


def _not_added(error: OcopError) -> str:
    if isinstance(error, CartFull):
        return _("Your cart is full: it holds %(most)s different goods.", most=error.most)
    return _("Give a whole number from 1 to %(most)s.", most=carts.MOST_OF_ONE)
