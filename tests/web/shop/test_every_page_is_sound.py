from __future__ import annotations

import pytest
from babel.support import NullTranslations

from i18n import catalogue
from i18n.locales import ENABLED, bcp47
from tests.web.page_client import PageClient
from tests.web.shop.conftest import Stalls


def _paths(stalls: Stalls) -> list[str]:
    return [
        "/",
        "/products",
        "/products?province=ca-mau&stars=4&sort=price",
        "/products?page=2",
        f"/products/{stalls.starred}",
        f"/products/{stalls.lapsed}",
        f"/products/{stalls.hostile}",
        f"/producers/{stalls.producer}",
        f"/certificates/{stalls.certificate}",
        f"/certificates/{stalls.lapsed_certificate}",
        "/search",
        "/search?q=nuoc+mam",
        "/search?q=zzzzqqq",
        "/about",
    ]


@pytest.mark.parametrize("locale", ENABLED)
def test_every_page_of_the_shop_is_sound_in_every_language(
    client: PageClient, stalls: Stalls, locale: str
) -> None:
    for path in _paths(stalls):
        client.get(f"/{locale}{path}")


def test_a_language_without_any_translation_still_works(
    client: PageClient, stalls: Stalls, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = catalogue.translations

    def chosen(tag: str) -> NullTranslations:
        return NullTranslations() if tag == "bn" else real(tag)

    monkeypatch.setattr(catalogue, "translations", chosen)
    for path in (*_paths(stalls), "/provinces/ca-mau", "/events", "/collections", "/news", "/live",
                 "/gift-sets", "/places", "/marks", "/cart", "/ship-to", "/policies", "/offline"):  # fmt: skip
        client.get(f"/bn{path}")
    client.get("/bn/nix", 404)
    page = client.get(f"/bn/products/{stalls.starred}")
    assert page.root.get("lang") == "bn"
    assert page.one("h1").get("lang") == "en"
    assert page.one("p", class_="lead").get("lang") == "vi"
    assert client.plain.get("/bn/feed.atom").status_code == 200


@pytest.mark.parametrize("locale", ["zh-hant", "bn"])
def test_goods_nobody_has_translated_are_shown_in_vietnamese_and_marked_so(
    client: PageClient, stalls: Stalls, locale: str
) -> None:
    product = client.get(f"/{locale}/products/{stalls.lapsed}")
    assert product.root.get("lang") == bcp47(locale)
    assert product.one("h1").get("lang") == "vi"
    assert product.one("title").text.startswith("Mật ong rừng U Minh")
    assert product.all("p", class_="other-language"), "nobody says why this is Vietnamese"
    for path in ("/products?sort=price", "/search?q=mat+ong", f"/producers/{stalls.producer}"):
        page = client.get(f"/{locale}{path}")
        link = page.one("a", href=f"/{locale}/products/{stalls.lapsed}")
        assert link.getparent().get("lang") == "vi", path


@pytest.mark.parametrize("locale", ["vi", "zh-hant", "de"])
def test_a_lost_visitor_finds_a_search_box_in_the_own_language(
    client: PageClient, stalls: Stalls, locale: str
) -> None:
    for path in ("/products/nowhere", "/producers/x", "/certificates/999999", "/nix"):
        page = client.get(f"/{locale}{path}", 404)
        assert page.all("input", type="search", id="find-here")
        assert page.response.headers["X-Request-Id"] in page.text


def test_pages_name_each_other_in_all_languages(client: PageClient, stalls: Stalls) -> None:
    seen = {}
    for locale in ENABLED:
        page = client.get(f"/{locale}/products/{stalls.starred}")
        seen[locale] = {
            link.get("hreflang"): link.get("href")
            for link in page.all("link", rel="alternate")
            if link.get("hreflang")  # the feed is another alternate, of another kind
        }
        canonical = page.one("link", rel="canonical").get("href")
        assert canonical == f"http://localhost/{locale}/products/{stalls.starred}"
    assert all(named == seen["vi"] for named in seen.values())
    assert set(seen["vi"]) == {bcp47(tag) for tag in ENABLED} | {"x-default"}


def test_the_language_switch_stays_on_the_page(client: PageClient, stalls: Stalls) -> None:
    page = client.get("/vi/products?stars=4")
    for locale in ENABLED:
        switch = [a.get("href") for a in page.all("a", hreflang=bcp47(locale))]
        assert switch == [f"/{locale}/products?stars=4"]


def test_a_text_in_another_language_says_so(client: PageClient, stalls: Stalls) -> None:
    page = client.get(f"/en/products/{stalls.starred}")
    assert page.heading == "Anchovy fish sauce"
    assert page.one("h1").get("lang") is None
    page = client.get(f"/ja/products/{stalls.starred}")
    assert page.heading == "Anchovy fish sauce"
    assert page.one("h1").get("lang") == "en"
    summary = page.one("p", class_="lead")
    assert summary.get("lang") == "vi"
    assert "ベトナム語" in page.text


def test_prices_are_clear_to_readers_abroad(client: PageClient, stalls: Stalls) -> None:
    assert "85.000\u00a0₫" in client.get(f"/vi/products/{stalls.starred}").html
    assert "85,000\u00a0VND" in client.get(f"/en/products/{stalls.starred}").html
    assert "85,000\u00a0VND" in client.get(f"/ja/products/{stalls.starred}").html


def test_illustrative_goods_say_so(client: PageClient, stalls: Stalls) -> None:
    assert "Illustrative data" in client.get(f"/en/products/{stalls.starred}").text
    assert "例示データ" in client.get(f"/ja/producers/{stalls.producer}").text


def test_hostile_texts_stay_texts(client: PageClient, stalls: Stalls) -> None:
    page = client.get(f"/vi/products/{stalls.hostile}")
    assert page.heading.startswith('"><svg onload')
    assert "49" not in page.heading
    assert len(page.all("script")) == 3  # two modules and the structured data
    graph = page.one("script", type="application/ld+json")
    assert "</script" not in (graph.text or "")
