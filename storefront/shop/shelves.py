"""Which of the goods a page lists can be promised, asked as cheaply as a kept page may ask."""

from __future__ import annotations

from collections.abc import Iterable

from flask import g

from catalog.queries.pages import Card
from core.facts import Newest, newest_fact
from orders import stock
from storefront.extensions import db


def newest() -> Newest:
    """The newest fact, asked once: a page that may be kept has asked already."""
    known: Newest | None = g.get("newest_fact")
    return known or newest_fact(db.session())


def promised(*lists: Iterable[Card]) -> dict[int, int]:
    """One of each package that can be promised: all that a list of goods says about stock."""
    in_stock = stock.in_stock(db.session(), newest())
    return {card.package.id: 1 for cards in lists for card in cards if card.package.id in in_stock}
