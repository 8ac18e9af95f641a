"""``ocop people``: accounts and one-time sign-in links, for whoever runs the machine."""

from __future__ import annotations

from datetime import datetime, timedelta

import click
from sqlalchemy.orm import Session

from core import clock
from core.actor import Role
from core.people import queries, registration, sign_in_links
from core.people.models import Person
from storefront.commands import environment
from storefront.commands.environment import OPERATOR, say, show_json
from storefront.demo_people import link_address

_NOT_FOUND = 1


@click.group()
def people() -> None:
    """Make accounts and one-time sign-in links, list people, shut somebody out."""


@people.command()
@click.argument("full_name")
@click.option("--email", help="What the person signs in with.")
@click.option(
    "--phone", help="What the person signs in with; 0912 345 678 and +84912345678 are the same."
)
@click.option(
    "--locale", default="vi", show_default=True, help="The language of e-mails to the person."
)
@click.option(
    "--producer", "producer_id", type=int, help="Member of the producer with this number."
)
@click.option(
    "--partner", "partner_code", help="User of this supermarket, such as demo-supermarket."
)
@click.option("--office", is_flag=True, help="Member of the programme office.")
@click.option("--json", "as_json", is_flag=True, help="Answer for a program.")
def create(
    full_name: str,
    email: str | None,
    phone: str | None,
    locale: str,
    producer_id: int | None,
    partner_code: str | None,
    office: bool,
    as_json: bool,
) -> None:
    """Make an account and print a one-time link that signs its owner in."""
    if not (producer_id or partner_code or office):
        raise click.UsageError("say what the person is: --producer, --partner or --office")
    now = clock.now()
    with environment.writing() as session:
        if producer_id is not None:
            _require_producer(session, producer_id)
        person = registration.create_person(
            session, full_name=full_name, email=email, phone=phone, locale=locale,
            actor=OPERATOR, now=now,
        )  # fmt: skip
        if producer_id is not None:
            _join(session, person, Role.PRODUCER, now, producer_id=producer_id)
        if partner_code is not None:
            _join(session, person, Role.PARTNER, now, partner_code=partner_code)
        if office:
            _join(session, person, Role.OFFICE, now)
        link = _link(session, person, now, sign_in_links.HAND_OVER)
        session.commit()
    _answer({"id": person.id, "name": person.full_name, "link": link}, as_json)


@people.command()
@click.argument("identifier")
@click.option("--hours", default=72, show_default=True, type=click.IntRange(1, 24 * 14))
@click.option("--json", "as_json", is_flag=True, help="Answer for a program.")
def link(identifier: str, hours: int, as_json: bool) -> None:
    """Print a new one-time sign-in link for an e-mail or telephone number."""
    now = clock.now()
    with environment.writing() as session:
        person = _find(session, identifier)
        address = _link(session, person, now, timedelta(hours=hours))
        session.commit()
    _answer({"id": person.id, "name": person.full_name, "link": address}, as_json)


@people.command("list")
@click.option("--json", "as_json", is_flag=True, help="Answer for a program.")
def list_command(as_json: bool) -> None:
    """List everybody who may sign in."""
    with environment.reading() as session:
        count = queries.count_people(session)
        rows = queries.list_people(session, per_page=max(count, 1))
    if as_json:
        show_json(
            [
                {
                    "id": row.id,
                    "name": row.full_name,
                    "email": row.email,
                    "phone": row.phone,
                    "roles": [[role, of] for role, of in row.roles],
                    "disabled_at": row.disabled_at,
                    "last_seen_at": row.last_seen_at,
                }
                for row in rows
            ]
        )
        return
    for row in rows:
        roles = ", ".join(role if of is None else f"{role} {of}" for role, of in row.roles)
        gone = "  (disabled)" if row.disabled_at else ""
        click.echo(f"{row.id:>5}  {row.full_name}  {row.email or row.phone}  {roles}{gone}")
    say(f"{count} people")


@people.command()
@click.argument("identifier")
def disable(identifier: str) -> None:
    """Shut somebody out at once: sessions end, links and password stop working."""
    now = clock.now()
    with environment.writing() as session:
        person = _find(session, identifier)
        registration.disable_person(session, person.id, actor=OPERATOR, now=now)
        session.commit()
    say(f"{person.full_name} cannot sign in any more")


def _require_producer(session: Session, producer_id: int) -> None:
    from catalog.models import Producer

    if session.get(Producer, producer_id) is None:
        say(f"there is no producer {producer_id}")
        raise SystemExit(_NOT_FOUND)


def _join(
    session: Session,
    person: Person,
    role: Role,
    now: datetime,
    *,
    producer_id: int | None = None,
    partner_code: str | None = None,
) -> None:
    registration.add_membership(
        session,
        person.id,
        role,
        producer_id=producer_id,
        partner_code=partner_code,
        actor=OPERATOR,
        now=now,
    )


def _find(session: Session, identifier: str) -> Person:
    person = queries.find_person(session, identifier)
    if person is None:
        raise queries.PersonNotFound(person=identifier)
    return person


def _link(session: Session, person: Person, now: datetime, valid_for: timedelta) -> str:
    token = sign_in_links.issue_link(
        session, person.id, actor=OPERATOR, now=now, valid_for=valid_for
    )
    return link_address(environment.settings().base_url, token, person.locale)


def _answer(made: dict[str, object], as_json: bool) -> None:
    if as_json:
        show_json(made)
        return
    say(f"{made['name']} (number {made['id']}) signs in once with:")
    click.echo(made["link"])
