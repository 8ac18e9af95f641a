"""Lists for the programme office and for producers: what ends soon, what is withheld, what waits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from catalog.queries.ledger import PAPER_COLUMNS, PAPERS, paper, read_ledger
from catalog.queries.listing import (
    CERTIFICATE_RECORD,
    ON,
    certificate,
    in_force,
    latest_certificate,
    package,
    producer,
    product,
)
from catalog.queries.pages import ExpiringCertificate, RegisterDraft, WithheldListing
from catalog.queries.products import read_certificate
from catalog.regulation.loading import load_rules
from catalog.rules.certification import EXPIRING_DAYS
from catalog.rules.publication import (
    FACILITY_OR_PRODUCT_PAPERS,
    PackageFacts,
    PaperFacts,
    PublicationFacts,
    publication_problems,
)
from catalog.rules.regulation import RuleSet
from catalog.rules.rights import standing_intervals

_CHUNK = 500


def load_publication_facts(
    session: Session, product_ids: Collection[int], *, rules: RuleSet | None = None
) -> dict[int, PublicationFacts]:
    """What the publication rule needs, for many products at once.

    One statement for the rules unless they are given, three for each 500 products.
    """
    facts: dict[int, PublicationFacts] = {}
    ids = sorted(product_ids)
    if ids and rules is None:
        rules = load_rules(session)
    for start in range(0, len(ids), _CHUNK):
        facts |= _load_chunk(session, ids[start : start + _CHUNK], rules)
    return facts


def _load_chunk(
    session: Session, ids: list[int], rules: RuleSet | None
) -> dict[int, PublicationFacts]:
    packages: dict[int, list[PackageFacts]] = {}
    for row in session.execute(_PACKAGES, {"ids": ids}):
        packages.setdefault(row.product_id, []).append(
            PackageFacts(row.sku, row.price_minor, row.net_content, row.unit, row.abv)
        )
    rows = session.execute(_PRODUCTS, {"ids": ids}).all()
    papers = session.execute(
        _PAPERS, {"producers": sorted({row.producer_id for row in rows})}
    ).all()
    by_producer: dict[int, list[Any]] = {}
    for producer_id, *columns in papers:
        by_producer.setdefault(producer_id, []).append(("paper", *columns))
    standing = {
        producer_id: [
            (one.product_id, PaperFacts(one.kind, first, last))
            for one in read_ledger(rows_of_one).papers
            for first, last in standing_intervals(one.standing)
        ]
        for producer_id, rows_of_one in by_producer.items()
    }
    return {
        row.id: PublicationFacts(
            name=row.name,
            producer_id=None if row.producer_code.startswith("unknown:") else row.producer_id,
            province_code=row.province_code,
            subgroup_code=row.subgroup_code,
            ingredients=row.ingredients,
            allergens_state=row.allergens_state,
            shelf_life_days=row.shelf_life_days,
            storage_kind=row.storage_kind,
            packages=tuple(packages.get(row.id, ())),
            papers=tuple(
                facts
                for product_id, facts in standing.get(row.producer_id, ())
                if product_id in (None, row.id)
            ),
            rules=rules,
        )
        for row in rows
    }


_PACKAGES = (
    select(
        package.c.product_id,
        package.c.sku,
        package.c.price_minor,
        package.c.net_content,
        package.c.unit,
        package.c.abv,
    )
    .where(package.c.product_id.in_(bindparam("ids", expanding=True)), package.c.active.is_(True))
    .order_by(package.c.position, package.c.id)
)
_PRODUCTS = (
    select(
        product.c.id,
        product.c.name,
        product.c.producer_id,
        producer.c.code.label("producer_code"),
        producer.c.province_code,
        product.c.subgroup_code,
        product.c.ingredients,
        product.c.allergens_state,
        product.c.shelf_life_days,
        product.c.storage_kind,
    )
    .select_from(product.join(producer, producer.c.id == product.c.producer_id))
    .where(product.c.id.in_(bindparam("ids", expanding=True)))
)
_PAPERS = (
    select(paper.c.producer_id, *PAPER_COLUMNS)
    .select_from(PAPERS)
    .where(
        paper.c.producer_id.in_(bindparam("producers", expanding=True)),
        paper.c.kind.in_(sorted(FACILITY_OR_PRODUCT_PAPERS)),
        paper.c.market.is_(None),  # what another country registered allows nothing at home
    )
    .order_by(paper.c.id)
)


def list_expiring_certificates(
    session: Session,
    *,
    on: date,
    within_days: int = EXPIRING_DAYS,
    producer_ids: Collection[int] | None = None,
) -> list[ExpiringCertificate]:
    """Claims that end within so many days, the soonest first; of some producers or of all."""
    query = (
        select(
            *CERTIFICATE_RECORD,
            product.c.id,
            product.c.name,
            producer.c.name,
        )
        .select_from(
            product.join(producer, producer.c.id == product.c.producer_id).join(
                certificate, latest_certificate()
            )
        )
        .where(in_force(), certificate.c.valid_to <= on + timedelta(days=within_days))
        .order_by(certificate.c.valid_to, product.c.id)
    )
    if producer_ids is not None:
        query = query.where(product.c.producer_id.in_(sorted(producer_ids)))
    end = len(CERTIFICATE_RECORD)
    found = []
    for row in session.execute(query, {"on": on}):
        view = read_certificate(("certificate", *row[:end]), on)
        left = (view.valid_to - on).days if view.valid_to else 0
        found.append(ExpiringCertificate(row[end], row[end + 1], row[end + 2], view, left))
    return found


def list_withheld(
    session: Session, *, on: date, producer_ids: Collection[int] | None = None
) -> list[WithheldListing]:
    """Published products not shown on that day, each with all reasons; four statements."""
    query = (
        select(product.c.id, product.c.slug, product.c.name, producer.c.id, producer.c.name)
        .select_from(product.join(producer, producer.c.id == product.c.producer_id))
        .where(
            product.c.state == "published",
            or_(product.c.withheld.is_(True), product.c.listed_until < ON),
        )
        .order_by(product.c.name_key, product.c.id)
    )
    if producer_ids is not None:
        query = query.where(product.c.producer_id.in_(sorted(producer_ids)))
    rows = session.execute(query, {"on": on}).all()
    facts = load_publication_facts(session, [row[0] for row in rows])
    return [
        WithheldListing(*row[:5], problems=tuple(publication_problems(facts[row[0]], on)))
        for row in rows
    ]


def list_register_drafts(
    session: Session,
    *,
    producer_ids: Collection[int] | None = None,
    after_id: int = 0,
    limit: int = 50,
) -> Sequence[RegisterDraft]:
    """Drafts in the order of their ids, with the stars a register printed (never a claim)."""
    query = (
        select(
            product.c.id,
            product.c.code,
            product.c.name,
            producer.c.name,
            producer.c.province_code,
            func.max(certificate.c.stars),
            func.max(certificate.c.rating_year),
        )
        .select_from(
            product.join(producer, producer.c.id == product.c.producer_id).outerjoin(
                certificate, certificate.c.product_id == product.c.id
            )
        )
        .where(product.c.state == "draft", product.c.id > after_id)
        .group_by(
            product.c.id, product.c.code, product.c.name, producer.c.name, producer.c.province_code
        )
        .order_by(product.c.id)
        .limit(limit)
    )
    if producer_ids is not None:
        query = query.where(product.c.producer_id.in_(sorted(producer_ids)))
    return [RegisterDraft(*row) for row in session.execute(query)]
