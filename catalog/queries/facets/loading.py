"""Reads what is on sale for the table of facets: two statements, however many products."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cache
from sys import intern
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, select
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from catalog.models import MarketVerdict, ProductAllergen
from catalog.queries.facets.table import Good
from catalog.queries.ledger import list_scheme_codes
from catalog.queries.listing import (
    certificate,
    first_package,
    in_force,
    latest_certificate,
    package,
    producer,
    product,
    visible,
)
from catalog.queries.local_prices import prices_abroad
from catalog.reference import KINDS_OF, PROVINCES
from catalog.rules.eligibility import HOME
from catalog.rules.facets import free_from
from i18n.text import slugify

_allergen = ProductAllergen.__table__
_verdict = MarketVerdict.__table__
Names = dict[str, dict[str, str]]


def load_goods(
    session: Session, product_ids: Collection[int] | None, *, on: date
) -> tuple[list[Good], Names]:
    """Return the products on sale that day, of these ids or all, and the names of communes and producers.

    Stars come from the newest decision in force, certificates from the rule of the badges, markets
    from the verdicts as last given; of goods whose allergens nobody declared nothing is said. Prices
    in other money are those of the day: a list that begins or ends does so with a new table.
    """
    values: dict[str, Any] = {"on": on}
    if product_ids is not None:
        values["ids"] = sorted(product_ids)
    marks = list_scheme_codes(session, product_ids, on=on)
    names: Names = {"commune": {}, "producer": {}}
    rows = session.execute(_goods(narrow=product_ids is not None), values)
    return [_good(row, marks.get(row.id, ()), names, on) for row in rows], names


def _good(row: Row[Any], marks: tuple[str, ...], names: Names, on: date) -> Good:
    """One product; equal texts become one object, or 20,000 rows would keep 6 MB of copies."""
    place = commune_value(row.province_code, row.commune)
    if place:
        names["commune"].setdefault(place, row.commune)
    names["producer"].setdefault(row.maker_slug, row.maker_name)
    months = row.season_months or ()
    return Good(
        product_id=row.id,
        package_id=row.package_id,
        province=intern(row.province_code or ""),
        commune=place,
        subgroup=intern(row.subgroup_code or ""),
        stars=row.stars or 0,
        certificates=marks,
        free_from=_free_from(row.allergens_state, row.allergens or "", row.subgroup_code),
        in_season=on.month in months,
        price=_price(row.price_minor),
        published=int(row.published_at.timestamp()),
        maker=intern(row.kind),
        producer=intern(row.maker_slug),
        ships_to=_markets(row.markets or ""),
        abroad=row.abroad or "",
    )


@cache
def commune_value(province: str | None, commune: str | None) -> str:
    """Return how a commune is written in an address: "ca-mau.dat-mui"; names repeat between provinces."""
    slug = slugify(commune or "")
    if not slug or province is None or province not in PROVINCES:
        return ""
    return f"{PROVINCES[province].slug}.{slug}"


@cache
def _price(price: int) -> int:
    """The same object for the same price: few prices are asked for many goods."""
    return price


@cache
def _free_from(state: str, named: str, subgroup: str | None) -> tuple[str, ...]:
    return free_from(state, frozenset(named.split(",")), KINDS_OF, subgroup)


@cache
def _markets(codes: str) -> tuple[str, ...]:
    return tuple(sorted(code for code in codes.split(",") if code and code != HOME))


def _listed(codes: ColumnElement[str], condition: ColumnElement[bool], source: Any) -> Any:
    return (
        select(func.aggregate_strings(codes, ","))
        .select_from(source)
        .where(condition)
        .correlate(product)
        .scalar_subquery()
    )


@cache
def _goods(*, narrow: bool) -> Select[Any]:
    tests = [visible()]
    if narrow:
        tests.append(product.c.id.in_(bindparam("ids", expanding=True)))
    allergens = _listed(_allergen.c.code, _allergen.c.product_id == product.c.id, _allergen)
    allowed = and_(_verdict.c.product_id == product.c.id, _verdict.c.allowed.is_(True))
    return (
        select(
            product.c.id,
            package.c.id.label("package_id"),
            package.c.price_minor,
            product.c.subgroup_code,
            product.c.published_at,
            product.c.season_months,
            product.c.allergens_state,
            producer.c.province_code,
            producer.c.commune,
            producer.c.kind,
            producer.c.slug.label("maker_slug"),
            producer.c.name.label("maker_name"),
            case((in_force(), certificate.c.stars)).label("stars"),
            allergens.label("allergens"),
            _listed(_verdict.c.market, allowed, _verdict).label("markets"),
            prices_abroad().label("abroad"),
        )
        .select_from(
            product.join(producer, producer.c.id == product.c.producer_id)
            .join(package, first_package())
            .outerjoin(certificate, latest_certificate())
        )
        .where(and_(*tests))
        .order_by(product.c.id)
    )
