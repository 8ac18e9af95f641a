"""What an address that once showed a product may still say: its name, its maker and goods like it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, case, or_, select
from sqlalchemy.orm import Session

from catalog.queries.listing import (
    card_select,
    join_names,
    pick_name,
    producer,
    product,
    read_card,
    visible,
)
from catalog.queries.pages import Card
from catalog.queries.slugs import has_slug
from catalog.rules.fallback import Text

SHOWN = 8


@dataclass(frozen=True, slots=True)
class GoneProduct:
    """A product that was on sale; ``for_good`` when its producer has withdrawn it.

    Otherwise a paper it needs has ended or is missing, and it may come back.
    """

    name: Text
    for_good: bool
    producer_name: str
    producer_slug: str | None
    subgroup_code: str | None
    instead: tuple[Card, ...]


def find_gone_product(session: Session, slug: str, *, locale: str, on: date) -> GoneProduct | None:
    """What was once at that address, or None when nobody ever saw it: drafts stay unknown.

    ``instead`` holds goods of the same producer first, then of the same kind. Two statements.
    """
    row = session.execute(_former(locale), {"slug": slug}).first()
    if row is None:
        return None
    producer_id, subgroup = row.producer_id, row.subgroup_code
    cards = session.execute(
        _instead(locale),
        {"producer": producer_id, "subgroup": subgroup, "limit": SHOWN, "on": on},
    )
    instead = tuple(read_card(card, locale, on) for card in cards)
    sells = any(card.producer_slug == row.producer_slug for card in instead)
    return GoneProduct(
        name=pick_name(row.name, row[_FACTS:], locale),
        for_good=row.state == "withdrawn",
        producer_name=row.producer_name,
        producer_slug=row.producer_slug if sells else None,
        subgroup_code=subgroup,
        instead=instead,
    )


_FACTS = 6
"""How many columns of `_former` stand before the name in other languages."""


@cache
def _former(locale: str) -> Select[Any]:
    source, names = join_names(
        product.join(producer, producer.c.id == product.c.producer_id), locale
    )
    return (
        select(
            product.c.name,
            product.c.state,
            product.c.subgroup_code,
            product.c.producer_id,
            producer.c.name.label("producer_name"),
            producer.c.slug.label("producer_slug"),
            *names,
        )
        .select_from(source)
        .where(has_slug(), product.c.published_at.is_not(None))
    )


@cache
def _instead(locale: str) -> Select[Any]:
    is_makers = product.c.producer_id == bindparam("producer")
    rank = case((is_makers, 0), else_=1)
    chosen = (
        select(product.c.id, rank.label("rank"), product.c.published_at)
        .where(visible(), or_(is_makers, product.c.subgroup_code == bindparam("subgroup")))
        .order_by(rank, product.c.published_at.desc(), product.c.id.desc())
        .limit(bindparam("limit"))
        .subquery("chosen")
    )
    statement = card_select(locale, chosen)
    return statement.order_by(chosen.c.rank, chosen.c.published_at.desc(), chosen.c.id.desc())
