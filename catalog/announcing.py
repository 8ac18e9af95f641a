"""Telling of a change once per transaction, however many fields of the thing were changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Table, bindparam, inspect, update
from sqlalchemy.orm import Session, SessionTransaction, object_session
from sqlalchemy.orm.attributes import flag_modified

from catalog.bulk import insert_rows
from catalog.models import Product
from core import audit
from core.actor import Actor
from core.facts import Fact, announce

_TOLD: WeakKeyDictionary[SessionTransaction, set[tuple[str, int]]] = WeakKeyDictionary()


def announce_once(session: Session, name: str, **ids: int) -> None:
    """Announce unless the same fact about the same thing is already told in this transaction.

    Reactions look at the thing as it is after the commit, so a second "changed" would only repeat
    their work. A savepoint counts as a transaction of its own: rolled back, it takes its facts with
    it, and nothing outside relies on them.
    """
    tidings: _Tidings | None = session.info.get(_TIDINGS)
    if tidings is not None:
        key = (name, next(iter(ids.values())))
        tidings.facts.setdefault(key, {"name": name, "payload": ids})
        return
    transaction = session.get_nested_transaction() or session.get_transaction()
    if transaction is not None:
        told = _TOLD.setdefault(transaction, set())
        key = (name, next(iter(ids.values())))
        if key in told:
            return
        told.add(key)
    announce(session, name, **ids)


@dataclass(slots=True)
class _Tidings:
    entries: list[dict[str, Any]] = field(default_factory=list)
    facts: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    touched: dict[int, tuple[Product, dict[str, Any]]] = field(default_factory=dict)


_TIDINGS = "tidings that wait"


@contextmanager
def told_together(session: Session) -> Iterator[None]:
    """Write down what `product_changed` and `touch` say inside at the end, all rows of a kind in one statement.

    When it raises, nothing is written: a savepoint is rolled back. Nothing inside may look for it.
    """
    tidings = session.info[_TIDINGS] = _Tidings()
    try:
        yield
    finally:
        del session.info[_TIDINGS]
    _count_changes(session, tidings)
    insert_rows(session, cast("Table", audit.AuditEntry.__table__), tidings.entries)
    insert_rows(session, cast("Table", Fact.__table__), [*tidings.facts.values()])


def product_changed(
    session: Session, product_id: int, action: str, actor: Actor, now: datetime, **details: Any
) -> None:
    """Note in the journal what was done to a product, and announce that it changed."""
    subject = f"product:{product_id}"
    tidings: _Tidings | None = session.info.get(_TIDINGS)
    if tidings is None:
        audit.record(session, actor, action, subject=subject, now=now, **details)
    else:
        tidings.entries.append(
            audit.entry(actor, action, subject=subject, now=now, details=details)
        )
    announce_once(session, "product.changed", product_id=product_id)


def touch(product: Product, now: datetime) -> None:
    """Count a change of the product's parts as a change of the product: its version goes up."""
    tidings = _tidings_of(product)
    if tidings is not None:
        tidings.touched.setdefault(product.id, (product, {}))[1]["updated_at"] = now
    else:
        product.updated_at = now
        flag_modified(product, "updated_at")


def set_first_price(product: Product, price: int | None) -> None:
    """Keep the price that lists are sorted by; written together with what touched the product."""
    tidings = _tidings_of(product)
    if tidings is not None and product.id in tidings.touched:
        tidings.touched[product.id][1]["price_from_minor"] = price
    else:
        product.price_from_minor = price


def _tidings_of(product: Product) -> _Tidings | None:
    session = object_session(product)
    return None if session is None else session.info.get(_TIDINGS)


def _count_changes(session: Session, tidings: _Tidings) -> None:
    """Raise the versions of what was touched; the database counts, so nobody else's change is lost.

    A product changed in fields of its own too is left to the session, which checks its version.
    """
    alone: dict[tuple[str, ...], list[tuple[Product, dict[str, Any]]]] = {}
    for product, values in tidings.touched.values():
        if inspect(product).modified:
            for name, value in values.items():
                setattr(product, name, value)
                flag_modified(product, name)
        else:
            alone.setdefault(tuple(sorted(values)), []).append((product, values))
    session.flush()
    table = cast("Table", Product.__table__)
    for names, changed in alone.items():
        statement = (
            update(table)
            .where(table.c.id == bindparam("which"))
            .values({name: bindparam(f"new_{name}") for name in names})
            .values(version=table.c.version + 1)
        )
        rows = [
            {"which": product.id} | {f"new_{name}": value for name, value in values.items()}
            for product, values in changed
        ]
        session.connection().execute(statement, rows)
        for product, values in changed:
            session.expire(product, ["version", *values])
