"""The pages on which anybody can check a certificate, a paper, a licence or a protected name, on any day."""

from __future__ import annotations

from urllib.parse import quote

from flask import g, redirect, request
from flask.typing import ResponseReturnValue

from catalog.queries.certificates import get_certificate_page
from catalog.queries.ledger_pages import get_licence_page, get_paper_page, get_right_page
from storefront.access import public
from storefront.extensions import db
from storefront.kept_pages import kept
from storefront.rendering import render_page
from storefront.request_context import locale_of_request
from storefront.shop.as_of import read_as_of


@public
@kept
def certificate(certificate_id: int) -> ResponseReturnValue:
    """What was decided about stars, and whether it holds on the day asked."""
    asked = read_as_of(request.args, g.today)
    page = get_certificate_page(db.session(), certificate_id, locale=g.locale, on=asked.on)
    return render_page("shop/ledger/certificate.html", asked.status, page=page, asked=asked)


@public
@kept
def paper(paper_id: int) -> ResponseReturnValue:
    """A scheme's certificate, a food-safety paper or an award."""
    asked = read_as_of(request.args, g.today)
    page = get_paper_page(db.session(), paper_id, locale=g.locale, on=asked.on)
    return render_page("shop/ledger/entry.html", asked.status, page=page, asked=asked)


@public
@kept
def licence(licence_id: int) -> ResponseReturnValue:
    """A producer's licence to use a protected name."""
    asked = read_as_of(request.args, g.today)
    page = get_licence_page(db.session(), licence_id, locale=g.locale, on=asked.on)
    return render_page("shop/ledger/entry.html", asked.status, page=page, asked=asked)


@public
@kept
def right(kind: str, number: str) -> ResponseReturnValue:
    """A geographical indication or mark, by its registration number, and who may use it."""
    asked = read_as_of(request.args, g.today)
    page = get_right_page(db.session(), kind, number, on=asked.on)
    return render_page("shop/ledger/right.html", asked.status, page=page, asked=asked)


@public
def in_own_language(**_parts: object) -> ResponseReturnValue:
    """The short address in a printed code: leads to the page in the scanner's language."""
    query = request.query_string.decode("ascii", "replace")
    address = f"/{locale_of_request()}{quote(request.path)}" + (f"?{query}" if query else "")
    response = redirect(address, 302)
    response.headers["Vary"] = "Accept-Language, Cookie"
    response.headers["Cache-Control"] = "no-cache"
    return response
