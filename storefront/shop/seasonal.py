"""Seasonal collections for visitors."""

from __future__ import annotations

from flask import g
from flask.typing import ResponseReturnValue

from catalog.queries.campaigns.collections import get_collection_page, list_collections
from i18n.catalogue import gettext as _
from orders import stock
from storefront.access import public
from storefront.extensions import db, settings
from storefront.kept_pages import kept
from storefront.rendering import render_page
from storefront.shop import cards, structured_data


@public
@kept
def collections() -> ResponseReturnValue:
    """Every collection, those of the season first."""
    found = list_collections(db.session(), locale=g.locale, on=g.today)
    return render_page(
        "shop/campaigns/collections.html",
        current=[one for one in found if one.is_current],
        others=[one for one in found if not one.is_current],
        trail=[(_("Home"), f"/{g.locale}/")],
    )


@public
@kept
def collection(slug: str) -> ResponseReturnValue:
    """One collection: its story and the goods of it that are on sale today."""
    page = get_collection_page(
        db.session(),
        slug,
        locale=g.locale,
        on=g.today,
        newest=g.get("newest_fact"),
        destination=g.destination,
    )
    trail = [(_("Home"), f"/{g.locale}/"), (_("Collections"), f"/{g.locale}/collections")]
    base = settings().base_url
    here = (page.collection.name.value, f"/{g.locale}/collections/{slug}")
    on_hand = stock.available(db.session(), [card.package.id for card in page.cards])
    listed = [
        {
            "@type": "ListItem",
            "position": place,
            "url": f"{base}/{g.locale}/products/{card.slug}",
            "name": card.name.value,
        }
        for place, card in enumerate(page.cards, start=1)
    ]
    return render_page(
        "shop/campaigns/collection.html",
        page=page,
        trail=trail,
        goods=cards.to_show(page.cards, on_hand, g.locale),
        json_ld={
            "@context": "https://schema.org",
            "@graph": [
                {
                    "@type": "ItemList",
                    "name": page.collection.name.value,
                    "itemListElement": listed,
                },
                structured_data.breadcrumbs(base, [*trail, here]),
            ],
        },
    )
