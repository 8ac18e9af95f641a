"""The page of a producer."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import Session

from catalog.models import FoodSafetyDocument
from catalog.queries.errors import ProducerNotFound
from catalog.queries.listing import card_select, chain, producer, product, read_card
from catalog.queries.pages import FoodSafetyView, ProducerPage
from catalog.queries.products import PRODUCER_COLUMNS, load_texts, read_producer
from catalog.rules.fallback import resolve
from catalog.rules.publication import PaperFacts, is_paper_valid

MOST_CARDS = 100
_M = len(PRODUCER_COLUMNS)
_document = FoodSafetyDocument.__table__
_MAIN = (
    select(
        *PRODUCER_COLUMNS,
        _document.c.id,
        _document.c.kind,
        _document.c.number,
        _document.c.issued_on,
        _document.c.valid_to,
        _document.c.issuer,
        _document.c.is_illustrative,
    )
    .select_from(
        producer.outerjoin(
            _document,
            and_(_document.c.producer_id == producer.c.id, _document.c.product_id.is_(None)),
        )
    )
    .where(producer.c.slug == bindparam("slug"))
    .order_by(_document.c.id)
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
    return ProducerPage(
        producer=read_producer(maker, resolve("story", values, chain(locale))),
        cards=tuple(read_card(row, locale, on) for row in cards),
        food_safety=tuple(_paper(row[_M:], on) for row in rows if row[_M] is not None),
    )


@cache
def _cards(locale: str) -> Select[Any]:
    return (
        card_select(locale)
        .where(product.c.producer_id == bindparam("producer_id"))
        .order_by(product.c.name_key, product.c.id)
        .limit(MOST_CARDS)
    )


def _paper(row: tuple[Any, ...], on: date) -> FoodSafetyView:
    _, kind, number, issued_on, valid_to, issuer, illustrative = row
    return FoodSafetyView(
        kind=kind,
        number=number,
        issued_on=issued_on,
        valid_to=valid_to,
        issuer=issuer,
        is_valid=is_paper_valid(PaperFacts(kind, issued_on, valid_to), on),
        is_illustrative=illustrative,
    )
