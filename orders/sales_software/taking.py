"""Doing what a plan says: counts through the one code that writes stock, prices as a change of the package."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.errors import InvalidFields
from catalog.models import Package, Product
from catalog.products import set_package
from core import audit
from core.actor import Actor
from core.errors import Conflict
from core.people.permissions import require
from orders import stock
from orders.models import StockItem
from orders.sales_software.planning import Plan, plan_file
from orders.sales_software.reading import SalesFile


class ShopChangedMeanwhile(Conflict):
    """Stock or prices are no longer those the person was shown; facts: producer_id."""


def take_file(
    session: Session,
    producer_id: int,
    file: SalesFile,
    *,
    source: str,
    actor: Actor,
    on: date,
    now: datetime,
    seen: str | None = None,
) -> Plan:
    """Take over every row that is right; the same file again changes nothing. The caller commits.

    `source` names the program, for the journal; `seen` is the digest of the plan a person agreed to.
    Every count goes through `stock.set_on_hand`, by ascending package. Raises ShopChangedMeanwhile
    (with nothing done), StockBelowPromises when a buyer was faster, NotAllowed.
    """
    require(actor, "stock.manage", producer_id=producer_id)
    require(actor, "package.edit", producer_id=producer_id)
    _hold_stock(session, producer_id)
    plan = plan_file(session, producer_id, file)
    if seen is not None and seen != plan.digest:
        raise ShopChangedMeanwhile(producer_id=producer_id)
    changes = [(line.goods, line) for line in plan.changes if line.goods is not None]
    for goods, line in sorted(changes, key=lambda pair: pair[0].package_id):
        if line.stock is not None:
            stock.set_on_hand(session, goods.package_id, line.stock, actor=actor, now=now)
    for goods, line in changes:
        if line.price is None:
            continue
        try:
            set_package(
                session, goods.product_id, goods.sku, {"price_minor": line.price.amount},
                actor=actor, on=on, now=now,
            )  # fmt: skip
        except InvalidFields as refusal:  # the plan has judged the price already
            raise AssertionError(refusal.mistakes) from refusal
    if changes:
        audit.record(
            session, actor, "stock.import", subject=f"producer:{producer_id}", now=now,
            source=source, changed=len(changes), refused=plan.count("refused"),
        )  # fmt: skip
    return plan


def _hold_stock(session: Session, producer_id: int) -> None:
    """Let nobody sell these goods between looking and counting; in the order of all locks of stock."""
    session.execute(
        select(StockItem.package_id)
        .join(Package, Package.id == StockItem.package_id)
        .join(Product, Product.id == Package.product_id)
        .where(Product.producer_id == producer_id)
        .order_by(StockItem.package_id)
        .with_for_update(of=StockItem)
    ).all()
