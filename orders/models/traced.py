"""Which lots went out in which order line."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigInt, Id, NfcString, UtcDateTime


class OrderLineLot(Base):
    """So many of an order line come from this lot; written when the parcel is packed."""

    __tablename__ = "order_line_lot"
    __table_args__ = (
        UniqueConstraint("order_line_id", "lot_id"),
        CheckConstraint("quantity > 0", name="quantity"),
    )

    id: Mapped[Id]
    order_line_id: Mapped[int] = mapped_column(BigInt, ForeignKey("order_line.id"))
    lot_id: Mapped[int] = mapped_column(BigInt, ForeignKey("lot.id"), index=True)
    quantity: Mapped[int] = mapped_column(BigInt)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(NfcString(200))
