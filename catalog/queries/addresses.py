"""The addresses of everything a search engine may find: slugs with the day they last changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.queries.listing import producer, product, visible


def count_listed(session: Session, *, on: date) -> int:
    """How many products are on sale that day."""
    return session.scalar(select(func.count()).where(visible()), {"on": on}) or 0


def list_product_addresses(
    session: Session, *, on: date, offset: int, limit: int
) -> Sequence[tuple[str, datetime]]:
    """Slug and last change of products on sale that day, in a stable order."""
    rows = session.execute(
        select(product.c.slug, product.c.updated_at)
        .where(visible())
        .order_by(product.c.id)
        .offset(offset)
        .limit(limit),
        {"on": on},
    )
    return [(row[0], row[1]) for row in rows]


def list_producer_addresses(session: Session, *, on: date) -> Sequence[str]:
    """Slugs of producers with anything on sale that day."""
    has_goods = (
        select(product.c.id).where(visible(), product.c.producer_id == producer.c.id).exists()
    )
    return session.scalars(
        select(producer.c.slug).where(has_goods).order_by(producer.c.id), {"on": on}
    ).all()
