"""A seasonal collection of goods: when it is current, and which goods by hand or by rule."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, Synonym, mapped_column, synonym

from catalog.models.types import Months
from core.db import Base, Id, Json, NfcString, NfcText, UtcDateTime


class Collection(Base):
    """Goods gathered under a title. `rule` maps facets to values (`catalog.rules.facets`), {} for none.

    It is current between its days (inclusive, either side may be open) and in its months, each year.
    """

    __tablename__ = "collection"
    __table_args__ = (
        CheckConstraint("state IN ('draft','published','withdrawn')", name="state_known"),
        CheckConstraint(
            "starts_on IS NULL OR ends_on IS NULL OR ends_on >= starts_on", name="days_in_order"
        ),
    )

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(NfcString(300))
    description: Mapped[str | None] = mapped_column(NfcText)
    state: Mapped[str] = mapped_column(String(12), default="draft")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    months: Mapped[tuple[int, ...] | None] = mapped_column(Months)
    rule: Mapped[dict[str, Any]] = mapped_column(Json)
    is_illustrative: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    code: Synonym[str] = synonym("slug")
    """What files of translations call it by."""


class CollectionProduct(Base):
    """A product somebody put into a collection by hand, at its place in the row."""

    __tablename__ = "collection_product"

    collection_id: Mapped[int] = mapped_column(ForeignKey("collection.id"), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True)
    position: Mapped[int]
