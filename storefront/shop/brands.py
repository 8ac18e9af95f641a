"""The pages of shared brands: geographical indications, collective and certification marks."""

from __future__ import annotations

from flask import g
from flask.typing import ResponseReturnValue

from catalog.queries.ledger_lists import list_rights
from catalog.queries.shared_brands import get_brand_page
from catalog.rules.rights import IN_FORCE
from i18n.catalogue import gettext as _
from storefront import ledger_words
from storefront.access import public
from storefront.extensions import db, settings
from storefront.kept_pages import kept
from storefront.rendering import render_page
from storefront.shop import cards, shelves, structured_data


@public
@kept
def index() -> ResponseReturnValue:
    """All that are in force, each with its number: names repeat."""
    rights = [
        right for right, _count in list_rights(db.session(), on=g.today) if right.state in IN_FORCE
    ]
    return render_page("shop/brands.html", rights=rights)


@public
@kept
def brand(kind: str, number: str) -> ResponseReturnValue:
    """One brand by kind and registration number, with its members and their goods of today."""
    page = get_brand_page(
        db.session(), kind, number, locale=g.locale, on=g.today, destination=g.destination
    )
    trail = [(_("Home"), f"/{g.locale}/"), (_("Protected names"), f"/{g.locale}/marks")]
    base_url = settings().base_url
    path = f"/{g.locale}/marks/{kind}/{number}"
    name = f"{ledger_words.KINDS[kind]} {page.right.name}, {number}"
    return render_page(
        "shop/brand.html",
        page=page,
        it=page.right,
        trail=trail,
        goods=cards.to_show(page.cards, shelves.promised(page.cards), g.locale),
        json_ld={
            "@context": "https://schema.org",
            "@graph": [
                {
                    "@type": "DefinedTerm",
                    "name": page.right.name,
                    "termCode": number,
                    "url": base_url + path,
                    "description": ledger_words.goods_in(page.right.goods)[0],
                },
                structured_data.breadcrumbs(base_url, [*trail, (name, path)]),
            ],
        },
    )
