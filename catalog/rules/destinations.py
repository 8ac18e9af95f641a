"""Where a buyer wants goods sent: who decides it, what it costs there, and how long figures on duties hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from catalog.rules.eligibility import HOME
from catalog.rules.pricing import OfferFacts, Quote, price_for, speaking_list
from core.money import Money

HOME_CURRENCY = "VND"
"""A retail list in other money is the price for a destination abroad, never that of the package (ADR 24)."""

FIGURES_HOLD = timedelta(days=90)
"""So long after somebody checked them, figures on import taxes are shown."""


@dataclass(frozen=True, slots=True)
class ImportTax:
    """The consumption tax on imports there in basis points, and the worth up to which it is usually not asked.

    `free_up_to` None: nothing is free, or nobody has recorded it.
    """

    low_bp: int
    high_bp: int
    free_up_to: Money | None
    checked_on: date
    source: str

    def holds(self, on: date) -> bool:
        """Whether the figures may still be shown on that day."""
        return on - self.checked_on <= FIGURES_HOLD


@dataclass(frozen=True, slots=True)
class Destination:
    """A country (ISO 3166-1), the market whose rules hold there, and the currency of its price lists."""

    country: str
    market: str
    currency: str
    tax: ImportTax | None = None

    @property
    def is_home(self) -> bool:
        """Whether it is the country of the shop."""
        return self.market == HOME

    @property
    def slug(self) -> str:
        """As it stands in an address: "jp"."""
        return self.country.lower()


def named(known: Mapping[str, Destination], text: str) -> Destination | None:
    """The destination an address or a cookie names, in small or capital letters; None for anything else."""
    return known.get(text.upper()) if text.isascii() else None


def choose(known: Mapping[str, Destination], in_address: str, remembered: str) -> Destination:
    """The destination: what the address says, else what the buyer chose before, else home.

    Nothing else decides: neither the language nor the place the buyer connects from.
    """
    return named(known, in_address) or named(known, remembered) or known[HOME]


@dataclass(frozen=True, slots=True)
class PriceThere:
    """What one package costs a buyer at a destination; `is_local` when a list in its currency speaks.

    Otherwise it is the price at home, which a page has to say.
    """

    unit: Money
    is_local: bool
    list_code: str = ""


def price_there(
    retail: Money,
    offers: Iterable[OfferFacts],
    destination: Destination,
    *,
    package_id: int,
    quantity: int,
    on: date,
) -> PriceThere:
    """The retail price of each of `quantity` packages for that destination.

    `offers` are those of retail lists for everybody. A list that does not sell the quantity leaves
    the price at home: money is never converted, because nobody would owe or pay the result.
    """
    if destination.currency == retail.currency:
        return PriceThere(retail, is_local=True)
    listed = speaking_list(offers, package_id=package_id, currency=destination.currency, on=on)
    quoted = price_for(listed, package_id=package_id, quantity=quantity, on=on)
    if isinstance(quoted, Quote):
        return PriceThere(quoted.unit, is_local=True, list_code=quoted.list_code)
    return PriceThere(retail, is_local=False)
