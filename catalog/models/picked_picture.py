"""Which producer's picture the programme office has chosen for a province or a protected name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, UtcDateTime


class PickedPicture(Base):
    """The picture at the head of one page: that of a province or of a protected name, never of both.

    The picture stays its producer's. Whether it may be shown there today is asked whenever the page
    is made (`catalog.queries.picked_pictures`).
    """

    __tablename__ = "picked_picture"
    __table_args__ = (
        CheckConstraint(
            "(province_code IS NULL) <> (protected_name_id IS NULL)", name="of_one_thing"
        ),
        Index("ix_picked_picture_media_id", "media_id"),
    )

    id: Mapped[Id]
    province_code: Mapped[str | None] = mapped_column(String(2), unique=True)
    protected_name_id: Mapped[int | None] = mapped_column(
        ForeignKey("protected_name.id"), unique=True
    )
    media_id: Mapped[int] = mapped_column(ForeignKey("media.id"))
    picked_at: Mapped[datetime] = mapped_column(UtcDateTime)
