"""Tables of stock: what is on the shelf, what of it is promised, and to which order until when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigInt, Id, UtcDateTime, partial_index


class StockItem(Base):
    """How many of one package are on the shelf and how many of these are promised."""

    __tablename__ = "stock_item"
    __table_args__ = (
        CheckConstraint("0 <= reserved AND reserved <= on_hand", name="promised_is_there"),
    )

    package_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("package.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False
    )
    on_hand: Mapped[int] = mapped_column(BigInt, default=0)
    reserved: Mapped[int] = mapped_column(BigInt, default=0)


class Reservation(Base):
    """A promise of stock to one order: held, then committed (sold) or released, never anything else."""

    __tablename__ = "reservation"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("state IN ('held', 'committed', 'released')", name="state"),
        partial_index(
            "uq_reservation_live",
            "order_id",
            "package_id",
            where="state <> 'released'",
            unique=True,
        ),
        Index("ix_reservation_state_expires_at", "state", "expires_at"),
    )

    id: Mapped[Id]
    order_id: Mapped[int] = mapped_column(BigInt, ForeignKey("customer_order.id"))
    package_id: Mapped[int] = mapped_column(BigInt, ForeignKey("stock_item.package_id"), index=True)
    quantity: Mapped[int] = mapped_column(BigInt)
    live_item_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("live_item.id"))
    """The livestream session's goods this was taken from; None: from the open shelf."""
    state: Mapped[str] = mapped_column(String(16), default="held")
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the promise ends if nobody pays; None: it stands until somebody decides."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
