"""axe finds nothing on any kind of page, in any language, light or dark; what it can't judge is explained."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from i18n.locales import ENABLED
from tests.browser.every_page import (
    SCHEMES,
    Finding,
    Toured,
    explained,
    findings,
    opened,
    share,
    visitor,
)

pytestmark = pytest.mark.slow

EXPLAINED = {
    (
        "color-contrast",
        "nonBmp",
        "[aria-hidden=true]",
    ): "drawn stars, beside the same words in the same colour",
    ("color-contrast", "", ".home-hero"): "judged below, against both ends of the drawn sky",
    ("color-contrast", "", ".province-map text"): "judged below, against the sea and the paper",
}
"""What axe can't judge: rule, reason ("" for any) and where; and who judges it instead."""

CONTRAST = 4.5
_COLOURS = """() => Object.fromEntries(['ground', 'paper', 'ink', 'quiet', 'indigo', 'indigo-deep', 'lotus',
  'moss', 'gold', 'bad', 'sky1', 'sky2', 'sunk', 'on'].map(
  name => [name, getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim()]))"""
READ_ON = {
    "ink": ("ground", "paper", "sunk", "sky1", "sky2"),
    "quiet": ("ground", "paper", "sunk", "sky1"),
    "indigo-deep": ("ground", "paper", "sky1", "sky2"),
    "indigo": ("ground", "paper", "sunk", "sky1"),
    "lotus": ("ground", "paper"),
    "moss": ("ground", "paper"),
    "gold": ("ground", "paper"),
    "bad": ("ground", "paper"),
    "on": ("indigo", "lotus"),
}
"""Which colour of letters stands on which grounds somewhere in the shop."""


def test_every_public_page_has_an_example(whole_shop: Toured) -> None:
    assert whole_shop.tour.lacking == []
    assert [place for place in whole_shop.tour.places if place.status >= 500] == []
    assert len(whole_shop.tour.places) > 25


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("locale", ENABLED)
def test_axe_finds_nothing(whole_shop: Toured, chromium: Browser, locale: str, scheme: str) -> None:
    left: list[Finding] = []
    with visitor(chromium, whole_shop, locale, scheme) as page:
        for place in share(whole_shop.tour.places, locale, scheme):
            address = opened(page, whole_shop, place, locale)
            left += [
                f for f in findings(page, address, scheme) if not explained(page, f, EXPLAINED)
            ]
    assert left == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_colour_of_letters_is_readable_on_its_grounds(
    whole_shop: Toured, chromium: Browser, scheme: str
) -> None:
    with visitor(chromium, whole_shop, "vi", scheme) as page:
        page.goto(whole_shop.base_url + "/vi/about")
        colours = page.evaluate(_COLOURS)
    for letters, grounds in READ_ON.items():
        for ground in grounds:
            ratio = contrast(colours[letters], colours[ground])
            assert ratio >= CONTRAST, f"{letters} on {ground} ({scheme}): {ratio:.2f}"


def contrast(one: str, other: str) -> float:
    """The ratio of luminance of WCAG 2.2 between two colours like #f7f2e6."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    assert re.fullmatch(r"#[0-9a-f]{6}", colour), colour
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
