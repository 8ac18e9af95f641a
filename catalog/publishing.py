"""Putting a product on sale, taking it off, and keeping its listing in step with its facts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.announcing import announce_once, set_first_price, told_together
from catalog.errors import NotPublishable, ProductNotFound
from catalog.models import Package, Product
from catalog.queries.office import load_publication_facts
from catalog.rules.publication import Problem, listed_until, publication_problems
from core import audit
from core.actor import Actor
from core.people.permissions import require

__all__ = [
    "NotPublishable",
    "judged_together",
    "list_problems",
    "publish",
    "refresh_listings",
    "withdraw",
]


def list_problems(session: Session, product_id: int, *, on: date) -> list[Problem]:
    """All reasons why the product can't be listed on that day; raises ProductNotFound."""
    facts = load_publication_facts(session, [product_id]).get(product_id)
    if facts is None:
        raise ProductNotFound(product_id=product_id)
    return publication_problems(facts, on)


def publish(session: Session, product_id: int, *, actor: Actor, on: date, now: datetime) -> Product:
    """Put the product on sale; raises ProductNotFound, Forbidden or NotPublishable(problems).

    Publishing what is already on sale changes nothing but is checked again.
    """
    product = find_product(session, product_id)
    require(actor, "product.publish", producer_id=product.producer_id)
    session.flush()
    problems = list_problems(session, product_id, on=on)
    if problems:
        raise NotPublishable(problems)
    if product.state != "published":
        product.state = "published"
        product.published_at = now
        product.withdrawn_at = None
        product.updated_at = now
        audit.record(session, actor, "product.publish", subject=f"product:{product_id}", now=now)
        announce_once(session, "product.published", product_id=product_id)
    refresh_listings(session, [product_id], on=on)
    return product


def withdraw(
    session: Session,
    product_id: int,
    *,
    actor: Actor,
    on: date,
    now: datetime,
    reason: str = "",
) -> Product:
    """Take the product off sale; withdrawing twice changes nothing. Raises like `publish`."""
    product = find_product(session, product_id)
    require(actor, "product.withdraw", producer_id=product.producer_id)
    if product.state == "published":
        product.state = "withdrawn"
        product.withdrawn_at = now
        product.updated_at = now
        audit.record(
            session,
            actor,
            "product.withdraw",
            subject=f"product:{product_id}",
            now=now,
            reason=reason,
            on=on.isoformat(),
        )
        announce_once(session, "product.withdrawn", product_id=product_id)
        session.flush()
    return product


@dataclass(slots=True)
class _Waiting:
    listings: set[int] = field(default_factory=set)
    prices: dict[int, Product] = field(default_factory=dict)


_WAITING = "products that wait to be judged"


@contextmanager
def judged_together(session: Session, *, on: date) -> Iterator[None]:
    """Judge what is touched inside once, at the end: 500 rows of an import take 8 statements, not 4,000.

    Nothing inside may ask for the answer. When it raises, nothing is judged: a savepoint is rolled back.
    """
    with told_together(session):
        waiting = session.info[_WAITING] = _Waiting()
        try:
            yield
        finally:
            del session.info[_WAITING]
        if waiting.prices:
            _refresh_prices(session, waiting.prices)
    if waiting.listings:
        refresh_listings(session, waiting.listings, on=on)


def _refresh_prices(session: Session, products: Mapping[int, Product]) -> None:
    """The first price of each product, from its packages as the session knows them."""
    if any(isinstance(row, Package) for row in (*session.new, *session.deleted)):
        session.flush()
    first: dict[int, int] = {}
    with session.no_autoflush:
        found = session.scalars(select(Package).where(Package.product_id.in_(sorted(products))))
        packages = sorted(found, key=lambda one: (one.product_id, one.position, one.id))
    for package in packages:
        if package.active:
            first.setdefault(package.product_id, package.price_minor)
    for product_id, product in products.items():
        set_first_price(product, first.get(product_id))


def refresh_listings(
    session: Session, product_ids: Collection[int] | None = None, *, on: date
) -> int:
    """Judge published products again and store the answer; returns how many listings changed.

    Every use case calls this for what it touched. Without ids it judges all that are published or
    withheld, which brings back listings whose new paper only begins now; a day on which nobody
    calls it can hide a listing, never show a wrong one.
    """
    waiting: _Waiting | None = session.info.get(_WAITING)
    if waiting is not None and product_ids is not None:
        waiting.listings.update(product_ids)
        return 0
    session.flush()
    query = select(Product).where(Product.state == "published")
    if product_ids is not None:
        query = query.where(Product.id.in_(sorted(product_ids)))
    products = session.scalars(query).all()
    facts = load_publication_facts(session, [product.id for product in products])
    changed = 0
    for product in products:
        judged = facts[product.id]
        withheld = bool(publication_problems(judged, on))
        until = None if withheld else listed_until(judged, on)
        if (product.withheld, product.listed_until) != (withheld, until):
            product.withheld, product.listed_until = withheld, until
            announce_once(session, "product.changed", product_id=product.id)
            changed += 1
    session.flush()
    return changed


def refresh_price(session: Session, product: Product) -> None:
    """Store the price of the package shown first, which lists are sorted by."""
    waiting: _Waiting | None = session.info.get(_WAITING)
    if waiting is not None:
        waiting.prices[product.id] = product
        return
    session.flush()
    _refresh_prices(session, {product.id: product})


def find_product(session: Session, product_id: int) -> Product:
    """The row; raises ProductNotFound."""
    product = session.get(Product, product_id)
    if product is None:
        raise ProductNotFound(product_id=product_id)
    return product


def refresh_producer(session: Session, producer_id: int, *, on: date) -> None:
    """Judge everything a producer has on sale again: its papers or its province changed."""
    ids = session.scalars(
        select(Product.id).where(Product.producer_id == producer_id, Product.state == "published")
    ).all()
    refresh_listings(session, ids, on=on)
