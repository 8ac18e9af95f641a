"""The page of a province, and the list of all thirty-four."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import g, redirect, url_for
from flask.typing import ResponseReturnValue

from catalog.queries.pages import FacetValue
from catalog.queries.provinces import ProvincePage, count_by_province, get_province_page
from catalog.reference import PROVINCES, Province, find_province
from catalog.reference.commune_counts import CHECKED_ON, SOURCE
from core.errors import NotFound
from i18n.catalogue import gettext as _
from i18n.catalogue import ngettext, spoken
from i18n.formatting import format_list, format_number
from storefront.access import public
from storefront.extensions import db, settings
from storefront.kept_pages import kept
from storefront.rendering import province_name, render_page
from storefront.shop import cards, shelves, structured_data, words
from storefront.shop.province_map import areas, links

_BY_SLUG = {province.slug: province for province in PROVINCES.values()}


class ProvinceNotFound(NotFound):
    """No province has or had that name (facts: slug)."""


@public
@kept
def index() -> ResponseReturnValue:
    """All provinces by name, those with goods on the map."""
    counts = count_by_province(db.session(), on=g.today, newest=shelves.newest())
    labels = words.facet_labels(g.locale)["province"]
    values = [FacetValue(code, counts.get(code, 0), selected=False) for code in PROVINCES]
    choices = links(values, labels, g.locale)
    return render_page("shop/provinces.html", provinces=choices, map=areas(values, choices))


@public
def province(slug: str) -> ResponseReturnValue:
    """One province; an older name or another spelling leads to its page."""
    if slug not in _BY_SLUG:
        found = find_province(slug.replace("-", " "))
        if found is None:
            raise ProvinceNotFound(slug=slug)
        return redirect(url_for("shop.province", locale=g.locale, slug=found.slug), 301)
    return _province(slug)


@kept
def _province(slug: str) -> ResponseReturnValue:
    own = _BY_SLUG[slug]
    page = get_province_page(
        db.session(),
        own.code,
        locale=g.locale,
        on=g.today,
        newest=shelves.newest(),
        destination=g.destination,
    )
    name = province_name(own.code)
    trail = [(_("Home"), f"/{g.locale}/"), (_("Provinces"), f"/{g.locale}/provinces")]
    on_hand = shelves.promised(page.best, page.seasonal)
    base_url = settings().base_url
    path = f"/{g.locale}/provinces/{slug}"
    return render_page(
        "shop/province.html",
        page=page,
        province=own,
        name=name,
        trail=trail,
        map=areas([], []),
        recognised=recognised(page.certified),
        source=SOURCE,
        checked_on=CHECKED_ON,
        best=cards.to_show(page.best, on_hand, g.locale),
        seasonal=cards.to_show(page.seasonal, on_hand, g.locale),
        browse=f"/{g.locale}/products?province={slug}",
        json_ld=_graph(
            page,
            own,
            name,
            base_url,
            path,
            structured_data.breadcrumbs(base_url, [*trail, (name, path)]),
        ),
    )


def recognised(certified: Sequence[tuple[int, int]]) -> str:
    """Pairs of stars and number as one would say them: "44, of them 4 with 5 stars, …"."""

    def said(number: int) -> str:
        return format_number(number, spoken())

    parts = [
        _(
            "%(number)s with %(stars)s",
            number=said(number),
            stars=ngettext("%(num)s star", "%(num)s stars", stars),
        )
        for stars, number in certified
    ]
    if len(parts) < 2:
        return parts[0] if parts else said(0)
    return _(
        "%(number)s, of them %(parts)s",
        number=said(sum(number for _stars, number in certified)),
        parts=format_list(parts, spoken()),
    )


def _graph(  # noqa: PLR0913, PLR0917 - each is a part of the graph
    page: ProvincePage, own: Province, name: str, base_url: str, path: str, crumbs: Any
) -> dict[str, Any]:
    area: dict[str, Any] = {
        "@type": "AdministrativeArea",
        "name": name,
        "url": base_url + path,
        "identifier": own.code,
        "alternateName": [*own.former, own.names["vi"]],
        "containedInPlace": {"@type": "Country", "name": "VN"},
    }
    if page.picture is not None:
        shown = page.picture.picture
        area["image"] = base_url + shown.address(shown.widths[-1])
    listed = {
        "@type": "ItemList",
        "numberOfItems": len(page.best),
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": place,
                "url": f"{base_url}/{g.locale}/products/{card.slug}",
            }
            for place, card in enumerate(page.best, start=1)
        ],
    }
    graph = [area, listed, crumbs] if page.best else [area, crumbs]
    return {"@context": "https://schema.org", "@graph": graph}
