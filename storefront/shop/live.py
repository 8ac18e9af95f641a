"""Livestream sessions in the shop: the list, and one session before, while and after it runs."""

from __future__ import annotations

from typing import Any

from flask import g
from flask.typing import ResponseReturnValue

from i18n.catalogue import gettext as _
from i18n.locales import bcp47
from orders.live.pages import LiveCard, LivePage, get_live_page, list_live
from storefront import live_words
from storefront.access import public
from storefront.extensions import db, settings
from storefront.kept_pages import kept
from storefront.rendering import render_page
from storefront.shop import structured_data
from storefront.shop.structured_offer import decimal_price

Graph = dict[str, Any]


@public
@kept
def index() -> ResponseReturnValue:
    """What runs now, what comes, what was."""
    cards = list_live(db.session(), locale=g.locale, now=g.now)
    groups = [
        (_("On air now"), "now", [card for card in cards if card.standing == "live"]),
        (_("Coming up"), "coming", [card for card in cards if card.standing == "checked"]),
        (_("Past sessions"), "past", [card for card in cards if card.is_over]),
    ]
    return render_page(
        "shop/live/list.html",
        groups=[group for group in groups if group[2]],
        live_words=live_words,
        trail=[(_("Home"), f"/{g.locale}/")],
    )


@public
@kept
def session(slug: str) -> ResponseReturnValue:
    """One session: when and where to watch, its goods at what they cost now, the replay afterwards."""
    page = get_live_page(db.session(), slug, locale=g.locale, on=g.today, now=g.now)
    trail = [(_("Home"), f"/{g.locale}/"), (_("Livestreams"), f"/{g.locale}/live")]
    here = (page.card.title.value, f"/{g.locale}/live/{slug}")
    crumbs = structured_data.breadcrumbs(settings().base_url, [*trail, here])
    return render_page(
        "shop/live/session.html",
        page=page,
        card=page.card,
        live_words=live_words,
        trail=trail,
        json_ld={
            "@context": "https://schema.org",
            "@graph": [_event(page, settings().base_url), crumbs],
        },
    )


def _event(page: LivePage, base_url: str) -> Graph:
    """The session as an online event, its goods as offers with what the cart asks for them now."""
    card = page.card
    home = f"{base_url}/{g.locale}"
    places = [address for _platform, address in sorted(card.links.items())]
    graph: Graph = {
        "@type": "Event",
        "@id": f"{home}/live/{card.slug}#event",
        "name": card.title.value,
        "inLanguage": bcp47(card.title.locale),
        "url": f"{home}/live/{card.slug}",
        "startDate": card.starts_at.isoformat(),
        "endDate": card.ends_at.isoformat(),
        "eventStatus": f"https://schema.org/Event{_status(card)}",
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
        "location": [{"@type": "VirtualLocation", "url": address} for address in places],
        "performer": {"@type": "Person", "name": card.host_name},
        "organizer": {
            "@type": "Organization",
            "name": card.producer_name,
            "url": f"{home}/producers/{card.producer_slug}",
        },
    }
    if card.summary is not None:
        graph["description"] = card.summary.value
    offers = [
        {
            "@type": "Offer",
            "name": goods.offer.name.value,
            "url": f"{home}/products/{goods.offer.slug}",
            "price": decimal_price(goods.price),
            "priceCurrency": goods.price.currency,
            "availability": f"https://schema.org/{'InStock' if goods.left else 'OutOfStock'}",
        }
        for goods in page.goods
        if goods.offer.is_for_sale and goods.is_running
    ]
    if offers:
        graph["offers"] = offers
    return graph


def _status(card: LiveCard) -> str:
    """How schema.org calls it: scheduled also covers what has taken place as announced."""
    return "Cancelled" if card.standing in ("cancelled", "planned") else "Scheduled"
