"""Geographical indications, collective and certification marks, and who may use them for what."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.product import Product
from core.db import Base, BigInt, Id, Json, NfcString, NfcText, UtcDateTime


class ProtectedName(Base):
    """A registered right, known by its kind and registration number: names repeat, numbers do not.

    `goods` says in each language what it is registered for. `registered_on` is empty where only the
    number is verified; `checked_on` and `source` say when and where it was looked up.
    """

    __tablename__ = "protected_name"
    __table_args__ = (
        UniqueConstraint("kind", "number"),
        CheckConstraint("kind IN ('gi','collective_mark','certification_mark')", name="kind_known"),
        CheckConstraint(
            "valid_to IS NULL OR registered_on IS NULL OR valid_to >= registered_on",
            name="dates_ordered",
        ),
        CheckConstraint(
            "revoked_on IS NULL OR revoked_reason IS NOT NULL", name="revoked_has_reason"
        ),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(20))
    number: Mapped[str] = mapped_column(NfcString(40))
    name: Mapped[str] = mapped_column(NfcString(200))
    goods: Mapped[dict[str, str]] = mapped_column(Json)
    province_code: Mapped[str | None] = mapped_column(String(2))
    holder: Mapped[str | None] = mapped_column(NfcString(300))
    decision_number: Mapped[str | None] = mapped_column(NfcString(80))
    registered_on: Mapped[date | None]
    valid_to: Mapped[date | None]
    revoked_on: Mapped[date | None]
    revoked_reason: Mapped[str | None] = mapped_column(NfcText)
    source: Mapped[str | None] = mapped_column(NfcText)
    checked_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


licence_product = Table(
    "licence_product",
    Base.metadata,
    Column("licence_id", BigInt, ForeignKey("licence.id"), primary_key=True),
    Column("product_id", BigInt, ForeignKey("product.id"), primary_key=True),
    Index("ix_licence_product_product_id", "product_id"),
)
"""Which products of the licensed producer meet the specification of the right."""


class Licence(Base):
    """A producer's licence to use a protected name, granted by the right's holder."""

    __tablename__ = "licence"
    __table_args__ = (
        UniqueConstraint("protected_name_id", "producer_id", "number"),
        CheckConstraint("valid_to IS NULL OR valid_to >= issued_on", name="dates_ordered"),
        CheckConstraint(
            "revoked_on IS NULL OR revoked_reason IS NOT NULL", name="revoked_has_reason"
        ),
        Index("ix_licence_producer_id", "producer_id"),
        Index("ix_licence_valid_to", "valid_to"),
    )

    id: Mapped[Id]
    protected_name_id: Mapped[int] = mapped_column(ForeignKey("protected_name.id"))
    producer_id: Mapped[int] = mapped_column(ForeignKey("producer.id"))
    number: Mapped[str] = mapped_column(NfcString(80))
    issuer: Mapped[str | None] = mapped_column(NfcString(200))
    issued_on: Mapped[date]
    valid_to: Mapped[date | None]
    evidence: Mapped[str | None] = mapped_column(NfcString(200))
    revoked_on: Mapped[date | None]
    revoked_reason: Mapped[str | None] = mapped_column(NfcText)
    is_illustrative: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    protected_name: Mapped[ProtectedName] = relationship()
    products: Mapped[list[Product]] = relationship(secondary=licence_product, order_by=Product.id)
