"""What people have asked producers for, as the programme office sees it: visits and wholesale requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from catalog.models import Producer, Product
from orders.models import VisitEnquiry, WholesaleRequest
from orders.rules.visits import VisitState

VISIT_STATES: tuple[str, ...] = tuple(str(state) for state in VisitState)
UNANSWERED = "new"
"""The state, of either kind, in which the producer's answer is awaited; afterwards nobody has to."""


@dataclass(frozen=True, slots=True)
class AskedProducer:
    """Whom something was asked of, and the number to ring where an answer is late."""

    id: int
    name: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class AskedVisit:
    """An enquiry about a visit and its producer."""

    enquiry: VisitEnquiry
    producer: AskedProducer


@dataclass(frozen=True, slots=True)
class AskedWholesale:
    """A wholesale request, the goods' Vietnamese name and their producer."""

    request: WholesaleRequest
    product_name: str
    producer: AskedProducer


def list_visits(
    session: Session, state: str = "", *, before_id: int | None = None, limit: int = 50
) -> list[AskedVisit]:
    """Enquiries to all producers in one state ("" for any), the newest first. One statement."""
    query = select(VisitEnquiry, Producer.id, Producer.name, Producer.phone).join(
        Producer, Producer.id == VisitEnquiry.producer_id
    )
    page = _page(cast("Select[Any]", query), VisitEnquiry, state, before_id)
    rows = session.execute(page.limit(limit))
    return [AskedVisit(row[0], AskedProducer(*row[1:])) for row in rows]


def list_wholesale(
    session: Session, state: str = "", *, before_id: int | None = None, limit: int = 50
) -> list[AskedWholesale]:
    """Wholesale requests to all producers in one state ("" for any), the newest first. One statement."""
    query = (
        select(WholesaleRequest, Product.name, Producer.id, Producer.name, Producer.phone)
        .join(Product, Product.id == WholesaleRequest.product_id)
        .join(Producer, Producer.id == WholesaleRequest.producer_id)
    )
    page = _page(cast("Select[Any]", query), WholesaleRequest, state, before_id)
    rows = session.execute(page.limit(limit))
    return [AskedWholesale(row[0], row[1], AskedProducer(*row[2:])) for row in rows]


def _page(
    query: Select[Any],
    kind: type[VisitEnquiry] | type[WholesaleRequest],
    state: str,
    before_id: int | None,
) -> Select[Any]:
    """Numbers grow with time, so the newest have the largest; a deep page costs what the first does."""
    if state:
        query = query.where(kind.state == state)
    if before_id is not None:
        query = query.where(kind.id < before_id)
    return query.order_by(kind.id.desc())
