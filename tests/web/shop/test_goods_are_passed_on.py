from __future__ import annotations

import base64
import gzip
import hashlib
import json
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import segno
from lxml import etree
from PIL import Image

from i18n.locales import ENABLED, bcp47
from storefront.shop import share_picture
from tests.web.page_client import PageClient
from tests.web.shop.conftest import Stalls

ROOT = Path(__file__).parents[3]


def _shared(client: PageClient, path: str) -> str:
    address = client.get(path).one("meta", property="og:image").get("content")
    return str(address.removeprefix("http://localhost"))


@pytest.mark.parametrize("locale", ENABLED)
def test_a_product_without_a_photograph_has_a_picture_for_other_sites(
    client: PageClient, stalls: Stalls, locale: str, sent: list[str]
) -> None:
    path = _shared(client, f"/{locale}/products/{stalls.starred}")
    sent.clear()
    response = client.plain.get(path)
    assert len(sent) == 1
    assert response.mimetype == "image/png"
    assert "immutable" in response.headers["Cache-Control"]
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    with Image.open(BytesIO(response.get_data())) as picture:
        assert picture.size == (1200, 630)
    assert len(response.get_data()) < 300_000


def test_an_old_address_of_a_picture_leads_to_the_present_one(
    client: PageClient, stalls: Stalls
) -> None:
    path = _shared(client, f"/en/products/{stalls.starred}")
    old = client.plain.get(path.replace("share-", "share-0"))
    assert old.status_code == 302
    assert old.headers["Location"] == path
    assert client.plain.get("/en/products/nothing/share-1.png").status_code == 404


def test_a_hostile_name_is_drawn_as_text(client: PageClient, stalls: Stalls) -> None:
    response = client.plain.get(_shared(client, f"/vi/products/{stalls.hostile}"))
    assert response.mimetype == "image/png"


def test_a_name_our_letters_cannot_write_is_replaced_by_the_vietnamese_one() -> None:
    def drawn(*names: str) -> bytes:
        return share_picture.draw(names, "HTX", "honey", 1, "Mùa Quê")

    assert drawn("蜂蜜", "Mật ong") == drawn("Mật ong")
    assert drawn("Honey", "Mật ong") != drawn("Mật ong")
    assert drawn("蜂蜜") != drawn("Mật ong")


@pytest.mark.parametrize("name", ["Mắm", "Bánh " * 60, "m" * 300, "Nước mắm cá cơm Phú Quốc"])
def test_no_name_runs_over_the_edge_or_into_the_shops_name(name: str) -> None:
    plain = share_picture.draw(("",), "", "box", 0, "")
    with (
        Image.open(BytesIO(plain)) as empty,
        Image.open(BytesIO(share_picture.draw((name,), name, "box", 0, ""))) as picture,
    ):
        for box in ((1150, 0, 1200, 630), (0, 0, 585, 630), (585, 490, 1200, 630)):
            assert picture.crop(box).tobytes() == empty.crop(box).tobytes()


def test_the_letters_we_count_on_are_in_the_font() -> None:
    from fontTools.ttLib import TTFont

    with TTFont(ROOT / "catalog/lots/fonts/NotoSans-Bold.ttf") as font:
        known = font.getBestCmap()
    writable = [chr(code) for code in range(0x20, 0x3000) if share_picture.can_write(chr(code))]
    assert len(writable) > 300
    assert all(ord(letter) in known for letter in writable)


def test_every_drawing_has_its_pixels_and_neither_is_older() -> None:
    drawings = {path.stem: path for path in (ROOT / "static/img/packshots").glob("*.svg")}
    folder = ROOT / "storefront/shop/packshots"
    assert {path.stem for path in folder.glob("*.png")} == set(drawings)
    noted = json.loads((folder / "drawn_from.json").read_text(encoding="utf-8"))
    assert noted == {
        name: hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        for name, path in sorted(drawings.items())
    }, "a drawing changed: draw its 420 × 420 pixels anew"


def test_a_product_is_sent_by_plain_links(client: PageClient, stalls: Stalls) -> None:
    page = client.get(f"/en/products/{stalls.hostile}")
    own = f"http://localhost/en/products/{stalls.hostile}"
    links = {
        urlsplit(link).hostname or urlsplit(link).scheme: link for link in page.links() if link
    }
    asked = {site: parse_qs(urlsplit(link).query) for site, link in links.items()}
    assert asked["www.facebook.com"]["u"] == [own]
    assert asked["social-plugins.line.me"]["url"] == [own]
    assert json.loads(base64.b64decode(asked["button-share.zalo.me"]["d"][0])) == {"url": own}
    assert asked["story.kakao.com"]["url"] == [own]
    assert asked["mailto"]["body"] == [own]
    by_code = page.root.xpath("//*[@class='ways']//*[@href='#share-code']/text()")
    assert by_code == ["KakaoTalk", "WeChat"]
    assert page.one("p", id="share-code").getparent().xpath("*[contains(@src, '/qr-')]")
    assert page.one("input", id="share-address").get("value") == own
    for link in page.all("a", target="_blank"):
        assert "noopener" in link.get("rel")
    assert "facebook" not in page.response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("locale", ENABLED)
def test_each_product_has_a_code_that_leads_to_it(
    client: PageClient, stalls: Stalls, locale: str, sent: list[str]
) -> None:
    page = client.get(f"/{locale}/products/{stalls.starred}")
    picture = next(p for p in page.all("img") if "/qr-" in p.get("src"))
    assert picture.get("loading") == "lazy"
    sent.clear()
    response = client.plain.get(picture.get("src"))
    assert not sent
    assert response.mimetype == "image/svg+xml"
    assert "immutable" in response.headers["Cache-Control"]
    root = etree.fromstring(response.get_data())
    made = segno.make(
        f"http://localhost/{locale}/products/{stalls.starred}", error="m", micro=False
    )
    wanted = BytesIO()
    made.save(wanted, kind="svg", border=4)
    dark = [root, etree.fromstring(wanted.getvalue())]
    drawn = [one.findall(".//{http://www.w3.org/2000/svg}path")[-1].get("d") for one in dark]
    assert drawn[0] == drawn[1]


def test_nobody_gets_a_code_for_an_address_of_their_own(client: PageClient, stalls: Stalls) -> None:
    assert client.plain.get("/en/products/free-money/qr-000000000000.svg").status_code == 404


@pytest.mark.parametrize("locale", ENABLED)
def test_the_shop_can_be_installed_in_each_language(client: PageClient, locale: str) -> None:
    page = client.get(f"/{locale}/")
    manifest = client.plain.get(page.one("link", rel="manifest").get("href"))
    assert manifest.mimetype == "application/manifest+json"
    said = json.loads(manifest.get_data())
    assert said["lang"] == bcp47(locale)
    assert said["start_url"] == f"/{locale}/"
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in said["icons"]}
    assert {icon["purpose"] for icon in said["icons"]} == {"any", "maskable"}
    for icon in said["icons"]:
        with Image.open(BytesIO(client.plain.get(icon["src"], buffered=True).get_data())) as made:
            assert f"{made.width}x{made.height}" == icon["sizes"]
    for size, rel in (("32", "icon"), ("180", "apple-touch-icon")):
        links = [one.get("href") for one in page.all("link", rel=rel) if size in one.get("href")]
        with Image.open(BytesIO(client.plain.get(links[0], buffered=True).get_data())) as made:
            assert made.size == (int(size), int(size))
    assert client.plain.get("/favicon.ico").headers["Location"].endswith(".ico")
    assert len(page.all("meta", name="theme-color")) == 2


def test_the_worker_knows_the_version_of_the_files_and_touches_the_catalogue_only(
    client: PageClient,
) -> None:
    response = client.plain.get("/sw.js")
    assert response.mimetype == "text/javascript"
    assert response.headers["Cache-Control"] == "no-cache"
    version = client.app.extensions["assets"].directory.name
    assert f'const VERSION = "{version}"' in response.text
    assert json.dumps(ENABLED) in response.text
    tag = response.headers["ETag"]
    assert client.plain.get("/sw.js", headers={"If-None-Match": tag}).status_code == 304


def test_the_page_without_a_connection_speaks_the_readers_language(client: PageClient) -> None:
    assert client.get("/vi/offline").heading == "Không có kết nối"
    for locale in ENABLED:
        page = client.get(f"/{locale}/offline")
        assert page.root.get("lang") == bcp47(locale)
        assert page.one("meta", name="robots").get("content") == "noindex"


def test_all_scripts_together_stay_small() -> None:
    weights = [
        len(gzip.compress(path.read_bytes(), 9)) for path in (ROOT / "static/js").glob("*.js")
    ]
    assert sum(weights) <= 15 * 1024
