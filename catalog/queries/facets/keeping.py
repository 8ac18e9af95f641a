"""Keeps the table of what is on sale for each process, and follows the facts that change it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, bindparam, select
from sqlalchemy.orm import Session

from catalog.models import Product
from catalog.queries.facets.loading import load_goods
from catalog.queries.facets.table import Table
from core.facts import Fact, Newest, newest_fact

MOST_FACTS = 400
"""After so many, reading everything anew costs less than following them."""
MOST_CHANGED = 2_000
_ELSEWHERE = (
    "article.",
    "collection.",
    "feed.",
    "gift_set.",
    "lot.",
    "mail.",
    "media.",
    "order.",
    "papers.ending",
    "picture.picked",
    "place.",
    "stock.",
    "supply.",
    "trade_event.",
    "visit.",
)
"""Facts that change nothing a product is found by. Of any other without ids, everything is read anew."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A table, the newest fact it includes, and the newest before which none can still appear.

    ``followed`` are the facts after that one which the table includes already.
    """

    table: Table
    on: date
    newest: int
    settled: int
    followed: frozenset[int] = frozenset()


_KNOWN: WeakKeyDictionary[Engine, _Known] = WeakKeyDictionary()
_FACTS = (
    select(Fact.id, Fact.name, Fact.payload)
    .where(Fact.id > bindparam("after"))
    .order_by(Fact.id)
    .limit(MOST_FACTS + 1)
)


def get_table(session: Session, on: date, newest: Newest | None = None) -> Table:
    """Return what is on sale that day: no statement while no fact has come, else one to three or four.

    Every change of the catalogue announces a fact in its own transaction. Only the products it tells
    of are read again. Who has not asked for the newest fact yet leaves that to one statement more.
    """
    bind = session.get_bind()
    if newest is None:
        newest = newest_fact(session)
    if not isinstance(bind, Engine):
        return _load(session, on)
    known = _KNOWN.get(bind)
    followed: frozenset[int] = frozenset()
    if known is None or known.on != on:
        table = _load(session, on)
    elif known.newest == newest.fact_id and known.settled == newest.fact_id:
        return known.table
    else:
        table, followed = _followed(session, known)
    settled = newest.fact_id if newest.is_settled else (known.settled if known else 0)
    followed = frozenset(fact for fact in followed if fact > settled)
    _KNOWN[bind] = _Known(table, on, newest.fact_id, settled, followed)
    return table


def _load(session: Session, on: date) -> Table:
    return Table.build(*load_goods(session, None, on=on))


def _followed(session: Session, known: _Known) -> tuple[Table, frozenset[int]]:
    """Return the table with what facts since the last settled one tell of, and which facts these are.

    While a long transaction is under way nothing is settled, and the same facts are read by every
    page; what the table includes already makes it read no product again.
    """
    facts = session.execute(_FACTS, {"after": known.settled}).all()
    followed = frozenset(fact.id for fact in facts)
    told = [
        fact.payload
        for fact in facts
        if fact.id not in known.followed and not fact.name.startswith(_ELSEWHERE)
    ]
    ids = _products(session, told) if len(facts) <= MOST_FACTS else None
    if ids is None or len(ids) > MOST_CHANGED:
        return _load(session, known.on), followed
    if not ids:
        return known.table, followed
    goods, names = load_goods(session, ids, on=known.on)
    return known.table.changed(ids, goods, names), followed


def _products(session: Session, payloads: Iterable[Mapping[str, Any]]) -> set[int] | None:
    """Return the products that facts are about; None where one does not say."""
    found: set[int] = set()
    makers: set[int] = set()
    for payload in payloads:
        if "product_id" in payload:
            found.add(int(payload["product_id"]))
        elif "product_ids" in payload:
            found.update(map(int, payload["product_ids"]))
        elif "producer_id" in payload:
            makers.add(int(payload["producer_id"]))
        else:
            return None
    if makers:
        found.update(session.scalars(select(Product.id).where(Product.producer_id.in_(makers))))
    return found
