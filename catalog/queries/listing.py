"""Product cards: one statement for packages, claims and names, however many cards there are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from catalog.models import (
    Certificate,
    MarketVerdict,
    Media,
    Package,
    Producer,
    Product,
    Translation,
)
from catalog.queries.local_prices import local_price
from catalog.queries.pages import Card, CardThere, PackageView
from catalog.queries.pictures import PICTURE_COLUMNS, main_picture, read_main_picture
from catalog.queries.slugs import local_slug
from catalog.rules.certification import CertificateFacts, star_claim
from catalog.rules.destinations import Destination
from catalog.rules.eligibility import verdict_state
from catalog.rules.fallback import NEVER_BY_MACHINE, SHOWN_WHEN_OLD, Text
from catalog.rules.unit_price import unit_price
from core.money import Money
from i18n.locales import FALLBACKS

product = Product.__table__
producer = Producer.__table__
package = Package.__table__
certificate = Certificate.__table__
translation = Translation.__table__
media = Media.__table__
_verdict = MarketVerdict.__table__

ON: ColumnElement[date] = bindparam("on", type_=Date)
"""The day asked, as a parameter of every statement here."""

# In the order of CertificateFacts' fields: its rows are read as CertificateFacts(*row).
CERTIFICATE_COLUMNS = (
    certificate.c.id,
    certificate.c.stars,
    certificate.c.decision_number,
    certificate.c.issued_on,
    certificate.c.issuer,
    certificate.c.valid_to,
    certificate.c.revoked_on,
)
CERTIFICATE_RECORD = (
    *CERTIFICATE_COLUMNS,
    certificate.c.scheme,
    certificate.c.issuing_level,
    certificate.c.rating_year,
    certificate.c.is_illustrative,
)
"""The whole record as `read_certificate` takes it."""

PACKAGE_COLUMNS = (
    package.c.id,
    package.c.sku,
    package.c.gtin,
    package.c.gtin_is_internal,
    package.c.net_content,
    package.c.unit,
    package.c.count,
    package.c.label,
    package.c.price_minor,
    package.c.currency,
    package.c.vat_rate_bp,
    package.c.sold_by,
    package.c.abv,
    package.c.min_order,
)
_PACKAGE_END = len(PACKAGE_COLUMNS)
_CERTIFICATE_END = _PACKAGE_END + len(CERTIFICATE_COLUMNS)
_PICTURE = _CERTIFICATE_END + 9
_PICTURE_END = _PICTURE + len(PICTURE_COLUMNS)


def shown(rows: FromClause) -> ColumnElement[bool]:
    """Translations a buyer may see: `catalog.rules.fallback.is_shown` as a condition."""
    return or_(
        and_(
            rows.c.status == "reviewed",
            or_(rows.c.is_stale.is_(False), rows.c.field.in_(sorted(SHOWN_WHEN_OLD))),
        ),
        and_(
            rows.c.status == "machine",
            rows.c.is_stale.is_(False),
            rows.c.field.not_in(sorted(NEVER_BY_MACHINE)),
        ),
    )


def visible(*, is_by_id: bool = False) -> ColumnElement[bool]:
    """Published, and the publication rule has nothing against it on the day `:on`.

    Where products are chosen by their ids, the state must not be found by its index: without statistics
    SQLite reads all that are published (7 ms of 20,000) to find 24 of them.
    """
    state = func.coalesce(product.c.state, "") if is_by_id else product.c.state
    return and_(
        state == "published",
        product.c.withheld.is_(False),
        or_(product.c.listed_until.is_(None), product.c.listed_until >= ON),
    )


def latest_certificate() -> ColumnElement[bool]:
    """Join condition: the decision that speaks for the product on `:on` (see `star_claim`)."""
    other = certificate.alias("other_certificate")
    newest = (
        select(other.c.id)
        .where(
            other.c.product_id == product.c.id,
            other.c.decision_number.is_not(None),
            other.c.decision_number != "",
            other.c.stars.is_not(None),
            other.c.issued_on <= ON,
        )
        .order_by(other.c.issued_on.desc(), other.c.id.desc())
        .limit(1)
        .correlate(product)
        .scalar_subquery()
    )
    return certificate.c.id == newest


def in_force() -> ColumnElement[bool]:
    """Whether the joined decision is neither revoked nor expired on `:on`."""
    return and_(
        certificate.c.valid_to >= ON,
        or_(certificate.c.revoked_on.is_(None), certificate.c.revoked_on > ON),
    )


def first_package() -> ColumnElement[bool]:
    """Join condition: the active package shown first."""
    other = package.alias("other_package")
    first = (
        select(other.c.id)
        .where(other.c.product_id == product.c.id, other.c.active.is_(True))
        .order_by(other.c.position, other.c.id)
        .limit(1)
        .correlate(product)
        .scalar_subquery()
    )
    return package.c.id == first


def foreign_chain(locale: str) -> tuple[str, ...]:
    """The locales other than Vietnamese that are tried for a product's text, in turn."""
    return tuple(tag for tag in chain(locale) if tag != "vi")


def chain(locale: str) -> tuple[str, ...]:
    """The locales tried in turn; Vietnamese, the source, is always among them."""
    tags = FALLBACKS.get(locale, (locale, "en", "vi"))
    return tags if "vi" in tags else (*tags, "vi")


def name_chain(locale: str) -> tuple[str, ...]:
    """Like `foreign_chain`, but nothing for Vietnamese: a name always exists in it."""
    tags = chain(locale)
    return tags[: tags.index("vi")]


def join_names(source: FromClause, locale: str) -> tuple[FromClause, list[ColumnElement[Any]]]:
    """Left-join the product's name in every language of the chain; returns the columns `pick_name` reads.

    The texts come first, in the order of `name_chain`, then how each was made and whether it is old.
    """
    columns: list[ColumnElement[Any]] = []
    states: list[ColumnElement[Any]] = []
    for tag in name_chain(locale):
        name = translation.alias(f"name_{tag.replace('-', '_')}")
        source = source.outerjoin(
            name,
            and_(
                name.c.entity_kind == "product",
                name.c.entity_id == product.c.id,
                name.c.field == "name",
                name.c.locale == tag,
                or_(
                    name.c.status == "reviewed",
                    and_(name.c.status == "machine", name.c.is_stale.is_(False)),
                ),
            ),
        )
        columns.append(name.c.text)
        states += [name.c.status, name.c.is_stale]
    return source, columns + states


def name_width(locale: str) -> int:
    """How many columns `join_names` adds."""
    return 3 * len(name_chain(locale))


def abroad(destination: Destination | None) -> dict[str, str]:
    """The parameters of a statement for cards at that destination; none at home."""
    if destination is None or destination.is_home:
        return {}
    return {"market": destination.market, "currency": destination.currency}


def card_select(
    locale: str,
    chosen: Subquery | None = None,
    *,
    is_abroad: bool = False,
    is_by_id: bool = False,
) -> Select[Any]:
    """The statement for cards; with `chosen`, only the products whose `id` that subquery has.

    One for cards abroad ends with the verdict and the price there and takes the values of `abroad`.
    """
    source: FromClause = product
    if chosen is not None:
        source = chosen.join(product, product.c.id == chosen.c.id)
    source = source.join(producer, producer.c.id == product.c.producer_id)
    source = source.join(package, first_package())
    source = source.outerjoin(certificate, latest_certificate())
    source = source.outerjoin(media, main_picture())
    source, names = join_names(source, locale)
    if is_abroad:
        at = and_(_verdict.c.product_id == product.c.id, _verdict.c.market == bindparam("market"))
        source = source.outerjoin(_verdict, at)
        names += [_verdict.c.allowed, cast(_verdict.c.reasons, String), local_price()]
    return (
        select(
            *PACKAGE_COLUMNS,
            *CERTIFICATE_COLUMNS,
            product.c.id,
            local_slug(locale),
            product.c.name,
            product.c.subgroup_code,
            product.c.packshot,
            product.c.is_illustrative,
            producer.c.name,
            producer.c.slug,
            producer.c.province_code,
            *PICTURE_COLUMNS,
            *names,
        )
        .select_from(source)
        .where(visible(is_by_id=is_by_id or chosen is not None))
    )


@cache
def _cards_by_id(locale: str, *, is_abroad: bool) -> Select[Any]:
    return card_select(locale, is_abroad=is_abroad, is_by_id=True).where(
        product.c.id.in_(bindparam("ids", expanding=True))
    )


def read_package(values: Sequence[Any]) -> PackageView:
    """A package from the values of `PACKAGE_COLUMNS`."""
    price = Money(values[8], values[9])
    return PackageView(
        id=values[0],
        sku=values[1],
        gtin=values[2],
        gtin_is_internal=values[3],
        net_content=values[4],
        unit=values[5],
        count=values[6],
        label=values[7],
        price=price,
        unit_price=unit_price(price, values[4], values[5], values[6]),
        vat_rate_bp=values[10],
        available=None,
        sold_by=values[11],
        abv=values[12],
        min_order=values[13],
    )


def read_card(row: Row[Any], locale: str, on: date, destination: Destination | None = None) -> Card:
    """A card from a row of `card_select`; with a destination abroad, of the one for cards abroad."""
    certified = row[_PACKAGE_END:_CERTIFICATE_END]
    claim = None
    if certified[0] is not None:
        claim = star_claim((CertificateFacts(*certified),), on)
    (product_id, slug, name, subgroup, packshot, illustrative, maker, maker_slug, province) = row[
        _CERTIFICATE_END:_PICTURE
    ]
    card = Card(
        product_id=product_id,
        slug=slug,
        name=pick_name(name, row[_PICTURE_END:], locale),
        producer_name=maker,
        producer_slug=maker_slug,
        province_code=province,
        subgroup_code=subgroup,
        packshot=packshot,
        package=read_package(row[:_PACKAGE_END]),
        claim=claim,
        is_illustrative=illustrative,
        picture=read_main_picture(row[_PICTURE:_PICTURE_END]),
    )
    if destination is None or destination.is_home:
        return card
    return _there(card, row[-3:], destination)


def _there(card: Card, values: Sequence[Any], destination: Destination) -> Card:
    """The card with the verdict and, where a list has one, the price of that destination."""
    allowed, stored, minor = values
    reasons = tuple((one["code"], one.get("facts", {})) for one in json.loads(stored or "[]"))
    state = "unknown"
    if allowed is not None:
        state = verdict_state(allowed=allowed, reasons=(code for code, _ in reasons))
    own = card.package
    if minor is not None:
        price = Money(minor, destination.currency)
        per = unit_price(price, own.net_content, own.unit, own.count)
        own = replace(own, price=price, unit_price=per)
    there = CardThere(destination.country, state, reasons, is_local_price=minor is not None)
    return replace(card, package=own, there=there)


def pick_name(vietnamese: str, others: Sequence[Any], locale: str) -> Text:
    """The name in the best language; `others` are the columns of `join_names`, judged by its condition."""
    tags = name_chain(locale)
    for place, tag in enumerate(tags):
        if others[place]:
            status, is_old = others[len(tags) + 2 * place : len(tags) + 2 * place + 2]
            return Text(others[place], tag, status == "machine", bool(is_old))
    return Text(vietnamese, "vi")


def list_cards(
    session: Session,
    product_ids: Sequence[int],
    *,
    locale: str,
    on: date,
    destination: Destination | None = None,
) -> list[Card]:
    """Cards in the order of the ids; products not on sale that day are left out. One statement."""
    if not product_ids:
        return []
    there = abroad(destination)
    query = _cards_by_id(locale, is_abroad=bool(there))
    rows = session.execute(query, {"ids": list(product_ids), "on": on, **there})
    found = (read_card(row, locale, on, destination) for row in rows)
    cards = {card.product_id: card for card in found}
    return [cards[product_id] for product_id in product_ids if product_id in cards]
