"""Visits of group VI: what somebody must know before asking for a day, and whether one can ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from catalog.models import VisitTerms
from catalog.queries.errors import ProductNotFound
from catalog.queries.listing import card_select, chain, product, read_card, visible
from catalog.queries.pages import Card
from catalog.queries.slugs import has_slug
from catalog.rules.fallback import Text
from catalog.rules.own_texts import read_text
from catalog.rules.sending import SERVICE_GROUP

_terms: Any = VisitTerms.__table__
_TERMS = (
    _terms.c.least_people,
    _terms.c.most_people,
    _terms.c.months,
    _terms.c.languages,
    _terms.c.meeting_place,
    _terms.c.texts,
)


@dataclass(frozen=True, slots=True)
class Visit:
    """What an enquiry is judged by; `months` None is all year. `name` is the Vietnamese one."""

    product_id: int
    producer_id: int
    name: str
    least_people: int
    most_people: int
    months: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class VisitPage:
    """A visit on sale with its terms, in one language; `languages` are locales spoken there.

    Where nobody has said the terms yet, `most_people` is 0 and nobody can ask.
    """

    card: Card
    least_people: int
    most_people: int
    months: tuple[int, ...] | None
    languages: tuple[str, ...]
    meeting_place: Text | None


_VISIT = (
    select(product.c.id, product.c.producer_id, product.c.name, *_TERMS[:3])
    .join(_terms, _terms.c.product_id == product.c.id)
    .where(
        has_slug(),
        product.c.subgroup_code.startswith(SERVICE_GROUP),
        visible(),
    )
)


def find_visit(session: Session, slug: str, *, on: date) -> Visit | None:
    """The visit on sale that day under that address, or None; also without terms nobody can ask."""
    row = session.execute(_VISIT, {"slug": slug, "on": on}).first()
    return None if row is None else Visit(*row)


def get_visit_page(session: Session, slug: str, *, locale: str, on: date) -> VisitPage:
    """The page of a visit on sale that day; raises ProductNotFound. One statement."""
    row = session.execute(_page(locale), {"slug": slug, "on": on}).first()
    if row is None:
        raise ProductNotFound(slug=slug)
    least, most, months, languages, meeting_place, texts = row[-len(_TERMS) :]
    return VisitPage(
        card=read_card(row, locale, on),
        least_people=least or 0,
        most_people=most or 0,
        months=months,
        languages=languages or (),
        meeting_place=read_text("meeting_place", meeting_place, texts or {}, chain(locale)),
    )


@cache
def _page(locale: str) -> Select[Any]:
    return (
        card_select(locale)
        .add_columns(*_TERMS)
        .outerjoin(_terms, _terms.c.product_id == product.c.id)
        .where(
            has_slug(),
            product.c.subgroup_code.startswith(SERVICE_GROUP),
        )
    )
