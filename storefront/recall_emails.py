"""The e-mails of a recall: to every buyer who holds the goods or may, and to the supermarkets concerned."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.mail import queue_mail
from core.people.models import Membership, Person
from i18n.catalogue import gettext as _
from i18n.catalogue import speaking
from i18n.locales import DEFAULT, ENABLED, bcp47
from orders.recalls import AffectedLine
from storefront import recall_words
from storefront.recalls import RecallReport, load_report

if TYPE_CHECKING:
    from storefront.reactions import WorkerContext


def mail_recall(
    session: Session, payload: dict[str, Any], *, now: datetime, context: WorkerContext
) -> None:
    """Queue one message for each order and each person of a partner, once however often it runs."""
    report = load_report(session, int(payload["recall_id"]))
    if report.recall.ended_at is not None:
        return
    by_order: dict[int, list[AffectedLine]] = {}
    for line in report.lines:
        if line.email:
            by_order.setdefault(line.order_id, []).append(line)
    for order_id, lines in sorted(by_order.items()):
        first = lines[0]
        _queue(
            session, report, "recall_buyer", key=f"recall:{report.recall.id}:order:{order_id}",
            recipient=str(first.email), locale=first.locale, lines=lines, now=now, context=context,
        )  # fmt: skip
    for person in _people_of(session, report.partners):
        _queue(
            session, report, "recall_partner", key=f"recall:{report.recall.id}:person:{person.id}",
            recipient=str(person.email), locale=person.locale, lines=(), now=now, context=context,
        )  # fmt: skip


def _people_of(session: Session, partners: Iterable[str]) -> list[Person]:
    query = (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.role == "partner",
            Membership.partner_code.in_(sorted(partners)),
            Person.email.is_not(None),
            Person.disabled_at.is_(None),
        )
        .order_by(Person.id)
        .distinct()
    )
    return list(session.scalars(query))


def _queue(
    session: Session,
    report: RecallReport,
    template: str,
    *,
    key: str,
    recipient: str,
    locale: str,
    lines: Iterable[AffectedLine],
    now: datetime,
    context: WorkerContext,
) -> None:
    spoken = locale if locale in ENABLED else DEFAULT
    env = context.app.jinja_env
    base_url = context.settings.base_url
    held = tuple(lines)
    values = {
        "recall": report.recall,
        "advice": recall_words,
        "lots": [row.lot for row in report.recall.lots if row.lot.product_id is not None],
        "lines": held,
        "address": f"{base_url}/{spoken}/orders/{held[0].public_token}"
        if held
        else f"{base_url}/partners/",
        "lang": bcp47(spoken),
        "locale": spoken,
    }
    with speaking(spoken):
        subject = (
            _("Please do not use: %(product)s is called back", product=held[0].name)
            if held
            else _("Goods called back: please take them off sale")
        )
        text = env.get_template(f"emails/{template}.txt").render(values)
        html = env.get_template(f"emails/{template}.html").render(values, subject=subject)
    queue_mail(
        session, key=key, recipient=recipient, subject=subject, body_text=text, body_html=html,
        locale=spoken, now=now,
    )  # fmt: skip
