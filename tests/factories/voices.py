"""Orders that arrived, and what their buyers say, for tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Package, Product
from core.actor import Actor, Role
from orders import lifecycle
from orders.models import CustomerOrder, Question, Review, SubOrder, WholesaleRequest
from orders.voices import questions, reviews
from orders.voices.reviews import ReviewDraft
from orders.voices.wholesale import WholesaleDraft, request_wholesale
from tests.factories.orders import NOW, TESTER, make_order, make_stocked

OFFICER = Actor(None, "Văn phòng", frozenset({Role.OFFICE}))


def producer_of(product: Product) -> Actor:
    """A member of the product's producer."""
    return Actor(None, "Chị Sáu", frozenset({Role.PRODUCER}), frozenset({product.producer_id}))


def deliver(session: Session, order: CustomerOrder, *, now: datetime = NOW) -> None:
    """Every parcel of the order arrives."""
    parcels = session.scalars(select(SubOrder.id).where(SubOrder.order_id == order.id)).all()
    for parcel_id in parcels:
        for event in ("accept", "pack", "ship", "deliver"):
            lifecycle.advance_parcel(session, parcel_id, event, actor=TESTER, now=now)


def make_delivered(
    session: Session, *packages: Package, **values: Any
) -> tuple[CustomerOrder, list[int]]:
    """An order paid in cash that has arrived, and the numbers of its lines."""
    chosen = packages or (make_stocked(session, 20),)
    lines = [(package, 1) for package in chosen]
    order = make_order(session, *lines, payment_method="cod", **values)
    deliver(session, order)
    for parcel in order.sub_orders:
        session.refresh(parcel)
    return order, [line.id for parcel in order.sub_orders for line in parcel.lines]


def draft(text: str = "Rất ngon, sẽ mua lại.", points: int = 4, **values: Any) -> ReviewDraft:
    """A review by somebody called Lan, in Vietnamese."""
    return ReviewDraft(
        **{"points": points, "text": text, "shown_name": "Lan", "locale": "vi", **values}
    )


def make_review(
    session: Session,
    package: Package | None = None,
    text: str = "Rất ngon, sẽ mua lại.",
    points: int = 4,
    **values: Any,
) -> Review:
    """A review of an order that arrived, shown to everybody unless ``state`` is "held"."""
    state = values.pop("state", "shown")
    order, lines = make_delivered(session, *([package] if package is not None else []))
    said = draft(text, points, **values)
    review = reviews.write_review(session, order.public_token, lines[0], said, now=NOW)
    if state == "shown":
        reviews.show_review(session, review.id, version=review.version, actor=OFFICER, now=NOW)
    return review


def make_question(
    session: Session, product: Product, text: str = "Có ăn chay được không?", **values: Any
) -> Question:
    """A question in Vietnamese, with an answer when one is given."""
    said = values.pop("answer", None)
    question = questions.ask(
        session, product.id, text, **{"locale": "vi", "email": None, "now": NOW, **values}
    )
    if said is not None:
        questions.answer(
            session, question.id, said, locale="vi", actor=producer_of(product), now=NOW
        )
    return question


def make_request(session: Session, product: Product, **values: Any) -> WholesaleRequest:
    """A shop in Osaka asks for forty cases."""
    wanted = WholesaleDraft(
        **{
            "person": "Tanaka Yuki",
            "company": "Umeda Foods",
            "country": "JP",
            "email": "tanaka@example.jp",
            "quantity": 40,
            "unit": "case",
            "locale": "ja",
            **values,
        }
    )
    return request_wholesale(session, product.id, wanted, now=NOW)
