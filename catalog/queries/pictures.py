"""The pictures buyers see: those of a product or producer with their texts, and the main one on a card."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, select
from sqlalchemy.orm import Session

from catalog.models import Media, Product, Translation
from catalog.rules.fallback import Version, resolve
from catalog.rules.pictures import Picture

_media = Media.__table__
_translation = Translation.__table__
_product = Product.__table__
PICTURE_COLUMNS = (_media.c.id, _media.c.digest, _media.c.width, _media.c.height)
"""What a card reads of its main picture; four nulls without one."""


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A picture with what is to be seen on it in every language somebody has written."""

    id: int
    digest: str
    width: int
    height: int
    texts: Mapping[str, str | Version | None] = field(default_factory=dict)

    def in_language(self, chain: Sequence[str]) -> Picture:
        """As a reader of the first of these languages sees it."""
        alt = resolve("alt", self.texts, chain)
        return Picture(self.id, self.digest, self.width, self.height, alt)


def is_shown(rows: FromClause) -> ColumnElement[bool]:
    """Renditions are made, and nobody has removed it."""
    return and_(rows.c.ready_at.is_not(None), rows.c.removed_at.is_(None))


def main_picture() -> ColumnElement[bool]:
    """Join condition: the first shown picture of the product."""
    other = _media.alias("other_media")
    first = (
        select(other.c.id)
        .where(other.c.product_id == _product.c.id, is_shown(other))
        .order_by(other.c.position, other.c.id)
        .limit(1)
        .correlate(_product)
        .scalar_subquery()
    )
    return _media.c.id == first


def read_main_picture(values: Sequence[Any]) -> Picture | None:
    """A card's picture from the values of `PICTURE_COLUMNS`; its text is the product's name beside it."""
    return None if values[0] is None else Picture(*values)


def with_text(session: Session, shown: Picture, chain: Sequence[str]) -> Picture:
    """The picture with what is to be seen on it for a reader of the first of these languages. One statement."""
    rows = session.execute(_TEXTS.where(_media.c.id == shown.id)).all()
    texts: dict[str, str | Version | None] = {
        tag: Version(text, status, bool(is_stale))
        for _alt, tag, text, status, is_stale in rows
        if tag is not None
    }
    texts["vi"] = rows[0][0] if rows else None
    return replace(shown, alt=resolve("alt", texts, chain))


_TEXTS: Select[Any] = select(
    _media.c.alt,
    _translation.c.locale,
    _translation.c.text,
    _translation.c.status,
    _translation.c.is_stale,
).select_from(
    _media.outerjoin(
        _translation,
        and_(
            _translation.c.entity_kind == "media",
            _translation.c.entity_id == _media.c.id,
            _translation.c.field == "alt",
            _translation.c.status != "draft",
        ),
    )
)
"""A row for each language somebody has described a picture in; one row without any."""
Arm = Callable[..., Select[Any]]


def picture_arms(row: Arm, product_id: Any) -> tuple[Select[Any], Select[Any]]:
    """The pictures of a product and their translated texts, as arms of the record's union."""
    own = select(_media.c.id).where(_media.c.product_id == product_id)
    return (
        row(
            "picture",
            _media.c.id,
            (_media.c.width, _media.c.height, _media.c.position),
            (_media.c.digest, _media.c.alt),
        ).where(_media.c.product_id == product_id, is_shown(_media)),
        row(
            "picture_text",
            _translation.c.entity_id,
            (case((_translation.c.is_stale.is_(True), 1), else_=0),),
            (_translation.c.locale, _translation.c.text, _translation.c.status),
        ).where(
            _translation.c.entity_kind == "media",
            _translation.c.field == "alt",
            _translation.c.entity_id.in_(own),
            _translation.c.status != "draft",
        ),
    )


def read_arms(
    pictures: Iterable[Sequence[Any]], texts: Iterable[Sequence[Any]], first_text: int
) -> tuple[StoredPicture, ...]:
    """The pictures in their order, from the rows of `picture_arms`."""
    said: dict[int, dict[str, str | Version | None]] = {}
    for row in texts:
        tag, text, status = row[first_text : first_text + 3]
        said.setdefault(row[1], {})[tag] = Version(text, status, bool(row[2]))
    return tuple(
        StoredPicture(
            row[1],
            row[first_text],
            row[2],
            row[3],
            {**said.get(row[1], {}), "vi": row[first_text + 1]},
        )
        for row in sorted(pictures, key=lambda r: (r[4], r[1]))
    )


def load_pictures(
    session: Session, *, product_ids: Sequence[int] = (), producer_id: int | None = None
) -> dict[int, list[StoredPicture]]:
    """The shown pictures in order, by product; with `producer_id` the producer's own, under its number.

    One statement. For feeds: `Picture.address` with the shop's base URL in front is where a partner
    fetches a picture.
    """
    owner = _media.c.product_id
    wanted: ColumnElement[bool] = owner.in_(product_ids)
    if producer_id is not None:
        owner = _media.c.producer_id
        wanted = and_(owner == producer_id, _media.c.product_id.is_(None))
    rows = session.execute(
        _TEXTS.add_columns(owner, *PICTURE_COLUMNS)
        .where(wanted, is_shown(_media))
        .order_by(owner, _media.c.position, _media.c.id)
    )
    found: dict[int, list[StoredPicture]] = {}
    texts: dict[int, dict[str, str | Version | None]] = {}
    for alt, tag, text, status, is_stale, number, media_id, digest, width, height in rows:
        if media_id not in texts:
            texts[media_id] = {"vi": alt}
            found.setdefault(number, []).append(
                StoredPicture(media_id, digest, width, height, texts[media_id])
            )
        if tag is not None:
            texts[media_id][tag] = Version(text, status, bool(is_stale))
    return found
