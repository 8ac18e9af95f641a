"""The people of the demonstration: one of each kind, who sign in with one-time links only."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models import Producer, Product
from core.actor import Actor, Role
from core.people import queries, registration, sign_in_links
from i18n.locales import DEFAULT, ENABLED

PARTNER = "demo-supermarket"
LINK_LIVES = timedelta(days=1)

_PEOPLE = (
    ("producer", "Nguyễn Thị Sáu", "producer@demo.ocop.example", Role.PRODUCER),
    ("office", "Trần Văn Minh", "office@demo.ocop.example", Role.OFFICE),
    ("supermarket", "Lê Thu Hà", "supermarket@demo.ocop.example", Role.PARTNER),
)


def ensure_demo_people(
    session: Session, now: datetime, *, actor: Actor | None = None
) -> list[tuple[str, str]]:
    """Add the people that are missing; returns (what they are, e-mail) of all of them.

    Nobody gets a password: there are no default accounts (ASVS 6.3.2), only links that are printed
    when the demonstration starts. The producer's member is left out while no producer is loaded.
    """
    doing = actor or Actor.system("demo")
    entries = []
    for label, name, email, role in _PEOPLE:
        producer_id = _demo_producer(session) if role is Role.PRODUCER else None
        if role is Role.PRODUCER and producer_id is None:
            continue
        person = queries.find_person(session, email) or registration.create_person(
            session, full_name=name, email=email, actor=doing, now=now
        )
        if not person.memberships:
            registration.add_membership(
                session,
                person.id,
                role,
                producer_id=producer_id,
                partner_code=PARTNER if role is Role.PARTNER else None,
                actor=doing,
                now=now,
            )
        entries.append((label, email))
    return entries


def issue_links(session: Session, now: datetime, base_url: str) -> list[tuple[str, str]]:
    """A fresh one-time link for each demo person: (what they are, address). Old ones are cleared."""
    sign_in_links.prune(session, now=now)
    links = []
    for label, _name, email, _role in _PEOPLE:
        person = queries.find_person(session, email)
        if person is None or person.disabled_at is not None:
            continue
        token = sign_in_links.issue_link(
            session, person.id, actor=Actor.system("demo"), now=now, valid_for=LINK_LIVES
        )
        links.append((label, link_address(base_url, token, person.locale)))
    return links


def link_address(base_url: str, token: str, locale: str) -> str:
    """The whole address of a one-time link, for a command that has no web request at hand."""
    spoken = locale if locale in ENABLED else DEFAULT
    return f"{base_url}/{spoken}/account/link/{token}"


def _demo_producer(session: Session) -> int | None:
    """The demo producer with the most products, so that its desk is not empty."""
    return session.scalar(
        select(Producer.id)
        .join(Product, Product.producer_id == Producer.id)
        .where(Producer.is_illustrative.is_(True))
        .group_by(Producer.id)
        .order_by(func.count(Product.id).desc(), Producer.id)
        .limit(1)
    )
