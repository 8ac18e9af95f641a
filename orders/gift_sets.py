"""A gift set as it can be bought today: every part at its own price, all of them or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from catalog.queries.gift_sets import GiftSetView, SetPart, get_gift_set
from catalog.rules.gift_sets import sets_to_be_had
from core.money import Money, sum_money
from i18n.locales import DEFAULT
from orders import carts
from orders.errors import BadQuantity, SetNotOnSale
from orders.offers import Offer, load_offers


@dataclass(frozen=True, slots=True)
class SetLine:
    """One part with its offer; `problem` says why it can't be bought (as `carts.CartProblem`), or nothing."""

    part: SetPart
    offer: Offer
    price: Money
    problem: str


@dataclass(frozen=True, slots=True)
class SetOffer:
    """A set on the day asked: its price is the sum of its parts', each with its own price rule.

    `available` is how many whole sets the shelves give; 0 as soon as one part can't be bought.
    """

    view: GiftSetView
    lines: tuple[SetLine, ...]
    price: Money
    available: int

    @property
    def missing(self) -> SetLine | None:
        """The first part that keeps the set from being bought."""
        return next((line for line in self.lines if line.problem), None)


def offer_sets(
    session: Session, views: Sequence[GiftSetView], *, locale: str, on: date, now: datetime
) -> list[SetOffer]:
    """The sets as they can be bought; as many statements as `load_offers`, however many sets."""
    ids = {part.package_id for view in views for part in view.parts}
    offers = load_offers(session, ids, locale=locale, on=on, now=now)
    return [
        _offer(view, [_line(part, offers[part.package_id]) for part in view.parts])
        for view in views
    ]


def add_set(
    session: Session, token: str, slug: str, quantity: int, *, on: date, now: datetime
) -> SetOffer:
    """Put every part of so many sets into the cart as lines of their own; all or none (the caller rolls back).

    Raises GiftSetNotFound, SetNotOnSale (slug, part), BadQuantity, CartFull.
    """
    if type(quantity) is not int or not 1 <= quantity <= carts.MOST_OF_ONE:
        raise BadQuantity(quantity=quantity, most=carts.MOST_OF_ONE)
    view = get_gift_set(session, slug, locale=DEFAULT)
    offered = offer_sets(session, [view], locale=DEFAULT, on=on, now=now)[0]
    if offered.available < quantity:
        scarce = offered.missing or min(
            offered.lines, key=lambda line: line.offer.available // line.part.quantity
        )
        raise SetNotOnSale(slug=slug, part=scarce.offer.name.value)
    for line in offered.lines:
        carts.add(
            session, token, line.part.package_id, quantity * line.part.quantity, now=now, on=on
        )
    return offered


def _line(part: SetPart, offer: Offer) -> SetLine:
    price = offer.price_of(part.quantity).unit * part.quantity
    return SetLine(part, offer, price, _problem(part, offer))


def _problem(part: SetPart, offer: Offer) -> str:
    if not offer.is_for_sale or offer.price.currency != carts.CURRENCY:
        return "not_for_sale"
    barred = offer.sending_bar(carts.COUNTRY)
    if barred:
        return barred
    if offer.available < part.quantity:
        return "sold_out"
    return "below_minimum" if part.quantity < offer.min_order else ""


def _offer(view: GiftSetView, lines: Sequence[SetLine]) -> SetOffer:
    whole = sets_to_be_had([(line.offer.available, line.part.quantity) for line in lines])
    return SetOffer(
        view=view,
        lines=tuple(lines),
        price=sum_money([line.price for line in lines], carts.CURRENCY),
        available=0 if any(line.problem for line in lines) else whole,
    )
