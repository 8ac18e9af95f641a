"""The mail that tells a producer's people which of their papers end soon."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.queries.endings import Ending, list_warned
from core.clock import vietnam_date
from core.mail import queue_mail
from core.people.models import Membership, Person
from i18n.catalogue import ngettext, speaking
from i18n.locales import DEFAULT, ENABLED, bcp47
from storefront import ledger_words

if TYPE_CHECKING:
    from storefront.reactions import WorkerContext


def mail_ending_papers(
    session: Session, payload: dict[str, Any], *, now: datetime, context: WorkerContext
) -> None:
    """Queue one message to each member of the producer who has an address, once for these warnings.

    What was renewed or revoked since is left out; if nothing is left, nobody is written to.
    """
    ids = [int(number) for number in payload["warning_ids"]]
    endings = list_warned(session, ids, on=vietnam_date(now))
    if not endings:
        return
    members = session.scalars(
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.producer_id == int(payload["producer_id"]),
            Person.disabled_at.is_(None),
            Person.email.is_not(None),
        )
        .order_by(Person.id)
    ).all()
    for person in members:
        _queue(
            session,
            person,
            endings,
            key=f"papers-ending:{ids[0]}:{person.id}",
            now=now,
            context=context,
        )


def _queue(
    session: Session,
    person: Person,
    endings: list[Ending],
    *,
    key: str,
    now: datetime,
    context: WorkerContext,
) -> None:
    locale = person.locale if person.locale in ENABLED else DEFAULT
    producer_id = endings[0].producer_id
    values = {
        "person": person,
        "endings": endings,
        "kinds": ledger_words.KINDS,
        "lang": bcp47(locale),
        "address": f"{context.settings.base_url}/portal/producers/{producer_id}/papers",
    }
    env = context.app.jinja_env
    with speaking(locale):
        subject = ngettext(
            "%(num)s paper of %(producer)s ends soon",
            "%(num)s papers of %(producer)s end soon",
            len(endings),
            producer=endings[0].producer_name,
        )
        text = env.get_template("emails/papers_ending.txt").render(values)
        html = env.get_template("emails/papers_ending.html").render(values, subject=subject)
    queue_mail(
        session,
        key=key,
        recipient=str(person.email),
        subject=subject,
        body_text=text,
        body_html=html,
        locale=locale,
        now=now,
    )
