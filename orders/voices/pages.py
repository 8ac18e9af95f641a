"""What everybody reads beside a product: shown reviews with their points, answered questions. Frozen objects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Integer,
    Select,
    String,
    bindparam,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from core.db import NfcString, NfcText, UtcDateTime
from core.statements import FixedStatement
from orders.models import Question, Review
from orders.rules.voices import Rating

FEW = 3
"""So many reviews and questions stand on the product page itself."""
PER_PAGE = 10

_review, _question = Review.__table__, Question.__table__


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A shown review; ``shown_name`` None for a buyer who wants no name there."""

    id: int
    points: int
    text: str
    shown_name: str | None
    locale: str
    written_at: datetime
    answer: str | None
    answer_locale: str | None
    answered_at: datetime | None
    is_illustrative: bool


@dataclass(frozen=True, slots=True)
class QuestionView:
    """An answered question; ``by_office`` when the programme office answered for the producer."""

    id: int
    text: str
    locale: str
    asked_at: datetime
    answer: str
    answer_locale: str
    answered_at: datetime
    by_office: bool
    is_illustrative: bool


@dataclass(frozen=True, slots=True)
class ProductVoices:
    """The newest few of each, and how many there are."""

    rating: Rating
    reviews: tuple[ReviewView, ...]
    questions: tuple[QuestionView, ...]
    question_count: int


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """Some reviews, the newest first; ``older`` is the id before which the next page begins."""

    rating: Rating
    reviews: tuple[ReviewView, ...]
    older: int | None


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """Some questions, the newest first; ``older`` as above."""

    questions: tuple[QuestionView, ...]
    older: int | None


def product_voices(session: Session, product_id: int) -> ProductVoices:
    """What the product page shows. One statement."""
    counts: dict[int, int] = {}
    reviews: list[ReviewView] = []
    questions: list[QuestionView] = []
    asked = 0
    for row in _few().rows(session, product_id=product_id):
        if row.kind == "review":
            reviews.append(_read_review(row))
        elif row.kind == "question":
            questions.append(_read_question(row))
        elif row.kind == "points":
            counts[row.points] = row.id
        else:
            asked = row.id
    return ProductVoices(
        rating=Rating.of(counts),
        reviews=tuple(sorted(reviews, key=lambda one: -one.id)),
        questions=tuple(sorted(questions, key=lambda one: -one.id)),
        question_count=asked,
    )


def list_reviews(
    session: Session, product_id: int, *, points: int | None = None, before_id: int | None = None
) -> ReviewPage:
    """Shown reviews, all or those of so many points, before an id. Two statements."""
    query = select(*_REVIEW).where(*_SHOWN, _review.c.product_id == product_id)
    if points is not None:
        query = query.where(_review.c.points == points)
    if before_id is not None:
        query = query.where(_review.c.id < before_id)
    rows = session.execute(query.order_by(_review.c.id.desc()).limit(PER_PAGE + 1)).all()
    counted = session.execute(
        select(_review.c.points, func.count())
        .where(*_SHOWN, _review.c.product_id == product_id)
        .group_by(_review.c.points)
    )
    shown = tuple(_read_review(row) for row in rows[:PER_PAGE])
    return ReviewPage(
        rating=Rating.of({row[0]: row[1] for row in counted}),
        reviews=shown,
        older=shown[-1].id if len(rows) > PER_PAGE else None,
    )


def list_questions(
    session: Session, product_id: int, *, before_id: int | None = None
) -> QuestionPage:
    """Answered questions before an id. One statement."""
    query = select(*_QUESTION).where(*_ANSWERED, _question.c.product_id == product_id)
    if before_id is not None:
        query = query.where(_question.c.id < before_id)
    rows = session.execute(query.order_by(_question.c.id.desc()).limit(PER_PAGE + 1)).all()
    shown = tuple(_read_question(row) for row in rows[:PER_PAGE])
    return QuestionPage(shown, shown[-1].id if len(rows) > PER_PAGE else None)


_NO_NUMBER, _NO_CODE = cast(null(), Integer), cast(null(), String(12))
_NO_TEXT, _NO_MOMENT, _NO_FLAG = cast(null(), NfcText), cast(null(), UtcDateTime), literal(False)
_REVIEW: tuple[Any, ...] = (
    literal("review").label("kind"),
    _review.c.id,
    _review.c.points,
    _review.c.text,
    _review.c.shown_name,
    _review.c.locale,
    _review.c.written_at.label("at"),
    _review.c.answer,
    _review.c.answer_locale,
    _review.c.answered_at,
    _review.c.is_illustrative,
    _NO_FLAG.label("by_office"),
)
_QUESTION: tuple[Any, ...] = (
    literal("question").label("kind"),
    _question.c.id,
    _NO_NUMBER.label("points"),
    _question.c.text,
    cast(null(), NfcString(40)).label("shown_name"),
    _question.c.locale,
    _question.c.asked_at.label("at"),
    _question.c.answer,
    _question.c.answer_locale,
    _question.c.answered_at,
    _question.c.is_illustrative,
    _question.c.answered_by_office.label("by_office"),
)
_REST = (
    _NO_TEXT,
    cast(null(), NfcString(40)),
    _NO_CODE,
    _NO_MOMENT,
    _NO_TEXT,
    _NO_CODE,
    _NO_MOMENT,
    _NO_FLAG,
    _NO_FLAG,
)
_SHOWN = (_review.c.state == "shown",)
_ANSWERED = (_question.c.state == "answered",)


@cache
def _few() -> FixedStatement:
    """Newest reviews and questions and their counts as one list of uniform rows."""
    of_reviews = (*_SHOWN, _review.c.product_id == bindparam("product_id"))
    of_questions = (*_ANSWERED, _question.c.product_id == bindparam("product_id"))
    return FixedStatement(
        union_all(
            _newest(select(*_REVIEW).where(*of_reviews).order_by(_review.c.id.desc())),
            _newest(select(*_QUESTION).where(*of_questions).order_by(_question.c.id.desc())),
            select(literal("points"), func.count(), _review.c.points, *_REST)
            .where(*of_reviews)
            .group_by(_review.c.points),
            select(literal("questions"), func.count(), _NO_NUMBER, *_REST).where(*of_questions),
        )
    )


def _newest(query: Select[Any]) -> Select[Any]:
    """The first few of a part of the union: SQLite wants an order inside a part as a table of its own."""
    return select(query.limit(FEW).subquery())


def _read_review(row: Any) -> ReviewView:
    return ReviewView(
        id=row.id,
        points=row.points,
        text=row.text,
        shown_name=row.shown_name,
        locale=row.locale,
        written_at=row.at,
        answer=row.answer,
        answer_locale=row.answer_locale,
        answered_at=row.answered_at,
        is_illustrative=bool(row.is_illustrative),
    )


def _read_question(row: Any) -> QuestionView:
    return QuestionView(
        id=row.id,
        text=row.text,
        locale=row.locale,
        asked_at=row.at,
        answer=row.answer,
        answer_locale=row.answer_locale,
        answered_at=row.answered_at,
        by_office=bool(row.by_office),
        is_illustrative=bool(row.is_illustrative),
    )
