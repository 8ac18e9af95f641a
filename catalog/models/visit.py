"""What a visitor has to know of a community-tourism service before asking for a day."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from catalog.models.types import Codes, Months
from core.db import Base, Json, NfcString


class VisitTerms(Base):
    """How many people, in which months, in which languages (locales), and where one meets.

    `months` None means nobody has said; `texts` has the meeting place in other languages.
    """

    __tablename__ = "visit_terms"
    __table_args__ = (
        CheckConstraint("least_people > 0 AND most_people >= least_people", name="people_ordered"),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True)
    least_people: Mapped[int] = mapped_column(default=1)
    most_people: Mapped[int]
    months: Mapped[tuple[int, ...] | None] = mapped_column(Months)
    languages: Mapped[tuple[str, ...]] = mapped_column(Codes)
    meeting_place: Mapped[str] = mapped_column(NfcString(300))
    texts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
