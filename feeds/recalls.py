"""Which supermarkets list goods of a recall: they are told even when no delivery to them is written down."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models import Package
from feeds.models import FeedBatch, FeedBatchLine


@dataclass(frozen=True, slots=True)
class PartnerListing:
    """A package a partner was sent, and the number of the newest batch that said so."""

    partner: str
    item_key: str
    sku: str
    batch_number: int


def partner_listings(session: Session, package_ids: Collection[int]) -> list[PartnerListing]:
    """Every (partner, package) whose newest batch line that left the house is no withdrawal."""
    if not package_ids:
        return []
    left = (
        select(
            FeedBatch.partner,
            FeedBatchLine.item_key,
            FeedBatchLine.package_id,
            func.max(FeedBatch.number).label("number"),
        )
        .join(FeedBatch, FeedBatch.id == FeedBatchLine.batch_id)
        .where(
            FeedBatchLine.package_id.in_(sorted(set(package_ids))),
            FeedBatch.state.not_in(("built", "superseded")),
            FeedBatchLine.state.not_in(("superseded", "rejected")),
        )
        .group_by(FeedBatch.partner, FeedBatchLine.item_key, FeedBatchLine.package_id)
        .subquery()
    )
    rows = session.execute(
        select(left.c.partner, left.c.item_key, Package.sku, left.c.number)
        .join(
            FeedBatch, (FeedBatch.partner == left.c.partner) & (FeedBatch.number == left.c.number)
        )
        .join(
            FeedBatchLine,
            (FeedBatchLine.batch_id == FeedBatch.id) & (FeedBatchLine.item_key == left.c.item_key),
        )
        .join(Package, Package.id == left.c.package_id)
        .where(FeedBatchLine.action != "withdraw")
        .order_by(left.c.partner, Package.sku)
    )
    return [PartnerListing(*row) for row in rows]
