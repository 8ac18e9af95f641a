"""Searching and suggesting for machines: the same plan, order and facets as on the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, g, request

from catalog.queries.listing import list_cards
from catalog.queries.pages import Card
from catalog.reference import PROVINCES
from core.facts import newest_fact
from core.money import Money
from orders import stock
from storefront.access import public
from storefront.api import questions
from storefront.api.answers import answer, problem
from storefront.extensions import db, settings
from storefront.suggestions import address_of

MOST_SUGGESTED = 8
SUGGESTIONS_KEPT_SECONDS = 30


@public
def search() -> Response:
    """Products that match, best first; ``next_cursor`` continues without showing one twice."""
    from catalog.search.home import search_home
    from catalog.search.query import search as search_catalogue

    try:
        question = questions.read_search(request.args)
    except questions.BadQuestion as error:
        return _refused(error)
    newest = newest_fact(db.session())
    result = search_catalogue(
        db.session(),
        search_home(settings()),
        question.request,
        on=g.today,
        newest=newest,
        in_stock=stock.in_stock(db.session(), newest),
    )
    if result.degraded and question.request.after is not None:
        return problem(503, "index_unavailable", "The index is being rebuilt; ask again from here.")
    locale = question.request.locale
    shown = [*result.ids, *result.related]
    found = {
        card.product_id: card for card in list_cards(db.session(), shown, locale=locale, on=g.today)
    }
    on_hand = stock.available(db.session(), [card.package.id for card in found.values()])
    return answer(
        {
            "total": result.total,
            "items": [_item(found[n], on_hand, locale) for n in result.ids if n in found],
            "related": [_item(found[n], on_hand, locale) for n in result.related if n in found],
            "facets": {
                name: [
                    {"value": _facet_value(name, one.value), "count": one.count,
                     "selected": one.selected}
                    for one in counts
                ]
                for name, counts in result.facets.items()
            },
            "did_you_mean": result.did_you_mean,
            "degraded": result.degraded,
            "next_cursor": question.cursor(result.last) if result.last else None,
        }
    )  # fmt: skip


def _facet_value(name: str, value: str) -> str:
    """Provinces go by their slugs, in answers as in questions."""
    return PROVINCES[value].slug if name == "province" and value in PROVINCES else value


def _item(card: Card, on_hand: Mapping[int, int], locale: str) -> dict[str, Any]:
    package, claim = card.package, card.claim
    return {
        "id": card.product_id,
        "slug": card.slug,
        "url": f"{settings().base_url}{_page_of(card, locale)}",
        "name": {"value": card.name.value, "locale": card.name.locale},
        "producer": {"slug": card.producer_slug, "name": card.producer_name},
        "province": _facet_value("province", card.province_code or ""),
        "subgroup": card.subgroup_code,
        "stars": claim.stars if claim else None,
        "stars_valid_to": claim.valid_to.isoformat() if claim else None,
        "package": {
            "sku": package.sku,
            "gtin": None if package.gtin_is_internal else package.gtin,
            "net_content": str(package.net_content),
            "unit": package.unit,
            "price": _money(package.price),
        },
        "available": on_hand.get(package.id, 0),
        "is_illustrative": card.is_illustrative,
    }


def _page_of(card: Card, locale: str) -> str:
    """The page in the language asked, else in Vietnamese where that language is not open yet."""
    return f"/{_open_locale(locale)}/products/{card.slug}"


def _open_locale(locale: str) -> str:
    from i18n.locales import DEFAULT, ENABLED

    return locale if locale in ENABLED else DEFAULT


def _money(price: Money) -> dict[str, Any]:
    return {"amount_minor": price.amount, "currency": price.currency}


@public
def suggest() -> Response:
    """At most eight things that the letters typed so far may become."""
    from catalog.search.home import search_home
    from catalog.search.suggest import suggest as suggest_goods

    try:
        text = questions.read_text(request.args)
        locale = questions.read_locale(request.args)
        limit = questions.read_limit(request.args, MOST_SUGGESTED, MOST_SUGGESTED)
    except questions.BadQuestion as error:
        return _refused(error)
    result = suggest_goods(
        db.session(), search_home(settings()), text, locale=locale, on=g.today, limit=limit
    )
    return answer(
        {
            "suggestions": [
                {
                    "kind": one.kind,
                    "slug": one.slug,
                    "label": {"value": one.label, "locale": one.language},
                    "province": _facet_value("province", one.province) or None,
                    "url": settings().base_url + address_of(one, _open_locale(locale)),
                }
                for one in result.found
            ],
            "degraded": result.degraded,
        },
        keep_seconds=0 if result.degraded else SUGGESTIONS_KEPT_SECONDS,
    )


def _refused(error: questions.BadQuestion) -> Response:
    facts = error.facts
    return problem(
        400,
        "bad_parameter",
        f"{facts['parameter']}: {facts['why']}",
        parameter=facts["parameter"],
    )
