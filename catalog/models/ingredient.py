"""What a product is made of, line by line, in the order of the label."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.types import Codes, Thousandths
from catalog.rules.ingredients import Ingredient
from core.db import Base, NfcString

if TYPE_CHECKING:
    from catalog.models.product import Product


class ProductIngredient(Base):
    """One ingredient; `level` 1 is a part of the compound ingredient (level 0) above it.

    An additive has a `function_class` (a code of `catalog.reference.additives`) and, where known, an
    `ins_number` such as "330" or "150a". `percent` is of the whole product (QUID). `allergens` are
    codes of `catalog.reference.ALLERGENS` that this ingredient contains.
    """

    __tablename__ = "product_ingredient"
    __table_args__ = (
        CheckConstraint("level >= 0 AND level <= 2", name="level_range"),
        CheckConstraint("percent IS NULL OR (percent > 0 AND percent <= 100000)", name="percent"),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    level: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(NfcString(200))
    percent: Mapped[Decimal | None] = mapped_column(Thousandths)
    function_class: Mapped[str | None] = mapped_column(String(24))
    ins_number: Mapped[str | None] = mapped_column(String(12))
    allergens: Mapped[tuple[str, ...]] = mapped_column(Codes(80), default=())
    origin: Mapped[str | None] = mapped_column(NfcString(80))

    product: Mapped[Product] = relationship(back_populates="ingredient_rows")

    def facts(self) -> Ingredient:
        """The line as the rules judge it."""
        return Ingredient(
            name=self.name,
            percent=self.percent,
            level=self.level,
            function_class=self.function_class,
            ins_number=self.ins_number,
            allergens=self.allergens,
            origin=self.origin,
        )
