"""What creating and changing an event, a collection or an article have in common."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from catalog.announcing import announce_once
from catalog.changing import set_changed
from catalog.errors import InvalidFields
from catalog.models import Article, Collection, TradeEvent
from catalog.programme.errors import StepNotPossible
from catalog.queries.errors import CampaignNotFound
from catalog.reference import PROVINCES
from catalog.slugs import free_slug
from core import audit
from core.actor import Actor
from core.people.permissions import require
from i18n.text import typed

LONGEST_NAME = 200
LONGEST_TEXT = 20_000
_SHORT = {"name": LONGEST_NAME, "organiser": 200, "commune": 120, "address": 300}

Kept = TypeVar("Kept", TradeEvent, Collection, Article)
Steps = Mapping[tuple[str, str], str]


def find(session: Session, model: type[Kept], number: int, *, lock: bool = False) -> Kept:
    """The row; raises CampaignNotFound."""
    row = session.get(model, number, with_for_update=lock or None)
    if row is None:
        raise CampaignNotFound(kind=model.__tablename__, campaign_id=number)
    return row


def create(
    session: Session, model: type[Kept], values: Mapping[str, Any], *, actor: Actor, now: datetime
) -> Kept:
    """A draft with an address made from its name. Raises InvalidFields, NotAllowed."""
    require(actor, "campaign.keep")
    tidy = _tidy(values)
    _check(tidy)
    slug = free_slug(session, model, str(tidy["name"]))
    row = model(slug=slug, created_at=now, updated_at=now, **tidy)
    session.add(row)
    session.flush()
    note(session, row, "create", actor, now)
    return row


def change(
    session: Session, row: Kept, values: Mapping[str, Any], *, actor: Actor, now: datetime
) -> Kept:
    """Set what differs; its address stays. Raises InvalidFields, NotAllowed."""
    require(actor, "campaign.keep")
    tidy = _tidy(values)
    _check({"name": row.name, **tidy})
    row.updated_at = now
    changed = set_changed(row, tidy)
    if changed:
        note(session, row, "change", actor, now, fields=changed)
    return row


def take_step(
    session: Session, row: Kept, steps: Steps, step: str, *, actor: Actor, now: datetime
) -> Kept:
    """Move it to where the step leads. Raises StepNotPossible, NotAllowed."""
    require(actor, "campaign.keep")
    target = steps.get((row.state, step))
    if target is None:
        raise StepNotPossible(state=row.state, step=step)
    row.state, row.updated_at = target, now
    note(session, row, step, actor, now)
    return row


def note(
    session: Session,
    row: TradeEvent | Collection | Article,
    deed: str,
    actor: Actor,
    now: datetime,
    **details: Any,
) -> None:
    """Write the deed down and tell that the thing changed."""
    kind = row.__tablename__
    audit.record(session, actor, f"{kind}.{deed}", subject=f"{kind}:{row.id}", now=now, **details)
    announce_once(session, f"{kind}.changed", **{f"{kind}_id": row.id})


def _tidy(values: Mapping[str, Any]) -> dict[str, Any]:
    """Texts in NFC without blanks around them; an empty one is none."""
    return {
        name: (typed(value) or None) if isinstance(value, str) else value
        for name, value in values.items()
    }


def _check(values: Mapping[str, Any]) -> None:
    mistakes = {name: "missing" for name in ("name", "organiser") if values.get(name, "") is None}
    if not values.get("name"):
        mistakes["name"] = "missing"
    for name, value in values.items():
        if isinstance(value, str) and len(value) > _SHORT.get(name, LONGEST_TEXT):
            mistakes[name] = "too_long"
    if values.get("province_code") and values["province_code"] not in PROVINCES:
        mistakes["province_code"] = "unknown"
    first, last = values.get("starts_on"), values.get("ends_on")
    if isinstance(first, date) and isinstance(last, date) and last < first:
        mistakes["ends_on"] = "before_start"
    if mistakes:
        raise InvalidFields(mistakes)
