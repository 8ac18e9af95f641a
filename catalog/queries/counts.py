"""How many products there are of each kind, counted once until something changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, case, func, literal, select, union_all
from sqlalchemy.orm import Session

from catalog.queries.listing import (
    certificate,
    in_force,
    latest_certificate,
    producer,
    product,
    visible,
)
from core.facts import Newest, newest_fact

FEATURED = 8
NEWEST = 12


@dataclass(frozen=True, slots=True)
class Cell:
    """So many products with this province, subgroup and stars (0 for no claim)."""

    province: str
    subgroup: str
    stars: int
    count: int


@dataclass(frozen=True, slots=True)
class Counts:
    """The catalogue in figures on one day."""

    newest: Newest
    on: date
    cells: tuple[Cell, ...]
    producer_count: int
    featured_ids: tuple[int, ...]
    newest_ids: tuple[int, ...]
    answers: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was worked out from these counts; thrown away with them."""

    @property
    def product_count(self) -> int:
        """All products on sale."""
        return sum(cell.count for cell in self.cells)


_KNOWN: WeakKeyDictionary[Engine, Counts] = WeakKeyDictionary()
_FROM = product.join(producer, producer.c.id == product.c.producer_id).outerjoin(
    certificate, latest_certificate()
)
_STARS = func.coalesce(case((in_force(), certificate.c.stars)), 0)
_PRODUCERS = (
    select(func.count(func.distinct(product.c.producer_id))).where(visible()).scalar_subquery()
)
_CELLS = (
    select(
        func.coalesce(producer.c.province_code, "").label("cell_province"),
        func.coalesce(product.c.subgroup_code, "").label("cell_subgroup"),
        _STARS.label("cell_stars"),
        func.count(),
        _PRODUCERS,
    )
    .select_from(_FROM)
    .where(visible())
    .group_by("cell_province", "cell_subgroup", "cell_stars")
)
_BEST = (
    select(literal("best").label("list"), product.c.id, product.c.subgroup_code.label("subgroup"))
    .select_from(_FROM)
    .where(visible())
    .order_by(_STARS.desc(), product.c.published_at.desc(), product.c.id.desc())
    .limit(60)
    .subquery()
)
_NEW = (
    select(literal("new").label("list"), product.c.id, product.c.subgroup_code.label("subgroup"))
    .where(visible())
    .order_by(product.c.published_at.desc(), product.c.id.desc())
    .limit(NEWEST)
    .subquery()
)
_LISTS = union_all(select(_BEST), select(_NEW))


def get_counts(session: Session, on: date, newest: Newest | None = None) -> Counts:
    """The counts of that day; no statement while no fact has been announced since, else two.

    Every change of the catalogue announces a fact in its own transaction, so the newest fact's id
    says whether an earlier count still holds. Who has not asked for it yet leaves that to one
    statement more.
    """
    bind = session.get_bind()
    if newest is None:
        newest = newest_fact(session)
    if isinstance(bind, Engine):
        known = _KNOWN.get(bind)
        if known is not None and _holds(known, newest, on):
            return known
    counts = _count(session, newest, on)
    if isinstance(bind, Engine):
        _KNOWN[bind] = counts
    return counts


def _holds(known: Counts, newest: Newest, on: date) -> bool:
    """Counted for this fact and day; what was counted while an older fact could come is counted again."""
    same = known.newest.fact_id == newest.fact_id and known.on == on
    return same and (known.newest.is_settled or not newest.is_settled)


def _count(session: Session, newest: Newest, on: date) -> Counts:
    rows = session.execute(_CELLS, {"on": on}).all()
    best: list[tuple[int, str]] = []
    new: list[int] = []
    for name, product_id, subgroup in session.execute(_LISTS, {"on": on}):
        if name == "best":
            best.append((product_id, subgroup))
        else:
            new.append(product_id)
    return Counts(
        newest=newest,
        on=on,
        cells=tuple(Cell(*row[:4]) for row in rows),
        producer_count=rows[0][4] if rows else 0,
        featured_ids=tuple(_varied(best)),
        newest_ids=tuple(new),
    )


def _varied(best: Iterable[tuple[int, str]]) -> list[int]:
    """The first of each subgroup before a second of any, up to the number featured."""
    turns: list[tuple[int, int]] = []
    seen: dict[str, int] = {}
    for product_id, subgroup in best:
        seen[subgroup] = seen.get(subgroup, 0) + 1
        turns.append((seen[subgroup], product_id))
    turns.sort(key=lambda entry: entry[0])
    return [product_id for _, product_id in turns[:FEATURED]]
