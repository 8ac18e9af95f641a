"""How complete the record of a product is: for the shop, for each market, and for a supermarket."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from catalog.models import Media, Package, Product, Translation
from catalog.queries.certificates import certificate_facts_of
from catalog.queries.errors import ProductNotFound
from catalog.queries.markets import load_market_facts
from catalog.queries.office import load_publication_facts
from catalog.reference.allergens import KINDS_OF
from catalog.reference.market_languages import market_languages
from catalog.regulation.loading import load_rules
from catalog.rules.categories import categories
from catalog.rules.certification import star_claim
from catalog.rules.completeness import (
    SHOP,
    Completeness,
    Purpose,
    RecordFacts,
    SoldUnit,
    completeness,
    market_purpose,
)
from catalog.rules.eligibility import HOPELESS, MARKETS, MarketFacts, market_verdict
from catalog.rules.fallback import is_shown
from catalog.rules.labelling import required_label_fields
from catalog.rules.publication import PublicationFacts
from catalog.rules.regulation import RuleSet


def judge_record(
    session: Session, product_id: int, *, on: date, partners: Iterable[Purpose] = ()
) -> list[Completeness]:
    """The record of one product for every purpose it can serve; raises ProductNotFound.

    The shop comes first, then the markets whose rules leave a way open for such goods, then the
    purposes of `partners`. A market that is closed to them is left out: nothing a producer fills in
    opens it.
    """
    product = session.get(
        Product,
        product_id,
        options=(
            selectinload(Product.producer),
            selectinload(Product.packages).selectinload(Package.levels),
            selectinload(Product.ingredient_rows),
            selectinload(Product.nutrition),
        ),
    )
    if product is None:
        raise ProductNotFound(product_id=product_id)
    rules = load_rules(session)
    listed = load_publication_facts(session, [product_id], rules=rules)
    market = load_market_facts(session, listed, on=on)[product_id]
    facts = _record(session, product, listed[product_id], market, on)
    purposes = (SHOP, *_market_purposes(rules, market, on), *partners)
    return [completeness(facts, purpose, on) for purpose in purposes]


def _market_purposes(rules: RuleSet, facts: MarketFacts, on: date) -> Iterable[Purpose]:
    for market in MARKETS:
        verdict = market_verdict(rules, facts, market, on, kinds=KINDS_OF)
        if any(reason.code in HOPELESS for reason in verdict.reasons):
            continue
        languages = market_languages().get(market)
        yield market_purpose(
            market,
            languages=languages.needs if languages else (),
            label_fields=sorted(
                required_label_fields(rules, facts.goods.subgroup_code, market, on)
            ),
            documents=_wanted(rules, facts, market, on),
        )


def _wanted(rules: RuleSet, facts: MarketFacts, market: str, on: date) -> tuple[str, ...]:
    """Documents that a registration or permit wants on file before anything may be sent."""
    found = (rules.find(f"market.{market}.{name}", on) for name in categories(facts.goods))
    return tuple(
        dict.fromkeys(
            paper
            for rule in found
            if rule is not None and rule.says("decision") in {"permit", "registration"}
            for paper in rule.lists("documents")
        )
    )


def _record(
    session: Session, product: Product, listing: PublicationFacts, market: MarketFacts, on: date
) -> RecordFacts:
    decisions = certificate_facts_of(session, Product.id == product.id).get(product.id, ())
    return RecordFacts(
        listing=listing,
        units=tuple(_unit(package) for package in product.packages if package.active),
        short_name=product.short_name,
        summary=product.summary,
        description=product.description,
        producer_name=product.producer.name,
        producer_address=product.producer.address,
        producer_story=product.producer.story,
        storage_note=product.storage_note,
        ingredient_rows=len(product.ingredient_rows),
        nutrition_declared=product.nutrition is not None,
        pictures=_count_pictures(session, product.id),
        hs6=product.hs6,
        gpc_brick=product.gpc_brick,
        capacity_per_month=product.capacity_per_month,
        origin_country=product.origin_country,
        has_star_claim=star_claim(decisions, on) is not None,
        translated=_translated(session, product.id),
        documents=market.documents,
    )


def _count_pictures(session: Session, product_id: int) -> int:
    query = select(func.count()).where(Media.product_id == product_id, Media.removed_at.is_(None))
    return session.scalar(query) or 0


def _unit(package: Package) -> SoldUnit:
    sides = (package.length_mm, package.width_mm, package.height_mm)
    length, width, height = sides
    case = next((level.quantity for level in package.levels if level.level == "case"), None)
    return SoldUnit(
        sku=package.sku,
        gtin=package.gtin,
        gross_weight_g=package.gross_weight_g,
        dimensions_mm=(length, width, height) if length and width and height else None,
        case_quantity=case or package.units_per_case,
    )


def _translated(session: Session, product_id: int) -> dict[str, frozenset[str]]:
    rows = session.execute(
        select(
            Translation.locale, Translation.field, Translation.status, Translation.is_stale
        ).where(Translation.entity_kind == "product", Translation.entity_id == product_id)
    )
    found: dict[str, set[str]] = {}
    for locale, field, status, is_stale in rows:
        if is_shown(field, status, is_stale=is_stale) and not is_stale:
            found.setdefault(locale, set()).add(field)
    return {locale: frozenset(fields) for locale, fields in found.items()}
