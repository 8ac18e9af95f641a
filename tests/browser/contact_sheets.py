"""Pictures of every kind of page beside each other in several languages: run as ``make pictures``.

A person looks at them before a release: no program sees whether a page is one to be proud of. Each sheet is one
page at one width in one scheme of colours, its languages beside each other; a long page is cut into several sheets.
What a program does see is printed: a page wider than its window, and letters cut off at the edge of their box.
"""

from __future__ import annotations

import argparse
import logging
import math
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from i18n.locales import bcp47
from storefront.app import create_app
from tests.browser.conftest import CHROMIUM, DESKTOP, FLAGS, PHONE, served
from tests.browser.desks import DESKS, kinds_of_pages, signed_in
from tests.browser.every_page import SCHEMES, Toured, opened, visitor
from tests.factories.live_shop import free_port
from tests.factories.whole_shop import Place, load_demonstration, walk

LANGUAGES = ("vi", "en", "ja", "zh-hant", "bn")
HEIGHT = {PHONE: 1500, DESKTOP: 1200}
"""How much of a page stands on one sheet, CSS pixels."""
SHEETS = 6
"""The most sheets of one page."""
SCALE = {PHONE: 1.0, DESKTOP: 0.5}
COLUMNS = {PHONE: 5, DESKTOP: 3}
GAP = 8
_SETTLED = """async () => {
  document.querySelectorAll('img[loading=lazy]').forEach(one => { one.loading = 'eager'; });
  await Promise.all([...document.images].map(one => one.complete ? 0 : new Promise(done => {
    one.onload = one.onerror = done; setTimeout(done, 2000); })));
}"""
_FAULTS = """() => {
  const wide = document.documentElement.scrollWidth - innerWidth;
  const cut = [...document.querySelectorAll('a,button,h1,h2,h3,p,li,td,th,dd,dt,label,summary,span')].filter(one => {
    const style = getComputedStyle(one);
    return style.position !== 'absolute' && style.clip === 'auto' && one.clientWidth > 0
      && one.scrollWidth > one.clientWidth + 1 && !['visible', 'auto'].includes(style.overflowX);
  }).map(one => one.textContent.trim().slice(0, 40));
  return (wide > 0 ? [`${wide} px too wide`] : []).concat(cut.slice(0, 3).map(text => `cut off: ${text}`));
}"""


@dataclass(frozen=True)
class Look:
    """How pages are looked at: in which languages, how wide, in which scheme."""

    languages: tuple[str, ...]
    width: int
    scheme: str

    @property
    def name(self) -> str:
        """Such as 360-light: the folder of its sheets."""
        return f"{self.width}-{self.scheme}"


def main(looks: Iterable[Look], only: str, folder: Path) -> int:
    """Write the sheets of every page whose name contains ``only``; returns the exit code."""
    if CHROMIUM is None:
        sys.stderr.write("pictures need Chromium\n")
        return 2
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        shop = _demonstration(Path(scratch))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with served(shop.app, int(shop.base_url.rpartition(":")[2])):
            for look in looks:
                _pictures_of_pages(browser, shop, look, only, folder / look.name)
                _pictures_of_desks(browser, shop, look, only, folder / look.name)
        browser.close()
    return 0


def _demonstration(scratch: Path) -> Toured:
    settings = load_demonstration(scratch / "demonstration")
    settings = replace(settings, base_url=f"http://127.0.0.1:{free_port()}")
    app = create_app(settings)
    return Toured(settings.base_url, walk(app, settings), app)


def _pictures_of_pages(browser: Browser, shop: Toured, look: Look, only: str, folder: Path) -> None:
    for number, place in enumerate(shop.tour.places):
        name = f"{number:02}-{place.endpoint}-{place.status}"
        if only in name:
            shown = [_page(browser, shop, place, look, locale) for locale in look.languages]
            _write(shown, folder, name, look.width)


def _page(browser: Browser, shop: Toured, place: Place, look: Look, locale: str) -> Image.Image:
    viewport = {"width": look.width, "height": 800}
    with visitor(browser, shop, locale, look.scheme, viewport=viewport) as page:
        return _picture(page, opened(page, shop, place, locale))


def _pictures_of_desks(browser: Browser, shop: Toured, look: Look, only: str, folder: Path) -> None:
    for person, start in DESKS.items():
        token = signed_in(shop, person)
        client = shop.app.test_client()
        client.set_cookie("sign-in", token, domain="localhost")
        for number, address in enumerate(kinds_of_pages(shop, client, start)):
            name = f"{person}-{number:02}{address.partition('?')[0].replace('/', '.')}"
            if only in name:
                shown = [
                    _desk_page(browser, shop, address, token, look, locale)
                    for locale in look.languages
                ]
                _write(shown, folder, name, look.width)


def _desk_page(
    browser: Browser, shop: Toured, address: str, token: str, look: Look, locale: str
) -> Image.Image:
    viewport = {"width": look.width, "height": 800}
    with visitor(browser, shop, locale, look.scheme, viewport=viewport) as page:
        cookies = {"sign-in": token, "ocop_language": locale}
        page.context.add_cookies(
            [
                {"name": name, "value": value, "url": shop.base_url}
                for name, value in cookies.items()
            ]
        )
        page.goto(shop.base_url + address)
        return _picture(page, f"{address} ({bcp47(locale)})")


def _picture(page: Page, address: str) -> Image.Image:
    page.evaluate(_SETTLED)
    for fault in page.evaluate(_FAULTS):
        sys.stdout.write(f"{address}: {fault}\n")
    picture = Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB")
    picture.load()
    return picture


def _write(shown: list[Image.Image], folder: Path, name: str, width: int) -> None:
    """The sheets of one page: its languages beside each other, the next part of it on the next sheet."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, sheet in enumerate(_sheets(shown, width)):
        sheet.save(folder / f"{name}-{number + 1}.jpg", quality=88)


def _sheets(shown: list[Image.Image], width: int) -> Iterator[Image.Image]:
    tallest = max(picture.height for picture in shown)
    columns = min(len(shown), COLUMNS[width])
    rows = math.ceil(len(shown) / columns)
    for top in range(0, min(tallest, SHEETS * HEIGHT[width]), HEIGHT[width]):
        height = min(tallest - top, HEIGHT[width])
        sheet = Image.new("RGB", (columns * (width + GAP), rows * (height + GAP)), "#808080")
        for number, picture in enumerate(shown):
            part = picture.crop((0, top, width, max(top, min(picture.height, top + height))))
            if part.height:
                row, column = divmod(number, columns)
                sheet.paste(part, (column * (width + GAP), row * (height + GAP)))
        yield sheet.resize((int(sheet.width * SCALE[width]), int(sheet.height * SCALE[width])))


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument(
        "only", nargs="?", default="", help="part of a name, such as shop.product or office"
    )
    asked.add_argument("--folder", type=Path, default=Path("var/pictures"))
    asked.add_argument("--languages", default=",".join(LANGUAGES), help="such as vi,ja")
    asked.add_argument("--width", type=int, choices=HEIGHT, action="append")
    asked.add_argument("--scheme", choices=SCHEMES, action="append")
    given = asked.parse_args()
    languages = tuple(given.languages.split(","))
    looks = [
        Look(languages, width, scheme)
        for width in given.width or HEIGHT
        for scheme in given.scheme or SCHEMES
    ]
    sys.exit(main(looks, given.only, given.folder))
