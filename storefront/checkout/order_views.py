"""The way from the cart to an order: form, review, place; and the buyer's page of the order."""

from __future__ import annotations

from flask import flash, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from core.db import begin_write
from core.money import Money
from core.people.throttle import Throttled
from i18n.catalogue import gettext as _
from orders import carts, checkout
from orders.carts import CartPage
from orders.checkout import CheckoutRequest
from orders.errors import CartChanged, CartEmpty, CheckoutRefused, InsufficientStock
from orders.order_pages import get_order_page
from orders.payments.gateway import Gateway
from orders.payments.registry import enabled_gateways
from storefront.access import public
from storefront.checkout import limits, reviewing, words
from storefront.checkout.abroad import at_home
from storefront.checkout.cookie import cart_token, remember_count
from storefront.checkout.forms import CheckoutForm
from storefront.checkout.order_address import check_token, private
from storefront.extensions import db, settings
from storefront.messages import error_sentence
from storefront.rendering import render_page

_SHORTEST_CHECKOUT_TOKEN = 20
_LONGEST_CHECKOUT_TOKEN = 64


@public
@at_home
def form() -> ResponseReturnValue:
    """The empty form beside what is ordered; an empty cart leads back to the cart."""
    page = _cart()
    if page.is_empty:
        return redirect(url_for("checkout.cart"), 303)
    return _form_page(_filled_form(page, request.form), page)


@public
@at_home
def edit() -> ResponseReturnValue:
    """Back from the review to the form, with everything that was typed."""
    page = _cart()
    if page.is_empty:
        return redirect(url_for("checkout.cart"), 303)
    return _form_page(_filled_form(page, request.form), page)


@public
@at_home
def review() -> ResponseReturnValue:
    """Check the form and show the whole order once more before it binds anybody."""
    page = _cart()
    if page.is_empty:
        return redirect(url_for("checkout.cart"), 303)
    filled = _filled_form(page, request.form)
    if not filled.validate() or not page.can_be_ordered:
        return _form_page(filled, page, 422)
    refused = _payment_refusal(filled, page)
    if refused:
        filled.payment_method.errors = [refused]
        return _form_page(filled, page, 422)
    session = db.session()
    carts.note_prices_seen(session, cart_token(), page)
    session.commit()
    return _review_page(filled, page, checkout.new_checkout_token())


@public
@at_home
def place() -> ResponseReturnValue:
    """Place the order and go to its page; whatever moved meanwhile is shown first."""
    session = db.session()
    token = cart_token()
    filled = _filled_form(None, request.form)
    if not filled.validate():
        return _form_page(filled, _cart(), 422)
    asked = _request(filled)
    if len(asked.checkout_token) < _SHORTEST_CHECKOUT_TOKEN:
        return _moved(checkout.new_checkout_token())
    try:
        limits.count_order(session, request.remote_addr or "", now=g.now)
        order = checkout.place(
            session, asked, token=token, gateways=_gateways(), now=g.now, on=g.today
        )
        session.commit()
    except Throttled as refusal:
        session.rollback()
        flash(error_sentence(refusal), "bad")
        page = make_response(_form_page(filled, _cart(), 429))
        page.headers["Retry-After"] = str(refusal.retry_after)
        return page
    except CartEmpty:
        session.rollback()
        flash(_("Your cart is empty. If you have just ordered, your order has been placed."), "bad")
        return redirect(url_for("checkout.cart"), 303)
    except (CartChanged, InsufficientStock):
        session.rollback()
        return _moved(asked.checkout_token)
    except CheckoutRefused as refused:
        session.rollback()
        field, sentence = words.refusal(refused)
        filled[field].errors = [sentence]
        return _form_page(filled, _cart(), 422)
    answer = make_response(redirect(url_for("checkout.order", token=order.public_token), 303))
    return remember_count(answer, 0)


@public
def order(token: str) -> ResponseReturnValue:
    """An order's page, for whoever has its unguessable address."""
    check_token(token)
    page = get_order_page(db.session(), token)
    way = _gateways().get(page.payment_method)
    pay = way.instructions(page.number, page.due) if way and page.due.amount > 0 else None
    picture = None
    if pay is not None and pay.qr_payload and page.awaits_transfer:
        from orders.payments.vietqr import qr_svg

        picture = Markup(qr_svg(pay.qr_payload))  # noqa: S704 - drawn by us from our own payload
    response = make_response(
        render_page(
            "checkout/order.html",
            page=page,
            pay=pay,
            picture=picture,
            words=words,
            said=reviewing.said_of(page),
        )
    )
    return private(response)


def _cart() -> CartPage:
    return carts.cart_page(db.session(), cart_token(), locale=g.locale, on=g.today, now=g.now)


def _gateways() -> dict[str, Gateway]:
    return enabled_gateways(settings())


def _filled_form(page: CartPage | None, data: object) -> CheckoutForm:
    filled = CheckoutForm(data)
    total = Money.zero(carts.CURRENCY) if page is None else page.total.total
    ways = {
        code: words.payment_name(code)
        for code, way in _gateways().items()
        if page is None or way.problem(total, carts.COUNTRY, 0) is None
    }
    filled.offer(g.locale, ways)
    return filled


def _payment_refusal(filled: CheckoutForm, page: CartPage) -> str:
    """Why the chosen way to pay is not possible for this buyer; "" when it is."""
    way = _gateways()[filled.payment_method.data]
    open_orders = checkout.open_cash_orders(db.session(), filled.phone.data)
    problem = way.problem(page.total.total, carts.COUNTRY, open_orders)
    if problem is None:
        return ""
    return words.refusal(CheckoutRefused(code=f"{way.code}_{problem}"))[1]


def _request(filled: CheckoutForm) -> CheckoutRequest:
    return CheckoutRequest(
        checkout_token=request.form.get("checkout_token", "")[:_LONGEST_CHECKOUT_TOKEN],
        quote_digest=request.form.get("quote", ""),
        locale=g.locale,
        recipient=filled.recipient.data,
        phone=filled.phone.data,
        email=filled.email.data or None,
        province_code=filled.province.data,
        commune=filled.commune.data,
        street=filled.street.data,
        note=filled.note.data.strip() if filled.note.data else None,
        payment_method=filled.payment_method.data,
        country=g.destination.country,
    )


def _moved(checkout_token: str) -> ResponseReturnValue:
    """Price, stock or cart moved since the review: show the present state, ask again."""
    db.session().rollback()
    begin_write(db.session())
    page = _cart()
    if page.is_empty:
        return redirect(url_for("checkout.cart"), 303)
    filled = _filled_form(page, request.form)
    valid = filled.validate()
    if not valid or not page.can_be_ordered:
        return _form_page(filled, page, 409)
    carts.note_prices_seen(db.session(), cart_token(), page)
    db.session().commit()
    return _review_page(filled, page, checkout_token, changed=True)


def _form_page(filled: CheckoutForm, page: CartPage, status: int = 200) -> ResponseReturnValue:
    return render_page("checkout/form.html", status, form=filled, page=page, words=words)


def _review_page(
    filled: CheckoutForm, page: CartPage, checkout_token: str, *, changed: bool = False
) -> ResponseReturnValue:
    return render_page(
        "checkout/review.html",
        409 if changed else 200,
        form=filled,
        page=page,
        checkout_token=checkout_token,
        changed=changed,
        words=words,
    )
