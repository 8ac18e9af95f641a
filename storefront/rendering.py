"""How pages are rendered: the Jinja environment, what every template can use, parts rendered once.

Rendering dominates the time of a page, so what never changes (head, header, footer) is rendered once per
language and kept, and addresses in lists are strings, not calls of ``url_for``.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from jinja2 import StrictUndefined, pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from catalog.reference import GROUPS, PROVINCES, SUBGROUPS
from core.clock import vietnam_date
from i18n import catalogue, formatting
from i18n.locales import ENABLED, OPEN_GRAPH, OWN_NAMES, bcp47
from storefront import destination
from storefront.assets import SPRITE, Assets
from storefront.escaping import PlainPieces
from storefront.extensions import settings
from storefront.market_messages import country_name
from storefront.security import csp_nonce
from storefront.whole_templates import WholeTemplates

SHOP_NAME = "Mùa Quê"
"""Not "OCOP …": that word stands on a page only where a valid certificate lets it (see StarClaim)."""

X_DEFAULT = "en"
"""For a reader of none of our languages."""

MARKS_SECRET = secrets.token_hex(8)
CART_MARK = f"\ue000cart{MARKS_SECRET}\ue000"
NONCE_MARK = f"\ue000nonce{MARKS_SECRET}\ue000"
"""Places in a kept page that differ from visitor to visitor. Nobody can type them into a query or a text: they
are anew in each process and never leave it."""


class Pictures(dict[str, str]):
    """The address of each packshot inside the one file that holds them all; a box for unknown kinds."""

    def __missing__(self, kind: str) -> str:
        """A kind nobody has drawn yet comes in a box, never in a broken picture."""
        return self["box"]


_frames: dict[tuple[str, str], str] = {}


def install(app: Flask, assets: Assets) -> None:
    """Give the templates their words, filters and globals."""
    _frames.clear()
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = True
    env.lstrip_blocks = True
    env.add_extension("jinja2.ext.i18n")
    env.add_extension("jinja2.ext.do")
    env.add_extension(WholeTemplates)
    env.code_generator_class = PlainPieces
    env.policies["ext.i18n.trimmed"] = True
    env.newstyle_gettext = True  # type: ignore[attr-defined]  # added by the extension
    env.globals.update(_=_say, gettext=_say, ngettext=_say_count, pgettext=_say_in)
    env.filters.update(
        money=lambda price: formatting.format_money(price, catalogue.spoken()),
        date=lambda day: formatting.format_date(day, catalogue.spoken()),
        short_date=lambda day: formatting.format_short_date(day, catalogue.spoken()),
        moment=lambda moment: formatting.format_datetime(moment, catalogue.spoken()),
        vietnam_day=vietnam_date,
        listed=lambda words: formatting.format_list(words, catalogue.spoken()),
        number=lambda value: formatting.format_number(value, catalogue.spoken()),
        telephone=lambda number: formatting.format_telephone(number, catalogue.spoken()),
        province=province_name,
        province_slug=lambda code: PROVINCES[code].slug if code in PROVINCES else "",
        zip=lambda one, other: list(zip(one, other, strict=True)),
        subgroup=subgroup_name,
        group=group_name,
        bcp47=bcp47,
    )
    app.extensions["assets"] = assets
    app.extensions["pictures"] = Pictures(
        {
            Path(name).stem: f"{assets[SPRITE]}#{Path(name).stem}"
            for name in assets.addresses
            if name.startswith("img/packshots/")
        }
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # of Flask's own provider
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the same
    env.tests["in_stock"] = lambda package_id, stock: stock.get(package_id, 0) > 0
    env.globals.update(
        pictures=app.extensions["pictures"],
        asset=assets.addresses.__getitem__,
        csp_nonce=nonce_for_template,
        csrf_token=csrf_for_template,
        quantity=lambda value, unit: formatting.format_quantity(value, unit, catalogue.spoken()),
        colon=lambda: formatting.colon(catalogue.spoken()),
        comma=lambda: formatting.comma(catalogue.spoken()),
        place=_place,
        in_vietnamese=_in_vietnamese,
        list_comma=lambda: formatting.list_comma(catalogue.spoken()),
        gap=lambda: formatting.gap(catalogue.spoken()),
        frame=frame,
        language_links=language_links,
        own_names=OWN_NAMES,
        way_back=destination.way_back,
        country_name=country_name,
        shop_name=SHOP_NAME,
        open_graph=OPEN_GRAPH,
        x_default=X_DEFAULT,
        base_url=app.config["OCOP"].base_url,
    )
    app.context_processor(_of_request)


def _told(eval_ctx: EvalContext, text: str, facts: Mapping[str, Any]) -> str:
    text = Markup(text) if eval_ctx.autoescape else text  # noqa: S704  # ours, facts are escaped
    return text % facts if facts or "%" in text else text


@pass_eval_context
def _say(eval_ctx: EvalContext, message: str, /, **facts: Any) -> str:
    """As the function that Jinja's extension would install, in one call instead of three."""
    return _told(eval_ctx, catalogue.look_up(message), facts)


@pass_eval_context
def _say_count(eval_ctx: EvalContext, singular: str, plural: str, num: int, /, **facts: Any) -> str:
    text = catalogue.look_up_plural(singular, plural, num)
    return _told(eval_ctx, text, {"num": num, **facts})


@pass_eval_context
def _say_in(eval_ctx: EvalContext, context: str, message: str, /, **facts: Any) -> str:
    return _told(eval_ctx, catalogue.look_up_in(context, message), {"context": context, **facts})


def _of_request() -> dict[str, Any]:
    locale = g.get("locale", ENABLED[0])
    return {
        "locale": locale,
        "lang": bcp47(locale),
        "home": f"/{locale}",
        # Flask-WTF offers its own, which would put one visitor's token into a page kept for all.
        "csrf_token": csrf_for_template,
    }


def asset_address(name: str) -> str:
    """The hashed address of a static file; a drawing that does not exist is shown as a box."""
    addresses = current_app.extensions["assets"].addresses
    found = addresses.get(name)
    return str(found or addresses["img/packshots/box.svg"])


def picture_addresses() -> Mapping[str, str]:
    """The address of each packshot; unknown kinds get a box."""
    pictures: Pictures = current_app.extensions["pictures"]
    return pictures


def render_page(template: str, /, status: int = 200, **values: Any) -> ResponseReturnValue:
    """A rendered page with its status; its links carry the destination."""
    return make_response(destination.carry(render_template(template, **values)), status)


def frame(part: str) -> Markup:
    """A part of the frame (``head``, ``top``, ``bottom``) in the page's language, rendered once."""
    key = (g.get("locale", ENABLED[0]), part)
    text = _frames.get(key)
    if text is None:
        text = render_template(
            f"layouts/frame_{part}.html", cart_mark=CART_MARK, nonce_mark=NONCE_MARK
        )
        _frames[key] = text
    if part == "top":
        text = text.replace(CART_MARK, cart_count_for_template())
    elif part == "head":
        text = text.replace(NONCE_MARK, nonce_for_template())
    return Markup(text)  # noqa: S704  # rendered by Jinja with autoescape; the marks' values are ours


def nonce_for_template() -> str:
    """The response's nonce, or its mark while a page is rendered for keeping."""
    return NONCE_MARK if g.get("keeping") else csp_nonce()


def csrf_for_template() -> str:
    """The visitor's form token; none on a page that is the same for everybody, whether or not it is kept.

    Its forms are known by where the browser says they come from (`security.Forms`), and it sets no cookie.
    """
    return "" if g.get("for_anybody") else str(generate_csrf())


def cart_count_for_template() -> str:
    """The badge on the cart, or its mark while a page is rendered for keeping."""
    return CART_MARK if g.get("keeping") else cart_badge(g.get("cart_count", 0))


def cart_badge(count: int) -> str:
    """The number shown on the cart; nothing for an empty cart."""
    return f'<b class="badge">{min(count, 99)}</b>' if count else ""


def language_links() -> list[dict[str, str]]:
    """This page in each open language, for the switch, ``hreflang`` and the canonical address."""
    own = g.get("locale", ENABLED[0])
    first, _, rest = request.path.removeprefix("/").partition("/")
    if first not in ENABLED:
        return []
    addresses: Mapping[str, str] = g.get("addresses") or {}
    if request.routing_exception is not None:  # an address that exists in no language
        rest = ""
    query = request.query_string.decode("ascii", "replace")
    asked = f"?{query}" if query else ""
    links = []
    for tag in ENABLED:
        path = addresses.get(tag) or f"/{tag}/{rest}"
        links.append(
            {
                "locale": tag,
                "lang": bcp47(tag),
                "name": OWN_NAMES[tag],
                "path": path,
                "switch": path + asked,
                "current": "yes" if tag == own else "",
            }
        )
    return links


def _place(*parts: str | None) -> Markup:
    """A place in the order of the language, its parts given from the smallest on; marked-up ones stay so."""
    marked = [str(escape(part)) for part in parts if part]
    return Markup(formatting.format_place(marked, catalogue.spoken()))  # noqa: S704  # escaped above


def _in_vietnamese(name: str | None) -> Markup:
    """A name nobody translates, marked as what it is; "" for none."""
    return Markup('<span lang="vi">{}</span>').format(name) if name else Markup()


def province_name(code: str | None) -> str:
    """The province in the page's language, else in Vietnamese; "" for an unknown one."""
    return _name(PROVINCES, code)


def subgroup_name(code: str | None) -> str:
    """The product subgroup of the OCOP set in the page's language."""
    return _name(SUBGROUPS, code)


def group_name(code: str | None) -> str:
    """The product group of the OCOP set in the page's language."""
    return _name(GROUPS, code)


def _name(table: Mapping[str, Any], code: str | None) -> str:
    entry = table.get(code) if code else None
    if entry is None:
        return ""
    names: Mapping[str, str] = entry.names
    spoken = catalogue.spoken()
    return names.get(spoken) or names.get("en") or names["vi"]


def is_keeping_allowed() -> bool:
    """Whether the operator lets anonymous pages be kept for some seconds."""
    return settings().kept_pages
