"""What somebody typed into a question of the producers' desk that could not be stored yet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigInt, Json, UtcDateTime


class AnswerDraft(Base):
    """The last unfinished answer of one person to one question, as typed, field name → values.

    `item` tells apart answers about several things of one subject (the SKU of a package); it is ""
    where there is only one. Deleted as soon as the answer is stored.
    """

    __tablename__ = "answer_draft"
    __table_args__ = (CheckConstraint("subject IN ('product','producer')", name="subject_known"),)

    person_id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    subject: Mapped[str] = mapped_column(String(12), primary_key=True)
    subject_id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    question: Mapped[str] = mapped_column(String(40), primary_key=True)
    item: Mapped[str] = mapped_column(String(64), primary_key=True, default="")
    typed: Mapped[dict[str, Any]] = mapped_column(Json)
    version: Mapped[int]
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
