"""Who did what, on whose behalf, when: rows that are only ever added (triggers refuse anything else)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.actor import Actor
from core.db import Base, BigInt, Id, Json, NfcString, UtcDateTime


class AuditEntry(Base):
    """One deed. ``subject`` names the thing, such as "product:12"; details hold old and new values."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject", "subject", "id"),)

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    person_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("person.id"))
    actor_name: Mapped[str] = mapped_column(NfcString(200))
    acting_for: Mapped[str | None] = mapped_column(String(60))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(80))
    details: Mapped[dict[str, Any]] = mapped_column(Json)


def record(
    session: Session, actor: Actor, action: str, *, subject: str, now: datetime, **details: Any
) -> None:
    """Add one entry in the caller's transaction. Details are JSON and hold no secrets or buyers' data."""
    session.add(AuditEntry(**entry(actor, action, subject=subject, now=now, details=details)))


def entry(
    actor: Actor, action: str, *, subject: str, now: datetime, details: dict[str, Any]
) -> dict[str, Any]:
    """The columns of an entry, for whoever adds many at once; `record` adds one."""
    return {
        "at": now,
        "person_id": actor.person_id,
        "actor_name": actor.name,
        "acting_for": actor.acting_for,
        "action": action,
        "subject": subject,
        "details": details,
    }


def list_entries(
    session: Session, *, subject: str | None = None, before_id: int | None = None, limit: int = 50
) -> Sequence[AuditEntry]:
    """The newest entries first, of one subject or of all; page on with the last id seen."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if subject is not None:
        query = query.where(AuditEntry.subject == subject)
    if before_id is not None:
        query = query.where(AuditEntry.id < before_id)
    return session.scalars(query).all()
