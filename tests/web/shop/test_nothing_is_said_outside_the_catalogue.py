from __future__ import annotations

import html5lib
import pytest

from tests.factories.leftover_words import known_words, leftover_words
from tests.factories.pseudo import CLOSES, OPENS, outside, pseudo, put_on
from tests.web.page_client import PageClient
from tests.web.shop.conftest import Stalls


def test_every_public_page_speaks_only_through_the_catalogue(
    client: PageClient, stalls: Stalls, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_on(monkeypatch, "ja")
    assert stalls.engine is not None
    with stalls.engine.connect() as connection:
        known = known_words(connection)
    found = {}
    for path, status in (
        ("/", 200),
        ("/products", 200),
        ("/products?province=ca-mau&stars=4&sort=price", 200),
        (f"/products/{stalls.starred}", 200),
        (f"/products/{stalls.lapsed}", 200),
        (f"/producers/{stalls.producer}", 200),
        (f"/certificates/{stalls.certificate}", 200),
        (f"/certificates/{stalls.lapsed_certificate}", 200),
        ("/search", 200),
        ("/search?q=nuoc+mam", 200),
        ("/search?q=zzzzqqq", 200),
        ("/about", 200),
        ("/cart", 200),
        ("/account/sign-in", 200),
        ("/products/nowhere", 404),
    ):
        page = client.get(f"/ja{path}", status)
        assert page.text.count(OPENS) > 10, path
        words = leftover_words(page.root, known | {"zzzzqqq", "nuoc", "mam"})
        if words:
            found[path] = words
    assert not found


def test_a_word_that_went_around_the_catalogue_is_found() -> None:
    page = html5lib.parse(
        f'<html lang=ja><body><p title="Search here">{pseudo("Cart %(n)s") % {"n": "Trà xanh"}} Basket'
        "<i lang=vi>Muối</i><b>VND</b>",
        treebuilder="lxml",
    ).getroot()
    assert leftover_words(page, frozenset({"vnd"})) == {"Search", "here", "Basket"}


def test_pseudo_is_longer_and_keeps_what_is_filled_in() -> None:
    said = pseudo("Order %(number)s is <b>on its way</b> &amp; 5 %% off")
    assert said.startswith(OPENS)
    assert said.endswith(CLOSES)
    assert "%(number)s" in said
    assert "<b>" in said
    assert "&amp;" in said
    assert len(pseudo("Your address and how you pay")) >= 1.3 * len("Your address and how you pay")
    assert outside(f"{pseudo('Sold by %(who)s') % {'who': pseudo('A')}} left").strip() == "left"
