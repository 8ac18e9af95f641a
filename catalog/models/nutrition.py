"""The nutrition declaration of a product."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.types import Thousandths
from catalog.rules.nutrition import NUTRIENTS, Nutrition
from core.db import Base, UtcDateTime

if TYPE_CHECKING:
    from catalog.models.product import Product


class ProductNutrition(Base):
    """What 100 g or 100 ml hold, as declared; None is not declared, which is not the same as zero.

    Energy in kJ and kcal, sodium in mg, all else in g. `source` says whether a laboratory measured
    it, a table or recipe gave it, or it was copied from the label.
    """

    __tablename__ = "product_nutrition"
    __table_args__ = (
        CheckConstraint("basis IN ('100g','100ml')", name="basis_known"),
        CheckConstraint(
            "source IS NULL OR source IN ('laboratory','calculated','label')", name="source_known"
        ),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True)
    basis: Mapped[str] = mapped_column(String(8), default="100g")
    energy_kj: Mapped[Decimal | None] = mapped_column(Thousandths)
    energy_kcal: Mapped[Decimal | None] = mapped_column(Thousandths)
    fat: Mapped[Decimal | None] = mapped_column(Thousandths)
    saturates: Mapped[Decimal | None] = mapped_column(Thousandths)
    carbohydrate: Mapped[Decimal | None] = mapped_column(Thousandths)
    sugars: Mapped[Decimal | None] = mapped_column(Thousandths)
    protein: Mapped[Decimal | None] = mapped_column(Thousandths)
    fibre: Mapped[Decimal | None] = mapped_column(Thousandths)
    salt: Mapped[Decimal | None] = mapped_column(Thousandths)
    sodium_mg: Mapped[Decimal | None] = mapped_column(Thousandths)
    serving_size: Mapped[Decimal | None] = mapped_column(Thousandths)
    source: Mapped[str | None] = mapped_column(String(12))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    product: Mapped[Product] = relationship(back_populates="nutrition")

    def facts(self) -> Nutrition:
        """The declaration as the rules judge it."""
        return Nutrition(self.basis, **{name: getattr(self, name) for name in NUTRIENTS})
