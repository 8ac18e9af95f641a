"""The page of a producer."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import Session

from catalog.queries.errors import ProducerNotFound
from catalog.queries.ledger import (
    PAPER_COLUMNS,
    PAPERS,
    food_safety_view,
    paper,
    read_ledger,
)
from catalog.queries.listing import card_select, chain, producer, product, read_card
from catalog.queries.pages import ProducerPage
from catalog.queries.products import PRODUCER_COLUMNS, load_texts, read_producer
from catalog.rules.fallback import resolve
from catalog.rules.marks import LISTED_PAPERS

MOST_CARDS = 100
_M = len(PRODUCER_COLUMNS)
_MAIN = (
    select(*PRODUCER_COLUMNS, *PAPER_COLUMNS)
    .select_from(
        producer.outerjoin(
            PAPERS,
            and_(
                paper.c.producer_id == producer.c.id,
                paper.c.product_id.is_(None),
                paper.c.kind.in_(LISTED_PAPERS),
            ),
        )
    )
    .where(producer.c.slug == bindparam("slug"), producer.c.code.not_like("unknown:%"))
    .order_by(paper.c.id)
)


def get_producer_page(session: Session, slug: str, *, locale: str, on: date) -> ProducerPage:
    """A maker with its goods on sale that day; raises ProducerNotFound. Three statements."""
    rows = session.execute(_MAIN, {"slug": slug}).all()
    if not rows:
        raise ProducerNotFound(slug=slug)
    maker = rows[0][:_M]
    foreign = load_texts(session, product_id=None, producer_id=maker[0], locale=locale)
    values = {**foreign.get(("producer", "story"), {}), "vi": maker[13]}
    cards = session.execute(_cards(locale), {"producer_id": maker[0], "on": on})
    papers = read_ledger(("paper", *row[_M:]) for row in rows if row[_M] is not None).papers
    return ProducerPage(
        producer=read_producer(maker, resolve("story", values, chain(locale))),
        cards=tuple(read_card(row, locale, on) for row in cards),
        food_safety=tuple(food_safety_view(one, on) for one in papers),
    )


@cache
def _cards(locale: str) -> Select[Any]:
    return (
        card_select(locale)
        .where(product.c.producer_id == bindparam("producer_id"))
        .order_by(product.c.name_key, product.c.id)
        .limit(MOST_CARDS)
    )
