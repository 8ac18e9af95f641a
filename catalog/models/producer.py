"""A producer (OCOP "chủ thể"): who makes the goods, where, and how to reach them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.product import Product
from core.db import Base, Id, NfcString, NfcText, UtcDateTime

PRODUCER_KINDS = (
    "enterprise",
    "cooperative",
    "cooperative_group",
    "household",
    "facility",
    "farm",
    "board",
    "unknown",
)


class Producer(Base):
    """A maker of certified goods; `code` is the key of the source it was read from.

    `commune_code` is the five digits of the register of communes since July 2025; `former_unit` is
    the older unit as text. `closed_from` to `closed_to` (last day inclusive) are the days of the
    present or next seasonal closure, when nothing is made or sent.
    """

    __tablename__ = "producer"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('enterprise','cooperative','cooperative_group','household','facility',"
            "'farm','board','unknown')",
            name="kind_known",
        ),
        Index("ix_producer_province_code", "province_code"),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(NfcString(80), unique=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(NfcString(300))
    kind: Mapped[str] = mapped_column(String(24), default="unknown")
    registration_number: Mapped[str | None] = mapped_column(NfcString(60))
    registered_on: Mapped[date | None]
    tax_number: Mapped[str | None] = mapped_column(String(20))
    gln: Mapped[str | None] = mapped_column(String(13))
    province_code: Mapped[str | None] = mapped_column(String(2))
    commune_code: Mapped[str | None] = mapped_column(String(5))
    commune: Mapped[str | None] = mapped_column(NfcString(120))
    former_unit: Mapped[str | None] = mapped_column(NfcString(200))
    address: Mapped[str | None] = mapped_column(NfcString(300))
    phone: Mapped[str | None] = mapped_column(String(32))
    email: Mapped[str | None] = mapped_column(NfcString(254))
    story: Mapped[str | None] = mapped_column(NfcText)
    founded_year: Mapped[int | None]
    closed_from: Mapped[date | None]
    closed_to: Mapped[date | None]
    closed_note: Mapped[str | None] = mapped_column(NfcString(300))
    is_illustrative: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str | None] = mapped_column(NfcText)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    products: Mapped[list[Product]] = relationship(back_populates="producer")

    __mapper_args__ = {"version_id_col": version}
