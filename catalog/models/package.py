"""A sellable package of a product: its number, what is in it, and its price."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.types import Thousandths
from catalog.rules.packaging import Wrapping
from core.db import Base, BigInt, Id, NfcString

if TYPE_CHECKING:
    from catalog.models.product import Product

SOLD_BY = ("piece", "weight")
LEVELS = ("inner", "case", "pallet")


class Package(Base):
    """What a buyer puts in the basket.

    `net_content` is the content of one inner unit and `count` how many of them are inside, so
    6 × 70 ml is (70, "ml", 6). `price_minor` is the price of the whole package, tax included, in
    minor units of `currency`; for `sold_by = 'weight'` it is the price of `net_content`, which is
    then the usual weight of one. Cases and pallets of the package are its `levels`;
    `units_per_case` and `case_gtin` repeat the case for those who only ask for it.
    """

    __tablename__ = "package"
    __table_args__ = (
        CheckConstraint("sold_by IN ('piece','weight')", name="sold_by_known"),
        CheckConstraint("net_content > 0", name="net_content_positive"),
        CheckConstraint("count > 0", name="count_positive"),
        CheckConstraint("price_minor >= 0", name="price_not_negative"),
        CheckConstraint("min_order > 0", name="min_order_positive"),
        CheckConstraint("vat_rate_bp >= 0 AND vat_rate_bp <= 10000", name="vat_rate"),
        CheckConstraint("abv IS NULL OR (abv >= 0 AND abv <= 100000)", name="abv_per_cent"),
        Index("ix_package_product_id", "product_id", "active", "position", "id"),
        Index("ix_package_gtin", "gtin"),
    )

    id: Mapped[Id]
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    sku: Mapped[str] = mapped_column(NfcString(64), unique=True)
    gtin: Mapped[str | None] = mapped_column(String(14))
    gtin_is_internal: Mapped[bool] = mapped_column(default=False)
    net_content: Mapped[Decimal] = mapped_column(Thousandths)
    unit: Mapped[str] = mapped_column(NfcString(24))
    count: Mapped[int] = mapped_column(default=1)
    label: Mapped[str] = mapped_column(NfcString(120), default="")
    drained: Mapped[Decimal | None] = mapped_column(Thousandths)
    gross_weight_g: Mapped[int | None]
    length_mm: Mapped[int | None]
    width_mm: Mapped[int | None]
    height_mm: Mapped[int | None]
    sold_by: Mapped[str] = mapped_column(String(8), default="piece")
    abv: Mapped[Decimal | None] = mapped_column(Thousandths)
    price_minor: Mapped[int] = mapped_column(BigInt)
    currency: Mapped[str] = mapped_column(String(3), default="VND")
    vat_rate_bp: Mapped[int] = mapped_column(default=0)
    units_per_case: Mapped[int | None]
    case_gtin: Mapped[str | None] = mapped_column(String(14))
    min_order: Mapped[int] = mapped_column(default=1)
    active: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)

    product: Mapped[Product] = relationship(back_populates="packages")
    levels: Mapped[list[PackageLevel]] = relationship(
        back_populates="package", cascade="all, delete-orphan", order_by="PackageLevel.id"
    )

    def facts(self) -> Wrapping:
        """The package itself as the lowest level of its wrappings."""
        return Wrapping(
            level="each",
            gtin=self.gtin,
            gross_weight_g=self.gross_weight_g,
            length_mm=self.length_mm,
            width_mm=self.width_mm,
            height_mm=self.height_mm,
        )


class PackageLevel(Base):
    """A wrapping around packages: `quantity` of the next lower level that exists.

    The package itself is the lowest level ("each"); inner, case and pallet follow, at most one of
    each. Weights are gross, in grams; measures are outside, in millimetres. `layers` is how many
    layers a pallet has (GS1 "TI-HI": quantity = cases per layer × layers).
    """

    __tablename__ = "package_level"
    __table_args__ = (
        UniqueConstraint("package_id", "level"),
        CheckConstraint("level IN ('inner','case','pallet')", name="level_known"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        Index("ix_package_level_gtin", "gtin"),
    )

    id: Mapped[Id]
    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"))
    level: Mapped[str] = mapped_column(String(8))
    quantity: Mapped[int]
    gtin: Mapped[str | None] = mapped_column(String(14))
    gtin_is_internal: Mapped[bool] = mapped_column(default=False)
    gross_weight_g: Mapped[int | None]
    length_mm: Mapped[int | None]
    width_mm: Mapped[int | None]
    height_mm: Mapped[int | None]
    layers: Mapped[int | None]

    package: Mapped[Package] = relationship(back_populates="levels")

    def facts(self) -> Wrapping:
        """The level as the rules judge it."""
        return Wrapping(
            level=self.level,
            quantity=self.quantity,
            gtin=self.gtin,
            gross_weight_g=self.gross_weight_g,
            length_mm=self.length_mm,
            width_mm=self.width_mm,
            height_mm=self.height_mm,
            layers=self.layers,
        )
