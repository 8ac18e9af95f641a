"""What the office taught the search, and what people asked it in vain."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Integer, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, NfcString, UtcDateTime


class SearchWords(Base):
    """Spellings that mean the same to a buyer, joined by `` | ``, as the office entered them."""

    __tablename__ = "search_words"

    id: Mapped[Id]
    spellings: Mapped[str] = mapped_column(NfcString(500), unique=True)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SearchQuestion(Base):
    """A text that was searched in one week: how often, how often in vain, how often goods were opened.

    It holds nothing of who asked. ``is_settled`` says that the office has looked at it.
    """

    __tablename__ = "search_question"
    __table_args__ = (
        UniqueConstraint("week", "locale", "words"),
        CheckConstraint("asked >= in_vain", name="asked_as_often"),
    )

    id: Mapped[Id]
    week: Mapped[date]
    locale: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(NfcString(80))
    asked: Mapped[int] = mapped_column(Integer)
    in_vain: Mapped[int] = mapped_column(Integer)
    opened: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    is_settled: Mapped[bool] = mapped_column(Boolean, server_default=false(), default=False)
