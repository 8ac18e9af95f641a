"""axe finds nothing on the desks of the office, a producer and a supermarket, and nothing is wider than a phone.

An ordinary run reads the first pages of each desk; ``make check-pages`` walks all of them, which takes minutes.
"""

from __future__ import annotations

from itertools import islice

import pytest
from playwright.sync_api import Browser

from tests.browser.desks import DESKS, kinds_of_pages, signed_in
from tests.browser.every_page import (
    SCHEMES,
    Finding,
    Toured,
    explained,
    findings,
    visitor,
    whole_matrix,
)

pytestmark = pytest.mark.slow

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
_STILL = "Promise.all(document.getAnimations().map(one => one.finished.catch(() => 0)))"


@pytest.mark.parametrize("person", DESKS)
def test_a_desk_is_accessible_and_fits_a_phone(
    whole_shop: Toured, chromium: Browser, person: str
) -> None:
    token = signed_in(whole_shop, person)
    client = whole_shop.app.test_client()
    client.set_cookie("sign-in", token, domain="localhost")
    most = None if whole_matrix() else FIRST_PAGES
    addresses = list(islice(kinds_of_pages(whole_shop, client, DESKS[person]), most))
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
