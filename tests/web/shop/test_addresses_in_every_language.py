"""Every language has its own address of a product; those of others, and former ones, lead there."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from catalog.addressing import readdress
from catalog.models import Product
from catalog.translating import set_translation
from core import clock
from core.actor import Actor
from core.db import write_session
from i18n.locales import ENABLED, bcp47
from tests.web.page_client import PageClient
from tests.web.shop.conftest import Stalls


@pytest.fixture
def named(stalls: Stalls) -> Stalls:
    """The starred fish sauce is called something in French, and was called something else before."""
    assert stalls.engine is not None
    with write_session(stalls.engine) as session:
        product = session.scalars(select(Product).where(Product.slug == stalls.starred)).one()
        for words in ("Sauce de poisson", "Nuoc-mâm d’anchois"):
            set_translation(
                session, entity_kind="product", entity_id=product.id, field="name", locale="fr",
                text=words, status="reviewed", actor=Actor.system("test"), now=clock.now(),
            )  # fmt: skip
            readdress(session, [product.id], now=clock.now())
        session.commit()
    return stalls


FRENCH = "/fr/products/nuoc-mam-d-anchois"


def test_former_and_foreign_addresses_lead_to_the_one_of_the_language(
    client: PageClient, app: Flask, named: Stalls
) -> None:
    for slug in (named.starred, "anchovy-fish-sauce", "sauce-de-poisson"):
        answer = app.test_client().get(f"/fr/products/{slug}?ref=a%26b")
        assert (answer.status_code, answer.headers["Location"]) == (301, f"{FRENCH}?ref=a%26b")
        assert answer.headers["Cache-Control"] == "no-cache"
    assert app.test_client().get(FRENCH.replace("/fr/", "/vi/")).headers["Location"] == (
        f"/vi/products/{named.starred}"
    )
    assert client.get(FRENCH).heading == "Nuoc-mâm d’anchois"


def test_page_and_sitemap_name_the_same_address_in_each_language(
    client: PageClient, app: Flask, named: Stalls
) -> None:
    page = client.get(FRENCH)
    own = dict.fromkeys(ENABLED, "anchovy-fish-sauce")
    own |= {"vi": named.starred, "fr": "nuoc-mam-d-anchois"}
    wanted = {bcp47(tag): f"http://localhost/{tag}/products/{slug}" for tag, slug in own.items()}
    told = {
        link.get("hreflang"): link.get("href")
        for link in page.all("link", rel="alternate")
        if link.get("hreflang")
    }
    assert told == {**wanted, "x-default": wanted["en"]}
    assert page.one("link", rel="canonical").get("href") == f"http://localhost{FRENCH}"
    switch = {a.get("hreflang"): a.get("href") for a in page.all("a") if a.get("data-locale")}
    assert {tag: f"http://localhost{path}" for tag, path in switch.items()} == wanted
    sitemap = app.test_client().get("/sitemap-1.xml").text
    entry = re.search(rf"<url><loc>{re.escape(wanted['fr'])}</loc>.*?</url>", sitemap)
    assert entry is not None
    assert all(f'hreflang="{tag}" href="{address}"' in entry[0] for tag, address in wanted.items())


def test_cards_codes_and_certificates_go_straight_to_it(
    client: PageClient, named: Stalls, sent: list[str]
) -> None:
    assert FRENCH in client.get("/fr/products?stars=4").links()
    assert FRENCH in client.get(f"/fr/certificates/{named.certificate}").links()
    page = client.get(FRENCH)
    assert f'value="http://localhost{FRENCH}"' in page.html
    code = next(i.get("src") for i in page.all("img") if "/qr-" in i.get("src", ""))
    assert code.startswith(FRENCH)
    sent.clear()
    client.get(FRENCH)
    assert len(sent) <= 6


def test_pictures_and_codes_of_a_former_address_still_work(
    client: PageClient, app: Flask, named: Stalls
) -> None:
    card = next(
        m.get("content") for m in client.get(FRENCH).all("meta", property="og:image")
    ).removeprefix("http://localhost")
    former = card.replace("nuoc-mam-d-anchois", "sauce-de-poisson")
    answer = app.test_client().get(former, follow_redirects=True)
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
