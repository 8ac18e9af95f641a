"""The addresses of everything a search engine may find: slugs with the day they last changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.queries.listing import producer, product, visible
from catalog.queries.slugs import local_slug
from i18n.locales import ENABLED


def list_product_addresses(
    session: Session, *, on: date, offset: int, limit: int
) -> Sequence[tuple[Mapping[str, str], datetime]]:
    """Slug by open language and last change of products on sale that day, in a stable order."""
    rows = session.execute(
        select(product.c.updated_at, *(local_slug(locale) for locale in ENABLED))
        .where(visible())
        .order_by(product.c.id)
        .offset(offset)
        .limit(limit),
        {"on": on},
    )
    return [(dict(zip(ENABLED, row[1:], strict=True)), row[0]) for row in rows]


def list_last_changes(session: Session, *, on: date, per_file: int) -> Sequence[datetime]:
    """The last change in each file of so many products, in the order of `list_product_addresses`."""
    place = func.row_number().over(order_by=product.c.id) - 1
    numbered = select(product.c.updated_at, place.label("place")).where(visible()).subquery()
    number = numbered.c.place // per_file
    rows = session.execute(
        select(number, func.max(numbered.c.updated_at)).group_by(number).order_by(number),
        {"on": on},
    )
    return [row[1] for row in rows]


def list_producer_addresses(session: Session, *, on: date) -> Sequence[tuple[str, datetime]]:
    """Slug and last change of producers with anything on sale that day, their goods included."""
    latest = func.max(product.c.updated_at)
    rows = session.execute(
        select(producer.c.slug, producer.c.updated_at, latest)
        .join(product, product.c.producer_id == producer.c.id)
        .where(visible())
        .group_by(producer.c.id, producer.c.slug, producer.c.updated_at)
        .order_by(producer.c.id),
        {"on": on},
    )
    return [(slug, max(own, goods)) for slug, own, goods in rows]
