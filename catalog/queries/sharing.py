"""What the picture and the code of one product need to know, when they are asked for by themselves."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from catalog.queries.errors import ProductNotFound
from catalog.queries.listing import card_select, product, read_card
from catalog.queries.pages import Card
from catalog.queries.slugs import has_slug


def get_shared_card(session: Session, slug: str, *, locale: str, on: date) -> tuple[Card, str]:
    """The card of a product on sale that day with its Vietnamese name; raises ProductNotFound."""
    row = session.execute(_by_slug(locale), {"slug": slug, "on": on}).first()
    if row is None:
        raise ProductNotFound(slug=slug)
    return read_card(row, locale, on), row[-1]


@cache
def _by_slug(locale: str) -> Select[Any]:
    statement = card_select(locale).where(has_slug())
    return statement.add_columns(product.c.name.label("vietnamese_name"))
