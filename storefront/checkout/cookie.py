"""The cart's cookie: only a token nobody can guess, and beside it the number shown on the cart."""

from __future__ import annotations

from flask import Response, g
from sqlalchemy.orm import Session

from orders import carts
from storefront.extensions import cookie, settings
from storefront.request_context import CART_COUNT_COOKIE

CART_COOKIE = "ocop_cart"
_LONGEST_TOKEN = 64


def cart_token() -> str:
    """The visitor's cart token, "" for none."""
    token = cookie(CART_COOKIE)
    return token if len(token) <= _LONGEST_TOKEN else ""


def known_or_new_token(session: Session) -> str:
    """The token if its cart exists, else a new one: a token somebody else planted is never taken up."""
    token = cart_token()
    return token if carts.get_cart(session, token) is not None else carts.new_token()


def remember(response: Response, token: str, count: int) -> Response:
    """Write both cookies; they last as long as the cart is kept."""
    age = int(carts.KEPT.total_seconds())
    secure = settings().is_secure
    response.set_cookie(
        CART_COOKIE, token, max_age=age, httponly=True, secure=secure, samesite="Lax"
    )
    return remember_count(response, count)


def remember_count(response: Response, count: int) -> Response:
    """Write how many pieces lie in the cart."""
    g.cart_count = count
    if count:
        response.set_cookie(
            CART_COUNT_COOKIE,
            str(min(count, 9999)),
            max_age=int(carts.KEPT.total_seconds()),
            httponly=True,
            secure=settings().is_secure,
            samesite="Lax",
        )
    else:
        response.delete_cookie(CART_COUNT_COOKIE)
    return response
