"""Codes of the places where the goods grow or are packed, as importing countries register them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Id, NfcString

if TYPE_CHECKING:
    from catalog.models.product import Product

AREA_KINDS = ("planting", "packing_house", "aquaculture", "swiftlet_house")


class GrowingArea(Base):
    """One code (mã số vùng trồng, cơ sở đóng gói …) for one market.

    `market` is an ISO 3166 country code or "EU"; "" means that the code is for the home market.
    """

    __tablename__ = "growing_area"
    __table_args__ = (
        UniqueConstraint("product_id", "code", "market"),
        CheckConstraint(
            "kind IN ('planting','packing_house','aquaculture','swiftlet_house')", name="kind_known"
        ),
        CheckConstraint("status IN ('active','suspended')", name="status_known"),
    )

    id: Mapped[Id]
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    kind: Mapped[str] = mapped_column(String(16), default="planting")
    code: Mapped[str] = mapped_column(NfcString(40))
    market: Mapped[str] = mapped_column(String(2), default="")
    status: Mapped[str] = mapped_column(String(12), default="active")

    product: Mapped[Product] = relationship(back_populates="growing_areas")
