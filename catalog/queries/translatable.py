"""The things whose texts are translated: their models, and which of them buyers can see."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import Session

from catalog.models import Article, Collection, Media, Producer, Product, TradeEvent
from catalog.queries.errors import (
    CampaignNotFound,
    PictureNotFound,
    ProducerNotFound,
    ProductNotFound,
)

Campaign = TradeEvent | Collection | Article
"""What the programme office writes: it belongs to no producer."""
Thing = Product | Producer | Media | Campaign
MODELS: Mapping[
    str,
    type[Product]
    | type[Producer]
    | type[Media]
    | type[TradeEvent]
    | type[Collection]
    | type[Article],
] = {
    "product": Product,
    "producer": Producer,
    "media": Media,
    "trade_event": TradeEvent,
    "collection": Collection,
    "article": Article,
}


def is_public(kind: str) -> ColumnElement[bool]:
    """Published products, their makers, the pictures of either that were not removed; open campaigns."""
    published = Product.state == "published"
    made = exists().where(and_(Product.producer_id == Producer.id, published))
    if kind == "product":
        return published
    if kind == "producer":
        return made
    if kind == "trade_event":
        return TradeEvent.state == "announced"
    if kind == "collection":
        return Collection.state == "published"
    if kind == "article":
        return Article.state == "published"
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
    """The thing with that number; raises NotFound of its own kind."""
    found: Thing | None = session.get(MODELS.get(kind, Product), number)  # type: ignore[assignment]
    if found is not None:
        return found
    if kind == "producer":
        raise ProducerNotFound(producer_id=number)
    if kind == "media":
        raise PictureNotFound(media_id=number)
    if kind in ("trade_event", "collection", "article"):
        raise CampaignNotFound(kind=kind, campaign_id=number)
    raise ProductNotFound(product_id=number)


def producer_of(thing: Thing) -> int | None:
    """Whose text it is; None for what the programme office writes."""
    if isinstance(thing, Campaign):
        return None
    return thing.id if isinstance(thing, Producer) else thing.producer_id


def called(thing: Thing) -> str:
    """What people call it; a picture by what is to be seen on it."""
    return thing.name or thing.code
