"""The office's verbs for events: announce one, give it booths, decide about sign-ups."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.errors import InvalidFields
from catalog.models import Booth, Participation, TradeEvent
from catalog.programme import keeping
from catalog.programme.errors import BoothInUse, BoothTaken, StepNotPossible
from catalog.queries.errors import CampaignNotFound
from catalog.rules.campaigns import EVENT_STEPS, SIGN_UP_STEPS, event_mistakes
from core.actor import Actor
from core.people.permissions import require
from i18n.text import nfc

_CODE_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without letters that look like others, because people read them to each other."""
_CODE_LENGTH = 6
LONGEST_NUMBER = 20
LONGEST_REASON = 500


def create_event(
    session: Session, values: Mapping[str, Any], *, actor: Actor, now: datetime
) -> TradeEvent:
    """A draft of an event. Raises InvalidFields, NotAllowed."""
    _check_days(values)
    return keeping.create(session, TradeEvent, values, actor=actor, now=now)


def update_event(
    session: Session, event_id: int, values: Mapping[str, Any], *, actor: Actor, now: datetime
) -> TradeEvent:
    """Change what is said of it. Raises InvalidFields, CampaignNotFound, NotAllowed."""
    row = keeping.find(session, TradeEvent, event_id, lock=True)
    days = ("starts_on", "ends_on", "sign_up_until")
    _check_days({**{name: getattr(row, name) for name in days}, **values})
    return keeping.change(session, row, values, actor=actor, now=now)


def move_event(
    session: Session, event_id: int, step: str, *, actor: Actor, now: datetime
) -> TradeEvent:
    """Announce or cancel it. Raises StepNotPossible, CampaignNotFound, NotAllowed."""
    row = keeping.find(session, TradeEvent, event_id, lock=True)
    return keeping.take_step(session, row, EVENT_STEPS, step, actor=actor, now=now)


def add_booth(
    session: Session, event_id: int, number: str, *, actor: Actor, now: datetime
) -> Booth:
    """A booth with a short address of its own, which never changes.

    Raises InvalidFields, BoothTaken, CampaignNotFound, NotAllowed.
    """
    require(actor, "campaign.keep")
    event = keeping.find(session, TradeEvent, event_id)
    number = nfc(" ".join(number.split()))
    if not number or len(number) > LONGEST_NUMBER:
        raise InvalidFields({"number": "missing" if not number else "too_long"})
    if session.scalar(select(Booth.id).where(Booth.event_id == event_id, Booth.number == number)):
        raise BoothTaken(event_id=event_id, number=number)
    code = "".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH))
    booth = Booth(event_id=event_id, number=number, code=code)
    session.add(booth)
    session.flush()
    keeping.note(session, event, "add_booth", actor, now, number=number)
    return booth


def remove_booth(session: Session, booth_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a booth away where nobody exhibits. Raises BoothInUse, CampaignNotFound, NotAllowed."""
    require(actor, "campaign.keep")
    booth = session.get(Booth, booth_id)
    if booth is None:
        raise CampaignNotFound(kind="booth", campaign_id=booth_id)
    if session.scalar(select(Participation.id).where(Participation.booth_id == booth_id).limit(1)):
        raise BoothInUse(booth_id=booth_id)
    event = keeping.find(session, TradeEvent, booth.event_id)
    session.delete(booth)
    keeping.note(session, event, "remove_booth", actor, now, number=booth.number)


def find_participation(
    session: Session, participation_id: int, *, lock: bool = False
) -> Participation:
    """The row; raises CampaignNotFound."""
    row = session.get(Participation, participation_id, with_for_update=lock or None)
    if row is None:
        raise CampaignNotFound(kind="participation", campaign_id=participation_id)
    return row


def accept(
    session: Session,
    participation_id: int,
    *,
    booth_id: int | None,
    actor: Actor,
    now: datetime,
) -> Participation:
    """Accept a sign-up, or give an accepted exhibitor another booth (None: not decided yet).

    Raises StepNotPossible, CampaignNotFound, NotAllowed.
    """
    require(actor, "campaign.keep")
    row = find_participation(session, participation_id, lock=True)
    if booth_id is not None:
        booth = session.get(Booth, booth_id)
        if booth is None or booth.event_id != row.event_id:
            raise CampaignNotFound(kind="booth", campaign_id=booth_id)
    if row.state != "accepted":
        move_sign_up(row, "accept")
    row.booth_id, row.reason, row.updated_at = booth_id, None, now
    event = keeping.find(session, TradeEvent, row.event_id)
    keeping.note(session, event, "accept", actor, now, producer=row.producer_id, booth=booth_id)
    return row


def refuse(
    session: Session, participation_id: int, *, reason: str, actor: Actor, now: datetime
) -> Participation:
    """Refuse a sign-up with the reason its producer will read.

    Raises InvalidFields without one, StepNotPossible, CampaignNotFound, NotAllowed.
    """
    require(actor, "campaign.keep")
    row = find_participation(session, participation_id, lock=True)
    reason = nfc(" ".join(reason.split()))
    if not reason or len(reason) > LONGEST_REASON:
        raise InvalidFields({"reason": "missing" if not reason else "too_long"})
    move_sign_up(row, "refuse")
    row.booth_id, row.reason, row.updated_at = None, reason, now
    event = keeping.find(session, TradeEvent, row.event_id)
    keeping.note(session, event, "refuse", actor, now, producer=row.producer_id, reason=reason)
    return row


def move_sign_up(row: Participation, step: str) -> None:
    """Move a sign-up to where the step leads; raises StepNotPossible."""
    target = SIGN_UP_STEPS.get((row.state, step))
    if target is None:
        raise StepNotPossible(state=row.state, step=step)
    row.state = target


def _check_days(values: Mapping[str, Any]) -> None:
    mistakes = {name: "missing" for name in ("starts_on", "ends_on") if values.get(name) is None}
    if not mistakes:
        mistakes = event_mistakes(
            values["starts_on"], values["ends_on"], values.get("sign_up_until")
        )
    if mistakes:
        raise InvalidFields(mistakes)
