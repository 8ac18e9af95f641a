"""Telling of a change once per transaction, however many fields of the thing were changed."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session, SessionTransaction

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
