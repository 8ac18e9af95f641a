"""Events and booths for visitors: what is on, who exhibits what, and where a booth's code leads."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import Response, g, redirect
from flask.typing import ResponseReturnValue

from catalog.queries.campaigns.events import (
    EventView,
    get_booth_page,
    get_event_page,
    has_booth,
    list_events,
)
from catalog.queries.errors import CampaignNotFound
from catalog.queries.pages import Card
from i18n.catalogue import gettext as _
from i18n.locales import bcp47
from orders import stock
from storefront.access import public
from storefront.extensions import db, settings
from storefront.kept_pages import kept
from storefront.rendering import province_name, render_page
from storefront.request_context import locale_of_request
from storefront.shop import cards, structured_data

_FOREVER = "public, max-age=31536000, immutable"
_POLICY = "default-src 'none'; sandbox"
_QR_SCALE, _QR_QUIET, _QR_INK = 5, 4, "#16324a"
_STATUS = {"cancelled": "EventCancelled"}


@public
@kept
def events() -> ResponseReturnValue:
    """Fairs and conferences that are on, to come, and over."""
    found = list_events(db.session(), locale=g.locale, on=g.today)
    return render_page(
        "shop/campaigns/events.html",
        ahead=[one for one in found if one.ends_on >= g.today],
        past=[one for one in found if one.ends_on < g.today],
        trail=[(_("Home"), f"/{g.locale}/")],
    )


@public
@kept
def event(slug: str) -> ResponseReturnValue:
    """One event: when and where, who exhibits, and what can be bought here at once."""
    page = get_event_page(
        db.session(), slug, locale=g.locale, on=g.today, destination=g.destination
    )
    trail = _trail()
    here = (page.event.name.value, f"/{g.locale}/events/{slug}")
    return render_page(
        "shop/campaigns/event.html",
        page=page,
        trail=trail,
        goods=_goods(page.cards),
        json_ld={
            "@context": "https://schema.org",
            "@graph": [
                event_graph(page.event),
                structured_data.breadcrumbs(settings().base_url, [*trail, here]),
            ],
        },
    )


@public
@kept
def booth(code: str) -> ResponseReturnValue:
    """What a booth's code opens: its exhibitors and their goods, also long after the event."""
    page = get_booth_page(
        db.session(), code, locale=g.locale, on=g.today, destination=g.destination
    )
    here = (page.event.name.value, f"/{g.locale}/events/{page.event.slug}")
    return render_page(
        "shop/campaigns/booth.html", page=page, trail=[*_trail(), here], goods=_goods(page.cards)
    )


@public
def booth_in_own_language(code: str) -> ResponseReturnValue:
    """The short address in the printed code: leads to the booth in the scanner's language."""
    if not has_booth(db.session(), code):
        raise CampaignNotFound(kind="booth", code=code)
    response = redirect(f"/{locale_of_request()}/booths/{code}", 302)
    response.headers["Vary"] = "Accept-Language, Cookie"
    response.headers["Cache-Control"] = "no-cache"
    return response


@public
def booth_code(code: str) -> ResponseReturnValue:
    """The short address of a booth as a QR code; it never changes."""
    if not has_booth(db.session(), code):
        raise CampaignNotFound(kind="booth", code=code)
    import segno

    made = segno.make(f"{settings().base_url}/b/{code}", error="m", micro=False)
    drawing = BytesIO()
    made.save(
        drawing, kind="svg", scale=_QR_SCALE, border=_QR_QUIET, light="#fff", dark=_QR_INK, nl=False
    )
    response = Response(drawing.getvalue(), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = _FOREVER
    response.headers["Content-Security-Policy"] = _POLICY
    return response


def event_graph(event: EventView) -> dict[str, Any]:
    """The event for search engines (schema.org)."""
    place: dict[str, Any] = {"@type": "PostalAddress", "addressCountry": "VN"}
    if event.province_code:
        place["addressRegion"] = province_name(event.province_code)
    if event.commune:
        place["addressLocality"] = event.commune
    if event.address:
        place["streetAddress"] = event.address
    graph: dict[str, Any] = {
        "@type": "Event",
        "name": event.name.value,
        "url": f"{settings().base_url}/{g.locale}/events/{event.slug}",
        "inLanguage": bcp47(g.locale),
        "startDate": event.starts_on.isoformat(),
        "endDate": event.ends_on.isoformat(),
        "eventStatus": f"https://schema.org/{_STATUS.get(event.phase, 'EventScheduled')}",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {
            "@type": "Place",
            "name": event.address or event.commune or province_name(event.province_code),
            "address": place,
        },
        "organizer": {"@type": "Organization", "name": event.organiser},
    }
    if event.description is not None:
        graph["description"] = event.description.value
    return graph


def _trail() -> list[tuple[str, str]]:
    return [(_("Home"), f"/{g.locale}/"), (_("Events"), f"/{g.locale}/events")]


def _goods(found: tuple[Card, ...]) -> list[cards.Goods]:
    on_hand = stock.available(db.session(), [card.package.id for card in found])
    return cards.to_show(found, on_hand, g.locale)
