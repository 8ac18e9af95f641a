"""The letters about visits: to the producer who is asked and to who asks, at every step."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from i18n.catalogue import gettext as _
from i18n.catalogue import speaking
from i18n.formatting import format_date, format_number
from orders.models import VisitEnquiry
from orders.rules.visits import VisitState
from storefront import visit_words
from storefront.letters import Letter, members_of, queue_letter, spoken_by

if TYPE_CHECKING:
    from storefront.reactions import WorkerContext


def mail_visit_asked(
    session: Session, payload: dict[str, Any], *, now: datetime, context: WorkerContext
) -> None:
    """Tell the producer's people, and confirm the enquiry to who asked; each once.

    The confirmation repeats nothing a stranger could have typed: the address may be somebody else's.
    """
    asked = session.get(VisitEnquiry, int(payload["enquiry_id"]))
    if asked is None or asked.state != VisitState.NEW:
        return
    for who, address, locale in members_of(session, asked.producer_id):
        with speaking(locale):
            letter = Letter(
                key=f"visit-asked:{asked.id}:{who}",
                recipient=address,
                subject=_("An enquiry about %(visit)s", visit=asked.product_name),
                paragraphs=(_wish(asked, locale), _("Please answer here:")),
                quote=asked.message or "",
                path=f"/portal/visits/{asked.id}",
            )
            queue_letter(session, letter, locale, now, context)
    _to_visitor(session, asked, now, context, quote="")


def mail_visit_moved(
    session: Session, payload: dict[str, Any], *, now: datetime, context: WorkerContext
) -> None:
    """Tell who asked of the producer's step, and the producer's people when it is taken back."""
    asked = session.get(VisitEnquiry, int(payload["enquiry_id"]))
    if asked is None or asked.steps != int(payload["step"]):
        return  # a later step has its own letter
    if asked.state != VisitState.WITHDRAWN:
        _to_visitor(session, asked, now, context, quote=asked.answer or "")
        return
    for who, address, locale in members_of(session, asked.producer_id):
        with speaking(locale):
            letter = Letter(
                key=f"visit-withdrawn:{asked.id}:{who}",
                recipient=address,
                subject=_("An enquiry was taken back: %(visit)s", visit=asked.product_name),
                paragraphs=(_wish(asked, locale),),
                path=f"/portal/visits/{asked.id}",
            )
            queue_letter(session, letter, locale, now, context)


def _wish(asked: VisitEnquiry, locale: str) -> str:
    return _(
        "%(visit)s, %(day)s, people: %(people)s",
        visit=asked.product_name,
        day=format_date(asked.wished_on, locale),
        people=format_number(asked.people, locale),
    )


def _to_visitor(
    session: Session, asked: VisitEnquiry, now: datetime, context: WorkerContext, *, quote: str
) -> None:
    if asked.email is None:
        return
    locale = spoken_by(asked.locale)
    with speaking(locale):
        letter = Letter(
            key=f"visit-{asked.id}-step-{asked.steps}",
            recipient=asked.email,
            subject=_("Your enquiry about %(visit)s", visit=asked.product_name),
            paragraphs=(visit_words.what_now(asked.state), _wish(asked, locale)),
            quote=quote,
            path=f"/{locale}/visits/asked/{asked.public_token}",
        )
        queue_letter(session, letter, locale, now, context)
