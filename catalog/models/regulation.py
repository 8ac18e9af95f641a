"""What the office adds to the rules of the files, and the verdict on each product for each market."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigInt, Id, Json, NfcString, NfcText, UtcDateTime


class RegulationEntry(Base):
    """A new version of a rule, or a suspension of one; rows are only ever added.

    Of a version, `first_day` is when it begins (None never occurs) and `value` what it says. Of a
    suspension, `target` names the version that rests from `first_day` to `last_day`, inclusive.
    """

    __tablename__ = "regulation_entry"
    __table_args__ = (
        CheckConstraint("action IN ('version','suspension')", name="action_known"),
        CheckConstraint("kind IN ('act','market','vat','allergens','label')", name="kind_known"),
        CheckConstraint(
            "certainty IN ('article','published','derived','unverified')", name="certainty_known"
        ),
        CheckConstraint("last_day IS NULL OR last_day >= first_day", name="days_ordered"),
        CheckConstraint("(action = 'suspension') = (target <> '')", name="suspension_has_target"),
        Index("ix_regulation_entry_code", "code"),
    )

    id: Mapped[Id]
    action: Mapped[str] = mapped_column(String(12))
    code: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(12))
    target: Mapped[str] = mapped_column(String(100), default="")
    value: Mapped[dict[str, Any]] = mapped_column(Json)
    legal_basis: Mapped[str] = mapped_column(NfcString(300))
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    source: Mapped[str] = mapped_column(NfcString(300))
    checked_on: Mapped[date]
    certainty: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(NfcText, default="")
    entered_by: Mapped[str] = mapped_column(NfcString(200))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MarketVerdict(Base):
    """Whether a product may be sent to a market, as last judged, with the rules it was judged under.

    Derived data: `catalog.markets.judge_products` writes it anew when a fact or a rule changes or
    the date of a rule passes. `judged_on` is the day on which this verdict was first given;
    `particulars` are `catalog.rules.particulars.Particulars`, None until it is judged anew.
    """

    __tablename__ = "market_verdict"

    product_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("product.id", ondelete="CASCADE"), primary_key=True
    )
    market: Mapped[str] = mapped_column(String(2), primary_key=True)
    allowed: Mapped[bool]
    confirmed: Mapped[bool]
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    documents: Mapped[list[str]] = mapped_column(Json)
    particulars: Mapped[dict[str, Any] | None] = mapped_column(Json)
    rule_version: Mapped[str] = mapped_column(String(400))
    rules_digest: Mapped[str] = mapped_column(String(12))
    judged_on: Mapped[date]
    judged_at: Mapped[datetime] = mapped_column(UtcDateTime)
