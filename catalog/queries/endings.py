"""What ends soon: OCOP claims, papers and licences of some producers or of all, in one statement."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from catalog.models import EndWarning
from catalog.queries.ledger import licence, paper, protected_name
from catalog.queries.listing import certificate, in_force, latest_certificate, producer, product
from catalog.rules.ending import THRESHOLDS, days_left


@dataclass(frozen=True, slots=True)
class Ending:
    """One thing that ends: `subject_kind` certificate, paper or licence, and its row.

    `code` is "ocop", the kind of the paper, or the kind of the right; `name` is the protected name of a
    licence; `last_day` is the last day it holds.
    """

    subject_kind: str
    subject_id: int
    producer_id: int
    producer_name: str
    product_id: int | None
    product_name: str | None
    code: str
    number: str | None
    name: str | None
    last_day: date
    days_left: int


def list_endings(
    session: Session,
    *,
    on: date,
    within_days: int = max(THRESHOLDS),
    producer_ids: Collection[int] | None = None,
) -> list[Ending]:
    """What holds on that day and ends within so many days, the soonest first; one statement.

    A paper that another of the same kind for the same goods and site outlasts is not named: it has been
    renewed.
    """
    until = on + timedelta(days=within_days)
    parts = [_certificates(until), _papers(on, until), _licences(on, until)]
    if producer_ids is not None:
        own = sorted(producer_ids)
        parts = [part.where(producer.c.id.in_(own)) for part in parts]
    rows: Iterable[Any] = session.execute(union_all(*parts), {"on": on})
    return sorted(
        (Ending(*(*row, days_left(row[-1], on))) for row in rows),
        key=lambda ending: (ending.last_day, ending.producer_id, ending.subject_id),
    )


def list_warned(session: Session, warning_ids: Sequence[int], *, on: date) -> list[Ending]:
    """Of what some warnings are about, that which still ends on the day they named."""
    warnings = session.execute(
        select(
            EndWarning.subject_kind,
            EndWarning.subject_id,
            EndWarning.last_day,
            EndWarning.producer_id,
        ).where(EndWarning.id.in_(warning_ids))
    ).all()
    wanted = {tuple(warning[:3]) for warning in warnings}
    producers = {warning.producer_id for warning in warnings}
    if not producers:
        return []
    return [
        ending
        for ending in list_endings(session, on=on, producer_ids=producers)
        if (ending.subject_kind, ending.subject_id, ending.last_day) in wanted
    ]


_NO_TEXT, _NO_NUMBER = cast(null(), String), cast(null(), Integer)


def _certificates(until: date) -> Select[Any]:
    return (
        select(
            literal("certificate"),
            certificate.c.id,
            producer.c.id,
            producer.c.name,
            product.c.id,
            product.c.name,
            certificate.c.scheme,
            certificate.c.decision_number,
            _NO_TEXT,
            certificate.c.valid_to,
        )
        .select_from(
            product.join(producer, producer.c.id == product.c.producer_id).join(
                certificate, latest_certificate()
            )
        )
        .where(in_force(), certificate.c.valid_to <= until)
    )


def _papers(on: date, until: date) -> Select[Any]:
    newer = paper.alias("newer")
    renewed = exists().where(
        newer.c.producer_id == paper.c.producer_id,
        newer.c.kind == paper.c.kind,
        newer.c.id != paper.c.id,
        _same(newer.c.product_id, paper.c.product_id),
        _same(newer.c.facility, paper.c.facility),
        _same(newer.c.market, paper.c.market),
        _same(newer.c.document, paper.c.document),
        or_(newer.c.valid_to.is_(None), newer.c.valid_to > paper.c.valid_to),
        newer.c.revoked_on.is_(None),
    )
    return (
        select(
            literal("paper"),
            paper.c.id,
            producer.c.id,
            producer.c.name,
            product.c.id,
            product.c.name,
            paper.c.kind,
            paper.c.number,
            _NO_TEXT,
            paper.c.valid_to,
        )
        .select_from(
            paper.join(producer, producer.c.id == paper.c.producer_id).outerjoin(
                product, product.c.id == paper.c.product_id
            )
        )
        .where(
            paper.c.valid_to >= on,
            paper.c.valid_to <= until,
            or_(paper.c.issued_on.is_(None), paper.c.issued_on <= on),
            or_(paper.c.revoked_on.is_(None), paper.c.revoked_on > on),
            ~renewed,
        )
    )


def _licences(on: date, until: date) -> Select[Any]:
    last = case(
        (licence.c.valid_to.is_(None), protected_name.c.valid_to),
        (
            and_(
                protected_name.c.valid_to.is_not(None),
                protected_name.c.valid_to < licence.c.valid_to,
            ),
            protected_name.c.valid_to,
        ),
        else_=licence.c.valid_to,
    )
    return (
        select(
            literal("licence"),
            licence.c.id,
            producer.c.id,
            producer.c.name,
            _NO_NUMBER,
            _NO_TEXT,
            protected_name.c.kind,
            licence.c.number,
            protected_name.c.name,
            last,
        )
        .select_from(
            licence.join(protected_name, protected_name.c.id == licence.c.protected_name_id).join(
                producer, producer.c.id == licence.c.producer_id
            )
        )
        .where(
            last >= on,
            last <= until,
            licence.c.issued_on <= on,
            or_(licence.c.revoked_on.is_(None), licence.c.revoked_on > on),
            or_(protected_name.c.revoked_on.is_(None), protected_name.c.revoked_on > on),
        )
    )


def _same(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[bool]:
    return or_(one == other, and_(one.is_(None), other.is_(None)))
