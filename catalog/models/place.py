"""A place people travel to: its story, the way there, and what is made and sold there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.producer import Producer
from catalog.models.product import Product
from core.db import Base, BigInt, Id, Json, NfcString, NfcText, UtcDateTime

SCENES = ("mangrove", "mountains", "terraces", "village", "coast", "river")
"""The drawings of a place of which there is no photograph."""

place_product = Table(
    "place_product",
    Base.metadata,
    Column("place_id", BigInt, ForeignKey("place.id"), primary_key=True),
    Column("product_id", BigInt, ForeignKey("product.id"), primary_key=True),
    Index("ix_place_product_product_id", "product_id"),
)
"""What is made or sold at a place, visits of group VI included."""

place_producer = Table(
    "place_producer",
    Base.metadata,
    Column("place_id", BigInt, ForeignKey("place.id"), primary_key=True),
    Column("producer_id", BigInt, ForeignKey("producer.id"), primary_key=True),
    Index("ix_place_producer_producer_id", "producer_id"),
)
"""Whose workshop or stall stands there."""


class Place(Base):
    """A destination the programme office keeps. The columns hold Vietnamese.

    `texts` has name, story and directions in other languages as `catalog.rules.own_texts` keeps them.
    `media_id` is a picture of one of its producers; without one its drawn `scene` is shown.
    """

    __tablename__ = "place"
    __table_args__ = (
        CheckConstraint("state IN ('draft','published')", name="state_known"),
        Index("ix_place_province_code", "province_code", "state"),
    )

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(140), unique=True)
    name: Mapped[str] = mapped_column(NfcString(200))
    province_code: Mapped[str] = mapped_column(String(2))
    commune: Mapped[str | None] = mapped_column(NfcString(120))
    story: Mapped[str | None] = mapped_column(NfcText)
    directions: Mapped[str | None] = mapped_column(NfcText)
    texts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    scene: Mapped[str] = mapped_column(String(16), default="village")
    media_id: Mapped[int | None] = mapped_column(ForeignKey("media.id"))
    state: Mapped[str] = mapped_column(String(12), default="draft")
    is_illustrative: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    products: Mapped[list[Product]] = relationship(secondary=place_product, order_by=Product.id)
    producers: Mapped[list[Producer]] = relationship(secondary=place_producer, order_by=Producer.id)

    __mapper_args__ = {"version_id_col": version}
