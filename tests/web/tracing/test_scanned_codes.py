"""A scanned code answers honestly, in the scanner's language, light and without a script."""

from __future__ import annotations

import re

import pytest

from i18n.locales import ENABLED, bcp47
from tests.factories.lots import GTIN
from tests.web.page_client import PageClient
from tests.web.tracing.conftest import BASE, LINK, Codes

VOC = "https://ref.gs1.org/voc/"


@pytest.mark.parametrize(
    ("accept", "lang", "words"),
    [
        ("vi-VN,vi;q=0.9", "vi", "Nước mắm cá cơm"),
        ("ja,en;q=0.5", "ja", "Nước mắm"),
        ("en-GB", "en", "How this lot came about"),
        ("sw", "en", "Nước mắm"),
    ],
)
def test_the_page_speaks_the_scanners_language(
    client: PageClient, accept: str, lang: str, words: str
) -> None:
    page = client.get(f"{LINK}/GOOD", headers={"Accept-Language": accept})
    assert page.root.get("lang") == lang
    assert words in page.text
    assert "Accept-Language" in page.response.headers["Vary"]


def test_a_reader_can_choose_another_language(client: PageClient) -> None:
    page = client.get(f"{LINK}/GOOD?17=999999&lang=ja", headers={"Accept-Language": "vi"})
    assert page.root.get("lang") == "ja"
    assert "?17=999999&lang=en" in page.links()


def test_the_page_is_light_and_without_scripts(client: PageClient) -> None:
    for path in (f"{LINK}/GOOD?17=270101", f"{LINK}/BAD"):
        page = client.get(path, headers={"Accept-Language": "vi"})
        assert not page.all("script")
        weight = len(page.html.encode())
        for address in set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.html)):
            linked = client.plain.get(
                address, headers={"Accept-Encoding": "identity"}, buffered=True
            )
            weight += len(linked.get_data())
        assert weight <= 25 * 1024, weight  # nothing compressed


def test_the_page_takes_at_most_six_statements(client: PageClient, sent: list[str]) -> None:
    client.get(f"{LINK}/BAD", headers={"Accept-Language": "ja"})
    assert 0 < len(sent) <= 6, sent


def test_where_the_goods_come_from_and_what_may_be_claimed(client: PageClient) -> None:
    page = client.get(f"{LINK}/GOOD", headers={"Accept-Language": "en"})
    for said in ("Cửa biển Rạch Gốc", "200 kg", "Cá cơm tươi", GTIN, "Contains: fish"):
        assert said in page.text, said
    assert page.text.count("OCOP, 4 stars") == 2  # today and on the day it was made
    early = client.get(f"{LINK}/OLD", headers={"Accept-Language": "en"})
    assert early.text.count("OCOP, 4 stars") == 1  # not yet when this one was made
    assert "Co.opmart" not in page.text  # whom they sell to is nobody's business


def test_a_recalled_lot_says_so_first_and_what_to_do(client: PageClient) -> None:
    page = client.get(f"{LINK}/BAD", headers={"Accept-Language": "en"})
    alert = page.all("div", role="alert")[0]
    said = "".join(alert.itertext())
    assert "Do not use these goods" in said
    assert "Histamin vượt ngưỡng <b>" in said
    assert "Không dùng, gửi lại nơi mua" in said
    assert "tel:+842903123456" in page.html
    assert page.html.index("Do not use") < page.html.index("<h1")
    assert "No recall" not in page.text


@pytest.mark.parametrize(
    ("locale", "told"),
    [
        ("vi", "nấu chín không làm cho hàng an toàn"),
        ("en", "cooking does not make it safe"),
        ("ja", "加熱しても安全にはなりません"),
    ],
)
def test_a_recall_tells_everybody_in_their_language_what_to_do(
    client: PageClient, locale: str, told: str
) -> None:
    page = client.get(f"{LINK}/BAD?lang={locale}")
    alert = page.all("div", role="alert")[0]
    assert told in "".join(alert.itertext())
    own = [each.text for each in page.all("span", lang="vi")][:2]
    assert own == ["Histamin vượt ngưỡng <b>", "Không dùng, gửi lại nơi mua"]


@pytest.mark.parametrize(
    ("number", "said"),
    [("OLD", "Past its use-by date"), ("STALE", "Past its best-before date")],
)
def test_a_lot_past_its_date_says_so(client: PageClient, number: str, said: str) -> None:
    page = client.get(f"{LINK}/{number}", headers={"Accept-Language": "en"})
    assert said in page.text


def test_other_dates_in_the_code_than_in_the_books_are_pointed_out(client: PageClient) -> None:
    wrong = client.get(f"{LINK}/OLD?17=350101", headers={"Accept-Language": "en"})
    assert "not the days in our books" in wrong.text
    right = client.get(f"{LINK}/OLD?17=250131&10=x", headers={"Accept-Language": "en"})
    assert "not the days in our books" not in right.text


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        (f"{LINK}/NOBODY", 404, "We do not know this lot"),
        ("/lots/unknown", 404, "We do not know this lot"),
        (f"/01/0{GTIN[:-1]}8/10/GOOD", 400, "not a GTIN"),
        ("/01/12/10/GOOD", 400, "not a GTIN"),
        ("/01/02000000000015/10/M1", 404, "inside one house"),
        ("/01/02000000000015", 404, "inside one house"),
        ("/01/08930000000019", 404, "We do not know this product"),
        (f"{LINK}/GOOD?linkType=gs1:epil", 404, "nothing of that kind"),
    ],
)
def test_what_is_not_known_is_said_honestly(
    client: PageClient, path: str, status: int, said: str
) -> None:
    page = client.get(path, status, headers={"Accept-Language": "en"})
    assert said in page.heading + page.text
    assert "Reference for questions" in page.text
    assert 'name="q"' in page.html


def test_an_unknown_lot_of_known_goods_leads_to_the_goods(client: PageClient, codes: Codes) -> None:
    page = client.get(f"{LINK}/NOBODY", 404, headers={"Accept-Language": "en"})
    assert f"/en/products/{codes.slug}" in page.links()


def test_a_number_with_a_stroke_is_found(client: PageClient) -> None:
    assert "L01/26" in client.get(f"{LINK}/L01%2F26").text


def test_goods_without_a_gtin_have_an_address_of_the_house(
    client: PageClient, codes: Codes
) -> None:
    page = client.get(f"/lots/{codes.in_house}", headers={"Accept-Language": "en"})
    assert page.heading == "Mật ong rừng U Minh"
    assert "2000000000015" not in page.text


@pytest.mark.parametrize("locale", ENABLED)
def test_the_product_leads_to_its_newest_lots_in_the_readers_language(
    client: PageClient, codes: Codes, locale: str
) -> None:
    links = client.get(f"/{locale}/products/{codes.slug}").links()
    to_lots = [link for link in links if link.startswith(f"{LINK}/")]
    assert len(to_lots) == 3
    assert any(f"{LINK}/GOOD?15=" in link for link in to_lots)
    for link in to_lots:
        assert client.get(link).root.get("lang") == bcp47(locale)


def test_a_lot_called_back_is_marked_on_the_product_page(client: PageClient, codes: Codes) -> None:
    words = client.get(f"/en/products/{codes.slug}").text
    assert words.count("Called back: do not use") == 1


def test_the_gtin_alone_leads_to_the_product(client: PageClient, codes: Codes) -> None:
    response = client.plain.get(f"/01/{GTIN}?17=270101", headers={"Accept-Language": "ja"})
    assert (response.status_code, response.headers["Location"]) == (
        307,
        f"{BASE}/ja/products/{codes.slug}",
    )


@pytest.mark.parametrize(
    ("query", "accept"),
    [("", "application/linkset+json"), ("?linkType=all", "*/*"), ("?linkType=linkset", "*/*")],
)
def test_a_machine_gets_the_set_of_links(
    client: PageClient, codes: Codes, query: str, accept: str
) -> None:
    response = client.plain.get(
        f"{LINK}/GOOD{query}", headers={"Accept": accept, "Accept-Language": "en"}
    )
    assert response.mimetype == "application/linkset+json"
    (context,) = response.get_json(force=True)["linkset"]
    assert context["anchor"] == f"{BASE}{LINK}/GOOD"
    assert context[f"{VOC}pip"][0]["href"] == f"{BASE}/en/products/{codes.slug}"
    assert {f"{VOC}defaultLink", f"{VOC}traceability", f"{VOC}certificationInfo"} <= set(context)
    assert f"{VOC}recallStatus" not in context


def test_a_recall_stands_among_the_links(client: PageClient) -> None:
    answer = client.plain.get(f"{LINK}/BAD?linkType=all").get_json(force=True)
    assert f"{VOC}recallStatus" in answer["linkset"][0]


@pytest.mark.parametrize(
    ("kind", "status", "place"),
    [
        ("gs1:pip", 307, "/en/products/"),
        ("https://gs1.org/voc/pip", 307, "/en/products/"),
        ("gs1:certificationInfo", 307, "/en/certificates/"),
        ("gs1:traceability", 200, ""),
        ("gs1:defaultLink", 200, ""),
    ],
)
def test_one_kind_of_link_leads_there(
    client: PageClient, kind: str, status: int, place: str
) -> None:
    response = client.plain.get(
        f"{LINK}/GOOD", query_string={"linkType": kind}, headers={"Accept-Language": "en"}
    )
    assert response.status_code == status
    assert place in response.headers.get("Location", "")


def test_the_page_names_its_set_of_links_and_the_resolver_itself(client: PageClient) -> None:
    page = client.get(f"{LINK}/GOOD")
    assert 'rel="linkset"' in page.response.headers["Link"]
    known = client.plain.get("/.well-known/gs1resolver").get_json()
    assert (known["resolverRoot"], known["supportedPrimaryKeys"]) == (BASE, ["01"])
