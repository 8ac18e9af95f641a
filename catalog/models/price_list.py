"""Price lists: for whom, in which money, and what each package costs from which quantity on."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, BigInt, Id, NfcString, UtcDateTime

LIST_KINDS = ("retail", "wholesale")


class PriceList(Base):
    """One list of one producer; `partner_code` names the only buyer it is for, else it is for all.

    A list that is not `active` is a draft: nobody is sold or told anything by it.
    """

    __tablename__ = "price_list"
    __table_args__ = (
        CheckConstraint("kind IN ('retail','wholesale')", name="kind_known"),
        Index("ix_price_list_producer_id", "producer_id", "kind"),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(NfcString(80), unique=True)
    producer_id: Mapped[int] = mapped_column(ForeignKey("producer.id"))
    name: Mapped[str] = mapped_column(NfcString(120))
    kind: Mapped[str] = mapped_column(String(12))
    partner_code: Mapped[str | None] = mapped_column(String(40))
    currency: Mapped[str] = mapped_column(String(3), default="VND")
    tax_inclusive: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    offers: Mapped[list[Offer]] = relationship(back_populates="price_list")


class Offer(Base):
    """A package on a list from `valid_from` to `valid_to`, the last day inclusive (None: no end).

    Offers of one package on one list never overlap. `min_order` is the least that is sold and
    `order_multiple` the step, both in packages. `version` counts its edits; `applied_on` is the day
    an offer of the shop's retail list became the price of the package, `replaced_minor` the price it took
    the place of. One that `resumes` holds again after another with a last day stood in its place.
    """

    __tablename__ = "offer"
    __table_args__ = (
        UniqueConstraint("price_list_id", "package_id", "valid_from"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates_ordered"),
        CheckConstraint("min_order > 0", name="min_order_positive"),
        CheckConstraint("order_multiple > 0", name="order_multiple_positive"),
        Index("ix_offer_package_id", "package_id", "price_list_id", "valid_from"),
    )

    id: Mapped[Id]
    price_list_id: Mapped[int] = mapped_column(ForeignKey("price_list.id"))
    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    min_order: Mapped[int] = mapped_column(default=1)
    order_multiple: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    applied_on: Mapped[date | None]
    replaced_minor: Mapped[int | None] = mapped_column(BigInt)
    resumes: Mapped[bool] = mapped_column(default=False, server_default=false())

    price_list: Mapped[PriceList] = relationship(back_populates="offers")
    tiers: Mapped[list[OfferTier]] = relationship(
        back_populates="offer", cascade="all, delete-orphan", order_by="OfferTier.from_quantity"
    )


class OfferTier(Base):
    """The price of one package when at least `from_quantity` of them are bought, in minor units."""

    __tablename__ = "offer_tier"
    __table_args__ = (
        CheckConstraint("from_quantity > 0", name="from_quantity_positive"),
        CheckConstraint("price_minor > 0", name="price_positive"),
    )

    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id"), primary_key=True)
    from_quantity: Mapped[int] = mapped_column(primary_key=True)
    price_minor: Mapped[int] = mapped_column(BigInt)

    offer: Mapped[Offer] = relationship(back_populates="tiers")
