"""Tables of guest carts: found only by the hash of a token in the buyer's cookie."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, BigInt, Id, UtcDateTime


class Cart(Base):
    """One buyer's basket; kept 90 days after the last change."""

    __tablename__ = "cart"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    coupon_code: Mapped[str | None] = mapped_column(String(24))
    """The code the buyer typed; judged anew whenever the cart is shown."""

    lines: Mapped[list[CartLine]] = relationship(
        back_populates="cart", cascade="all, delete-orphan", order_by="CartLine.id"
    )


class CartLine(Base):
    """So many of a package, and the price the buyer has seen for one of it."""

    __tablename__ = "cart_line"
    __table_args__ = (
        UniqueConstraint("cart_id", "package_id"),
        CheckConstraint("quantity > 0", name="quantity"),
    )

    id: Mapped[Id]
    cart_id: Mapped[int] = mapped_column(BigInt, ForeignKey("cart.id", ondelete="CASCADE"))
    package_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("package.id", ondelete="CASCADE"), index=True
    )
    quantity: Mapped[int] = mapped_column(BigInt)
    seen_price_minor: Mapped[int] = mapped_column(BigInt)
    seen_currency: Mapped[str] = mapped_column(String(3))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)

    cart: Mapped[Cart] = relationship(back_populates="lines")
