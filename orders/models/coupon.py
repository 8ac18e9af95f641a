"""Tables of coupons: what a code takes off which goods and when, and every order that used one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigInt, Id, UtcDateTime


class Coupon(Base):
    """A code of one producer that takes a part or an amount off some of its goods for a time.

    `value` is basis points for a percentage, minor units for an amount. `used` counts orders that
    stand; an order that is given up gives its use back. Times: the first moment counts, the last not.
    """

    __tablename__ = "coupon"
    __table_args__ = (
        CheckConstraint("kind IN ('percent', 'amount')", name="kind"),
        CheckConstraint(
            "value > 0 AND (kind <> 'percent' OR value <= 9000)", name="value"
        ),
        CheckConstraint("0 <= used AND used <= most_uses", name="uses"),
        CheckConstraint("starts_at < ends_at", name="times"),
    )  # fmt: skip

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(24), unique=True)
    producer_id: Mapped[int] = mapped_column(BigInt, ForeignKey("producer.id"), index=True)
    live_session_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("live_session.id"), unique=True
    )
    kind: Mapped[str] = mapped_column(String(8))
    value: Mapped[int] = mapped_column(BigInt)
    currency: Mapped[str] = mapped_column(String(3))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    most_uses: Mapped[int] = mapped_column(BigInt)
    used: Mapped[int] = mapped_column(BigInt, default=0)
    active: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CouponPackage(Base):
    """A package a coupon is good for."""

    __tablename__ = "coupon_package"

    coupon_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("coupon.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    package_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("package.id"), primary_key=True, autoincrement=False
    )


class CouponUse(Base):
    """That an order used a coupon and how much it took off; `given_back_at` when the order was given up."""

    __tablename__ = "coupon_use"
    __table_args__ = (CheckConstraint("amount_minor > 0", name="amount"),)

    order_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("customer_order.id"), primary_key=True, autoincrement=False
    )
    coupon_id: Mapped[int] = mapped_column(BigInt, ForeignKey("coupon.id"), index=True)
    code: Mapped[str] = mapped_column(String(24))
    amount_minor: Mapped[int] = mapped_column(BigInt)
    currency: Mapped[str] = mapped_column(String(3))
    given_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
