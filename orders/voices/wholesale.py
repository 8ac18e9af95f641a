"""Wholesale requests: a trade buyer asks a producer for much of one product; new, answered, closed or declined."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Product
from core import audit
from core.actor import Actor
from core.clock import vietnam_date
from core.facts import announce
from core.people.permissions import require
from i18n.locales import LOCALES
from orders.errors import NoSuchStep
from orders.models import WholesaleRequest
from orders.rules.voices import (
    LARGEST_QUANTITY,
    LONGEST_ANSWER,
    LONGEST_TEXT,
    LONGEST_WAIT,
    UNITS,
    WHOLESALE,
    next_state,
    text_mistake,
    tidy_line,
    tidy_text,
)
from orders.voices.errors import VoiceNotFound, WrongVoice


@dataclass(frozen=True, slots=True)
class WholesaleDraft:
    """What a trade buyer typed; ``email`` and ``phone`` are checked, ``country`` is an ISO 3166 code."""

    person: str
    company: str
    country: str
    email: str
    quantity: int
    unit: str
    locale: str
    phone: str | None = None
    needed_by: date | None = None
    wishes: str = ""


def request_wholesale(
    session: Session, product_id: int, draft: WholesaleDraft, *, now: datetime
) -> WholesaleRequest:
    """Keep a request the buyer has agreed to pass on; producer and buyer are written to.

    Raises VoiceNotFound for an unknown product, WrongVoice.
    """
    mistakes = _mistakes(draft, vietnam_date(now))
    if mistakes:
        raise WrongVoice(mistakes)
    product = session.get(Product, product_id)
    if product is None:
        raise VoiceNotFound(product_id=product_id)
    asked = WholesaleRequest(
        product_id=product_id,
        producer_id=product.producer_id,
        person=tidy_line(draft.person),
        company=tidy_line(draft.company),
        country=draft.country,
        email=draft.email,
        phone=draft.phone,
        quantity=draft.quantity,
        unit=draft.unit,
        needed_by=draft.needed_by,
        wishes=tidy_text(draft.wishes) or None,
        locale=draft.locale,
        asked_at=now,
    )
    session.add(asked)
    session.flush()
    announce(session, "wholesale.asked", request_id=asked.id)
    return asked


def reply(
    session: Session, request_id: int, event: str, text: str, *, actor: Actor, now: datetime
) -> None:
    """Answer or decline in words that are sent to the buyer: ``event`` is "answer" or "decline".

    Raises VoiceNotFound, NotAllowed, WrongVoice without words, NoSuchStep.
    """
    if event not in ("answer", "decline"):
        raise ValueError(f"a reply is an answer or a refusal, not {event!r}")
    asked = _locked(session, request_id)
    require(actor, "wholesale.answer", producer_id=asked.producer_id)
    said = tidy_text(text)
    if mistake := text_mistake(said, LONGEST_ANSWER):
        raise WrongVoice({"reply": mistake})
    _move(session, asked, event, actor, now)
    asked.reply, asked.replied_at = said, now
    if event == "decline":
        asked.ended_at = now
    announce(
        session, "wholesale.answered", request_id=request_id, at=now.isoformat(timespec="seconds")
    )


def close(session: Session, request_id: int, *, actor: Actor, now: datetime) -> None:
    """Say that an answered request needs nothing more; raises VoiceNotFound, NotAllowed, NoSuchStep."""
    asked = _locked(session, request_id)
    require(actor, "wholesale.answer", producer_id=asked.producer_id)
    _move(session, asked, "close", actor, now)
    asked.ended_at = now


def _mistakes(draft: WholesaleDraft, today: date) -> dict[str, str]:
    required = {
        "person": (tidy_line(draft.person), 120),
        "company": (tidy_line(draft.company), 200),
        "email": (draft.email, 254),
    }
    found = {
        name: mistake
        for name, (text, longest) in required.items()
        if (mistake := text_mistake(text, longest))
    }
    if len(tidy_text(draft.wishes)) > LONGEST_TEXT:
        found["wishes"] = "too_long"
    if not (len(draft.country) == 2 and draft.country.isascii() and draft.country.isupper()):  # noqa: PLR2004 # ISO
        found["country"] = "missing"
    if not 0 < draft.quantity <= LARGEST_QUANTITY:
        found["quantity"] = "out_of_range"
    if draft.unit not in UNITS:
        found["unit"] = "missing"
    if draft.locale not in LOCALES:
        found["locale"] = "missing"
    if draft.needed_by is not None and not today <= draft.needed_by <= today + LONGEST_WAIT:
        found["needed_by"] = "out_of_range"
    return found


def _move(
    session: Session, asked: WholesaleRequest, event: str, actor: Actor, now: datetime
) -> None:
    state = next_state(WHOLESALE, asked.state, event, actor.roles)
    if state is None:
        raise NoSuchStep(axis="wholesale", event=event, state=asked.state)
    asked.state = state
    audit.record(session, actor, f"wholesale.{event}", subject=f"wholesale:{asked.id}", now=now)


def _locked(session: Session, request_id: int) -> WholesaleRequest:
    asked = session.scalar(
        select(WholesaleRequest)
        .where(WholesaleRequest.id == request_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if asked is None:
        raise VoiceNotFound(request_id=request_id)
    return asked
