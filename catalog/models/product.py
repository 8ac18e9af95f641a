"""A product: its Vietnamese source text, its class, and whether it is on sale."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from catalog.models.allergen import ProductAllergen
from catalog.models.certificate import Certificate
from catalog.models.growing_area import GrowingArea
from catalog.models.ingredient import ProductIngredient
from catalog.models.nutrition import ProductNutrition
from catalog.models.package import Package
from catalog.models.types import Months, Thousandths
from core.db import Base, BigInt, Id, NfcString, NfcText, UtcDateTime
from i18n.text import fold, vietnamese_sort_key

if TYPE_CHECKING:
    from catalog.models.producer import Producer

STATES = ("draft", "published", "withdrawn")
STORAGE_KINDS = ("ambient", "chilled", "frozen", "live")
DURABILITIES = ("best_before", "use_by")


class Product(Base):
    """One product of one producer. The columns hold Vietnamese; other languages are translations.

    `withheld` and `listed_until` are the publication rule's answer for the present facts, written
    by `catalog.publishing.refresh_listing` whenever a fact changes: a published product is shown
    while it is not withheld and `listed_until` (last day inclusive) has not passed.

    `ingredients` is the text of the label; once `ingredient_rows` exist it is written from them and
    `ingredients_source` keeps the text as it was first received. Temperatures are in °C,
    `capacity_per_month` in `capacity_unit`, `lead_time_days` from order to shipping.
    """

    __tablename__ = "product"
    __table_args__ = (
        CheckConstraint("state IN ('draft','published','withdrawn')", name="state_known"),
        CheckConstraint(
            "storage_kind IN ('ambient','chilled','frozen','live')", name="storage_kind_known"
        ),
        CheckConstraint(
            "allergens_state IN ('declared','none_declared','unknown')",
            name="allergens_state_known",
        ),
        CheckConstraint("shelf_life_days IS NULL OR shelf_life_days > 0", name="shelf_life"),
        CheckConstraint(
            "state <> 'published' OR published_at IS NOT NULL", name="published_has_date"
        ),
        Index("ix_product_producer_id", "producer_id", "state"),
        Index("ix_product_state_published_at", "state", "published_at", "id"),
        Index("ix_product_state_name_key", "state", "name_key", "id"),
        Index("ix_product_state_subgroup", "state", "subgroup_code", "published_at", "id"),
        Index("ix_product_state_price_from", "state", "price_from_minor", "id"),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(NfcString(80), unique=True)
    slug: Mapped[str] = mapped_column(String(140), unique=True)
    producer_id: Mapped[int] = mapped_column(ForeignKey("producer.id"))
    name: Mapped[str] = mapped_column(NfcString(300))
    name_key: Mapped[str] = mapped_column(String(600), default="")
    search_fold: Mapped[str] = mapped_column(NfcText, default="")
    summary: Mapped[str | None] = mapped_column(NfcText)
    description: Mapped[str | None] = mapped_column(NfcText)
    ingredients: Mapped[str | None] = mapped_column(NfcText)
    ingredients_source: Mapped[str | None] = mapped_column(NfcText)
    usage: Mapped[str | None] = mapped_column(NfcText)
    storage_note: Mapped[str | None] = mapped_column(NfcText)
    subgroup_code: Mapped[str | None] = mapped_column(String(3))
    brand: Mapped[str | None] = mapped_column(NfcString(120))
    short_name: Mapped[str | None] = mapped_column(NfcString(40))
    packshot: Mapped[str] = mapped_column(String(24), default="box")
    state: Mapped[str] = mapped_column(String(12), default="draft")
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withheld: Mapped[bool] = mapped_column(default=False)
    listed_until: Mapped[date | None]
    price_from_minor: Mapped[int | None] = mapped_column(BigInt)
    storage_kind: Mapped[str] = mapped_column(String(8), default="ambient")
    storage_min_c: Mapped[Decimal | None] = mapped_column(Thousandths)
    storage_max_c: Mapped[Decimal | None] = mapped_column(Thousandths)
    shelf_life_days: Mapped[int | None]
    opened_shelf_life_days: Mapped[int | None]
    durability: Mapped[str | None] = mapped_column(String(12))
    warnings: Mapped[str | None] = mapped_column(NfcText)
    hs6: Mapped[str | None] = mapped_column(String(6))
    gpc_brick: Mapped[str | None] = mapped_column(String(8))
    vat_class: Mapped[str | None] = mapped_column(String(8))
    season: Mapped[str | None] = mapped_column(NfcString(120))
    season_months: Mapped[tuple[int, ...] | None] = mapped_column(Months)
    capacity_per_month: Mapped[Decimal | None] = mapped_column(Thousandths)
    capacity_unit: Mapped[str | None] = mapped_column(NfcString(24))
    lead_time_days: Mapped[int | None]
    allergens_state: Mapped[str] = mapped_column(String(16), default="unknown")
    origin_country: Mapped[str] = mapped_column(String(2), default="VN")
    is_illustrative: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str | None] = mapped_column(NfcText)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    producer: Mapped[Producer] = relationship(back_populates="products")
    packages: Mapped[list[Package]] = relationship(
        back_populates="product", order_by=(Package.position, Package.id)
    )
    certificates: Mapped[list[Certificate]] = relationship(
        back_populates="product", order_by=Certificate.id
    )
    allergens: Mapped[list[ProductAllergen]] = relationship(
        back_populates="product", cascade="all, delete-orphan"
    )
    ingredient_rows: Mapped[list[ProductIngredient]] = relationship(
        back_populates="product",
        cascade="all, delete-orphan",
        order_by=ProductIngredient.position,
    )
    nutrition: Mapped[ProductNutrition | None] = relationship(
        back_populates="product", cascade="all, delete-orphan"
    )
    growing_areas: Mapped[list[GrowingArea]] = relationship(
        back_populates="product", cascade="all, delete-orphan", order_by=GrowingArea.id
    )

    __mapper_args__ = {"version_id_col": version}

    @validates("name")
    def _derive_keys(self, _key: str, name: str) -> str:
        """Keep the columns that follow from the name in step with it."""
        self.name_key = sort_text(name)
        self.search_fold = fold(name)
        return name


def sort_text(name: str) -> str:
    """The Vietnamese dictionary order of a name as hexadecimal text, which every database sorts."""
    letters, tones, _ = vietnamese_sort_key(name[:120])
    ranks = bytes([min(255, rank) for rank in letters])
    return ranks.hex() + "00" + "".join(map(str, tones))
