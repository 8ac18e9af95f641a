"""A gift set: packages that are sold together, each with its own price, papers and stars."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.package import Package
from core.db import Base, Id, Json, NfcString, NfcText, UtcDateTime


class GiftSet(Base):
    """A set made by one producer, or by the programme office when `producer_id` is empty.

    It is no stock unit and has no price, star or paper of its own: all of that is its parts'. The
    columns hold Vietnamese, `texts` name and summary in other languages (`catalog.rules.own_texts`).
    """

    __tablename__ = "gift_set"
    __table_args__ = (
        CheckConstraint("state IN ('draft','published')", name="state_known"),
        Index("ix_gift_set_producer_id", "producer_id"),
        Index("ix_gift_set_state", "state", "id"),
    )

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(140), unique=True)
    producer_id: Mapped[int | None] = mapped_column(ForeignKey("producer.id"))
    name: Mapped[str] = mapped_column(NfcString(200))
    summary: Mapped[str | None] = mapped_column(NfcText)
    texts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    media_id: Mapped[int | None] = mapped_column(ForeignKey("media.id"))
    state: Mapped[str] = mapped_column(String(12), default="draft")
    is_illustrative: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    parts: Mapped[list[GiftSetPart]] = relationship(
        back_populates="gift_set",
        cascade="all, delete-orphan",
        order_by="GiftSetPart.position",
    )

    __mapper_args__ = {"version_id_col": version}


class GiftSetPart(Base):
    """So many of one package in a set."""

    __tablename__ = "gift_set_part"
    __table_args__ = (
        UniqueConstraint("gift_set_id", "package_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        Index("ix_gift_set_part_package_id", "package_id"),
    )

    id: Mapped[Id]
    gift_set_id: Mapped[int] = mapped_column(ForeignKey("gift_set.id"))
    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"))
    quantity: Mapped[int] = mapped_column(default=1)
    position: Mapped[int] = mapped_column(default=0)

    gift_set: Mapped[GiftSet] = relationship(back_populates="parts")
    package: Mapped[Package] = relationship()
