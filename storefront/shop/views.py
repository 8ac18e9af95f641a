"""The pages of the shop: parse, ask the catalogue, render."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Literal

from flask import g, redirect, request
from flask.typing import ResponseReturnValue

from catalog.queries.browse import browse as browse_catalogue
from catalog.queries.campaigns.front import get_what_is_on
from catalog.queries.certificates import get_certificate_page
from catalog.queries.home import get_home_page
from catalog.queries.listing import list_cards
from catalog.queries.pages import BrowseRequest, Card
from catalog.queries.producers import get_producer_page
from catalog.rules.facets import FACETS
from core.facts import Newest, newest_fact
from i18n.catalogue import gettext as _
from orders import stock
from storefront import search_log
from storefront.access import public
from storefront.extensions import db, settings
from storefront.kept_pages import kept
from storefront.rendering import SHOP_NAME, render_page
from storefront.request_context import locale_of_request
from storefront.shop import cards, filters, structured_data, words
from storefront.shop.filters import Chosen
from storefront.shop.panel import panel as written_panel
from storefront.shop.province_map import areas, links

PER_PAGE = 24
NEWEST_SHOWN = 8
LONGEST_QUERY_SHOWN = 200


@public
def choose_language() -> ResponseReturnValue:
    """The bare address: the language chosen before, else the browser's."""
    response = redirect(f"/{locale_of_request()}/", 302)
    response.headers["Vary"] = "Accept-Language, Cookie"
    response.headers["Cache-Control"] = "no-cache"
    return response


@public
@kept
def home() -> ResponseReturnValue:
    """What this is, where to begin, what is certified now."""
    page = get_home_page(
        db.session(),
        locale=g.locale,
        on=g.today,
        newest=g.get("newest_fact"),
        destination=g.destination,
    )
    on_hand = _stock_of([*page.featured, *page.newest])
    labels = words.facet_labels(g.locale)
    path = f"/{g.locale}/products"
    none = Chosen()
    provinces = links(page.provinces, labels["province"], g.locale)
    return render_page(
        "shop/home.html",
        page=page,
        featured=cards.to_show(page.featured, on_hand, g.locale),
        newest=cards.to_show(page.newest[:NEWEST_SHOWN], on_hand, g.locale),
        groups=filters.choices(none, "group", page.groups, labels["group"], path),
        group_pictures=dict(zip("FDHCST", _GROUP_PICTURES, strict=True)),
        provinces=provinces,
        map=areas(page.provinces, provinces),
        on_now=get_what_is_on(db.session(), locale=g.locale, on=g.today),
        json_ld={
            "@context": "https://schema.org",
            "@type": "WebSite",
            "name": SHOP_NAME,
            "url": f"{settings().base_url}/{g.locale}/",
            "potentialAction": {
                "@type": "SearchAction",
                "target": f"{settings().base_url}/{g.locale}/search?q={{q}}",
                "query-input": "required name=q",
            },
        },
    )


_GROUP_PICTURES = ("jar", "tea", "herb", "craft", "plant", "tour")


@public
@kept
def browse() -> ResponseReturnValue:
    """All goods, narrowed by what the address says."""
    chosen = filters.read(request.args, currency=g.destination.currency)
    canonical = filters.query(chosen, page=chosen.page)
    if _says_more_than(canonical):
        return redirect(f"{request.path}{canonical}", 302)
    newest = _newest()
    in_stock = stock.in_stock(db.session(), newest)
    page = browse_catalogue(
        db.session(),
        BrowseRequest(
            chosen.facets, sort=chosen.sort or "newest", page=chosen.page, per_page=PER_PAGE
        ),
        locale=g.locale,
        on=g.today,
        newest=newest,
        in_stock=in_stock,
        destination=g.destination,
    )
    past_end = chosen.page > page.pages
    panel, chips = written_panel(chosen, page.facets, page.names, request.path)
    return render_page(
        "shop/browse.html",
        404 if past_end else 200,
        page=page,
        goods=cards.to_show(page.cards, _promised(page.cards, in_stock), g.locale),
        chosen=chosen,
        panel=panel,
        chips=chips,
        nothing_chosen=request.path,
        sorts=_sorts(chosen, filters.SORTS),
        numbers=filters.page_numbers(min(page.page, page.pages), page.pages),
        page_address=_page_addresses(chosen),
        past_end=past_end,
        canonical_query=filters.query_for_engines(chosen),
        heading_text=_browse_heading(chosen),
        only_there=_only_there(chosen),
    )


def _only_there(chosen: Chosen) -> str:
    """The same list narrowed to what may go to the buyer's destination; "" at home or when it is already."""
    market = g.destination.market
    if g.destination.is_home or market in chosen.values("ships_to"):
        return ""
    facets = {**chosen.facets, "ships_to": (*chosen.values("ships_to"), market)}
    return f"{request.path}{filters.query(replace(chosen, facets=facets))}"


def _says_more_than(canonical: str) -> bool:
    """Whether the address has values or pages nobody offers, so that it should be shown without them."""
    known = {*FACETS, "page", "sort", "q"}
    given = sorted(
        f"{name}={value}"
        for name in known.intersection(request.args)
        for value in request.args.getlist(name)
        if name != "q"
    )
    kept_parts = sorted(part for part in canonical.lstrip("?").split("&") if part[:2] != "q=")
    default = {"page=1", "sort=newest", "sort=relevance", ""}
    return [part for part in given if part not in default] != [
        part for part in kept_parts if part not in default
    ]


def _sorts(chosen: Chosen, sorts: Sequence[str]) -> list[tuple[str, str, bool]]:
    """(name, address, whether it is the present one) of each order."""
    own = chosen.sort or sorts[0]
    return [
        (
            str(words.SORT_NAMES[sort]),
            request.path + filters.query(replace(chosen, sort="" if sort == sorts[0] else sort)),
            sort == own,
        )
        for sort in sorts
    ]


def _page_addresses(chosen: Chosen) -> str:
    """The address of a page without its number, to which the template adds the number."""
    base = filters.query(chosen)
    return f"{request.path}{base}{'&' if base else '?'}page="


def _browse_heading(chosen: Chosen) -> str:
    labels = words.facet_labels(g.locale)
    names = [
        labels[facet][code]
        for facet in ("province", "group", "subgroup", "certificate")
        for code in chosen.values(facet)
    ]
    return " · ".join(names) if 0 < len(names) <= 3 else _("All goods")


@public
@kept
def producer(slug: str) -> ResponseReturnValue:
    """A maker, its registered facts and its goods."""
    page = get_producer_page(
        db.session(), slug, locale=g.locale, on=g.today, destination=g.destination
    )
    trail = [(_("Home"), f"/{g.locale}/"), (_("All goods"), f"/{g.locale}/products")]
    crumbs = structured_data.breadcrumbs(
        settings().base_url, [*trail, (page.producer.name, f"/{g.locale}/producers/{slug}")]
    )
    return render_page(
        "shop/producer.html",
        page=page,
        trail=trail,
        goods=cards.to_show(page.cards, _stock_of(page.cards), g.locale),
        json_ld=structured_data.producer_graph(
            page, base_url=settings().base_url, locale=g.locale, crumbs=crumbs
        ),
    )


@public
@kept
def certificate(certificate_id: int) -> ResponseReturnValue:
    """What was decided, and whether it holds today: for anybody who wants to check."""
    page = get_certificate_page(db.session(), certificate_id, locale=g.locale, on=g.today)
    return render_page("shop/certificate.html", page=page)


@public
def search() -> ResponseReturnValue:
    """Goods that match a text; the question is noted, whether or not the page was kept."""
    answer = _search()
    text = request.args.get("q", "").strip()
    if (
        request.method == "GET"
        and text
        and not {*FACETS, "page", "sort"}.intersection(request.args)
    ):
        search_log.note_asked(settings().data_dir, day=g.today, locale=g.locale, text=text)
    return answer


@kept
def _search() -> ResponseReturnValue:
    """Goods that match a text; without a text, help with searching."""
    from catalog.search.home import search_home
    from catalog.search.query import SearchRequest
    from catalog.search.query import search as search_catalogue

    chosen = filters.read(request.args, filters.SEARCH_SORTS, g.destination.currency)
    text = (chosen.text or "").strip()
    if not text:
        return render_page("shop/search_start.html")
    newest = _newest()
    in_stock = stock.in_stock(db.session(), newest)
    result = search_catalogue(
        db.session(),
        search_home(settings()),
        SearchRequest(
            text=text,
            locale=g.locale,
            chosen=chosen.facets,
            sort=_SEARCH_SORTS[chosen.sort or "relevance"],
            page=chosen.page,
            per_page=PER_PAGE,
        ),
        on=g.today,
        newest=newest,
        in_stock=in_stock,
        currency=g.destination.currency,
    )
    if not chosen.is_filtered and not result.degraded:
        is_answered = result.total > 0 and result.did_you_mean is None
        search_log.remember(g.locale, text, "found" if is_answered else "in_vain")
    shown = [*result.ids, *result.related]
    found = list_cards(db.session(), shown, locale=g.locale, on=g.today, destination=g.destination)
    on_hand = _promised(found, in_stock)
    hits = {*result.ids}
    panel, chips = written_panel(chosen, result.facets, result.names, request.path)
    past_end = chosen.page > max(result.pages, 1)
    suggestion = result.did_you_mean
    return render_page(
        "shop/search.html",
        404 if past_end else 200,
        text=text,
        shown_text=text[:LONGEST_QUERY_SHOWN],
        result=result,
        goods=cards.marked(
            cards.to_show((c for c in found if c.product_id in hits), on_hand, g.locale), text
        ),
        related=cards.marked(
            cards.to_show((c for c in found if c.product_id not in hits), on_hand, g.locale), text
        ),
        chosen=chosen,
        panel=panel,
        chips=chips,
        nothing_chosen=f"{request.path}{filters.query(Chosen(text=text))}",
        sorts=_sorts(chosen, filters.SEARCH_SORTS),
        numbers=filters.page_numbers(min(result.page, result.pages or 1), result.pages or 1),
        page_address=_page_addresses(chosen),
        past_end=past_end,
        suggestion=suggestion,
        suggestion_address=f"{request.path}{filters.query(Chosen(text=suggestion))}",
    )


_SEARCH_SORTS: dict[str, Literal["relevance", "price", "price_desc", "newest"]] = {
    "relevance": "relevance",
    "newest": "newest",
    "price": "price",
    "-price": "price_desc",
}


@public
def about() -> ResponseReturnValue:
    """Who runs the shop, how stars are checked, how buying works: the policies of the house."""
    return render_page("shop/about.html")


def _newest() -> Newest:
    """The newest fact, asked once: a page that may be kept has asked already."""
    known: Newest | None = g.get("newest_fact")
    return known or newest_fact(db.session())


def _promised(listed: Iterable[Card], in_stock: Collection[int]) -> dict[int, int]:
    """One of each package that can be promised: all that a list of goods says about stock."""
    return {card.package.id: 1 for card in listed if card.package.id in in_stock}


def _stock_of(listed: Iterable[Card]) -> dict[int, int]:
    return stock.available(db.session(), [card.package.id for card in listed])
