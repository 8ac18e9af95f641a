"""Where a product is found beside its first address: in each language, and everywhere it ever was."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, UtcDateTime


class ProductSlug(Base):
    """An address part that belongs to a product for ever, whatever the language it was made for.

    ``Product.slug``, the first one, is not among them.
    """

    __tablename__ = "product_slug"
    __table_args__ = (Index("ix_product_slug_product_id", "product_id"),)

    slug: Mapped[str] = mapped_column(String(140), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class ProductAddress(Base):
    """The present address part of a product in a language, where it is not ``Product.slug``."""

    __tablename__ = "product_address"

    product_id: Mapped[int] = mapped_column(
        ForeignKey("product.id"), primary_key=True, autoincrement=False
    )
    locale: Mapped[str] = mapped_column(String(10), primary_key=True)
    slug: Mapped[str] = mapped_column(String(140))
