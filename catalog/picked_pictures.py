"""Choosing the picture of a province or a protected name among those its producers show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from catalog.announcing import announce_once
from catalog.errors import InvalidFields
from catalog.models import PickedPicture
from catalog.protected_names import find_right
from catalog.queries.listing import producer
from catalog.queries.picked_pictures import is_theirs
from catalog.queries.shared_brands import member_ids
from catalog.reference import PROVINCES
from core import audit
from core.actor import Actor
from core.errors import NotFound
from core.people.permissions import require


class ProvinceUnknown(NotFound):
    """No province has that code (facts: code)."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a picture is chosen for: a province by its code, or a protected name by its number here."""

    province_code: str | None = None
    right_id: int | None = None


def pick_picture(
    session: Session,
    subject: Subject,
    media_id: int | None,
    *,
    actor: Actor,
    on: date,
    now: datetime,
) -> None:
    """Let that picture stand at the head of the page; None takes away the one chosen.

    Raises InvalidFields for a picture that none of its producers shows on that day, ProvinceUnknown,
    LedgerEntryNotFound, Forbidden.
    """
    require(actor, "place.edit")
    makers = producers_of(session, subject, on=on)
    if media_id is not None and not is_theirs(session, media_id, makers, on=on, is_ready=False):
        raise InvalidFields({"media_id": "not_of_these_producers"})
    kept = find_picked(session, subject)
    if media_id is None:
        if kept is None:
            return
        session.delete(kept)
    elif kept is None:
        session.add(
            PickedPicture(
                province_code=subject.province_code,
                protected_name_id=subject.right_id,
                media_id=media_id,
                picked_at=now,
            )
        )
    else:
        kept.media_id, kept.picked_at = media_id, now
    session.flush()
    name, number = _written(subject)
    audit.record(
        session, actor, "picture.pick", subject=f"{name}:{number}", now=now, media=media_id
    )
    announce_once(session, "picture.picked", **{name: number})


def find_picked(session: Session, subject: Subject) -> PickedPicture | None:
    """What is chosen for it, shown at present or not."""
    return session.scalar(
        select(PickedPicture).where(
            PickedPicture.province_code == subject.province_code
            if subject.province_code is not None
            else PickedPicture.protected_name_id == subject.right_id
        )
    )


def producers_of(session: Session, subject: Subject, *, on: date) -> ColumnElement[bool]:
    """The condition on producers whose pictures may be chosen; raises ProvinceUnknown, LedgerEntryNotFound."""
    if subject.province_code is not None:
        if subject.province_code not in PROVINCES:
            raise ProvinceUnknown(code=subject.province_code)
        return producer.c.province_code == subject.province_code
    right = find_right(session, subject.right_id or 0)
    return producer.c.id.in_(sorted(member_ids(session, right, on=on)))


def _written(subject: Subject) -> tuple[str, int]:
    if subject.right_id is not None:
        return "right", subject.right_id
    return "province", int(subject.province_code or 0)
