"""The pictures that stand for provinces and protected names: which may, which does, and whose it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from catalog.models import PickedPicture
from catalog.queries.listing import media, producer, product, translation, visible
from catalog.queries.pictures import PICTURE_COLUMNS, StoredPicture, is_shown
from catalog.rules.fallback import Version
from catalog.rules.pictures import Picture

_picked = PickedPicture.__table__
_WHOSE = media.join(producer, producer.c.id == media.c.producer_id).outerjoin(
    product, product.c.id == media.c.product_id
)
_IS_OFFERED: ColumnElement[bool] = or_(media.c.product_id.is_(None), visible(is_by_id=True))
_MAY_STAND: ColumnElement[bool] = and_(is_shown(media), _IS_OFFERED)
"""What buyers can see elsewhere already: nothing becomes public by being chosen."""


@dataclass(frozen=True, slots=True)
class PickedView:
    """A chosen picture in one language, with the producer it belongs to."""

    picture: Picture
    producer_id: int
    producer_slug: str
    producer_name: str
    is_illustrative: bool


@dataclass(frozen=True, slots=True)
class OfferedPicture:
    """A picture the office may choose; `alt` is Vietnamese, None where nobody has said what is to be seen."""

    picture: Picture
    alt: str | None
    producer_name: str


def picked_arms(at: ColumnElement[bool]) -> tuple[Select[Any], Select[Any]]:
    """The picture chosen where the condition holds, and its translated texts, as arms of a union.

    Each row has a word for its kind, a number and four texts; `read_picked` reads them. Takes `:on`.
    """
    chosen = _picked.join(_WHOSE, media.c.id == _picked.c.media_id)
    is_illustrative = or_(producer.c.is_illustrative, product.c.is_illustrative.is_(True))
    numbers = (media.c.width, media.c.height, producer.c.id, case((is_illustrative, 1), else_=0))
    written = [cast(number, String) for number in numbers]
    return (
        select(
            literal("picture"),
            media.c.id,
            media.c.digest,
            written[0] + " " + written[1] + " " + written[2] + " " + written[3],
            producer.c.slug + " " + producer.c.name,
            media.c.alt,
        )
        .select_from(chosen)
        .where(at, _MAY_STAND),
        select(
            literal("picture_text"),
            case((translation.c.is_stale.is_(True), 1), else_=0),
            translation.c.locale,
            translation.c.text,
            translation.c.status,
            cast(null(), String),
        )
        .select_from(chosen.join(translation, translation.c.entity_id == media.c.id))
        .where(
            at,
            _MAY_STAND,
            translation.c.entity_kind == "media",
            translation.c.field == "alt",
            translation.c.status != "draft",
        ),
    )


def of_province(code: ColumnElement[str]) -> ColumnElement[bool]:
    """The condition of `picked_arms` for a province: its producer has to be there still."""
    return and_(_picked.c.province_code == code, producer.c.province_code == code)


def read_picked(rows: Iterable[Sequence[Any]], chain: Sequence[str]) -> PickedView | None:
    """The picture among the rows of `picked_arms`, for a reader of the first of these languages."""
    texts: dict[str, str | Version | None] = {}
    chosen: Sequence[Any] | None = None
    for row in rows:
        if row[0] == "picture":
            chosen = row
        elif row[0] == "picture_text":
            texts[row[2]] = Version(row[3], row[4], bool(row[1]))
    if chosen is None:
        return None
    width, height, maker, is_illustrative = map(int, chosen[3].split())
    slug, _, name = chosen[4].partition(" ")
    stored = StoredPicture(chosen[1], chosen[2], width, height, {**texts, "vi": chosen[5]})
    return PickedView(stored.in_language(chain), maker, slug, name, bool(is_illustrative))


def picture_of_right(
    session: Session, right_id: int, members: Collection[int], chain: Sequence[str], *, on: date
) -> PickedView | None:
    """The picture chosen for a protected name, while its producer is a member and shows it. One statement.

    `members` are the producers who may use the name that day.
    """
    found = read_picked(session.execute(_OF_RIGHT, {"right_id": right_id, "on": on}), chain)
    return found if found is not None and found.producer_id in members else None


def list_offered(
    session: Session, makers: ColumnElement[bool], *, on: date, first: int, most: int
) -> list[OfferedPicture]:
    """Pictures of the producers a condition names, the newest first, from the `first` on."""
    rows = session.execute(
        select(*PICTURE_COLUMNS, media.c.alt, producer.c.name)
        .select_from(_WHOSE)
        .where(makers, _MAY_STAND)
        .order_by(media.c.id.desc())
        .offset(first)
        .limit(most),
        {"on": on},
    )
    return [OfferedPicture(Picture(*row[:4]), row[4], row[5]) for row in rows]


def is_theirs(
    session: Session, media_id: int, makers: ColumnElement[bool], *, on: date, is_ready: bool = True
) -> bool:
    """Whether that picture is one that the producers of a condition show that day.

    Without `is_ready` one counts too whose sizes are still being made.
    """
    standing = _MAY_STAND if is_ready else and_(media.c.removed_at.is_(None), _IS_OFFERED)
    query = select(media.c.id).select_from(_WHOSE).where(media.c.id == media_id, makers, standing)
    return session.scalar(query, {"on": on}) is not None


def list_picked(session: Session) -> tuple[frozenset[str], frozenset[int]]:
    """The provinces, and the protected names by their numbers here, for which one is chosen."""
    rows = session.execute(select(_picked.c.province_code, _picked.c.protected_name_id)).all()
    return (
        frozenset(code for code, _ in rows if code is not None),
        frozenset(number for _, number in rows if number is not None),
    )


_OF_RIGHT = union_all(*picked_arms(_picked.c.protected_name_id == bindparam("right_id")))
