"""Tables of the money ledger: transactions whose entries add up to zero, never changed afterwards."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, BigInt, Id, UtcDateTime


class LedgerTransaction(Base):
    """One thing that moved money between accounts; the key makes it happen once."""

    __tablename__ = "ledger_transaction"

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(String(24))
    order_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("customer_order.id"), index=True
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    entries: Mapped[list[LedgerEntry]] = relationship(back_populates="transaction")


class LedgerEntry(Base):
    """One side of a transaction: plus is debit, minus is credit."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        CheckConstraint("amount_minor <> 0", name="amount"),
        Index("ix_ledger_entry_account_producer_id", "account", "producer_id"),
    )

    id: Mapped[Id]
    transaction_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("ledger_transaction.id"), index=True
    )
    account: Mapped[str] = mapped_column(String(24))
    producer_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("producer.id"))
    amount_minor: Mapped[int] = mapped_column(BigInt)
    currency: Mapped[str] = mapped_column(String(3))

    transaction: Mapped[LedgerTransaction] = relationship(back_populates="entries")
