"""Answers a search from the database alone, plainly, while there is no index."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from catalog.models import Certificate, Producer, Product
from catalog.reference import SUBGROUPS
from i18n.text import fold

if TYPE_CHECKING:
    from catalog.search.query import SearchRequest

MAX_WORDS = 6
_MAX_PER_PAGE = 100


def search_database(session: Session, request: SearchRequest, *, on: date) -> tuple[list[int], int]:
    """Return one page of product ids and the number of hits: every word is in the folded text.

    Filters hold as they do in the index; there are no facets and no order by relevance.
    """
    words = fold(request.text[:200]).split()[:MAX_WORDS]
    found = (
        select(Product.id)
        .join(Producer, Producer.id == Product.producer_id)
        .where(
            Product.state == "published",
            Product.withheld.is_(False),
            or_(Product.listed_until.is_(None), Product.listed_until >= on),
            *(Product.search_fold.contains(word, autoescape=True) for word in words),
            *_filters(request, on),
        )
    )
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    per_page = min(max(1, request.per_page), _MAX_PER_PAGE)
    offset = (request.page - 1) * per_page
    if request.page < 1 or offset >= total:
        return [], total
    order: dict[str, ColumnElement[Any]] = {
        "price": Product.price_from_minor.asc(),
        "price_desc": Product.price_from_minor.desc(),
    }
    ordered = found.order_by(order.get(request.sort, Product.published_at.desc()), Product.id)
    return list(session.scalars(ordered.limit(per_page).offset(offset))), total


def _filters(request: SearchRequest, on: date) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if request.provinces:
        wanted.append(Producer.province_code.in_(request.provinces))
    if request.groups:
        codes = [code for code, own in SUBGROUPS.items() if own.group in request.groups]
        wanted.append(Product.subgroup_code.in_(codes))
    if request.subgroups:
        wanted.append(Product.subgroup_code.in_(request.subgroups))
    if request.stars:
        wanted.append(_newest_claim(on).in_(request.stars))
    return wanted


def _newest_claim(on: date) -> ColumnElement[int]:
    """The stars of the newest verifiable decision if it is in force (see `star_claim`)."""
    newest = (
        select(Certificate.id)
        .where(
            Certificate.product_id == Product.id,
            Certificate.decision_number.is_not(None),
            Certificate.decision_number != "",
            Certificate.stars.is_not(None),
            Certificate.issued_on <= on,
        )
        .order_by(Certificate.issued_on.desc(), Certificate.id.desc())
        .limit(1)
        .correlate(Product)
        .scalar_subquery()
    )
    return (
        select(Certificate.stars)
        .where(
            Certificate.id == newest,
            Certificate.valid_to >= on,
            or_(Certificate.revoked_on.is_(None), Certificate.revoked_on > on),
        )
        .correlate(Product)
        .scalar_subquery()
    )
