"""What the search box asks while somebody types, and what tells a browser that there is a search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, g, jsonify, request
from flask.typing import ResponseReturnValue
from markupsafe import escape

from i18n.catalogue import gettext as _
from i18n.catalogue import ngettext
from i18n.locales import bcp47
from storefront.access import public
from storefront.extensions import db, settings
from storefront.rendering import SHOP_NAME, asset_address, province_name
from storefront.suggestions import address_of

if TYPE_CHECKING:
    from catalog.search.suggest import Suggestion

KEPT_SECONDS = 30


@public
def suggest() -> ResponseReturnValue:
    """At most eight things the typed letters may become, as the box shows them.

    With ``format=opensearch`` the same as browsers ask it for their own box.
    """
    from catalog.search.home import search_home
    from catalog.search.suggest import suggest as suggest_goods

    typed = request.args.get("q", "")
    answer = suggest_goods(
        db.session(), search_home(settings()), typed, locale=g.locale, on=g.today
    )
    if request.args.get("format") == "opensearch":
        response = jsonify(
            [
                typed,
                [one.label for one in answer.found],
                [_note(one) for one in answer.found],
                [settings().base_url + address_of(one, g.locale) for one in answer.found],
            ]
        )
        response.mimetype = "application/x-suggestions+json"
    else:
        response = jsonify(
            entries=[_shown(one) for one in answer.found],
            status=ngettext("%(num)s suggestion", "%(num)s suggestions", len(answer.found)),
        )
    return _kept(response, healthy=not answer.degraded)


def _shown(one: Suggestion) -> dict[str, str]:
    shown = {"label": one.label, "note": _note(one), "address": address_of(one, g.locale)}
    return shown if one.language == g.locale else shown | {"lang": bcp47(one.language)}


def _note(one: Suggestion) -> str:
    if one.kind == "product":
        return province_name(one.province)
    return {
        "type": _("Kind of goods"),
        "province": _("Province"),
        "query": _("Often searched"),
        "producer": _("Producer"),
    }[one.kind]


def _kept(response: Response, *, healthy: bool) -> Response:
    """The same letters give the same answer for half a minute; nothing in it is about a person."""
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}" if healthy else "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.add_etag()
    response.make_conditional(request)
    return response


@public
def opensearch() -> ResponseReturnValue:
    """The description by which a browser offers the shop's search in its own address bar."""
    base, tag = settings().base_url, g.locale
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">'
        f"<ShortName>{escape(SHOP_NAME)}</ShortName>"
        f"<Description>{escape(_('Search for goods, producers and provinces'))}</Description>"
        f"<Language>{bcp47(tag)}</Language><InputEncoding>UTF-8</InputEncoding>"
        f'<Image type="image/svg+xml">{base}{asset_address("img/favicon.svg")}</Image>'
        f'<Url type="text/html" template="{base}/{tag}/search?q={{searchTerms}}"/>'
        '<Url type="application/x-suggestions+json" rel="suggestions" template='
        f'"{base}/{tag}/search/suggest?format=opensearch&amp;q={{searchTerms}}"/>'
        f'<Url type="application/opensearchdescription+xml" rel="self" template="{base}'
        f'/{tag}/opensearch.xml"/>'
        "</OpenSearchDescription>"
    )
    response = Response(text, mimetype="application/opensearchdescription+xml")
    response.headers["Cache-Control"] = "public, max-age=86400"
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response
