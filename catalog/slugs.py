"""Addresses of products and producers: readable, unique, the first one never changed afterwards."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from catalog.models import (
    Article,
    Collection,
    GiftSet,
    Place,
    Producer,
    Product,
    ProductSlug,
    TradeEvent,
)
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


def slug_columns(table: Addressed) -> Iterator[InstrumentedAttribute[str]]:
    """Where the addresses of such things stand: a product has some beside its first one."""
    yield table.slug
    if table is Product:
        yield ProductSlug.slug


def free_slug(session: Session, table: Addressed, name: str) -> str:
    """The name as an address part, with the first number that makes it unique when it is taken."""
    base = slugify(name) or table.__tablename__
    taken = {
        slug
        for column in slug_columns(table)
        for slug in session.scalars(
            select(column).where((column == base) | column.startswith(f"{base}-"))
        )
    }
    if base not in taken:
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"
