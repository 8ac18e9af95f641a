"""The page of one product: parse, ask the catalogue and the stock, put into words, render."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from flask import g, redirect, request
from flask.typing import ResponseReturnValue

from catalog.queries.pages import PackageView, ProductPage
from catalog.queries.products import get_product_page
from catalog.reference import ALLERGENS
from catalog.rules.food import ALCOHOL, FRESH, NO_EXPIRY, is_food
from catalog.rules.sending import is_visit
from core.money import Money
from i18n.catalogue import gettext as _
from orders.live_goods import look_at_shelf
from orders.rules.delivery import arrival_days, package_weight_g, parcel_fee
from orders.voices.pages import product_voices
from storefront import search_log
from storefront.access import public
from storefront.extensions import db, settings
from storefront.kept_pages import kept
from storefront.market_messages import market_lines
from storefront.rendering import asset_address, render_page, subgroup_name
from storefront.shop import cards, passport, record, structured_data, voices, words
from storefront.shop.live_price import LiveNote, with_live_prices
from storefront.shop.there import offers_there, there_for


@public
def product(slug: str) -> ResponseReturnValue:
    """One product; whether it was opened from a search is noted, whoever keeps the page."""
    if request.method == "GET" and request.referrer and "/search?" in request.referrer:
        search_log.note_opened(
            settings().data_dir, day=g.today, page_before=request.referrer, host=request.host
        )
    return _product(slug)


@kept
def _product(slug: str) -> ResponseReturnValue:
    """One product with everything a buyer is entitled to know."""
    page = get_product_page(
        db.session(), slug, locale=g.locale, on=g.today, destination=g.destination
    )
    if slug != page.slug:
        return _moved(page.slug)
    g.addresses = {tag: f"/{tag}/products/{own}" for tag, own in page.slugs.items()}
    shelf = look_at_shelf(
        db.session(),
        [p.id for p in page.packages] + [card.package.id for card in page.related],
        now=g.now,
    )
    on_hand = shelf.buyable
    live: dict[int, LiveNote] = {}
    if g.destination.is_home:  # a session's price is one of the shop in Vietnam
        page, live = with_live_prices(page, shelf, on=g.today)
    said = product_voices(db.session(), page.product_id)
    fees = {package.id: _delivery_fee(page, package) for package in page.packages}
    contains = _allergen_names(page.allergens.contains)
    may_contain = _allergen_names(page.allergens.may_contain)
    trail = _trail(page)
    base_url = settings().base_url
    statement, language = record.ingredient_statement(page, g.locale)
    is_service = is_visit(page.subgroup_code)
    there = None if is_service else there_for(page, g.destination, on=g.today, locale=g.locale)
    return render_page(
        "shop/product.html",
        page=page,
        trail=trail,
        stock=on_hand,
        live=live,
        goods=cards.to_show(page.related, on_hand, g.locale),
        amount=cards.amount(page.package, g.locale),
        is_visit=is_service,
        there=there,
        is_eaten=_is_eaten(page.subgroup_code),
        for_adults=page.subgroup_code in ALCOHOL,
        delivery_fee=fees[page.package.id],
        arrival=_arrival(page, g.today) if fees[page.package.id] else None,
        ingredient_pieces=statement,
        ingredient_language=language,
        contains=contains,
        may_contain=may_contain,
        passport=[] if is_service else passport.rows(page),
        markets=[] if is_service else market_lines(page.record.verdicts),
        voices=said,
        json_ld=voices.product_graph(
            page,
            said,
            stock=on_hand,
            base_url=base_url,
            locale=g.locale,
            pictures=[base_url + picture.address(picture.widths[-1]) for picture in page.pictures]
            or [base_url + asset_address(f"img/packshots/{page.packshot}.svg")],
            crumbs=structured_data.breadcrumbs(
                base_url, [*trail, (page.name.value, f"/{g.locale}/products/{page.slug}")]
            ),
            category=subgroup_name(page.subgroup_code),
            contains=contains,
            may_contain=may_contain,
            delivery_fees=fees,
            abroad=offers_there(there, g.destination),
        ),
    )


def _is_eaten(subgroup_code: str | None) -> str:
    """Return "prepared" for food that has to state what it feeds, "plain" for other food, else ""."""
    if not is_food(subgroup_code):
        return ""
    return "plain" if subgroup_code in FRESH | NO_EXPIRY else "prepared"


def _moved(slug: str) -> ResponseReturnValue:
    """From a former address, or that of another language, to the present one of this language.

    Browsers ask again next time: a name that gets its old wording back would send them in circles.
    """
    query = request.query_string.decode("ascii", "replace")
    response = redirect(f"/{g.locale}/products/{slug}{'?' if query else ''}{query}", 301)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _trail(page: ProductPage) -> list[tuple[str, str]]:
    """The way here from the home page, without the page itself."""
    trail = [(_("Home"), f"/{g.locale}/"), (_("All goods"), f"/{g.locale}/products")]
    if page.subgroup_code:
        name = words.facet_labels(g.locale)["subgroup"].get(page.subgroup_code, page.subgroup_code)
        trail.append((name, f"/{g.locale}/products?subgroup={page.subgroup_code}"))
    return trail


def _allergen_names(codes: Iterable[str]) -> list[str]:
    """From the fixed glossary, never by machine; a language without an entry shows English."""
    return [
        ALLERGENS[code].names.get(g.locale) or ALLERGENS[code].names["en"]
        for code in codes
        if code in ALLERGENS
    ]


def _delivery_fee(page: ProductPage, package: PackageView) -> Money | None:
    """What sending one package costs inside Vietnam, or None when it is not sent as a parcel."""
    measured = page.record.measures.get(package.id)
    return parcel_fee(
        package_weight_g(
            measured.gross_weight_g if measured else None,
            package.net_content,
            package.unit,
            package.count,
        )
    )


def _arrival(page: ProductPage, on: date) -> tuple[date, date] | None:
    """When goods ordered today usually arrive; None for live goods and while nobody knows."""
    if page.storage_kind == "live":
        return None
    ready_after = page.record.lead_time_days
    closed = record.closure(page.producer, on)
    if closed is None or closed[0] > on + timedelta(days=ready_after or 0):
        return arrival_days(on, ready_after)
    return arrival_days(on, ready_after, closed[1]) if closed[1] else None
