"""What machines ask for: site map, robots, icon."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from flask import Response, abort, g, redirect
from flask.typing import ResponseReturnValue
from markupsafe import escape

from catalog.queries.addresses import (
    list_addresses_around,
    list_last_changes,
    list_producer_addresses,
    list_product_addresses,
)
from catalog.queries.campaigns.articles import list_article_addresses
from catalog.queries.campaigns.collections import list_collection_addresses
from catalog.queries.campaigns.events import list_event_addresses
from catalog.reference import PROVINCES
from core.clock import vietnam_date
from i18n.locales import ENABLED, bcp47
from orders.live.pages import list_live_addresses
from storefront.access import public
from storefront.extensions import db, settings
from storefront.rendering import X_DEFAULT, asset_address
from storefront.shop import policies

PER_FILE = 5_000
"""Products in one file: in nine languages still below the 50,000 addresses a site map may have."""

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


@public
def sitemap() -> ResponseReturnValue:
    """The index of the site maps."""
    changes = list_last_changes(db.session(), on=g.today, per_file=PER_FILE)
    files: list[datetime | None] = [max(changes, default=None), *changes]
    if not changes:
        files.append(None)
    base = settings().base_url
    entries = "".join(
        f"<sitemap><loc>{base}/sitemap-{number}.xml</loc>{_last_change(changed)}</sitemap>"
        for number, changed in enumerate(files)
    )
    return _xml(f'{_HEAD}<sitemapindex xmlns="{_SPACE}">{entries}</sitemapindex>')


@public
def sitemap_file(number: int) -> ResponseReturnValue:
    """File 0 holds the fixed pages and producers, the others the products in their order."""
    if number == 0:
        pages: list[tuple[str, datetime | None]] = [
            (path, None)
            for path in (
                "/",
                "/products",
                "/about",
                "/policies",
                "/events",
                "/collections",
                "/news",
                "/provinces",
                "/places",
                "/gift-sets",
                "/live",
                "/marks",
            )
        ]
        pages += [(f"/policies/{name}", None) for name in policies.NAMES]
        pages += [
            (f"/producers/{slug}", changed)
            for slug, changed in list_producer_addresses(db.session(), on=g.today)
        ]
        pages += _campaigns()
        pages += _around()
        pages += list_live_addresses(db.session())
    else:
        listed = list_product_addresses(
            db.session(), on=g.today, offset=(number - 1) * PER_FILE, limit=PER_FILE
        )
        if not listed and number > 1:
            abort(404)
        return _url_set(
            _entry({tag: f"/products/{slug}" for tag, slug in slugs.items()}, changed)
            for slugs, changed in listed
        )
    return _url_set(_entry(dict.fromkeys(ENABLED, path), changed) for path, changed in pages)


def _url_set(entries: Iterable[str]) -> Response:
    body = "".join(entries)
    return _xml(
        f'{_HEAD}<urlset xmlns="{_SPACE}" xmlns:xhtml="http://www.w3.org/1999/xhtml">{body}</urlset>'
    )


def _campaigns() -> list[tuple[str, datetime | None]]:
    """Events, collections and articles; a booth is found from its event."""
    session = db.session()
    listed = {
        "events": list_event_addresses(session),
        "collections": list_collection_addresses(session),
        "news": list_article_addresses(session, on=g.today),
    }
    return [(f"/{area}/{slug}", moment) for area, own in listed.items() for slug, moment in own]


def _around() -> list[tuple[str, datetime | None]]:
    """All provinces, the places, gift sets and shared brands anybody may see."""
    session = db.session()
    provinces = [(f"/provinces/{province.slug}", None) for province in PROVINCES.values()]
    return [*provinces, *list_addresses_around(session, on=g.today)]


def _last_change(changed: datetime | None) -> str:
    """The day of a change as a site map says it; nothing where nobody knows."""
    return f"<lastmod>{vietnam_date(changed).isoformat()}</lastmod>" if changed else ""


def _entry(paths: Mapping[str, str], changed: datetime | None) -> str:
    """One page by its path in each language, each naming all the others."""
    base = settings().base_url
    whole = {tag: str(escape(f"{base}/{tag}{paths[tag]}")) for tag in ENABLED}
    alternates = "".join(
        f'<xhtml:link rel="alternate" hreflang="{bcp47(tag)}" href="{whole[tag]}"/>'
        for tag in ENABLED
    )
    default = whole[X_DEFAULT] if paths[X_DEFAULT] != "/" else f"{base}/"
    alternates += f'<xhtml:link rel="alternate" hreflang="x-default" href="{default}"/>'
    last = _last_change(changed)
    return "".join(f"<url><loc>{whole[tag]}</loc>{last}{alternates}</url>" for tag in ENABLED)


def _xml(text: str) -> Response:
    response = Response(text, mimetype="application/xml")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@public
def robots() -> ResponseReturnValue:
    """What crawlers should leave alone."""
    lines = ["User-agent: *"]
    lines += [f"Disallow: /{tag}/{area}" for tag in ENABLED for area in _PRIVATE]
    lines += [f"Disallow: /{desk}/" for desk in ("portal", "office", "partners")]
    lines += ["", f"Sitemap: {settings().base_url}/sitemap.xml", ""]
    response = Response("\n".join(lines), mimetype="text/plain")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


_PRIVATE = ("cart", "checkout", "orders", "account", "search", "ship-to")


@public
def favicon() -> ResponseReturnValue:
    """Browsers ask for this address whatever the page says."""
    return redirect(asset_address("img/icons/favicon.ico"), 302)
