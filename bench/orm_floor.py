"""The floor as most Flask shops are built: SQLAlchemy entities with their relations, Jinja, nothing else.

The same rows and the same templates as `bench.floor`, but through the ORM as its documentation advises: a session
for each request, relations loaded with the entities and never one by one. Issue 5 compares our pages to this.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Flask, request
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from bench.floor import LIST_PAGE, PAGE, PER_PAGE, PRODUCT_PAGE, SHOWN, total_shown
from catalog.models import Product, Translation
from core.db import make_engine

app = Flask(__name__)
engine = make_engine(os.environ["OCOP_DATABASE_URL"])
_WHOLE = (
    joinedload(Product.producer),
    selectinload(Product.packages),
    selectinload(Product.certificates),
)
_NEWEST = (Product.published_at.desc(), Product.id.desc())


@app.get("/<locale>/products")
def browse(locale: str) -> str:
    """Twenty-four products and how many there are."""
    page = int(request.args.get("page", 1))
    with Session(engine) as session:
        goods = session.scalars(
            select(Product)
            .where(Product.id.in_(PAGE.scalar_subquery()))
            .order_by(*_NEWEST)
            .options(*_WHOLE),
            {"offset": (page - 1) * PER_PAGE},
        ).all()
        cards = _cards(session, goods, locale)
        return LIST_PAGE.render(total=total_shown(), cards=cards, locale=locale)


@app.get("/<locale>/search")
def search(locale: str) -> str:
    """Twenty-four products whose folded name contains the text."""
    with Session(engine) as session:
        goods = session.scalars(
            select(Product)
            .where(*SHOWN, Product.search_fold.contains(request.args["q"]))
            .limit(PER_PAGE)
            .options(*_WHOLE)
        ).all()
        cards = _cards(session, goods, locale)
        return LIST_PAGE.render(total=len(cards), cards=cards, locale=locale)


@app.get("/<locale>/products/<slug>")
def product(locale: str, slug: str) -> str:
    """One product, its packages and four related ones."""
    with Session(engine) as session:
        found = session.scalars(select(Product).where(Product.slug == slug).options(*_WHOLE)).one()
        related = session.scalars(
            select(Product)
            .where(*SHOWN, Product.subgroup_code == found.subgroup_code)
            .limit(4)
            .options(*_WHOLE)
        ).all()
        texts = _texts(session, [found], locale)
        own = {"producer_name": found.producer.name, "story": found.producer.story}
        shown = {name: getattr(found, name) for name in _SHOWN_FIELDS} | own
        return PRODUCT_PAGE.render(
            p=shown,
            packages=[(one.price_minor, one.net_content, one.unit) for one in found.packages],
            texts={field: text for (_, field), text in texts.items()},
            cards=_cards(session, related, locale),
            locale=locale,
        )


_SHOWN_FIELDS = ("name", "summary", "description", "ingredients")


def _texts(session: Session, goods: Sequence[Product], locale: str) -> dict[tuple[int, str], str]:
    rows = session.scalars(
        select(Translation).where(
            Translation.entity_kind == "product",
            Translation.entity_id.in_([one.id for one in goods]),
            Translation.locale == locale,
        )
    )
    return {(row.entity_id, row.field): row.text for row in rows}


def _cards(session: Session, goods: Sequence[Product], locale: str) -> list[tuple[Any, ...]]:
    texts, today = _texts(session, goods, locale), date.today()  # noqa: DTZ011  # as such shops do
    cards = []
    for one in goods:
        first = one.packages[0]
        stars = max(
            (c.stars or 0 for c in one.certificates if c.valid_to and c.valid_to >= today),
            default=0,
        )
        cards.append(
            (
                one.slug,
                texts.get((one.id, "name"), one.name),
                one.producer.name,
                one.producer.province_code,
                first.price_minor,
                first.net_content,
                first.unit,
                stars,
                one.packshot,
            )
        )
    return cards
