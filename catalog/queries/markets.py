"""What is known of products for the markets abroad, and the verdicts that were given on them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, and_, bindparam, literal, or_, select
from sqlalchemy.orm import Session

from catalog.models import (
    GrowingArea,
    MarketVerdict,
    ProductAllergen,
    ProductNutrition,
    Translation,
)
from catalog.queries.ledger import PAPER_COLUMNS, PAPERS, paper, read_ledger
from catalog.queries.listing import producer, product
from catalog.queries.verdicts import VerdictView, in_market_order, verdict_view
from catalog.rules.allergens import AllergenFacts
from catalog.rules.categories import GoodsFacts
from catalog.rules.eligibility import MarketFacts
from catalog.rules.labelling import LabelFacts
from catalog.rules.publication import PublicationFacts, is_paper_valid, known_label_fields
from catalog.rules.rights import stands
from catalog.rules.rule_values import DOCUMENTS, PLACE_DOCUMENTS

_verdict = MarketVerdict.__table__
_allergen = ProductAllergen.__table__
_area = GrowingArea.__table__
_nutrition = ProductNutrition.__table__
_translation = Translation.__table__
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)

_PRODUCTS = (
    select(
        product.c.id,
        product.c.name,
        product.c.subgroup_code,
        product.c.hs6,
        product.c.ingredients,
        product.c.storage_kind,
        product.c.shelf_life_days,
        product.c.allergens_state,
        product.c.origin_country,
        producer.c.name.label("producer_name"),
        producer.c.province_code,
        _nutrition.c.product_id.label("nutrition"),
    )
    .select_from(
        product.join(producer, producer.c.id == product.c.producer_id).outerjoin(
            _nutrition, _nutrition.c.product_id == product.c.id
        )
    )
    .where(product.c.id.in_(_IDS))
)
_TEXTS = select(_translation.c.entity_id, _translation.c.field, _translation.c.locale).where(
    _translation.c.entity_kind == "product",
    _translation.c.entity_id.in_(_IDS),
    _translation.c.field.in_(("name", "ingredients")),
    _translation.c.status == "reviewed",
    _translation.c.is_stale.is_(False),
)
_CONTAINED = select(_allergen.c.product_id, _allergen.c.code, _allergen.c.containment).where(
    _allergen.c.product_id.in_(_IDS)
)
_AREAS = select(_area.c.product_id, _area.c.kind, _area.c.market).where(
    _area.c.product_id.in_(_IDS), _area.c.status == "active"
)
_MARKET_PAPERS = (
    select(product.c.id, literal("paper"), *PAPER_COLUMNS)
    .select_from(
        PAPERS.join(
            product,
            and_(
                product.c.producer_id == paper.c.producer_id,
                or_(paper.c.product_id.is_(None), paper.c.product_id == product.c.id),
            ),
        )
    )
    .where(product.c.id.in_(_IDS), paper.c.market.is_not(None), paper.c.checked_on.is_not(None))
)


def list_verdicts(session: Session, product_id: int) -> list[VerdictView]:
    """The verdicts on a product for the nine markets, in their order; one statement.

    A market nobody has judged yet is missing: it counts as closed.
    """
    rows = session.execute(_VERDICTS, {"product_id": product_id})
    return list(in_market_order(verdict_view(*row) for row in rows))


_VERDICTS = select(
    _verdict.c.market,
    _verdict.c.allowed,
    _verdict.c.confirmed,
    _verdict.c.reasons,
    _verdict.c.documents,
    _verdict.c.rule_version,
    _verdict.c.judged_on,
    _verdict.c.particulars,
).where(_verdict.c.product_id == bindparam("product_id"))


def load_market_facts(
    session: Session, listed: Mapping[int, PublicationFacts], *, on: date
) -> dict[int, MarketFacts]:
    """What the verdicts need beyond what the listing needs (`load_publication_facts`).

    For up to a few hundred products at once; five statements.
    """
    ids = sorted(listed)
    texts = _grouped(session, _TEXTS, ids)
    contained = _grouped(session, _CONTAINED, ids)
    areas = _grouped(session, _AREAS, ids)
    abroad = _market_papers(session, ids, on)
    return {
        row.id: MarketFacts(
            goods=GoodsFacts(
                row.subgroup_code,
                row.hs6,
                row.ingredients,
                row.storage_kind,
                _codes(contained.get(row.id, ()), "contains"),
            ),
            label=_label(row, listed[row.id], texts.get(row.id, ()), contained.get(row.id, ())),
            documents=_documents(
                listed[row.id], [*areas.get(row.id, ()), *abroad.get(row.id, ())], on
            ),
        )
        for row in session.execute(_PRODUCTS, {"ids": ids})
    }


def _grouped(session: Session, query: Any, ids: list[int]) -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = {}
    for product_id, one, other in session.execute(query, {"ids": ids}):
        found.setdefault(product_id, []).append((one, other))
    return found


def _market_papers(session: Session, ids: list[int], on: date) -> dict[int, list[tuple[str, str]]]:
    """(document, market) of the checked papers in force that day, by the product they cover."""
    rows: dict[int, list[Any]] = {}
    for product_id, *row in session.execute(_MARKET_PAPERS, {"ids": ids}):
        rows.setdefault(product_id, []).append(row)
    return {
        product_id: [
            (one.document, one.market)
            for one in read_ledger(each).papers
            if one.document and one.market and stands(one.standing, on)
        ]
        for product_id, each in rows.items()
    }


def _codes(contained: Collection[tuple[str, str]], how: str) -> frozenset[str]:
    return frozenset(code for code, containment in contained if containment == how)


def _label(
    row: Any,
    listed: PublicationFacts,
    texts: Collection[tuple[str, str]],
    contained: Collection[tuple[str, str]],
) -> LabelFacts:
    languages = {
        field: frozenset(
            {tag for name, tag in texts if name == field} | ({"vi"} if vietnamese else set())
        )
        for field, vietnamese in (("name", row.name), ("ingredients", row.ingredients))
    }
    return LabelFacts(
        subgroup_code=row.subgroup_code,
        texts=languages,
        known=known_label_fields(listed) | ({"nutrition"} if row.nutrition else set()),
        allergens=AllergenFacts(
            row.allergens_state,
            _codes(contained, "contains"),
            _codes(contained, "may_contain"),
        ),
    )


def _documents(
    listed: PublicationFacts, named: Collection[tuple[str, str]], on: date
) -> dict[str, frozenset[str]]:
    """Document codes on file by market: papers of the home market count everywhere.

    `named` are (kind of place or document, market): they count for the market they name.
    """
    found: dict[str, set[str]] = {
        "": {paper.kind for paper in listed.papers if is_paper_valid(paper, on)}
    }
    for kind, market in named:
        document = PLACE_DOCUMENTS.get(kind, kind)
        if document in DOCUMENTS:
            found.setdefault(market, set()).add(document)
    return {market: frozenset(codes) for market, codes in found.items()}
