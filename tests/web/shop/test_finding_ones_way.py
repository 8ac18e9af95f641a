from __future__ import annotations

import pytest
from flask import Flask

from tests.web.page_client import H, PageClient, words
from tests.web.shop.conftest import Stalls


@pytest.mark.parametrize(
    ("header", "cookie", "where"),
    [
        ("ja,en;q=0.5", "", "/ja/"),
        ("zh-TW", "", "/zh-hant/"),
        ("", "", "/vi/"),
        ("ja", "en", "/en/"),
        ("ja", "xx", "/ja/"),
    ],
)
def test_the_bare_address_finds_the_language(
    client: PageClient, header: str, cookie: str, where: str
) -> None:
    if cookie:
        client.plain.set_cookie("locale", cookie)
    response = client.plain.get("/", headers={"Accept-Language": header})
    assert response.status_code == 302
    assert response.headers["Location"] == where
    assert "Accept-Language" in response.headers["Vary"]


def test_following_a_filter_gives_as_many_goods_as_it_says(
    client: PageClient, stalls: Stalls
) -> None:
    page = client.get("/en/products")
    for link in page.root.xpath("//*[local-name()='aside']//*[local-name()='a']"):
        count = int(words(link).rsplit(" ", 1)[1])
        shown = client.get(link.get("href"))
        assert f"{count} product" in shown.text, link.get("href")


def test_a_chosen_filter_can_be_taken_back(client: PageClient, stalls: Stalls) -> None:
    page = client.get("/en/products?province=ca-mau&stars=4")
    chips = page.root.xpath("//*[@class='chips']//*[local-name()='a']")
    assert {chip.get("href") for chip in chips} == {
        "/en/products?stars=4",
        "/en/products?province=ca-mau",
        "/en/products",
    }


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("?province=atlantis", ""),
        ("?stars=6&stars=4", "?stars=4"),
        ("?page=x", ""),
        ("?page=-1", ""),
        ("?sort=nonsense&province=ca-mau", "?province=ca-mau"),
    ],
)
def test_values_nobody_offers_are_dropped_from_the_address(
    client: PageClient, asked: str, shown: str
) -> None:
    response = client.plain.get(f"/vi/products{asked}")
    assert response.status_code == 302
    assert response.headers["Location"] == f"/vi/products{shown}"


def test_a_page_past_the_end_leads_back(client: PageClient) -> None:
    for number in ("3", "1000000000", "9999999999"):
        page = client.get(f"/vi/products?page={number}", 404)
        assert "/vi/products?page=1" in page.links()
        assert "/vi/products?page=2" in page.links()


def test_a_query_of_two_thousand_letters_is_answered(client: PageClient) -> None:
    page = client.get("/en/search?q=" + "mắm " * 500)
    assert page.all("a", href="/en/products")


def test_a_search_without_the_index_says_so_and_still_finds(
    client: PageClient, stalls: Stalls
) -> None:
    page = client.get("/vi/search?q=nước mắm")
    assert "Bộ tìm kiếm đang được dựng lại" in page.text
    assert f"/vi/products/{stalls.starred}" in page.links()


def test_nothing_found_offers_ways_on(client: PageClient) -> None:
    page = client.get("/en/search?q=qqqqqq")
    assert "Nothing matches" in page.text
    assert page.one("input", id="find-here").get("value") == "qqqqqq"


def test_machines_find_the_goods_in_every_language(client: PageClient, stalls: Stalls) -> None:
    index = client.plain.get("/sitemap.xml").text
    assert "http://localhost/sitemap-1.xml" in index
    goods = client.plain.get("/sitemap-1.xml").text
    assert goods.count(f"<loc>http://localhost/ja/products/{stalls.starred}</loc>") == 1
    assert 'hreflang="x-default"' in goods
    assert client.plain.get("/sitemap-2.xml").status_code == 404
    assert "Sitemap: http://localhost/sitemap.xml" in client.plain.get("/robots.txt").text


def test_every_card_says_whether_its_goods_are_in_stock(client: PageClient, stalls: Stalls) -> None:
    cards = [
        li
        for page in (1, 2)
        for li in client.get(f"/en/products?page={page}").all("li")
        if li.get("class") == "card"
    ]
    said = {
        next(li.iter(f"{H}a")).get("href"): [
            p.text for p in li.iter(f"{H}p") if p.get("class") in ("in-stock", "sold-out")
        ]
        for li in cards
    }
    assert said.pop(f"/en/products/{stalls.lapsed}") == ["Sold out at the moment"]
    assert len(said) == 29
    assert all(words == ["In stock"] for words in said.values()), said


def test_a_sold_out_product_cannot_be_put_into_the_cart(client: PageClient, stalls: Stalls) -> None:
    page = client.get(f"/en/products/{stalls.lapsed}")
    assert "Sold out at the moment" in page.text
    assert not [form for form in page.all("form") if form.get("method") == "post"]
    page = client.get(f"/en/products/{stalls.starred}")
    assert page.form_to("/en/cart/add")["quantity"] == "1"


def test_allergens_stand_out_in_the_ingredients(client: PageClient, stalls: Stalls) -> None:
    page = client.get(f"/vi/products/{stalls.starred}")
    assert "<b>Cá</b> cơm, muối" in page.html
    assert "Có chứa: cá" in page.text


def test_the_shop_has_a_name_without_the_protected_word(app: Flask) -> None:
    assert "OCOP" not in app.jinja_env.globals["shop_name"]
