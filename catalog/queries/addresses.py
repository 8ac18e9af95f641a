"""The addresses of everything a search engine may find: slugs with the day they last changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models import GiftSet, Place
from catalog.queries.ledger_lists import list_rights
from catalog.queries.listing import producer, product, visible
from catalog.queries.slugs import local_slug
from catalog.rules.rights import IN_FORCE
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


def list_addresses_around(session: Session, *, on: date) -> list[tuple[str, datetime | None]]:
    """Paths (without language) and last changes of places, gift sets and rights that may be seen."""
    found: list[tuple[str, datetime | None]] = []
    for area, table in (("places", Place), ("gift-sets", GiftSet)):
        shown = select(table.slug, table.updated_at).where(table.state == "published")
        rows = session.execute(shown.order_by(table.id))
        found += [(f"/{area}/{slug}", changed) for slug, changed in rows]
    rights = [right for right, _ in list_rights(session, on=on) if right.state in IN_FORCE]
    return found + [(f"/marks/{right.kind}/{right.number}", None) for right in rights]
