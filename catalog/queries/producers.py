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
from catalog.queries.listing import (
    abroad,
    card_select,
    chain,
    foreign_chain,
    producer,
    product,
    read_card,
    translation,
)
from catalog.queries.pages import ProducerPage
from catalog.queries.pictures import load_pictures
from catalog.queries.products import PRODUCER_COLUMNS, read_producer
from catalog.rules.destinations import Destination
from catalog.rules.fallback import Version, resolve
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
                paper.c.market.is_(None),
            ),
        )
    )
    .where(producer.c.slug == bindparam("slug"), producer.c.code.not_like("unknown:%"))
    .order_by(paper.c.id)
)

_STORY = select(
    translation.c.locale, translation.c.text, translation.c.status, translation.c.is_stale
).where(
    translation.c.entity_kind == "producer",
    translation.c.entity_id == bindparam("producer_id"),
    translation.c.field == "story",
    translation.c.locale.in_(bindparam("locales", expanding=True)),
    translation.c.status != "draft",
)


def get_producer_page(
    session: Session,
    slug: str,
    *,
    locale: str,
    on: date,
    destination: Destination | None = None,
) -> ProducerPage:
    """A maker with its goods on sale that day; raises ProducerNotFound. Four statements."""
    rows = session.execute(_MAIN, {"slug": slug}).all()
    if not rows:
        raise ProducerNotFound(slug=slug)
    maker = rows[0][:_M]
    story = {"producer_id": maker[0], "locales": list(foreign_chain(locale))}
    values: dict[str, str | Version | None] = {
        tag: Version(text, status, is_stale)
        for tag, text, status, is_stale in session.execute(_STORY, story)
    }
    values["vi"] = maker[13]
    there = abroad(destination)
    cards = session.execute(
        _cards(locale, is_abroad=bool(there)), {"producer_id": maker[0], "on": on, **there}
    )
    papers = read_ledger(("paper", *row[_M:]) for row in rows if row[_M] is not None).papers
    pictures = load_pictures(session, producer_id=maker[0]).get(maker[0], ())
    return ProducerPage(
        producer=read_producer(maker, resolve("story", values, chain(locale))),
        cards=tuple(read_card(row, locale, on, destination) for row in cards),
        food_safety=tuple(food_safety_view(one, on) for one in papers),
        pictures=tuple(stored.in_language(chain(locale)) for stored in pictures),
    )


@cache
def _cards(locale: str, *, is_abroad: bool) -> Select[Any]:
    return (
        card_select(locale, is_abroad=is_abroad)
        .where(product.c.producer_id == bindparam("producer_id"))
        .order_by(product.c.name_key, product.c.id)
        .limit(MOST_CARDS)
    )
