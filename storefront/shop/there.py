"""What holds for a product at a destination abroad, in words: price, verdict, allergens, label, duties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catalog.queries.pages import ProductPage
from catalog.rules.destinations import Destination, ImportTax, PriceThere, price_there
from catalog.rules.particulars import Particulars
from catalog.rules.unit_price import unit_price
from core.money import Money
from i18n.formatting import format_number
from storefront.market_messages import (
    MarketLine,
    allergen_name,
    country_name,
    document_names,
    label_field_names,
    market_lines,
    state_word,
)
from storefront.shop import cards
from storefront.shop.structured_offer import OfferAbroad


@dataclass(frozen=True, slots=True)
class AllergensThere:
    """Names: the whole list of the law there; of the declared ones those on it, recommended, and the others."""

    law: tuple[str, ...]
    must: tuple[str, ...]
    should: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class There:
    """A destination's section of the product page; ``line`` is None while nobody has judged."""

    country: str
    state: str
    state_word: str
    line: MarketLine | None
    papers_missing: tuple[str, ...]
    prices: Mapping[int, PriceThere]
    amount: str
    allergens: AllergensThere
    label_known: tuple[str, ...]
    label_missing: tuple[str, ...]
    tax_percent: str
    tax_free_up_to: Money | None
    tax_checked_on: date | None

    @property
    def papers_on_the_way(self) -> tuple[str, ...]:
        """Papers the goods need there that are on file or come with each consignment."""
        needed = () if self.line is None else self.line.papers
        return tuple(paper for paper in needed if paper not in self.papers_missing)

    @property
    def is_open(self) -> bool:
        """Whether the goods may be sent there."""
        return self.state == "open"


def there_for(page: ProductPage, place: Destination, *, on: date, locale: str) -> There | None:
    """What the page says of that destination; None at home."""
    if place.is_home:
        return None
    verdict = next((one for one in page.record.verdicts if one.market == place.market), None)
    asked = Particulars() if verdict is None else verdict.particulars
    state = "unknown" if verdict is None else verdict.state
    is_label_of_use = state != "closed"
    tax = place.tax if place.tax is not None and place.tax.holds(on) else None
    prices = prices_there(page, place, on=on)
    return There(
        country=country_name(place),
        state=state,
        state_word=state_word(state),
        line=None if verdict is None else market_lines([verdict])[0],
        papers_missing=document_names(asked.papers_missing) if is_label_of_use else (),
        prices=prices,
        amount=_amount(page, prices[page.package.id], locale),
        allergens=_allergens(page, asked),
        label_known=tuple(label_field_names(asked.label_known)) if is_label_of_use else (),
        label_missing=tuple(label_field_names(asked.label_missing)) if is_label_of_use else (),
        tax_percent="" if tax is None else _percent(tax, locale),
        tax_free_up_to=None if tax is None else tax.free_up_to,
        tax_checked_on=None if tax is None else tax.checked_on,
    )


def offers_there(there: There | None, place: Destination) -> dict[int, OfferAbroad]:
    """The same prices for search engines, by package; nothing at home."""
    if there is None:
        return {}
    may_enter = {"open": True, "closed": False}.get(there.state)
    return {
        package_id: OfferAbroad(place.country, may_enter, price)
        for package_id, price in there.prices.items()
    }


def prices_there(page: ProductPage, place: Destination, *, on: date) -> dict[int, PriceThere]:
    """The price of one of each package for that destination."""
    return {
        package.id: price_there(
            package.price,
            page.record.local_offers.get(package.id, ()),
            place,
            package_id=package.id,
            quantity=1,
            on=on,
        )
        for package in page.packages
    }


def _amount(page: ProductPage, price: PriceThere, locale: str) -> str:
    """Net content and unit price as on a card, in the money of the price."""
    first = page.package
    per = unit_price(price.unit, first.net_content, first.unit, first.count)
    return cards.amount_of(first, per, locale)


def _allergens(page: ProductPage, asked: Particulars) -> AllergensThere:
    on_list = {*asked.allergens_must, *asked.allergens_should}
    return AllergensThere(
        law=_names(asked.allergens_named),
        must=_names(asked.allergens_must),
        should=_names(asked.allergens_should),
        others=_names(sorted(set(page.allergens.contains) - on_list)),
    )


def _names(codes: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return tuple(allergen_name(code) for code in codes)


def _percent(tax: ImportTax, locale: str) -> str:
    """ "8–10", "5", in the figures of the language."""
    low, high = (
        format_number((Decimal(rate) / 100).normalize() + 0, locale)
        for rate in (tax.low_bp, tax.high_bp)
    )
    return low if low == high else f"{low}–{high}"
