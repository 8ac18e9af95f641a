"""The full record of a product on its page: ingredients, nutrition, wrappings, areas, prices, verdicts.

All of it comes with one statement, a union of uniform rows: a kind, a key, whole numbers, texts, days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    literal,
    literal_column,
    null,
    or_,
    select,
    type_coerce,
)

from catalog.models import (
    GrowingArea,
    Offer,
    OfferTier,
    Package,
    PackageLevel,
    PriceList,
    Product,
    ProductIngredient,
    ProductNutrition,
    Translation,
)
from catalog.queries.lot_links import LotLink, lot_arm, read_lot_arm
from catalog.queries.pictures import StoredPicture, picture_arms, read_arms
from catalog.queries.slugs import address_arm, read_address_arm
from catalog.queries.verdicts import VerdictView, read_verdict_arms, verdict_arm
from catalog.rules.fallback import Version
from catalog.rules.ingredients import Ingredient
from catalog.rules.nutrition import NUTRIENTS, Nutrition
from catalog.rules.packaging import Wrapping, in_order, packages_in
from catalog.rules.pricing import OfferFacts, Tier, orderable_tiers, speaking_list
from core.money import Money
from i18n.locales import FALLBACKS

_INTS, _TEXTS, _DAYS = 10, 5, 2
_ON: ColumnElement[date] = bindparam("on", type_=Date)

_product = Product.__table__
TRADE_COLUMNS = (
    _product.c.brand,
    _product.c.storage_min_c,
    _product.c.storage_max_c,
    _product.c.opened_shelf_life_days,
    _product.c.durability,
    _product.c.warnings,
    _product.c.gpc_brick,
    _product.c.season_months,
    _product.c.capacity_per_month,
    _product.c.capacity_unit,
    _product.c.lead_time_days,
)
"""Columns of the product that go into its record; a page's own statement reads them."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Drained content, gross weight in g and outside measures in mm of a package."""

    drained: Decimal | None = None
    gross_weight_g: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None


@dataclass(frozen=True, slots=True)
class Area:
    """A code of a place of growing or packing for a market ("" is the home market)."""

    kind: str
    code: str
    market: str


@dataclass(frozen=True, slots=True)
class BulkOffer:
    """What one package costs on a price list for everybody: (from quantity, price of each)."""

    prices: tuple[tuple[int, Money], ...]
    tax_inclusive: bool
    order_multiple: int
    valid_to: date | None

    @property
    def least(self) -> int:
        """The smallest quantity that can be ordered."""
        return self.prices[0][0]


@dataclass(frozen=True, slots=True)
class ProductRecord:
    """What is known of a product beyond its listing; everything may be missing."""

    brand: str | None = None
    storage_min_c: Decimal | None = None
    storage_max_c: Decimal | None = None
    opened_shelf_life_days: int | None = None
    durability: str | None = None
    warnings: str | None = None
    gpc_brick: str | None = None
    season_months: tuple[int, ...] | None = None
    capacity_per_month: Decimal | None = None
    capacity_unit: str | None = None
    lead_time_days: int | None = None
    ingredients: tuple[Ingredient, ...] = ()
    nutrition: Nutrition | None = None
    measures: Mapping[int, Measures] = field(default_factory=dict)
    levels: Mapping[int, tuple[Wrapping, ...]] = field(default_factory=dict)
    areas: tuple[Area, ...] = ()
    bulk_prices: Mapping[int, tuple[BulkOffer, ...]] = field(default_factory=dict)
    local_offers: Mapping[int, tuple[OfferFacts, ...]] = field(default_factory=dict)
    pictures: tuple[StoredPicture, ...] = ()
    verdicts: tuple[VerdictView, ...] = ()
    lots: tuple[LotLink, ...] = ()

    def packages_in(self, package_id: int, level: str) -> int | None:
        """How many of the package a case or pallet holds."""
        return packages_in(self.levels.get(package_id, ()), level)

    @property
    def has_supply_facts(self) -> bool:
        """Whether there is anything a trade buyer asks first."""
        return bool(
            self.season_months
            or self.capacity_per_month
            or self.lead_time_days is not None
            or self.areas
            or self.bulk_prices
        )


Rows = Mapping[str, Sequence[Sequence[Any]]]
Texts = Mapping[tuple[str, str], Mapping[str, str | Version | None]]


def read_texts(rows: Rows) -> Texts:
    """The stored translations, by (entity kind, field), then by locale; `resolve` judges them."""
    found: dict[tuple[str, str], dict[str, str | Version | None]] = {}
    for row in rows.get("text", ()):
        kind, field_name, tag, text, status = row[_T:_D]
        found.setdefault((kind, field_name), {})[tag] = Version(text, status, bool(row[2]))
    return found


def read_slugs(rows: Rows, first: str) -> dict[str, str]:
    """The address part in every open language; `first` where there is no own one."""
    return read_address_arm(rows.get("address", ()), first, texts=_T)


def read_record(by_kind: Rows, trade: Sequence[Any]) -> ProductRecord:
    """The record of a product; `trade` are the values of `TRADE_COLUMNS`."""
    named = dict(zip((column.name for column in TRADE_COLUMNS), trade, strict=True))
    nutrition = by_kind.get("nutrition")
    return ProductRecord(
        **named,
        ingredients=tuple(
            _ingredient(row) for row in sorted(by_kind.get("ingredient", ()), key=lambda r: r[1])
        ),
        nutrition=_nutrition(nutrition[0]) if nutrition else None,
        measures={row[1]: _measures(row) for row in by_kind.get("package", ())},
        levels=_levels(by_kind.get("level", ())),
        areas=tuple(
            Area(row[_T + 2], row[_T], row[_T + 1])
            for row in sorted(by_kind.get("area", ()), key=lambda r: (r[_T], r[_T + 1]))
        ),
        bulk_prices=_bulk_prices(_of_kind(by_kind, "wholesale")),
        local_offers=_local_offers(_of_kind(by_kind, "retail")),
        pictures=read_arms(by_kind.get("picture", ()), by_kind.get("picture_text", ()), _T),
        verdicts=read_verdict_arms(by_kind.get("verdict", ()), texts=_T, days=_D),
        lots=read_lot_arm(by_kind.get("lot", ()), texts=_T, days=_D),
    )


_T = 2 + _INTS
_D = _T + _TEXTS


def _row(
    kind: str,
    key: Any,
    ints: Sequence[Any] = (),
    texts: Sequence[Any] = (),
    days: Sequence[Any] = (),
) -> Select[Any]:
    """One arm of the union, filled up with nulls; `NO_RECORD` says the types once for all arms.

    The statement is hashed, bound and sent for every page, so kinds are words of ours in it and no parameters.
    """
    numbers: list[Any] = [type_coerce(column, BigInteger) for column in ints]
    numbers += [null()] * (_INTS - len(ints))
    words: list[Any] = [type_coerce(column, String) for column in texts]
    words += [null()] * (_TEXTS - len(texts))
    dates = [*days, *([null()] * (_DAYS - len(days)))]
    name: Any = literal_column(f"'{kind}'", String)
    return select(name, type_coerce(key, BigInteger), *numbers, *words, *dates)


NO_RECORD: tuple[ColumnElement[Any], ...] = (
    cast(null(), String),
    cast(null(), BigInteger),
    *[cast(null(), BigInteger)] * _INTS,
    *[cast(null(), String)] * _TEXTS,
    *[cast(null(), Date)] * _DAYS,
)
"""No value of a row, with its type: what the first arm of a union begins with."""


LOCALE_PARAMETERS = tuple(f"locale_{n}" for n in range(max(map(len, FALLBACKS.values()))))
"""As many as the longest chain has; a list of open length would be written into the statement for every page."""


def locale_parameters(chain: Sequence[str]) -> dict[str, str]:
    """The languages asked as parameters of the statement; a shorter chain ends with its last one repeated."""
    return {name: chain[min(place, len(chain) - 1)] for place, name in enumerate(LOCALE_PARAMETERS)}


def _text_arm(product_id: Any) -> Select[Any]:
    """The translations of product and producer, in the languages asked, drafts left out."""
    said = Translation.__table__
    producer_id = bindparam("producer_id", type_=BigInteger)
    return _row(
        "text",
        said.c.entity_id,
        (case((said.c.is_stale.is_(True), 1), else_=0),),
        (said.c.entity_kind, said.c.field, said.c.locale, said.c.text, said.c.status),
    ).where(
        or_(
            and_(said.c.entity_kind == "product", said.c.entity_id == product_id),
            and_(said.c.entity_kind == "producer", said.c.entity_id == producer_id),
        ),
        said.c.locale.in_([bindparam(name, type_=String) for name in LOCALE_PARAMETERS]),
        said.c.status != "draft",
    )


def record_arms() -> list[Select[Any]]:
    """The rows of the record and the texts of product and producer, each with its kind first."""
    product_id = bindparam("product_id", type_=BigInteger)
    line, facts = ProductIngredient.__table__, ProductNutrition.__table__
    package, level = Package.__table__, PackageLevel.__table__
    area = GrowingArea.__table__
    offer, tier, listed = Offer.__table__, OfferTier.__table__, PriceList.__table__
    sizes = ("gross_weight_g", "length_mm", "width_mm", "height_mm")
    of_product = (package.c.product_id == product_id, package.c.active.is_(True))
    return [
        _row(
            "ingredient",
            line.c.position,
            (line.c.level, line.c.percent),
            (
                line.c.name,
                line.c.function_class,
                line.c.ins_number,
                line.c.allergens,
                line.c.origin,
            ),
        ).where(line.c.product_id == product_id),
        _row(
            "nutrition",
            literal(0),
            [facts.c[name] for name in NUTRIENTS],
            (facts.c.basis, facts.c.source),
        ).where(facts.c.product_id == product_id),
        _row(
            "package", package.c.id, (package.c.drained, *(package.c[name] for name in sizes))
        ).where(*of_product),
        _row(
            "level",
            level.c.package_id,
            (level.c.quantity, *(level.c[name] for name in sizes), level.c.layers),
            (level.c.level, level.c.gtin),
        )
        .join(package, package.c.id == level.c.package_id)
        .where(*of_product),
        _row("area", area.c.id, (), (area.c.code, area.c.market, area.c.kind)).where(
            area.c.product_id == product_id, area.c.status == "active"
        ),
        _row(
            "tier",
            offer.c.package_id,
            (
                tier.c.from_quantity,
                tier.c.price_minor,
                offer.c.min_order,
                offer.c.order_multiple,
                case((listed.c.tax_inclusive.is_(True), 1), else_=0),
                offer.c.id,
                listed.c.id,
            ),
            (listed.c.currency, listed.c.kind),
            (offer.c.valid_from, offer.c.valid_to),
        )
        .select_from(
            tier.join(offer, offer.c.id == tier.c.offer_id)
            .join(package, package.c.id == offer.c.package_id)
            .join(listed, listed.c.id == offer.c.price_list_id)
        )
        .where(
            *of_product,
            or_(
                listed.c.kind == "wholesale",
                and_(listed.c.kind == "retail", listed.c.currency == bindparam("currency")),
            ),
            listed.c.partner_code.is_(None),
            listed.c.active.is_(True),
            offer.c.valid_from <= _ON,
            or_(offer.c.valid_to.is_(None), offer.c.valid_to >= _ON),
        ),
        *picture_arms(_row, product_id),
        verdict_arm(_row, product_id),
        lot_arm(_row, product_id),
        address_arm(_row, product_id),
        _text_arm(product_id),
    ]


def _exact(value: int | None) -> Decimal | None:
    """A number of thousandths as a decimal without needless zeros."""
    if value is None:
        return None
    whole, rest = divmod(value, 1000)
    return Decimal(whole) if not rest else (Decimal(value) / 1000).normalize()


def _ingredient(row: Sequence[Any]) -> Ingredient:
    name, function_class, ins_number, allergens, origin = row[_T:_D]
    return Ingredient(
        name=name,
        percent=_exact(row[3]),
        level=row[2],
        function_class=function_class,
        ins_number=ins_number,
        allergens=tuple(allergens.split(",")) if allergens else (),
        origin=origin,
    )


def _nutrition(row: Sequence[Any]) -> Nutrition:
    values = {name: _exact(value) for name, value in zip(NUTRIENTS, row[2:_T], strict=False)}
    return Nutrition(row[_T], **values)


def _measures(row: Sequence[Any]) -> Measures:
    return Measures(_exact(row[2]), *row[3:7])


def _levels(rows: Iterable[Sequence[Any]]) -> dict[int, tuple[Wrapping, ...]]:
    found: dict[int, list[Wrapping]] = {}
    for row in rows:
        wrapping = Wrapping(row[_T], row[2], row[_T + 1], *row[3:8])
        found.setdefault(row[1], []).append(wrapping)
    return {package_id: tuple(in_order(levels)) for package_id, levels in found.items()}


def _of_kind(by_kind: Rows, kind: str) -> list[Sequence[Any]]:
    return [row for row in by_kind.get("tier", ()) if row[_T + 1] == kind]


def _by_offer(rows: Iterable[Sequence[Any]]) -> dict[int, list[Sequence[Any]]]:
    by_offer: dict[int, list[Sequence[Any]]] = {}
    for row in rows:
        by_offer.setdefault(row[7], []).append(row)
    return by_offer


def _local_offers(rows: Iterable[Sequence[Any]]) -> dict[int, tuple[OfferFacts, ...]]:
    found: dict[int, tuple[OfferFacts, ...]] = {}
    for number, tiers in sorted(_by_offer(rows).items()):
        facts = _offer_facts(number, tiers)
        found[facts.package_id] = (*found.get(facts.package_id, ()), facts)
    return found


def _bulk_prices(rows: Iterable[Sequence[Any]]) -> dict[int, tuple[BulkOffer, ...]]:
    """By package, the list that speaks in each currency, as the cart chooses it too."""
    by_money: dict[tuple[int, str], list[OfferFacts]] = {}
    for number, tiers in sorted(_by_offer(rows).items()):
        facts = _offer_facts(number, tiers)
        by_money.setdefault((facts.package_id, facts.currency), []).append(facts)
    found: dict[int, tuple[BulkOffer, ...]] = {}
    for (package_id, currency), offers in by_money.items():
        day = max(
            offer.valid_from for offer in offers
        )  # all of them hold today, so on that day too
        speaks = speaking_list(offers, package_id=package_id, currency=currency, on=day)
        found[package_id] = (*found.get(package_id, ()), *map(_as_shown, speaks))
    return found


def _offer_facts(number: int, tiers: Sequence[Sequence[Any]]) -> OfferFacts:
    first = tiers[0]
    return OfferFacts(
        id=number,
        package_id=first[1],
        valid_from=first[_D],
        valid_to=first[_D + 1],
        currency=first[_T],
        tax_inclusive=bool(first[6]),
        tiers=tuple(Tier(row[2], row[3]) for row in tiers),
        min_order=first[4],
        order_multiple=first[5],
        list_id=first[8],
    )


def _as_shown(facts: OfferFacts) -> BulkOffer:
    return BulkOffer(
        prices=tuple(
            (tier.from_quantity, Money(tier.price_minor, facts.currency))
            for tier in orderable_tiers(facts)
        ),
        tax_inclusive=facts.tax_inclusive,
        order_multiple=facts.order_multiple,
        valid_to=facts.valid_to,
    )
