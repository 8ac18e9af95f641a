"""axe finds nothing on the desks of the office, a producer and a supermarket, and nothing is wider than a phone.

An ordinary run reads the first pages of each desk; ``make check-pages`` walks all of them, which takes minutes.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from itertools import islice

import pytest
from playwright.sync_api import Browser
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.test import Client

from core import clock
from core.db import write_session
from core.people.queries import find_person
from storefront.extensions import db
from tests.browser.every_page import (
    SCHEMES,
    Finding,
    Toured,
    explained,
    findings,
    visitor,
    whole_matrix,
)
from tests.factories.people import sign_in

DESKS = {"office": "/office/", "producer": "/portal/", "supermarket": "/partners/"}
FIRST_PAGES = 3
EXPLAINED = {
    (
        "color-contrast",
        "",
        ".wide-table",
    ): "columns beyond the edge of a table that scrolls: the same letters as those in sight",
    ("color-contrast", "nonBmp", "[aria-hidden=true]"): "drawn points, beside the same in words",
    (
        "color-contrast",
        "nonBmp",
        ".figures-table",
    ): "drawn stars over the columns of the style guide",
    ("color-contrast", "bgOverlap", ".problems"): "under the open suggestions of the style guide",
}
"""What axe can't judge at a desk: rule, reason ("" for any) and where; and why nobody needs to."""
_LINK = re.compile(r'<a [^>]*?href="(/[^"#]*)')
_STILL = "Promise.all(document.getAnimations().map(one => one.finished.catch(() => 0)))"


@pytest.mark.parametrize("person", DESKS)
def test_a_desk_is_accessible_and_fits_a_phone(
    whole_shop: Toured, chromium: Browser, person: str
) -> None:
    token = _signed_in(whole_shop, person)
    client = whole_shop.app.test_client()
    client.set_cookie("sign-in", token, domain="localhost")
    most = None if whole_matrix() else FIRST_PAGES
    addresses = list(islice(_kinds(whole_shop, client, DESKS[person]), most))
    assert len(addresses) >= FIRST_PAGES
    left: list[Finding] = []
    too_wide: list[str] = []
    with visitor(chromium, whole_shop, "vi") as page:
        page.context.add_cookies([{"name": "sign-in", "value": token, "url": whole_shop.base_url}])
        for address in addresses:
            page.goto(whole_shop.base_url + address)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                too_wide.append(address)
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                page.evaluate(_STILL)
                found = findings(page, address, scheme)
                left += [f for f in found if not explained(page, f, EXPLAINED)]
    assert (left, too_wide) == ([], [])


def _signed_in(shop: Toured, person: str) -> str:
    """The token of a session of somebody of the demonstration."""
    with shop.app.app_context(), write_session(db.engine) as session:
        found = find_person(session, f"{person}@demo.ocop.example")
        assert found is not None
        token = sign_in(session, found, now=clock.now())
        session.commit()
    return token


def _kinds(shop: Toured, client: Client, start: str) -> Iterator[str]:
    """One address of each kind of page that links from a desk lead to."""
    addresses = shop.app.url_map.bind("127.0.0.1")
    met, known, waiting = {start}, set[str](), deque([start])
    while waiting:
        path = waiting.popleft()
        try:
            endpoint = str(addresses.match(path.partition("?")[0], method="GET")[0])
        except (HTTPException, RequestRedirect):
            continue
        if endpoint in known:
            continue
        answer = client.get(path)
        links = [answer.location] if answer.location else []
        if answer.mimetype == "text/html" and answer.status_code == 200:
            known.add(endpoint)
            yield path
            links = [link.replace("&amp;", "&") for link in _LINK.findall(answer.text)]
        for link in links:
            if link.startswith(start) and link not in met:
                met.add(link)
                waiting.append(link)
