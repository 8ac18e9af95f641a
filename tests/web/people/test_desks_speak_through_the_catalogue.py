from __future__ import annotations

import pytest

from storefront.access import declared
from tests.factories.house import House
from tests.factories.leftover_words import known_words, leftover_words
from tests.factories.pseudo import OPENS, put_on

DESKS = {"producers": "producer", "office": "office", "partners": "partner", "account": "producer"}


AS_STORED = {
    "/office/audit": {"link", "role", "None", "False"},  # the diary shows keys and values as kept
    "/office/search-words": {"liền", "instant", "noodles"},  # an example in several languages
}


def _addresses(house: House) -> list[tuple[str, str]]:
    """Who looks at which address: every page of a desk that can be built from what the house holds."""
    values = {
        "product_id": house.products["producer"],
        "producer_id": house.producers["producer"],
        "partner": "demo-supermarket",
        "locale": "ja",
    }
    found = []
    for rule in house.app.url_map.iter_rules():
        desk = rule.endpoint.split(".")[0]
        if desk not in DESKS or "GET" not in (rule.methods or ()) or rule.arguments - set(values):
            continue
        if declared(house.app.view_functions[rule.endpoint]):
            built = rule.build({name: values[name] for name in rule.arguments})
            assert built is not None
            found.append((DESKS[desk], built[1]))
    return found


def test_every_desk_speaks_only_through_the_catalogue(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_on(monkeypatch, "ja")
    with house.engine.connect() as connection:
        known = known_words(connection)
    found, seen = {}, 0
    browsers = {who: house.browser(who) for who in ("producer", "office", "partner")}
    for browser in browsers.values():
        browser.client.set_cookie("locale", "ja", domain="localhost")
    for who, address in _addresses(house):
        answer = browsers[who].client.get(address)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        page = browsers[who].get(address)
        seen += 1
        assert OPENS in page, address
        words = leftover_words(browsers[who].tree, known) - AS_STORED.get(address, set())
        if words:
            found[address] = words
    assert not found, "\n".join(f"@@ {a}: {sorted(w)}" for a, w in found.items())
    assert seen > 40
