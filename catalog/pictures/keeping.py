"""The row of pictures of a product or producer: add, order, describe, remove, put back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.announcing import announce_once
from catalog.errors import InvalidFields, StaleVersion
from catalog.models import Media, Product
from catalog.pictures.receiving import Received
from catalog.producers import find_producer
from catalog.publishing import find_product
from catalog.queries.errors import PictureNotFound
from catalog.rules.pictures import DAYS_KEPT, LONGEST_ALT, MOST_PICTURES
from core import audit
from core.actor import Actor
from core.errors import Conflict
from core.facts import announce
from core.people.permissions import require
from i18n.text import nfc

Move = Literal["first", "earlier", "later"]


class TooManyPictures(Conflict):
    """A product or producer shows at most so many pictures."""


def add_picture(
    session: Session,
    *,
    producer_id: int,
    product_id: int | None,
    received: Received,
    file_name: str,
    actor: Actor,
    now: datetime,
) -> tuple[Media, bool]:
    """Add a received picture at the end of the row, and whether it is new there.

    The same picture sent twice is one picture (a phone on a bad line sends again); a removed one comes
    back. Raises TooManyPictures, ProductNotFound, ProducerNotFound, NotAllowed.
    """
    if product_id is not None:
        owner = find_product(session, product_id)
        producer_id = owner.producer_id
    else:
        find_producer(session, producer_id)
    _may_edit(actor, producer_id, product_id)
    row = _row_of(session, producer_id, product_id, lock=True)
    owner_code = f"producer-{producer_id}" if product_id is None else f"product-{product_id}"
    code = f"{owner_code}-{received.digest[:16]}"
    known = session.scalar(select(Media).where(Media.code == code))
    if known is not None and known.removed_at is None:
        return known, False
    if len(row) >= MOST_PICTURES:
        raise TooManyPictures(most=MOST_PICTURES)
    position = row[-1].position + 1 if row else 1
    if known is not None:
        known.removed_at, known.position, known.updated_at = None, position, now
    else:
        known = Media(
            code=code,
            producer_id=producer_id,
            product_id=product_id,
            digest=received.digest,
            width=received.width,
            height=received.height,
            position=position,
            file_name=nfc(file_name)[:200],
            created_at=now,
            updated_at=now,
        )
        session.add(known)
    # Files may have been swept since, so a picture that comes back is made anew as well.
    known.ready_at = None
    session.flush()
    announce(session, "media.uploaded", media_id=known.id)
    _note(session, known, "picture.add", actor, now, tell=False)
    return known, True


def move_picture(
    session: Session, media_id: int, where: Move, *, actor: Actor, now: datetime
) -> Media:
    """Move a picture in its row; the first is the main one. Raises PictureNotFound, NotAllowed."""
    media = find_picture(session, media_id)
    _may_edit(actor, media.producer_id, media.product_id)
    row = _row_of(session, media.producer_id, media.product_id, lock=True)
    at = next((place for place, one in enumerate(row) if one.id == media_id), None)
    if at is None:
        raise PictureNotFound(media_id=media_id)
    to = {"first": 0, "earlier": at - 1, "later": at + 1}[where]
    row.insert(min(max(to, 0), len(row) - 1), row.pop(at))
    _number(row, now)
    _note(session, media, "picture.move", actor, now, where=where)
    return media


def describe_picture(
    session: Session,
    media_id: int,
    alt: str,
    *,
    seen: int | None,
    actor: Actor,
    now: datetime,
) -> Media:
    """Say in Vietnamese what is to be seen; "" for nothing.

    `seen` is the version the form showed. Raises StaleVersion, InvalidFields, PictureNotFound, NotAllowed.
    """
    media = find_picture(session, media_id, lock=True)
    _may_edit(actor, media.producer_id, media.product_id)
    text = nfc(" ".join(alt.split()))
    if len(text) > LONGEST_ALT:
        raise InvalidFields({"alt": "too_long"})
    if seen is not None and seen != media.version:
        raise StaleVersion(subject="media", seen=seen, current=media.version)
    if text == (media.alt or ""):
        return media
    media.alt, media.updated_at, media.version = text or None, now, media.version + 1
    _note(session, media, "picture.describe", actor, now)
    return media


def remove_picture(session: Session, media_id: int, *, actor: Actor, now: datetime) -> Media:
    """Show it no more; it can be put back for some weeks. Raises PictureNotFound, NotAllowed."""
    media = find_picture(session, media_id, lock=True)
    _may_edit(actor, media.producer_id, media.product_id)
    if media.removed_at is None:
        media.removed_at = media.updated_at = now
        _note(session, media, "picture.remove", actor, now)
    return media


def put_back(session: Session, media_id: int, *, actor: Actor, now: datetime) -> Media:
    """Put a removed picture at the end of its row again.

    Raises PictureNotFound when it is too late, TooManyPictures, NotAllowed.
    """
    media = find_picture(session, media_id, lock=True)
    _may_edit(actor, media.producer_id, media.product_id)
    if media.removed_at is None:
        return media
    if media.removed_at < now - timedelta(days=DAYS_KEPT):
        raise PictureNotFound(media_id=media_id)
    row = _row_of(session, media.producer_id, media.product_id, lock=True)
    if len(row) >= MOST_PICTURES:
        raise TooManyPictures(most=MOST_PICTURES)
    media.removed_at, media.updated_at = None, now
    media.position = row[-1].position + 1 if row else 1
    _note(session, media, "picture.put_back", actor, now)
    return media


def mark_ready(session: Session, media_id: int, *, now: datetime) -> None:
    """The renditions are there: buyers may see it from now on. Says nothing when it was ready already."""
    media = session.get(Media, media_id, with_for_update=True)
    if media is None or media.ready_at is not None:
        return
    media.ready_at = now
    _tell(session, media)


def find_picture(session: Session, media_id: int, *, lock: bool = False) -> Media:
    """The picture, removed or not; raises PictureNotFound."""
    media = session.get(Media, media_id, with_for_update=lock or None)
    if media is None:
        raise PictureNotFound(media_id=media_id)
    return media


def list_own_pictures(
    session: Session, producer_id: int, product_id: int | None, *, now: datetime
) -> tuple[Sequence[Media], Sequence[Media]]:
    """The row in its order, and what can still be put back, the newest first."""
    mine = _of(producer_id, product_id)
    removed = session.scalars(
        select(Media)
        .where(*mine, Media.removed_at >= now - timedelta(days=DAYS_KEPT))
        .order_by(Media.removed_at.desc(), Media.id.desc())
    ).all()
    return _row_of(session, producer_id, product_id), removed


def _of(producer_id: int, product_id: int | None) -> tuple[Any, ...]:
    if product_id is not None:
        return (Media.product_id == product_id,)
    return (Media.producer_id == producer_id, Media.product_id.is_(None))


def _row_of(
    session: Session, producer_id: int, product_id: int | None, *, lock: bool = False
) -> list[Media]:
    if lock:  # one order at a time: two people who move pictures do not undo each other
        owner = Product.id == product_id if product_id is not None else None
        if owner is not None:
            session.execute(select(Product.id).where(owner).with_for_update())
    query = select(Media).where(*_of(producer_id, product_id), Media.removed_at.is_(None))
    return list(session.scalars(query.order_by(Media.position, Media.id)))


def _number(row: list[Media], now: datetime) -> None:
    for place, one in enumerate(row, start=1):
        if one.position != place:
            one.position, one.updated_at = place, now


def _may_edit(actor: Actor, producer_id: int, product_id: int | None) -> None:
    action = "producer.edit" if product_id is None else "product.edit"
    require(actor, action, producer_id=producer_id)


def _note(
    session: Session,
    media: Media,
    action: str,
    actor: Actor,
    now: datetime,
    *,
    tell: bool = True,
    **details: str,
) -> None:
    subject = f"producer:{media.producer_id}"
    if media.product_id is not None:
        subject = f"product:{media.product_id}"
    audit.record(session, actor, action, subject=subject, now=now, media=media.id, **details)
    if tell:
        _tell(session, media)


def _tell(session: Session, media: Media) -> None:
    if media.product_id is not None:
        announce_once(session, "product.changed", product_id=media.product_id)
    else:
        announce_once(session, "producer.changed", producer_id=media.producer_id)
