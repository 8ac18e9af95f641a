"""Which allergens a product contains or may contain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base

if TYPE_CHECKING:
    from catalog.models.product import Product


class ProductAllergen(Base):
    """One allergen of one product; the codes are those of `catalog.reference.ALLERGENS`."""

    __tablename__ = "product_allergen"
    __table_args__ = (
        CheckConstraint("containment IN ('contains','may_contain')", name="containment_known"),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    containment: Mapped[str] = mapped_column(String(12))

    product: Mapped[Product] = relationship(back_populates="allergens")
