"""What makes the shop installable and readable without a connection: manifest, worker, the page shown then."""

from __future__ import annotations

import hashlib
import json

from flask import Response, current_app, g, jsonify, request
from flask.typing import ResponseReturnValue

from i18n.catalogue import gettext as _
from i18n.locales import ENABLED, bcp47
from storefront.access import public
from storefront.assets import Assets
from storefront.kept_pages import kept
from storefront.rendering import SHOP_NAME, asset_address, render_page

SOURCE = "js/offline.js"
_GROUND = "#f7f2e6"


@public
@kept
def page() -> ResponseReturnValue:
    """What stands in for a page that was never opened before, when there is no connection."""
    return render_page("shop/offline.html")


@public
def worker() -> ResponseReturnValue:
    """The worker, at the root so that it may answer for every page; it knows the built files' version.

    With new files comes a new version, and with it an empty shelf: kept pages name hashed files.
    """
    assets: Assets = current_app.extensions["assets"]
    source = (assets.directory / assets[SOURCE].removeprefix("/static/")).read_text("utf-8")
    facts = {"VERSION": assets.directory.name, "LOCALES": ENABLED}
    head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in facts.items())
    response = Response(head + source, mimetype="text/javascript")
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Content-Security-Policy"] = "default-src 'none'; connect-src 'self'"
    return response.make_conditional(request)


@public
def manifest() -> ResponseReturnValue:
    """What a phone needs to put the shop on its first screen."""
    icons = [
        {"src": asset_address(f"img/icons/{name}.png"), "sizes": f"{size}x{size}",
         "type": "image/png", "purpose": purpose}
        for name, size, purpose in (
            ("icon-192", 192, "any"), ("icon-512", 512, "any"), ("maskable-512", 512, "maskable"),
        )
    ]  # fmt: skip
    response = jsonify(
        id="/",
        name=SHOP_NAME,
        short_name=SHOP_NAME,
        description=_(
            "Goods of Vietnam's One Commune One Product programme, straight from the people who make them."
        ),
        lang=bcp47(g.locale),
        dir="ltr",
        start_url=f"/{g.locale}/",
        scope="/",
        display="standalone",
        background_color=_GROUND,
        theme_color=_GROUND,
        icons=icons,
    )
    response.mimetype = "application/manifest+json"
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
