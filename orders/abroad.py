"""A cart at a destination abroad: the gate's verdict on each line as of now, and the price there.

The shop has no tariff for parcels abroad, so such a cart is never ordered online (`orders.rules.delivery`
refuses every other country); it tells the buyer what an offer would be about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from catalog.markets import judge_now
from catalog.queries.prices import offers_for_everybody
from catalog.queries.verdicts import VerdictView
from catalog.rules.destinations import Destination, PriceThere, price_there
from catalog.rules.pricing import OfferFacts
from core.money import Money, sum_money
from orders.carts import CartPage, CartRow


@dataclass(frozen=True, slots=True)
class LineAbroad:
    """One line: may it go there, and what so many cost there."""

    verdict: VerdictView
    price: PriceThere
    gross: Money


@dataclass(frozen=True, slots=True)
class CartAbroad:
    """The lines by package; `goods` is their sum, None while some have a price there and some have none."""

    destination: Destination
    lines: Mapping[int, LineAbroad]
    goods: Money | None

    @property
    def may_send_any(self) -> bool:
        """Whether some of it can be sent there, or could be with papers or a label it lacks."""
        return any(line.verdict.state != "closed" for line in self.lines.values())


def cart_abroad(
    session: Session, page: CartPage, destination: Destination, *, on: date
) -> CartAbroad:
    """The cart for that destination as of that day."""
    rows = page.rows
    verdicts = judge_now(
        session, sorted({row.offer.product_id for row in rows}), destination.market, on=on
    )
    packages = [row.offer.package_id for row in rows]
    offers = offers_for_everybody(session, packages, on=on, kind="retail")
    lines = {}
    for row in rows:
        price = _price(row, offers.get(row.offer.package_id, []), destination, on)
        lines[row.offer.package_id] = LineAbroad(
            verdicts[row.offer.product_id], price, price.unit * row.quantity
        )
    return CartAbroad(destination, lines, _sum(lines.values()))


def _price(row: CartRow, offers: list[OfferFacts], place: Destination, on: date) -> PriceThere:
    there = price_there(
        row.offer.price,
        offers,
        place,
        package_id=row.offer.package_id,
        quantity=row.quantity,
        on=on,
    )
    return there if there.is_local else PriceThere(row.price.unit, is_local=False)


def _sum(lines: Iterable[LineAbroad]) -> Money | None:
    amounts = [line.gross for line in lines]
    currencies = {amount.currency for amount in amounts}
    return sum_money(amounts, currencies.pop()) if len(currencies) == 1 else None
