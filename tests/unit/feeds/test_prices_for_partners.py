"""Which price a supermarket's file carries."""

from __future__ import annotations

from datetime import date
from typing import Any

from catalog.rules.pricing import OfferFacts, Tier
from core.money import Money
from feeds.rules.prices import PartnerPrice, partner_price
from tests.rows import each_row

DAY = date(2026, 11, 22)
RETAIL = Money(85_000, "VND")


def offer(**values: Any) -> OfferFacts:
    facts: dict[str, Any] = {
        "id": 1,
        "package_id": 7,
        "valid_from": date(2026, 11, 1),
        "valid_to": DAY,
        "currency": "VND",
        "tax_inclusive": True,
        "tiers": (Tier(10, 70_000), Tier(100, 65_000)),
        "order_multiple": 12,
        "list_id": 1,
    }
    return OfferFacts(**{**facts, **values})


@each_row(
    ("offers", "day", "unit", "least"),
    [
        ([], DAY, 85_000, 6),
        ([offer()], DAY, 70_000, 12),
        ([offer(tax_inclusive=False)], DAY, 75_600, 12),
        ([offer()], date(2026, 11, 23), 85_000, 6),
        ([offer()], date(2026, 10, 31), 85_000, 6),
        ([offer(currency="USD")], DAY, 85_000, 6),
        ([offer(package_id=8)], DAY, 85_000, 6),
        ([offer(tiers=())], DAY, 85_000, 6),
        ([offer(), offer(id=2, list_id=2, tiers=(Tier(1, 60_000),), order_multiple=1,
                         valid_from=date(2026, 11, 20))], DAY, 60_000, 1),
    ],
)  # fmt: skip
def test_a_partner_is_told_the_price_of_its_own_list(
    offers: list[OfferFacts], day: date, unit: int, least: int
) -> None:
    found = partner_price(RETAIL, 6, offers, package_id=7, currency="VND", on=day, vat_rate_bp=800)
    assert found == PartnerPrice(Money(unit, "VND"), least)
