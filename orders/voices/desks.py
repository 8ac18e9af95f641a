"""What buyers said as the desks see it: the buyer's own reviews, a producer's lists, the office's queue."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from catalog.models import Producer, Product
from orders.models import (
    CustomerOrder,
    OrderLine,
    Question,
    Review,
    SubOrder,
    WholesaleRequest,
)
from orders.voices.errors import VoiceNotFound

Voice = TypeVar("Voice", Review, Question, WholesaleRequest)


@dataclass(frozen=True, slots=True)
class About:
    """The goods something is about; texts are Vietnamese."""

    product_id: int
    slug: str
    name: str
    producer_name: str


@dataclass(frozen=True, slots=True)
class LineToReview:
    """A line of an order beside what its buyer has said about it, if anything."""

    line_id: int
    name: str
    name_locale: str
    is_delivered: bool
    review: Review | None


def own_reviews(session: Session, order_id: int) -> dict[int, Review]:
    """By line, what the buyer of an order has said. One statement."""
    rows = session.scalars(
        select(Review)
        .join(OrderLine, OrderLine.id == Review.order_line_id)
        .join(SubOrder, SubOrder.id == OrderLine.sub_order_id)
        .where(SubOrder.order_id == order_id)
    )
    return {row.order_line_id: row for row in rows if row.order_line_id is not None}


def line_to_review(session: Session, order_token: str, line_id: int) -> LineToReview:
    """One line of the order of that token; raises VoiceNotFound. One statement."""
    found = session.execute(
        select(OrderLine, SubOrder.state, Review)
        .join(SubOrder, SubOrder.id == OrderLine.sub_order_id)
        .join(CustomerOrder, CustomerOrder.id == SubOrder.order_id)
        .outerjoin(Review, Review.order_line_id == OrderLine.id)
        .where(CustomerOrder.public_token == order_token, OrderLine.id == line_id)
    ).one_or_none()
    if found is None:
        raise VoiceNotFound(line_id=line_id)
    line, state, review = found
    return LineToReview(line.id, line.name, line.name_locale, state == "delivered", review)


def list_reviews_for(
    session: Session,
    producer_ids: Collection[int],
    *,
    before_id: int | None = None,
    limit: int = 30,
) -> list[tuple[Review, About]]:
    """Shown reviews of these producers' goods, the newest first. One statement."""
    query = _with_goods(Review).where(
        Review.state == "shown", Review.producer_id.in_(sorted(producer_ids))
    )
    return _listed(session, query, Review, before_id, limit)


def list_questions_for(
    session: Session,
    producer_ids: Collection[int],
    state: str,
    *,
    before_id: int | None = None,
    limit: int = 30,
) -> list[tuple[Question, About]]:
    """Questions to these producers in one state, the newest first. One statement."""
    query = _with_goods(Question).where(
        Question.state == state, Question.producer_id.in_(sorted(producer_ids))
    )
    return _listed(session, query, Question, before_id, limit)


def list_requests_for(
    session: Session,
    producer_ids: Collection[int],
    *,
    before_id: int | None = None,
    limit: int = 30,
) -> list[tuple[WholesaleRequest, About]]:
    """Wholesale requests to these producers, the newest first. One statement."""
    query = _with_goods(WholesaleRequest).where(
        WholesaleRequest.producer_id.in_(sorted(producer_ids))
    )
    return _listed(session, query, WholesaleRequest, before_id, limit)


def get_request(session: Session, request_id: int) -> tuple[WholesaleRequest, About]:
    """One request with its goods; raises VoiceNotFound. One statement."""
    return _one(session, WholesaleRequest, request_id)


def get_question(session: Session, question_id: int) -> tuple[Question, About]:
    """One question with its goods; raises VoiceNotFound. One statement."""
    return _one(session, Question, question_id)


def list_all_reviews(
    session: Session, state: str, *, before_id: int | None = None, limit: int = 30
) -> list[tuple[Review, About]]:
    """Everybody's reviews in one state, the newest first. One statement."""
    query = _with_goods(Review).where(Review.state == state)
    return _listed(session, query, Review, before_id, limit)


def list_all_questions(
    session: Session, state: str, *, before_id: int | None = None, limit: int = 30
) -> list[tuple[Question, About]]:
    """Everybody's questions in one state, the newest first. One statement."""
    query = _with_goods(Question).where(Question.state == state)
    return _listed(session, query, Question, before_id, limit)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits for somebody."""

    reviews: int
    questions: int
    requests: int


def count_waiting(session: Session, producer_ids: Collection[int] | None = None) -> Waiting:
    """What waits for these producers (or, with None, for the office). One statement.

    Reviews wait for the office only, requests for producers only.
    """
    held = select(func.count()).select_from(Question).where(Question.state == "held")
    new = select(func.count()).select_from(WholesaleRequest).where(WholesaleRequest.state == "new")
    reviews = select(func.count()).select_from(Review).where(Review.state == "held")
    if producer_ids is not None:
        ids = sorted(producer_ids)
        held = held.where(Question.producer_id.in_(ids))
        new = new.where(WholesaleRequest.producer_id.in_(ids))
    row = session.execute(
        select(reviews.scalar_subquery(), held.scalar_subquery(), new.scalar_subquery())
    ).one()
    return Waiting(row[0], row[1], row[2])


def refusals_by_points(session: Session) -> dict[int, tuple[int, int]]:
    """By points, how many reviews are shown and how many refused: who hides bad news is seen here."""
    found = dict.fromkeys(range(1, 6), (0, 0))
    rows = session.execute(
        select(Review.points, Review.state, func.count())
        .where(Review.state.in_(("shown", "refused")))
        .group_by(Review.points, Review.state)
    )
    for points, state, count in rows:
        shown, refused = found[points]
        found[points] = (count, refused) if state == "shown" else (shown, count)
    return found


_ABOUT = (Product.id, Product.slug, Product.name, Producer.name)


def _with_goods(kind: type[Voice]) -> Select[Any]:
    query = cast("Select[Any]", select(kind, *_ABOUT))
    return query.join(Product, Product.id == kind.product_id).join(
        Producer, Producer.id == kind.producer_id
    )


def _listed(
    session: Session, query: Select[Any], kind: type[Voice], before_id: int | None, limit: int
) -> list[tuple[Voice, About]]:
    if before_id is not None:
        query = query.where(kind.id < before_id)
    rows: Sequence[Any] = session.execute(query.order_by(kind.id.desc()).limit(limit)).all()
    return [(row[0], About(*row[1:])) for row in rows]


def _one(session: Session, kind: type[Voice], number: int) -> tuple[Voice, About]:
    row = session.execute(_with_goods(kind).where(kind.id == number)).one_or_none()
    if row is None:
        raise VoiceNotFound(id=number)
    return row[0], About(*row[1:])
