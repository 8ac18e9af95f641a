"""Products in a list, put into words for one language: what the hottest loop of the shop shows.

Everything is formatted here, once per card and without a call from the template: a template that reaches
into objects and calls filters for each of 24 cards took twice as long (ADR on speed, bench/).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from markupsafe import Markup

from catalog.queries.pages import Card, CardThere, PackageView
from catalog.reference.destinations import destinations
from catalog.rules.pictures import Picture
from catalog.rules.sending import is_visit
from catalog.rules.unit_price import UnitPrice
from i18n.formatting import format_money, format_quantity
from i18n.locales import bcp47
from storefront.market_messages import country_name, reason_sentence, state_word
from storefront.rendering import picture_addresses
from storefront.shop import words

HUES = 8
CARD_WIDTH = 320


class Goods(NamedTuple):
    """One card; ``lang`` is empty when the name is in the page's language, ``photo`` None for a drawing.

    ``stock`` is "in", "out", or "" for a visit. ``there`` says at a destination abroad whether it can be sent:
    the state, its words, and why not.
    """

    hue: int
    slug: str
    lang: str
    name: str
    picture: str
    maker: str
    province: str
    stars: str
    claim: str
    price: str
    amount: str
    stock: str
    photo: tuple[str, str, str, int, int] | None
    there: tuple[str, str, str] | None = None


def to_show(cards: Iterable[Card], stock: Mapping[int, int], locale: str) -> list[Goods]:
    """The cards in the order given; ``stock`` says how many of each package can be promised.

    A visit has no stock that could run out: its producer says which days are free.
    """
    pictures = picture_addresses()
    provinces = words.facet_labels(locale)["province"]
    claims = words.star_claims(locale)
    return [
        Goods(
            card.product_id % HUES,
            card.slug,
            "" if card.name.locale == locale else bcp47(card.name.locale),
            card.name.value,
            pictures[card.packshot],
            card.producer_name,
            provinces.get(card.province_code or "", ""),
            "" if card.claim is None else "★" * card.claim.stars,
            "" if card.claim is None else claims[card.claim.stars],
            format_money(card.package.price, locale),
            amount(card.package, locale),
            _stock(stock.get(card.package.id, 0), card),
            None if card.picture is None else photo(card.picture),
            None if card.there is None else _there(card.there),
        )
        for card in cards
    ]


def _stock(left: int, card: Card) -> str:
    if is_visit(card.subgroup_code):
        return ""
    return "in" if left > 0 else "out"


def _there(there: CardThere) -> tuple[str, str, str]:
    words_of_state = f"{state_word(there.state)} · {country_name(destinations()[there.country])}"
    if there.state == "open" or not there.reasons:
        return there.state, words_of_state, ""
    return there.state, words_of_state, reason_sentence(*there.reasons[0])


def marked(goods: Iterable[Goods], query: str) -> list[Goods]:
    """The same cards with what answers a query marked in their names."""
    from catalog.search.highlight import parts

    mark = Markup("<mark>{}</mark>").format
    return [
        own._replace(
            name=Markup().join(
                mark(piece) if found else piece for piece, found in parts(own.name, query)
            )
        )
        for own in goods
    ]


def photo(picture: Picture) -> tuple[str, str, str, int, int]:
    """What a card says of its picture: AVIF and JPEG to choose from, the one without a choice, its size."""
    plain = picture.nearest(CARD_WIDTH)
    return (
        picture.sources("avif"),
        picture.sources("jpg"),
        picture.address(plain),
        plain,
        picture.height_at(plain),
    )


def amount(package: PackageView, locale: str) -> str:
    """The net content, the number inside, and the unit price: "500 g · 240.000 ₫/kg"."""
    return amount_of(package, package.unit_price, locale)


def amount_of(package: PackageView, unit: UnitPrice | None, locale: str) -> str:
    """The same with another unit price than the one at home."""
    text = format_quantity(package.net_content, package.unit, locale)
    if package.count > 1:
        text = f"{text} × {package.count}"
    if unit is None:
        return text
    return f"{text} · {format_money(unit.price, locale)}/{words.per_unit(unit.per)}"
