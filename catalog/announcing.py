"""Telling of a change once per transaction, however many fields of the thing were changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.orm.attributes import flag_modified

from catalog.models import Product
from core import audit
from core.actor import Actor
from core.facts import announce

_TOLD: WeakKeyDictionary[SessionTransaction, set[tuple[str, int]]] = WeakKeyDictionary()


def announce_once(session: Session, name: str, **ids: int) -> None:
    """Announce unless the same fact about the same thing is already told in this transaction.

    Reactions look at the thing as it is after the commit, so a second "changed" would only repeat
    their work. A savepoint counts as a transaction of its own: rolled back, it takes its facts with
    it, and nothing outside relies on them.
    """
    transaction = session.get_nested_transaction() or session.get_transaction()
    if transaction is not None:
        told = _TOLD.setdefault(transaction, set())
        key = (name, next(iter(ids.values())))
        if key in told:
            return
        told.add(key)
    announce(session, name, **ids)


def product_changed(
    session: Session, product_id: int, action: str, actor: Actor, now: datetime, **details: Any
) -> None:
    """Note in the journal what was done to a product, and announce that it changed."""
    audit.record(session, actor, action, subject=f"product:{product_id}", now=now, **details)
    announce_once(session, "product.changed", product_id=product_id)


def touch(product: Product, now: datetime) -> None:
    """Count a change of the product's parts as a change of the product: its version goes up."""
    product.updated_at = now
    flag_modified(product, "updated_at")
