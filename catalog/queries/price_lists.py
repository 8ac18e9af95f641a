"""Price lists as their keepers see them: all lists, and one list with what holds, what comes and what was."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, selectinload

from catalog.models import Offer, Package, PriceList, Producer, Product
from catalog.price_list_offers import Terms, terms_of
from catalog.price_lists import find_price_list
from catalog.rules.pricing import OfferFacts, orderable_tiers
from core.money import Money
from i18n.text import vietnamese_sort_key

LISTS_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class ListView:
    """One list; `offers` counts those that hold on the day asked or begin later."""

    id: int
    code: str
    name: str
    kind: str
    partner_code: str | None
    currency: str
    tax_inclusive: bool
    active: bool
    producer_id: int
    producer_name: str
    offers: int


@dataclass(frozen=True, slots=True)
class PackageName:
    """A package as people tell it apart."""

    id: int
    sku: str
    name: str
    net_content: Decimal
    unit: str
    count: int
    retail: Money


@dataclass(frozen=True, slots=True)
class OfferView:
    """A package on the list: every orderable quantity with its price, the days, and the version seen."""

    id: int
    version: int
    package: PackageName
    prices: tuple[tuple[int, Money], ...]
    terms: Terms
    valid_from: date
    applied_on: date | None

    @property
    def last_day(self) -> date | None:
        """The last day inclusive; None without end."""
        return self.terms.valid_to


@dataclass(frozen=True, slots=True)
class PriceListPage:
    """A list as of a day: offers that hold, that begin later, that are over (the newest first)."""

    listed: ListView
    holding: tuple[OfferView, ...]
    coming: tuple[OfferView, ...]
    past: tuple[OfferView, ...]
    missing: tuple[PackageName, ...]


def list_price_lists(
    session: Session,
    *,
    on: date,
    producer_ids: Collection[int] | None = None,
    text: str = "",
) -> list[ListView]:
    """Lists of those producers (None: of all), drafts first, then by producer. One statement."""
    alive = (
        select(func.count(Offer.id))
        .where(
            Offer.price_list_id == PriceList.id,
            or_(Offer.valid_to.is_(None), Offer.valid_to >= on),
        )
        .scalar_subquery()
    )
    query = (
        select(PriceList, Producer.name, alive)
        .join(Producer, Producer.id == PriceList.producer_id)
        .order_by(PriceList.active, Producer.name, PriceList.kind, PriceList.id.desc())
        .limit(LISTS_AT_ONCE)
    )
    if producer_ids is not None:
        query = query.where(PriceList.producer_id.in_(producer_ids))
    if text.strip():
        query = query.where(_has(text.strip()))
    views = [_view(row, name, offers) for row, name, offers in session.execute(query)]
    return sorted(views, key=lambda one: (one.active, vietnamese_sort_key(one.producer_name)))


def _has(text: str) -> ColumnElement[bool]:
    return or_(
        PriceList.name.icontains(text, autoescape=True),
        PriceList.code.icontains(text, autoescape=True),
        Producer.name.icontains(text, autoescape=True),
        PriceList.partner_code.icontains(text, autoescape=True),
    )


def _view(row: PriceList, producer: str, offers: int) -> ListView:
    return ListView(
        *(row.id, row.code, row.name, row.kind, row.partner_code, row.currency),
        row.tax_inclusive,
        row.active,
        row.producer_id,
        producer,
        offers,
    )


def get_price_list_page(session: Session, price_list_id: int, *, on: date) -> PriceListPage:
    """The list as it reads on that day, with its history; raises PriceListNotFound."""
    listed = find_price_list(session, price_list_id)
    packages = _packages(session, listed.producer_id)
    rows = session.scalars(
        select(Offer)
        .where(Offer.price_list_id == price_list_id)
        .options(selectinload(Offer.tiers))
        .order_by(Offer.valid_from.desc(), Offer.id)
    )
    offers = [_offer(row, listed, packages[row.package_id]) for row in rows]
    holding = [o for o in offers if o.valid_from <= on and (o.last_day is None or o.last_day >= on)]
    coming = [offer for offer in offers if offer.valid_from > on]
    past = [offer for offer in offers if offer.last_day is not None and offer.last_day < on]
    named = {offer.package.id for offer in (*holding, *coming)}
    producer = session.get_one(Producer, listed.producer_id)
    return PriceListPage(
        _view(listed, producer.name, len(holding) + len(coming)),
        tuple(sorted(holding, key=_by_name)),
        tuple(reversed(coming)),
        tuple(past),
        tuple(package for package in packages.values() if package.id not in named),
    )


def get_offer_view(session: Session, offer_id: int) -> tuple[OfferView, ListView] | None:
    """One offer and its list; None when there is none."""
    row = session.get(Offer, offer_id)
    if row is None:
        return None
    listed = row.price_list
    producer = session.get_one(Producer, listed.producer_id)
    package = _packages(session, listed.producer_id)[row.package_id]
    return _offer(row, listed, package), _view(listed, producer.name, 1)


def prices_of(terms: Terms, currency: str) -> tuple[tuple[int, Money], ...]:
    """The lines of the printed table: the quantities that can be ordered, each with its price."""
    facts = OfferFacts(
        *(0, 0, date.min, None, currency, True, terms.tiers),
        min_order=max(1, terms.min_order),
        order_multiple=max(1, terms.order_multiple),
    )
    return tuple(
        (tier.from_quantity, Money(tier.price_minor, currency)) for tier in orderable_tiers(facts)
    )


def _offer(row: Offer, listed: PriceList, package: PackageName) -> OfferView:
    terms = terms_of(row)
    return OfferView(
        *(row.id, row.version, package, prices_of(terms, listed.currency), terms),
        row.valid_from,
        row.applied_on,
    )


def _by_name(offer: OfferView) -> tuple[object, int]:
    return vietnamese_sort_key(offer.package.name), offer.package.id


def _packages(session: Session, producer_id: int) -> dict[int, PackageName]:
    rows = session.execute(
        select(Package, Product.name)
        .join(Product, Product.id == Package.product_id)
        .where(Product.producer_id == producer_id)
        .order_by(Product.name_key, Package.position, Package.id)
    )
    return {
        row.id: PackageName(
            *(row.id, row.sku, name, row.net_content, row.unit, row.count),
            Money(row.price_minor, row.currency),
        )
        for row, name in rows
    }
