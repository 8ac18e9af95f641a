"""Tables of people, what they are to the shop, and how they are signed in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, BigInt, Id, NfcString, UtcDateTime


class Person(Base):
    """Somebody who may sign in, by e-mail or phone (E.164). Disabled people keep their history."""

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("email IS NOT NULL OR phone IS NOT NULL", name="reachable"),)

    id: Mapped[Id]
    full_name: Mapped[str] = mapped_column(NfcString(200))
    email: Mapped[str | None] = mapped_column(NfcString(320), unique=True)
    phone: Mapped[str | None] = mapped_column(String(20), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(10), default="vi")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    memberships: Mapped[list[Membership]] = relationship(back_populates="person")


class Membership(Base):
    """What a person is: a member of one producer, of the programme office, or a user of one partner."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("person_id", "role", "producer_id", "partner_code"),
        CheckConstraint(
            "(role = 'producer') = (producer_id IS NOT NULL)"
            " AND (role = 'partner') = (partner_code IS NOT NULL)",
            name="belongs",
        ),
        CheckConstraint("role IN ('producer', 'office', 'partner')", name="role"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(BigInt, ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    # No foreign key: the producer's table lives a floor above, and producers are never deleted.
    producer_id: Mapped[int | None] = mapped_column(BigInt, index=True)
    partner_code: Mapped[str | None] = mapped_column(String(60))

    person: Mapped[Person] = relationship(back_populates="memberships")


class UserSession(Base):
    """One signed-in device; only the SHA-256 of its token is kept."""

    __tablename__ = "user_session"
    __table_args__ = (Index("ix_user_session_person_id", "person_id", "revoked_at"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(BigInt, ForeignKey("person.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_agent: Mapped[str] = mapped_column(NfcString(200), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    idle_minutes: Mapped[int] = mapped_column(Integer)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    by_link: Mapped[bool] = mapped_column(Boolean, default=False)


class SignInLink(Base):
    """A one-time link; only the SHA-256 of its token is kept."""

    __tablename__ = "sign_in_link"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(BigInt, ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RateBucket(Base):
    """Tries in the current window for one key, such as an address; right across processes and restarts."""

    __tablename__ = "rate_bucket"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(Integer)
