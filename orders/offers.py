"""What a package is offered for today: name, price, tax, weight, claim, stock, and whether it is for sale."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from catalog.queries import listing
from catalog.queries.prices import offers_for_everybody
from catalog.queries.slugs import local_slug
from catalog.regulation.loading import load_rules
from catalog.rules.certification import CertificateFacts, StarClaim, star_claim
from catalog.rules.fallback import Text
from catalog.rules.price_in_shop import LivePrice, ShopPrice, shop_price
from catalog.rules.pricing import OfferFacts
from catalog.rules.regulation import RuleSet
from catalog.rules.sending import sending_bar
from catalog.rules.vat import seller_kind, vat_class, vat_rate
from core.money import Money
from i18n.formatting import format_quantity
from orders import live_goods
from orders.models import StockItem
from orders.rules.delivery import package_weight_g
from orders.rules.splitting import PricedLine

_stock = StockItem.__table__


@dataclass(frozen=True, slots=True)
class Offer:
    """One package as it can be bought on the day asked.

    ``price`` is the retail price of one; what so many of it cost each says ``price_of``, which knows
    the price lists for everybody (``listed``) and the price of a livestream that runs now (``live``).
    ``label`` is its content in the page's language ("70 ml × 6"), ``available`` on hand less promised.
    ``vat_rule`` names the version of the rule that gave ``vat_rate_bp``; without one it is not for sale.
    """

    package_id: int
    product_id: int
    producer_id: int
    producer_name: str
    producer_slug: str
    slug: str
    name: Text
    label: str
    sku: str
    price: Money
    vat_rate_bp: int
    vat_rule: str
    weight_g: int
    min_order: int
    packshot: str
    is_illustrative: bool
    is_for_sale: bool
    available: int
    claim: StarClaim | None
    on: date
    listed: tuple[OfferFacts, ...] = ()
    subgroup_code: str | None = None
    storage_kind: str = "ambient"
    live: LivePrice | None = None

    @property
    def most(self) -> int:
        """How many can be bought at once: of the open shelf, or of what a livestream has left."""
        return max(self.available, 0 if self.live is None else self.live.left)

    def room_for(self, quantity: int) -> int:
        """How many there are where so many would come from: the price decides which shelf."""
        if self.live is not None and self.price_of(quantity).live_item_id:
            return self.live.left
        return self.available

    def sending_bar(self, country: str) -> str | None:
        """Why it can never be sent to that country, whatever its papers; None for what can."""
        return sending_bar(self.subgroup_code, self.storage_kind, country)

    def price_of(self, quantity: int) -> ShopPrice:
        """What each of so many costs, by which list and tier or which livestream."""
        return shop_price(
            self.price,
            self.listed,
            package_id=self.package_id,
            quantity=quantity,
            on=self.on,
            vat_rate_bp=self.vat_rate_bp,
            live=self.live,
        )

    def priced(self, quantity: int) -> PricedLine:
        """So many of it, for the totals."""
        return PricedLine(
            package_id=self.package_id,
            producer_id=self.producer_id,
            quantity=quantity,
            unit_price=self.price_of(quantity).unit,
            vat_rate_bp=self.vat_rate_bp,
            weight_g=self.weight_g,
        )


@cache
def _select(locale: str) -> Select[Any]:
    product, producer, package = listing.product, listing.producer, listing.package
    source = (
        package.join(product, product.c.id == package.c.product_id)
        .join(producer, producer.c.id == product.c.producer_id)
        .outerjoin(_stock, _stock.c.package_id == package.c.id)
        .outerjoin(live_goods.SESSION_ITEM, live_goods.of_package(package.c.id))
        .outerjoin(listing.certificate, listing.latest_certificate())
    )
    joined, names = listing.join_names(source, locale)
    return (
        select(
            *listing.CERTIFICATE_COLUMNS,
            package.c.id.label("package_id"),
            package.c.sku,
            package.c.price_minor,
            package.c.currency,
            package.c.gross_weight_g,
            package.c.net_content,
            package.c.unit,
            package.c.count.label("inner_count"),
            package.c.min_order,
            package.c.active,
            product.c.id.label("product_id"),
            local_slug(locale).label("product_slug"),
            product.c.name.label("product_name"),
            product.c.packshot,
            product.c.vat_class,
            product.c.subgroup_code,
            product.c.storage_kind,
            product.c.is_illustrative,
            producer.c.id.label("producer_id"),
            producer.c.name.label("producer_name"),
            producer.c.slug.label("producer_slug"),
            producer.c.kind.label("producer_kind"),
            listing.visible().label("visible"),
            func.coalesce(_stock.c.on_hand - _stock.c.reserved, 0).label("available"),
            *live_goods.PRICE_COLUMNS,
            *names,
        )
        .select_from(joined)
        .where(package.c.id.in_(bindparam("ids", expanding=True)))
        .order_by(package.c.id, live_goods.CHEAPEST_LAST)
    )


def load_offers(
    session: Session, package_ids: Collection[int], *, locale: str, on: date, now: datetime
) -> dict[int, Offer]:
    """The offers to a consumer at home by package, also of those no longer for sale. Three statements.

    Papers, taxes and lists are judged on the day `on`, livestreams by the moment `now`.
    """
    if not package_ids:
        return {}
    rules = load_rules(session)
    listed = offers_for_everybody(session, package_ids, on=on)
    rows = session.execute(_select(locale), {"ids": sorted(set(package_ids)), "on": on, "now": now})
    return {
        row.package_id: _read(row, rules, locale, on, listed.get(row.package_id, ()))
        for row in rows
    }


def _contents(net_content: Decimal, unit: str, count: int, locale: str) -> str:
    """The content as the product page says it: "500 g", "70 ml × 6"."""
    one = format_quantity(net_content, unit, locale)
    return one if count == 1 else f"{one} × {count}"


def _read(
    row: Row[Any], rules: RuleSet, locale: str, on: date, listed: Sequence[OfferFacts]
) -> Offer:
    certified: Sequence[Any] = row[: len(listing.CERTIFICATE_COLUMNS)]
    names: Sequence[Any] = row[len(row) - listing.name_width(locale) :]
    goods = vat_class(row.vat_class, row.subgroup_code)
    tax = vat_rate(rules, goods, seller_kind(row.producer_kind), "consumer", "VN", on)
    return Offer(
        package_id=row.package_id,
        product_id=row.product_id,
        producer_id=row.producer_id,
        producer_name=row.producer_name,
        producer_slug=row.producer_slug,
        slug=row.product_slug,
        name=listing.pick_name(row.product_name, names, locale),
        label=_contents(row.net_content, row.unit, row.inner_count, locale),
        sku=row.sku,
        price=Money(row.price_minor, row.currency),
        vat_rate_bp=0 if tax is None else tax.rate_bp,
        vat_rule="" if tax is None else tax.rule_version,
        weight_g=package_weight_g(row.gross_weight_g, row.net_content, row.unit, row.inner_count),
        min_order=row.min_order,
        packshot=row.packshot,
        is_illustrative=row.is_illustrative,
        is_for_sale=bool(row.active and row.visible and tax is not None),
        available=row.available,
        claim=None if certified[0] is None else star_claim([CertificateFacts(*certified)], on),
        on=on,
        listed=tuple(listed),
        subgroup_code=row.subgroup_code,
        storage_kind=row.storage_kind,
        live=live_goods.read_price(row),
    )
