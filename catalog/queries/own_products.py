"""What a producer sees of its own goods: every product with its state and all that it still lacks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from catalog.models import Producer, Product
from catalog.queries.certificates import certificate_facts_of
from catalog.queries.errors import ProductNotFound
from catalog.queries.office import load_publication_facts
from catalog.rules.certification import CertificateFacts, StarClaim, certificate_state, star_claim
from catalog.rules.publication import Problem, publication_problems


@dataclass(frozen=True, slots=True)
class OwnProduct:
    """A line of the producer's list.

    `certificate` is the state of the newest decision (see `certificate_state`), or "none".
    """

    id: int
    slug: str
    name: str
    producer_id: int
    producer_name: str
    packshot: str
    state: str
    claim: StarClaim | None
    certificate: str
    problems: tuple[Problem, ...]
    is_illustrative: bool

    @property
    def is_on_sale(self) -> bool:
        """Whether buyers see it now."""
        return self.state == "published" and not self.problems


def list_own_products(
    session: Session, producer_ids: Collection[int], *, on: date
) -> list[OwnProduct]:
    """All products of these producers by name, drafts included; five statements per 500 products."""
    if not producer_ids:
        return []
    rows = session.execute(
        select(
            Product.id,
            Product.slug,
            Product.name,
            Product.producer_id,
            Producer.name.label("producer_name"),
            Product.packshot,
            Product.state,
            Product.is_illustrative,
        )
        .join(Producer, Producer.id == Product.producer_id)
        .where(Product.producer_id.in_(sorted(producer_ids)))
        .order_by(Product.name_key, Product.id)
    ).all()
    facts = load_publication_facts(session, [row.id for row in rows])
    certificates = certificate_facts_of(session, Product.producer_id.in_(sorted(producer_ids)))
    return [
        OwnProduct(
            id=row.id,
            slug=row.slug,
            name=row.name,
            producer_id=row.producer_id,
            producer_name=row.producer_name,
            packshot=row.packshot,
            state=row.state,
            claim=star_claim(certificates.get(row.id, ()), on),
            certificate=_newest_state(certificates.get(row.id, []), on),
            problems=tuple(publication_problems(facts[row.id], on)),
            is_illustrative=row.is_illustrative,
        )
        for row in rows
    ]


def _newest_state(certificates: list[CertificateFacts], on: date) -> str:
    if not certificates:
        return "none"
    newest = max(certificates, key=lambda c: (c.issued_on or date.min, c.id))
    return certificate_state(newest, on)


def load_own_product(session: Session, product_id: int, *, lock: bool = False) -> Product:
    """The product with maker, packages, allergens and decisions; raises ProductNotFound.

    With `lock` the row is held until the end of the transaction, so that a version just compared
    cannot change before it is written.
    """
    query = (
        select(Product)
        .where(Product.id == product_id)
        .options(
            selectinload(Product.producer),
            selectinload(Product.packages),
            selectinload(Product.allergens),
            selectinload(Product.certificates),
        )
    )
    if lock:
        query = query.with_for_update(of=Product)
    product = session.scalar(query)
    if product is None:
        raise ProductNotFound(product_id=product_id)
    return product
