"""What a scanned code shows: the lot's page, the product, or an honest word about why there is nothing."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from flask import Response, g, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as BaseResponse

from catalog.queries.errors import LotNotFound
from catalog.queries.lot_page import LotPage, find_slug_by_gtin, get_lot_by_code, get_lot_by_gtin
from catalog.reference import ALLERGENS
from catalog.rules.digital_link import Attributes, read_attributes
from catalog.rules.identifiers import is_restricted_circulation, is_valid_gtin
from i18n.catalogue import gettext as _
from i18n.catalogue import speak
from i18n.locales import ENABLED, OWN_NAMES, bcp47
from storefront import lot_words, recall_words
from storefront.access import public
from storefront.errors import reference
from storefront.extensions import db, settings
from storefront.rendering import SHOP_NAME, render_page
from storefront.tracing.linkset import MEDIA_TYPE, VOCABULARY, link_type, linkset, wants_linkset

_LONGEST_SHOWN = 40
R = TypeVar("R", bound=BaseResponse)


@public
def goods(gtin: str) -> ResponseReturnValue:
    """``/01/GTIN``: the product's page, its links, or why there is none."""
    _choose_language()
    refusal = _gtin_trouble(gtin)
    if refusal is not None:
        return refusal
    slug = find_slug_by_gtin(db.session(), gtin.zfill(14), locale=g.locale, on=g.today)
    if slug is None:
        return _nothing("unknown_gtin", gtin=gtin)
    product = f"{settings().base_url}/{g.locale}/products/{slug}"
    links = {"defaultLink": (product, _("Product")), "pip": (product, _("Product"))}
    return _answer_links(links, _("Product")) or _varied(redirect(product, 307))


@public
def lot(gtin: str, number: str) -> ResponseReturnValue:
    """``/01/GTIN/10/LOT``: everything known of that lot, as of today."""
    _choose_language()
    refusal = _gtin_trouble(gtin)
    if refusal is not None:
        return refusal
    gtin14 = gtin.zfill(14)
    try:
        page = get_lot_by_gtin(db.session(), gtin14, number, locale=g.locale, on=g.today)
    except LotNotFound:
        slug = find_slug_by_gtin(db.session(), gtin14, locale=g.locale, on=g.today)
        return _nothing("unknown_lot", gtin=gtin, number=number, slug=slug)
    return _show(page)


@public
def own_lot(code: str) -> ResponseReturnValue:
    """``/lots/CODE``: the same page for goods whose producer has no GTIN."""
    _choose_language()
    try:
        page = get_lot_by_code(db.session(), code[:16], locale=g.locale, on=g.today)
    except LotNotFound:
        return _nothing("unknown_lot", number=code)
    return _show(page)


@public
def resolver() -> ResponseReturnValue:
    """What this resolver of GS1 Digital Links can do."""
    return jsonify(
        name=SHOP_NAME,
        resolverRoot=settings().base_url,
        supportedPrimaryKeys=["01"],
        supportedLinkType=[{"namespace": VOCABULARY, "prefix": "gs1:"}],
    )


def _choose_language() -> None:
    """``?lang=`` of the page's own links; else what the request asks for, as on every page."""
    chosen = request.args.get("lang", "")
    if chosen in ENABLED:
        g.locale = chosen
        speak(chosen)


def _gtin_trouble(gtin: str) -> ResponseReturnValue | None:
    if not is_valid_gtin(gtin):
        return _nothing("wrong_number", 400, gtin=gtin)
    if is_restricted_circulation(gtin):
        return _nothing("in_house", gtin=gtin)
    return None


def _show(page: LotPage) -> ResponseReturnValue:
    return _answer_links(_links(page), page.name.value) or _html(page)


def _answer_links(links: dict[str, tuple[str, str]], description: str) -> BaseResponse | None:
    """The set of links, a way to one of them, or None when the page itself is asked for."""
    asked = link_type(request.args.get("linkType", ""))
    if wants_linkset(asked, request.headers.get("Accept", "")):
        anchor = settings().base_url + request.path
        response = jsonify(linkset(anchor, description, links, bcp47(g.locale)))
        response.mimetype = MEDIA_TYPE
        return _varied(response)
    if asked and asked not in links:
        return _nothing("no_such_link", kind=asked)
    target = links[asked][0] if asked else ""
    if target and target != settings().base_url + request.path:
        return _varied(redirect(target, 307))
    return None


def _links(page: LotPage) -> dict[str, tuple[str, str]]:
    base = settings().base_url
    own = base + request.path
    links = {
        "defaultLink": (own, page.name.value),
        "traceability": (own, _("How this lot came about")),
    }
    if page.product_slug:
        links["pip"] = (f"{base}/{g.locale}/products/{page.product_slug}", _("Product"))
    if page.claim is not None:
        address = f"{base}/{g.locale}/certificates/{page.claim.certificate_id}"
        links["certificationInfo"] = (address, _("Certificate"))
    if page.recall is not None:
        links["recallStatus"] = (own, _("Called back"))
    return links


def _html(page: LotPage) -> Response:
    said = read_attributes(request.args, today=g.today)
    return _page(
        200,
        "tracing/lot.html",
        page=page,
        words=lot_words,
        advice=recall_words,
        disagrees=_disagrees(page, said),
        said=said,
        contains=_allergens(page.allergens.contains),
        may_contain=_allergens(page.allergens.may_contain),
        today=g.today,
    )


def _disagrees(page: LotPage, said: Attributes) -> bool:
    """Whether the code itself claims other days than our books: a wrong label, or a false one."""

    def differs(claimed: date | None, known: date | None) -> bool:
        return claimed is not None and known is not None and claimed != known

    return differs(said.expires_on, page.expires_on) or differs(said.produced_on, page.produced_on)


def _allergens(codes: tuple[str, ...]) -> list[str]:
    """From the fixed glossary, never by machine."""
    return [
        ALLERGENS[code].names.get(g.locale) or ALLERGENS[code].names["en"]
        for code in codes
        if code in ALLERGENS
    ]


def _nothing(why: str, status: int = 404, **facts: Any) -> Response:
    """A page that says why there is nothing to show, and what to do with the goods in hand."""
    shown = {name: str(value)[:_LONGEST_SHOWN] for name, value in facts.items() if value}
    return _page(status, "tracing/nothing.html", why=why, facts=shown, reference=reference())


def _page(status: int, template: str, **values: Any) -> Response:
    response = render_page(
        template,
        status,
        languages=[(tag, bcp47(tag), OWN_NAMES[tag], _same_page(tag)) for tag in ENABLED],
        **values,
    )
    assert isinstance(response, Response)  # noqa: S101 - what Flask makes of a page
    if status == 200:
        address = f"{request.path}?linkType=linkset"
        response.headers["Link"] = f'<{address}>; rel="linkset"; type="{MEDIA_TYPE}"'
    return _varied(response)


def _same_page(tag: str) -> str:
    """This address in another language, the dates of the code kept."""
    kept = [
        f"{key}={value}" for key in ("11", "13", "15", "17")
        if (value := request.args.get(key, "")).isascii() and value.isdigit()
    ]  # fmt: skip
    return "?" + "&".join([*kept, f"lang={tag}"])


def _varied(response: R) -> R:
    response.headers["Vary"] = "Accept, Accept-Language, Cookie"
    response.headers["Cache-Control"] = "no-cache"
    return response
