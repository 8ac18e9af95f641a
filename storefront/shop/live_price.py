"""The price of a livestream on a product page: what the cart asks while the session runs, and what is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from catalog.queries.pages import PackageView, ProductPage
from catalog.rules.price_in_shop import shop_price
from catalog.rules.unit_price import unit_price
from core.money import Money
from orders.live_goods import LiveOffer, Shelf


@dataclass(frozen=True, slots=True)
class LiveNote:
    """What the page says beside a price that a session gives: the usual one, how many are left, until when."""

    usual: Money
    left: int
    slug: str
    ends_at: datetime


def with_live_prices(
    page: ProductPage, shelf: Shelf, *, on: date
) -> tuple[ProductPage, dict[int, LiveNote]]:
    """The page with the prices that the cart asks for one of each package now, and a note for each of these."""
    notes: dict[int, LiveNote] = {}
    packages = tuple(_priced(package, shelf.live, on, notes) for package in page.packages)
    return (replace(page, packages=packages) if notes else page), notes


def _priced(
    package: PackageView, live: Mapping[int, LiveOffer], on: date, notes: dict[int, LiveNote]
) -> PackageView:
    running = live.get(package.id)
    if running is None:
        return package
    found = shop_price(
        package.price,
        (),
        package_id=package.id,
        quantity=1,
        on=on,
        vat_rate_bp=package.vat_rate_bp,
        live=running.price,
    )
    if not found.live_item_id:
        return package
    notes[package.id] = LiveNote(package.price, running.price.left, running.slug, running.ends_at)
    each = unit_price(found.unit, package.net_content, package.unit, package.count)
    return replace(package, price=found.unit, unit_price=each)
