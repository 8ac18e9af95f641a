"""What answers where a product used to be: why it is not there, and goods to take instead."""

from __future__ import annotations

from flask import Response, g, make_response, request

from catalog.queries.errors import ProductNotFound
from catalog.queries.gone import find_gone_product
from orders import stock
from storefront import errors
from storefront.extensions import db
from storefront.rendering import render_page
from storefront.shop import cards


def answer(error: ProductNotFound) -> Response:
    """410 for what its producer withdrew, 404 for what may come back or never was."""
    slug = str(error.facts.get("slug", ""))
    gone = find_gone_product(db.session(), slug, locale=g.locale, on=g.today) if slug else None
    if gone is None or request.method not in ("GET", "HEAD"):
        return errors.refused(error)
    errors.prepare()
    on_hand = stock.available(db.session(), [card.package.id for card in gone.instead])
    page = render_page(
        "shop/gone.html",
        410 if gone.for_good else 404,
        gone=gone,
        goods=cards.to_show(gone.instead, on_hand, g.locale),
        reference=errors.reference(),
    )
    return make_response(page)
