"""What is on sale for a partner on a day: the catalogue's rows read as canonical feed items."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from catalog.models import Package, Producer, Product, ProductAllergen, Translation
from catalog.queries.certificates import certificate_facts_of
from catalog.queries.listing import shown
from catalog.queries.prices import offers_for_partner
from catalog.reference import PROVINCES, SUBGROUPS
from catalog.regulation.loading import load_rules
from catalog.rules.certification import StarClaim, star_claim
from catalog.rules.pricing import OfferFacts
from catalog.rules.regulation import RuleSet
from catalog.rules.vat import seller_kind, vat_class, vat_rate
from core.money import Money
from feeds.profiles import Profile
from feeds.rules.items import FeedItem, Recognition, short_name, without_programme_words
from feeds.rules.mapping import plain_decimal, unit_code
from feeds.rules.prices import PartnerPrice, partner_price


@dataclass(frozen=True, slots=True)
class Offer:
    """An item on sale and the package it is made from."""

    package_id: int
    item: FeedItem


@dataclass(frozen=True, slots=True)
class _Facts:
    """What belongs to the products of the snapshot, by product id."""

    claims: dict[int, StarClaim | None]
    allergens: dict[int, dict[str, tuple[str, ...]]]
    english: dict[int, str]
    rules: RuleSet
    prices: dict[int, list[OfferFacts]]
    on: date

    def price(self, package: Package, profile: Profile, tax_bp: int) -> PartnerPrice:
        """What the partner pays for one package, by its own list where there is one."""
        return partner_price(
            Money(package.price_minor, package.currency),
            package.min_order,
            self.prices.get(package.id, ()),
            package_id=package.id,
            currency=profile.currency,
            on=self.on,
            vat_rate_bp=tax_bp,
        )

    def tax_bp(self, product: Product, producer: Producer) -> int | None:
        """What a business pays on that day, in basis points; None when no rule speaks."""
        goods = vat_class(product.vat_class, product.subgroup_code)
        seller = seller_kind(producer.kind)
        answer = vat_rate(self.rules, goods, seller, "business", "VN", self.on)
        return None if answer is None else answer.rate_bp


def load_offers(session: Session, profile: Profile, *, on: date) -> list[Offer]:
    """Every active package of a listed product in the partner's groups, in order of package; 6 statements.

    Goods for which no tax rule speaks on that day are not offered.
    """
    listed = _listed(profile, on)
    facts = _Facts(
        claims=_claims(session, listed, on),
        allergens=_allergens(session, listed),
        english=_english_names(session, listed),
        rules=load_rules(session),
        prices=offers_for_partner(session, profile.code, on=on),
        on=on,
    )
    rows = session.execute(
        select(Package, Product, Producer)
        .join(Product, Product.id == Package.product_id)
        .join(Producer, Producer.id == Product.producer_id)
        .where(listed, Package.active)
        .order_by(Package.id)
    )
    return [
        Offer(package.id, _item(package, product, producer, facts, profile, tax_bp))
        for package, product, producer in rows
        if (tax_bp := facts.tax_bp(product, producer)) is not None
    ]


def _listed(profile: Profile, on: date) -> ColumnElement[bool]:
    return and_(
        Product.state == "published",
        Product.withheld.is_(False),
        or_(Product.listed_until.is_(None), Product.listed_until >= on),
        func.substr(Product.subgroup_code, 1, 1).in_(profile.groups),
    )


def _claims(session: Session, listed: ColumnElement[bool], on: date) -> dict[int, StarClaim | None]:
    by_product = certificate_facts_of(session, listed)
    return {product_id: star_claim(facts, on) for product_id, facts in by_product.items()}


def _allergens(
    session: Session, listed: ColumnElement[bool]
) -> dict[int, dict[str, tuple[str, ...]]]:
    found: dict[int, dict[str, tuple[str, ...]]] = defaultdict(dict)
    query = (
        select(ProductAllergen.product_id, ProductAllergen.containment, ProductAllergen.code)
        .join(Product, Product.id == ProductAllergen.product_id)
        .where(listed)
        .order_by(ProductAllergen.code)
    )
    for product_id, containment, code in session.execute(query):
        found[product_id][containment] = (*found[product_id].get(containment, ()), code)
    return found


def _english_names(session: Session, listed: ColumnElement[bool]) -> dict[int, str]:
    query = (
        select(Product.id, Translation.text)
        .join(
            Translation,
            and_(
                Translation.entity_kind == "product",
                Translation.entity_id == Product.id,
                Translation.field == "name",
                Translation.locale == "en",
                shown(Translation.__table__),
            ),
        )
        .where(listed)
    )
    return {row.id: row.text for row in session.execute(query)}


def _item(
    package: Package,
    product: Product,
    producer: Producer,
    facts: _Facts,
    profile: Profile,
    tax_bp: int,
) -> FeedItem:
    name = without_programme_words(_packaged_name(product.name, package.label))
    english = facts.english.get(product.id)
    allergens = facts.allergens.get(product.id, {})
    province = PROVINCES.get(producer.province_code or "")
    subgroup = SUBGROUPS.get(product.subgroup_code or "")
    place = [producer.address, producer.commune, province.names["vi"] if province else None]
    ingredients = product.ingredients
    price = facts.price(package, profile, tax_bp)
    return FeedItem(
        gtin=(package.gtin or "").zfill(14) if package.gtin else "",
        sku=package.sku,
        name_vi=name,
        name_en=without_programme_words(english) if english else None,
        short_name=short_name(name, profile.short_name_length, package.label.strip()),
        producer_name=producer.name,
        producer_gln=producer.gln,
        producer_address=", ".join(part for part in place if part) or None,
        province=province.names["vi"] if province else None,
        origin_country=product.origin_country,
        subgroup_code=product.subgroup_code,
        category=subgroup.names["vi"] if subgroup else None,
        gpc=profile.gpc_of(product.subgroup_code),
        net_content=plain_decimal(package.net_content * package.count),
        net_unit=unit_code(package.unit),
        inner_count=package.count,
        sold_by=package.sold_by,
        gross_weight_g=package.gross_weight_g,
        abv=None if package.abv is None else plain_decimal(package.abv),
        price_minor=price.unit.amount,
        currency=price.unit.currency,
        vat_rate_bp=tax_bp,
        units_per_case=package.units_per_case,
        case_gtin=package.case_gtin,
        min_order=price.min_order,
        shelf_life_days=product.shelf_life_days,
        shelf_life_at_arrival_days=_at_arrival(product.shelf_life_days, profile),
        storage_kind=product.storage_kind,
        ingredients=without_programme_words(ingredients) if ingredients else None,
        allergens_state=product.allergens_state,
        contains=allergens.get("contains", ()),
        may_contain=allergens.get("may_contain", ()),
        hs6=product.hs6,
        recognition=_recognition(facts.claims.get(product.id)),
        is_illustrative=product.is_illustrative or producer.is_illustrative,
    )


def _packaged_name(name: str, label: str) -> str:
    """The product's name with the package's label, so that two sizes never share a name."""
    label = label.strip()
    return f"{name} {label}" if label and label.lower() not in name.lower() else name


def _at_arrival(days: int | None, profile: Profile) -> int | None:
    return None if days is None else days * profile.remaining_shelf_life_percent // 100


def _recognition(claim: StarClaim | None) -> Recognition | None:
    if claim is None:
        return None
    return Recognition(
        stars=claim.stars,
        decision_number=claim.decision_number,
        issued_on=claim.issued_on.isoformat(),
        issuer=claim.issuer,
        valid_to=claim.valid_to.isoformat(),
    )
