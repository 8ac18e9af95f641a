"""Addresses of products and producers: readable, unique, and never changed afterwards."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Article, Collection, GiftSet, Place, Producer, Product, TradeEvent
from i18n.text import slugify

Addressed = (
    type[Product]
    | type[Producer]
    | type[Place]
    | type[GiftSet]
    | type[TradeEvent]
    | type[Collection]
    | type[Article]
)


def free_slug(session: Session, table: Addressed, name: str) -> str:
    """The name as an address part, with the first number that makes it unique when it is taken."""
    base = slugify(name) or table.__tablename__
    taken = set(
        session.scalars(
            select(table.slug).where((table.slug == base) | table.slug.startswith(f"{base}-"))
        )
    )
    if base not in taken:
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"
