"""The money ledger: every transaction adds up to zero and happens once, by its key.

Accounts: ``bank`` (money on our account), ``courier`` (cash a courier has taken for us), ``buyer`` (what a
buyer has paid beyond what was sold to him; a minus is what we owe him), ``producer`` (what we owe a
producer), plus is debit, minus is credit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.money import Money, sum_money
from orders.errors import Unbalanced
from orders.models import LedgerEntry, LedgerTransaction

ACCOUNTS = frozenset({"bank", "courier", "buyer", "producer"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One side: an account, an amount (plus debit, minus credit), and the producer it concerns."""

    account: str
    amount: Money
    producer_id: int | None = None


def post(
    session: Session,
    key: str,
    kind: str,
    entries: Sequence[Entry],
    *,
    order_id: int | None,
    now: datetime,
) -> LedgerTransaction:
    """Write a transaction; zero amounts are left out. Raises Unbalanced; a key can be used once."""
    moved = [entry for entry in entries if entry.amount]
    for currency in {entry.amount.currency for entry in moved}:
        own = [entry.amount for entry in moved if entry.amount.currency == currency]
        if sum_money(own, currency):
            raise Unbalanced(key=key, off_by=sum_money(own, currency).amount)
    if unknown := {entry.account for entry in moved} - ACCOUNTS:
        raise ValueError(f"no such account: {sorted(unknown)}")
    transaction = LedgerTransaction(key=key, kind=kind, order_id=order_id, at=now)
    transaction.entries = [
        LedgerEntry(
            account=entry.account,
            producer_id=entry.producer_id,
            amount_minor=entry.amount.amount,
            currency=entry.amount.currency,
        )
        for entry in moved
    ]
    session.add(transaction)
    session.flush()
    return transaction


def balance(
    session: Session, account: str, currency: str = "VND", *, producer_id: int | None = None
) -> Money:
    """What stands on an account, of one producer if given."""
    query = select(func.coalesce(func.sum(LedgerEntry.amount_minor), 0)).where(
        LedgerEntry.account == account, LedgerEntry.currency == currency
    )
    if producer_id is not None:
        query = query.where(LedgerEntry.producer_id == producer_id)
    return Money(int(session.scalar(query) or 0), currency)
