"""The things whose texts are translated: their models, and which of them buyers can see."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import Session

from catalog.models import Media, Producer, Product
from catalog.queries.errors import PictureNotFound, ProducerNotFound, ProductNotFound

Thing = Product | Producer | Media
MODELS: Mapping[str, type[Product] | type[Producer] | type[Media]] = {
    "product": Product,
    "producer": Producer,
    "media": Media,
}


def is_public(kind: str) -> ColumnElement[bool]:
    """Published products, the makers of such, the pictures of either that were not removed."""
    published = Product.state == "published"
    made = exists().where(and_(Product.producer_id == Producer.id, published))
    if kind == "product":
        return published
    if kind == "producer":
        return made
    return and_(
        Media.removed_at.is_(None),
        or_(
            exists().where(and_(Product.id == Media.product_id, published)),
            and_(
                Media.product_id.is_(None),
                exists().where(and_(Product.producer_id == Media.producer_id, published)),
            ),
        ),
    )


def find_thing(session: Session, kind: str, number: int) -> Thing:
    """The thing with that number; raises ProductNotFound, ProducerNotFound, PictureNotFound."""
    found: Thing | None = session.get(MODELS.get(kind, Product), number)  # type: ignore[assignment]
    if found is not None:
        return found
    if kind == "producer":
        raise ProducerNotFound(producer_id=number)
    if kind == "media":
        raise PictureNotFound(media_id=number)
    raise ProductNotFound(product_id=number)


def producer_of(thing: Thing) -> int:
    """Whose text it is."""
    return thing.id if isinstance(thing, Producer) else thing.producer_id


def called(thing: Thing) -> str:
    """What people call it; a picture by what is to be seen on it."""
    return thing.name or thing.code
