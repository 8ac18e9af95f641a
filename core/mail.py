"""E-mail that shall go out: one row a message, queued with the change that causes it, sent by the worker."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CheckConstraint, Integer, String, delete, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Base, Id, NfcString, NfcText, UtcDateTime
from core.facts import announce

_LONGEST_SUBJECT = 300


class OutgoingMail(Base):
    """A message to one person. ``key`` names its cause ("order-placed:17"), so a cause mails once."""

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'sending', 'sent', 'refused')", name="state"),
    )

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(120), unique=True)
    recipient: Mapped[str] = mapped_column(NfcString(320))
    subject: Mapped[str] = mapped_column(NfcString(_LONGEST_SUBJECT))
    body_text: Mapped[str] = mapped_column(NfcText)
    body_html: Mapped[str | None] = mapped_column(NfcText)
    locale: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default="queued")
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def queue_mail(
    session: Session,
    *,
    key: str,
    recipient: str,
    subject: str,
    body_text: str,
    body_html: str | None,
    locale: str,
    now: datetime,
) -> OutgoingMail:
    """Queue a message once per key; a second call returns the first message untouched.

    A subject is one line and never too long: whatever names stand in it, the message must leave.
    """
    existing = session.scalar(select(OutgoingMail).where(OutgoingMail.key == key))
    if existing is not None:
        return existing
    mail = OutgoingMail(
        key=key,
        recipient=recipient,
        subject=" ".join(subject.split())[:_LONGEST_SUBJECT],
        body_text=body_text,
        body_html=body_html,
        locale=locale,
        queued_at=now,
    )
    session.add(mail)
    session.flush()  # the fact needs the id
    announce(session, "mail.queued", mail_id=mail.id)
    return mail


def forget_sent(session: Session, causes: Sequence[str], *, before: datetime) -> None:
    """Delete messages that were sent or refused and queued before then, by how their keys begin."""
    session.execute(
        delete(OutgoingMail).where(
            or_(*(OutgoingMail.key.startswith(cause, autoescape=True) for cause in causes)),
            OutgoingMail.state.in_(("sent", "refused")),
            OutgoingMail.queued_at < before,
        )
    )
