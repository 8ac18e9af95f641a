"""Making people, giving them what they are to the shop, and taking it away."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from core import audit
from core.actor import Actor, Role
from core.errors import Conflict, Invalid
from core.people import passwords
from core.people.models import Membership, Person, SignInLink, UserSession
from core.people.permissions import require
from core.people.queries import get_person

_EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f]{1,64}@[^@\s\x00-\x1f\x7f.]+(\.[^@\s\x00-\x1f\x7f.]+)+")
_REGION = "VN"


class UnreadableEmail(Invalid):
    """What was given is not an e-mail address."""

    def __init__(self, *, email: str) -> None:
        """Keep what was typed, to show it again."""
        super().__init__(email=email)


class UnreadablePhone(Invalid):
    """What was given is not a phone number, in Vietnam or with a country code."""

    def __init__(self, *, phone: str) -> None:
        """Keep what was typed, to show it again."""
        super().__init__(phone=phone)


class NoWayToReach(Invalid):
    """A person needs an e-mail address or a phone number to sign in with."""


class NamelessPerson(Invalid):
    """A person needs a name: it stands in the audit trail."""


class PersonExists(Conflict):
    """Somebody already signs in with this e-mail or phone."""

    def __init__(self, *, person_id: int) -> None:
        """Keep who it is."""
        super().__init__(person_id=person_id)
        self.person_id = person_id


def normal_email(email: str) -> str:
    """The spelling that is kept and compared: NFC, lower case; raises UnreadableEmail."""
    plain = unicodedata.normalize("NFC", email.strip()).lower()
    if len(plain) > 320 or not _EMAIL.fullmatch(plain):
        raise UnreadableEmail(email=email)
    return plain


def normal_phone(phone: str) -> str:
    """The number in E.164 ("0912 345 678" is +84912345678); raises UnreadablePhone."""
    import phonenumbers

    try:
        number = phonenumbers.parse(phone, _REGION)
    except phonenumbers.NumberParseException as mistake:
        raise UnreadablePhone(phone=phone) from mistake
    if not phonenumbers.is_valid_number(number):
        raise UnreadablePhone(phone=phone)
    spelling: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return spelling


def normal_identifier(identifier: str) -> str | None:
    """What somebody typed into the sign-in form as it is kept: an e-mail or a phone; None for neither."""
    try:
        return normal_email(identifier) if "@" in identifier else normal_phone(identifier)
    except Invalid:
        return None


def create_person(
    session: Session,
    *,
    full_name: str,
    email: str | None = None,
    phone: str | None = None,
    locale: str = "vi",
    actor: Actor,
    now: datetime,
) -> Person:
    """Add a person who may sign in once they have a link or a password.

    Raises UnreadableEmail, UnreadablePhone, NoWayToReach, NamelessPerson, PersonExists, NotAllowed.
    """
    require(actor, "person.manage")
    name = " ".join(full_name.split())
    if not name:
        raise NamelessPerson
    kept_email = normal_email(email) if email else None
    kept_phone = normal_phone(phone) if phone else None
    if kept_email is None and kept_phone is None:
        raise NoWayToReach
    same = [
        column == value
        for column, value in ((Person.email, kept_email), (Person.phone, kept_phone))
        if value is not None
    ]
    existing = session.scalar(select(Person.id).where(or_(*same)).limit(1))
    if existing is not None:
        raise PersonExists(person_id=existing)
    person = Person(
        full_name=name[:200], email=kept_email, phone=kept_phone, locale=locale, created_at=now
    )
    session.add(person)
    session.flush()
    audit.record(session, actor, "person.created", subject=f"person:{person.id}", now=now)
    return person


def add_membership(
    session: Session,
    person_id: int,
    role: Role,
    *,
    producer_id: int | None = None,
    partner_code: str | None = None,
    actor: Actor,
    now: datetime,
) -> Membership:
    """Make the person a member of a producer, of the office, or a user of a partner; once each.

    Raises Invalid when the role and the thing it belongs to do not fit, PersonNotFound, NotAllowed.
    """
    require(actor, "person.manage")
    if (role is Role.PRODUCER) != (producer_id is not None) or (
        (role is Role.PARTNER) != (partner_code is not None)
    ):
        raise Invalid(role=str(role), producer_id=producer_id, partner_code=partner_code)
    if role not in (Role.PRODUCER, Role.OFFICE, Role.PARTNER):
        raise Invalid(role=str(role))
    person = get_person(session, person_id)
    existing = session.scalar(
        select(Membership).where(
            Membership.person_id == person.id,
            Membership.role == role.value,
            Membership.producer_id.is_(None)
            if producer_id is None
            else Membership.producer_id == producer_id,
            Membership.partner_code.is_(None)
            if partner_code is None
            else Membership.partner_code == partner_code,
        )
    )
    if existing is not None:
        return existing
    membership = Membership(
        person_id=person.id, role=role.value, producer_id=producer_id, partner_code=partner_code
    )
    session.add(membership)
    session.flush()
    audit.record(
        session,
        actor,
        "membership.added",
        subject=f"person:{person.id}",
        now=now,
        role=role.value,
        producer_id=producer_id,
        partner_code=partner_code,
    )
    return membership


def remove_membership(session: Session, membership_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a role away; the person's next request no longer has it. Nothing happens when it is gone."""
    require(actor, "person.manage")
    gone = session.get(Membership, membership_id)
    if gone is None:
        return
    audit.record(
        session,
        actor,
        "membership.removed",
        subject=f"person:{gone.person_id}",
        now=now,
        role=gone.role,
        producer_id=gone.producer_id,
        partner_code=gone.partner_code,
    )
    session.delete(gone)


def disable_person(session: Session, person_id: int, *, actor: Actor, now: datetime) -> Person:
    """Shut a person out at once: every session ends, every link dies, no password works any more."""
    require(actor, "person.manage")
    person = get_person(session, person_id)
    if person.disabled_at is None:
        person.disabled_at = now
        audit.record(session, actor, "person.disabled", subject=f"person:{person.id}", now=now)
    session.execute(
        update(UserSession)
        .where(UserSession.person_id == person.id, UserSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    session.execute(
        delete(SignInLink).where(SignInLink.person_id == person.id, SignInLink.used_at.is_(None))
    )
    return person


def set_password(
    session: Session, person_id: int, password: str, *, actor: Actor, now: datetime
) -> Person:
    """Set the person's password; raises UnfitPassword. The caller ends the other sessions (ASVS 7.4.3)."""
    if actor.person_id != person_id:
        require(actor, "person.manage")
    person = get_person(session, person_id)
    personal = (person.full_name, person.email or "", person.phone or "")
    person.password_hash = passwords.hash_password(password, personal=personal)
    audit.record(session, actor, "password.set", subject=f"person:{person.id}", now=now)
    return person
