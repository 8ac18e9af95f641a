"""The pages of gift sets: what is in them, what each part says of itself, how to put all of it into the cart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import g
from flask.typing import ResponseReturnValue

from catalog.queries.gift_sets import get_gift_set, list_gift_sets, load_part_facts
from catalog.rules.gift_sets import SetMarket, set_markets, united_allergens
from i18n.catalogue import gettext as _
from orders.gift_sets import SetOffer, offer_sets
from storefront.access import public
from storefront.extensions import db, settings
from storefront.kept_pages import kept
from storefront.market_messages import MARKET_NAMES, allergen_name, reason_sentence
from storefront.rendering import render_page
from storefront.shop import cards, structured_data


class MarketWords(NamedTuple):
    """A market for the whole set in words: `why` are (part, sentence) of what keeps it closed."""

    name: str
    state: str
    state_word: str
    why: tuple[tuple[str, str], ...]


@public
@kept
def index() -> ResponseReturnValue:
    """All sets, each with its price of today and what is in it."""
    views = list_gift_sets(db.session(), locale=g.locale)
    offered = offer_sets(db.session(), views, locale=g.locale, on=g.today, now=g.now)
    return render_page("shop/gift_sets.html", sets=offered, photo=cards.photo)


@public
@kept
def gift_set(slug: str) -> ResponseReturnValue:
    """One set."""
    session = db.session()
    view = get_gift_set(session, slug, locale=g.locale)
    offered = offer_sets(session, [view], locale=g.locale, on=g.today, now=g.now)[0]
    parts = load_part_facts(session, view.parts)
    allergens = united_allergens(parts)
    names = [line.offer.name.value for line in offered.lines]
    trail = [(_("Home"), f"/{g.locale}/"), (_("Gift sets"), f"/{g.locale}/gift-sets")]
    base_url = settings().base_url
    path = f"/{g.locale}/gift-sets/{slug}"
    return render_page(
        "shop/gift_set.html",
        it=view,
        offer=offered,
        trail=trail,
        photo=cards.photo,
        contains=[allergen_name(code) for code in allergens.contains],
        may_contain=[allergen_name(code) for code in allergens.may_contain],
        unknown=[names[place] for place in allergens.unknown],
        markets=[_in_words(market, names) for market in set_markets(parts)],
        json_ld={
            "@context": "https://schema.org",
            "@graph": [
                _graph(offered, base_url, path),
                structured_data.breadcrumbs(base_url, [*trail, (view.name.value, path)]),
            ],
        },
    )


def _in_words(market: SetMarket, names: Sequence[str]) -> MarketWords:
    word = {"open": _("Can be sent"), "closed": _("Cannot be sent"), "later": _("Not yet")}
    return MarketWords(
        str(MARKET_NAMES[market.market]),
        market.state,
        word[market.state],
        tuple(
            (names[place], reason_sentence(code, facts)) for place, code, facts in market.reasons
        ),
    )


def _graph(offered: SetOffer, base_url: str, path: str) -> dict[str, Any]:
    """A list of the parts: stars, papers and prices are theirs, so the set makes no claim of its own."""
    return {
        "@type": "ItemList",
        "name": offered.view.name.value,
        "url": base_url + path,
        "numberOfItems": len(offered.lines),
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": place,
                "name": line.offer.name.value,
                "url": f"{base_url}/{g.locale}/products/{line.offer.slug}",
            }
            for place, line in enumerate(offered.lines, start=1)
        ],
    }
