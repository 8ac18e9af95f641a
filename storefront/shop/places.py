"""The pages of places to visit."""

from __future__ import annotations

from typing import Any

from flask import g
from flask.typing import ResponseReturnValue

from catalog.queries.places import PlaceView, get_place_page, list_places
from i18n.catalogue import gettext as _
from storefront.access import public
from storefront.extensions import db, settings
from storefront.kept_pages import kept
from storefront.rendering import province_name, render_page
from storefront.shop import cards, shelves, structured_data


@public
@kept
def index() -> ResponseReturnValue:
    """All places by name."""
    return render_page("shop/places.html", places=list_places(db.session(), locale=g.locale))


@public
@kept
def place(slug: str) -> ResponseReturnValue:
    """One place: its story, the way there, what is made and sold there."""
    page = get_place_page(
        db.session(), slug, locale=g.locale, on=g.today, destination=g.destination
    )
    trail = [(_("Home"), f"/{g.locale}/"), (_("Places to visit"), f"/{g.locale}/places")]
    on_hand = shelves.promised(page.goods)
    base_url = settings().base_url
    path = f"/{g.locale}/places/{slug}"
    crumbs = structured_data.breadcrumbs(base_url, [*trail, (page.place.name.value, path)])
    return render_page(
        "shop/place.html",
        page=page,
        it=page.place,
        trail=trail,
        goods=cards.to_show(page.goods, on_hand, g.locale),
        visits=cards.to_show(page.visits, {}, g.locale),
        json_ld={
            "@context": "https://schema.org",
            "@graph": [_graph(page.place, base_url, path), crumbs],
        },
    )


def _graph(it: PlaceView, base_url: str, path: str) -> dict[str, Any]:
    graph: dict[str, Any] = {
        "@type": "TouristAttraction",
        "name": it.name.value,
        "url": base_url + path,
        "address": {
            "@type": "PostalAddress",
            "addressRegion": province_name(it.province_code),
            "addressCountry": "VN",
        },
    }
    if it.commune:
        graph["address"]["addressLocality"] = it.commune
    if it.story:
        graph["description"] = it.story.value
    if it.picture:
        graph["image"] = base_url + it.picture.address(it.picture.widths[-1])
    return graph
