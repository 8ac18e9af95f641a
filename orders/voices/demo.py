"""Illustrative reviews, questions and wholesale requests of the demonstration; each says so where it is read."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Product
from core.actor import Actor
from core.facts import announce
from core.people.permissions import require
from orders.models import Question, Review, WholesaleRequest

_FILE = Path(__file__).with_name("demo.csv")


def load_voices(session: Session, *, actor: Actor, now: datetime) -> int:
    """Enter the rows of the file for illustrative goods, unless there are any; returns how many."""
    require(actor, "review.moderate")
    if session.scalar(select(Review.id).where(Review.is_illustrative).limit(1)) is not None:
        return 0
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    goods = {
        product.code: product
        for product in session.scalars(
            select(Product).where(
                Product.code.in_({row["code"] for row in rows}), Product.is_illustrative
            )
        )
    }
    known = [row for row in rows if row["code"] in goods]
    for row in known:
        session.add(_voice(row, goods[row["code"]], now))
    if known:
        announce(session, "reviews.changed", product_id=goods[known[0]["code"]].id)
    return len(known)


def _voice(
    row: dict[str, str], product: Product, now: datetime
) -> Review | Question | WholesaleRequest:
    """Answers are in Vietnamese, a day after what they answer; without one a question is held."""
    said_at = now - timedelta(days=int(row["days_ago"]))
    if row["kind"] == "wholesale":
        return _request(row, product, said_at)
    answered = row["answer"] or None
    answered_at = said_at + timedelta(days=1) if answered else None
    answer_locale = "vi" if answered else None
    if row["kind"] == "question":
        return Question(
            product_id=product.id,
            producer_id=product.producer_id,
            text=row["text"],
            locale=row["locale"],
            state="answered" if answered else "held",
            is_illustrative=True,
            asked_at=said_at,
            answer=answered,
            answer_locale=answer_locale,
            answered_at=answered_at,
        )
    return Review(
        product_id=product.id,
        producer_id=product.producer_id,
        points=int(row["points"]),
        text=row["text"],
        shown_name=row["name"] or None,
        locale=row["locale"],
        state="held" if row["kind"] == "held" else "shown",
        is_illustrative=True,
        written_at=said_at,
        answer=answered,
        answer_locale=answer_locale,
        answered_at=answered_at,
    )


def _request(row: dict[str, str], product: Product, asked_at: datetime) -> WholesaleRequest:
    """Nobody's request: the company says that it is made up, the address belongs to no one."""
    return WholesaleRequest(
        product_id=product.id,
        producer_id=product.producer_id,
        person="Nguyễn Minh Họa",
        company="Công ty Minh Họa (dữ liệu minh họa)",
        country={"ja": "JP", "fr": "FR"}[row["locale"]],
        email="nobody@demo.ocop.example",
        quantity=40,
        unit="case",
        wishes=row["text"],
        locale=row["locale"],
        asked_at=asked_at,
    )
