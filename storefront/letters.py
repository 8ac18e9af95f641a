"""A plain letter in the language of who reads it: its parts, a producer's people, and putting it in the queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Producer
from core.mail import queue_mail
from core.people.models import Membership, Person
from i18n.locales import DEFAULT, ENABLED, bcp47

if TYPE_CHECKING:
    from storefront.reactions import WorkerContext


@dataclass(frozen=True, slots=True)
class Letter:
    """To whom, and what; ``quote`` is what somebody else wrote, ``path`` where to go on."""

    key: str
    recipient: str
    subject: str
    paragraphs: tuple[str, ...]
    path: str
    quote: str = ""


def members_of(session: Session, producer_id: int) -> list[tuple[int, str, str]]:
    """(number, address, language) of the producer's people with an address; else the producer's own, as 0."""
    people = session.execute(
        select(Person.id, Person.email, Person.locale)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.producer_id == producer_id,
            Person.disabled_at.is_(None),
            Person.email.is_not(None),
        )
        .order_by(Person.id)
    ).all()
    found = [(number, str(address), spoken_by(locale)) for number, address, locale in people]
    if found:
        return found
    maker = session.get(Producer, producer_id)
    return [(0, maker.email, DEFAULT)] if maker is not None and maker.email else []


def spoken_by(locale: str) -> str:
    """The language itself when it is open, else the house's own."""
    return locale if locale in ENABLED else DEFAULT


def queue_letter(
    session: Session, letter: Letter, locale: str, now: datetime, context: WorkerContext
) -> None:
    """Queue one letter in the language that is spoken now."""
    values = {
        "letter": letter,
        "lang": bcp47(locale),
        "address": context.settings.base_url + letter.path,
    }
    env = context.app.jinja_env
    queue_mail(
        session,
        key=letter.key,
        recipient=letter.recipient,
        subject=letter.subject,
        body_text=env.get_template("emails/letter.txt").render(values),
        body_html=env.get_template("emails/letter.html").render(values),
        locale=locale,
        now=now,
    )
