"""What search engines are told of buying a product: prices, stock, and what sending it costs and takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from babel.numbers import get_currency_precision

from catalog.queries.pages import PackageView, ProductPage
from catalog.rules.destinations import PriceThere
from core.money import Money
from orders.rules.delivery import WORKING_DAYS

Graph = dict[str, Any]

_REFERENCES = {
    "kg": (1, "KGM"),
    "100 g": (100, "GRM"),
    "l": (1, "LTR"),
    "100 ml": (100, "MLT"),
    "piece": (1, "C62"),
}
"""What a unit price is for, with the codes of UN/CEFACT Recommendation 20."""


@dataclass(frozen=True, slots=True)
class OfferAbroad:
    """What a package costs at the destination the page was asked for.

    `may_enter` is None where papers are missing or nobody knows: unknown is not "no".
    """

    country: str
    may_enter: bool | None
    price: PriceThere


def offer(
    page: ProductPage,
    package: PackageView,
    *,
    address: str,
    seller: Graph,
    is_sold_out: bool,
    delivery_fee: Money | None,
    abroad: OfferAbroad | None = None,
) -> Graph:
    """One package: what it costs with tax, each kilogram or litre, whether there is any, what sending costs.

    For a destination abroad it is the price the page shows; nobody knows yet what a parcel there costs.
    """
    price = package.price if abroad is None else abroad.price.unit
    graph: Graph = {
        "@type": "Offer",
        "url": address,
        "sku": package.sku,
        "price": decimal_price(price),
        "priceCurrency": price.currency,
        "availability": "https://schema.org/" + ("OutOfStock" if is_sold_out else "InStock"),
        "itemCondition": "https://schema.org/NewCondition",
        "seller": seller,
        "priceSpecification": _prices(package) if abroad is None else _price_there(abroad.price),
    }
    if package.gtin and not package.gtin_is_internal:
        graph["gtin"] = package.gtin
    if abroad is not None:
        if abroad.may_enter is not None:
            region = "eligibleRegion" if abroad.may_enter else "ineligibleRegion"
            graph[region] = {"@type": "Country", "name": abroad.country}
    elif delivery_fee is not None and page.storage_kind != "live":
        graph["shippingDetails"] = _shipping(delivery_fee, page.record.lead_time_days)
    return graph


def visit_offer(price: Money, *, address: str, guide: Graph) -> Graph:
    """A visit: what it costs with tax, and where a day is asked for. The producer agrees to each day."""
    return {
        "@type": "Offer",
        "url": address,
        "price": decimal_price(price),
        "priceCurrency": price.currency,
        "availability": "https://schema.org/LimitedAvailability",
        "offeredBy": guide,
    }


def _prices(package: PackageView) -> list[Graph] | Graph:
    whole: Graph = {
        "@type": "PriceSpecification",
        "price": decimal_price(package.price),
        "priceCurrency": package.price.currency,
        "valueAddedTaxIncluded": True,
    }
    unit = package.unit_price
    if unit is None:
        return whole
    value, code = _REFERENCES[unit.per]
    for_unit: Graph = {
        "@type": "UnitPriceSpecification",
        "price": decimal_price(unit.price),
        "priceCurrency": unit.price.currency,
        "valueAddedTaxIncluded": True,
        "referenceQuantity": {"@type": "QuantitativeValue", "value": value, "unitCode": code},
    }
    return [whole, for_unit]


def _price_there(price: PriceThere) -> Graph:
    """A price of a list for abroad holds no tax of ours; the price at home, shown for want of one, does."""
    return {
        "@type": "PriceSpecification",
        "price": decimal_price(price.unit),
        "priceCurrency": price.unit.currency,
        "valueAddedTaxIncluded": not price.is_local,
    }


def _shipping(fee: Money, ready_after: int | None) -> Graph:
    """A parcel inside Vietnam; the days of making it ready only when the producer has said them."""
    time: Graph = {"@type": "ShippingDeliveryTime", "transitTime": _days(*WORKING_DAYS)}
    if ready_after is not None:
        time["handlingTime"] = _days(0, ready_after)
    return {
        "@type": "OfferShippingDetails",
        "shippingRate": {
            "@type": "MonetaryAmount",
            "value": decimal_price(fee),
            "currency": fee.currency,
        },
        "shippingDestination": {"@type": "DefinedRegion", "addressCountry": "VN"},
        "deliveryTime": time,
    }


def _days(least: int, most: int) -> Mapping[str, Any]:
    return {"@type": "QuantitativeValue", "minValue": least, "maxValue": most, "unitCode": "DAY"}


def decimal_price(price: Money) -> str:
    """A price as a plain decimal number: "120000", "12.50"."""
    digits = get_currency_precision(price.currency)
    if not digits:
        return str(price.amount)
    whole, rest = divmod(price.amount, 10**digits)
    return f"{whole}.{rest:0{digits}d}"
