"""How the destination reaches a page: from the address, else the cookie of an explicit choice; links carry it on.

A page that is kept shows what its address says (``?to=jp``) and nothing a cookie says, so that one visitor's
choice is never another's page. Whoever has chosen and comes without it is sent on. See ADR 24.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import Flask, Response, g, make_response, redirect, request

from catalog.reference.destinations import destinations
from catalog.rules.destinations import Destination, choose, named
from i18n.locales import ENABLED
from storefront.extensions import cookie, settings

ARGUMENT = "to"
COOKIE = "ship_to"
_A_YEAR = 31_536_000
_LONGEST_WAY_BACK = 500
_PAGE = re.compile(rf"/(?:{'|'.join(ENABLED)})(?:/[^\\\x00-\x20\x7f-\x9f]*)?")
_LINK = re.compile(
    rf'(\s(?:href|action|formaction)="/(?:{"|".join(ENABLED)})(?:/[^"?#.]*)?)(\?[^"#]*)?(?=["#])'
)
_GET_FORM = re.compile(r'<form\b(?![^>]*method="post")[^>]*>', re.IGNORECASE)


def install(app: Flask) -> None:
    """Let redirects carry the destination as links do."""
    app.after_request(_carry_in_redirect)


def of_request() -> Destination:
    """Where the visitor wants goods sent; also notes for ``carry`` what links have to say."""
    chosen = request.args.get(ARGUMENT, "") if request.query_string else ""
    found = choose(destinations(), chosen, cookie(COOKIE))
    is_said = named(destinations(), chosen) is not None
    g.carried = found.slug if is_said or not found.is_home else ""
    return found


def sent_on() -> Response | None:
    """To the same address with the destination, for who has chosen one that the address does not name."""
    if request.method not in ("GET", "HEAD") or not g.carried:
        return None
    if named(destinations(), request.args.get(ARGUMENT, "")) is not None:
        return None
    answer = make_response(redirect(with_destination(request.full_path, g.carried), 302))
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Vary"] = "Cookie"
    return answer


def carry(html: str) -> str:
    """The page with the destination in every link to a page of the shop, and in forms that ask."""
    carried = g.get("carried", "")
    if not carried:
        return html
    said = f"{ARGUMENT}={carried}"

    def link(found: re.Match[str]) -> str:
        start, query = found[1], found[2] or ""
        if re.search(rf"[?&;]{ARGUMENT}=", query):
            return found[0]
        return f"{start}{query}&amp;{said}" if len(query) > 1 else f"{start}?{said}"

    field = f'<input type="hidden" name="{ARGUMENT}" value="{carried}">'
    return _GET_FORM.sub(lambda form: form[0] + field, _LINK.sub(link, html))


def with_destination(address: str, slug: str) -> str:
    """An address of this shop for that destination; "" takes it out."""
    parts = urlsplit(address)
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name != ARGUMENT
    ]
    if slug:
        query.append((ARGUMENT, slug))
    return urlunsplit(("", "", parts.path, urlencode(query), parts.fragment))


def way_back() -> str:
    """The present page without its destination, for the page on which another one is chosen."""
    if request.method != "GET" or request.routing_exception is not None:
        return f"/{g.locale}/"
    if request.path == f"/{g.locale}/ship-to":
        return asked_back(request.args.get("back", ""))
    if not request.query_string:
        return request.path
    address = with_destination(request.full_path, "")
    return address if len(address) <= _LONGEST_WAY_BACK else request.path


def is_page(address: str) -> bool:
    """Whether it is a page of this shop in one of its languages, so that no link leads out of it."""
    return len(address) <= _LONGEST_WAY_BACK and _PAGE.fullmatch(address) is not None


def asked_back(address: str) -> str:
    """The page to go back to that a form or an address names; the front page if it is none of ours."""
    return address if is_page(address) else f"/{g.locale}/"


def remember(answer: Response, destination: Destination) -> Response:
    """Note an explicit choice for a year."""
    answer.set_cookie(
        COOKIE,
        destination.slug,
        max_age=_A_YEAR,
        path="/",
        httponly=True,
        secure=settings().is_secure,
        samesite="Lax",
    )
    return answer


def _carry_in_redirect(answer: Response) -> Response:
    carried = g.get("carried", "")
    if carried and 300 <= answer.status_code < 400 and is_page(answer.headers.get("Location", "")):  # noqa: PLR2004
        answer.headers["Location"] = with_destination(answer.headers["Location"], carried)
    return answer
