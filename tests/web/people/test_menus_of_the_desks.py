"""The menu of a desk: daily work in sight, the rest folded under headings that open without JavaScript."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import pytest

from tests.factories.house import House
from tests.web.page_client import H

IN_SIGHT = 8
"""Links and headings: more would push the work off the screen of a phone."""


def _menu(house: House, who: str, path: str) -> Element:
    browser = house.browser(who)
    browser.get(path)
    assert browser.tree is not None
    (bar,) = [each for each in browser.tree.iter(f"{H}div") if each.get("class") == "desk-bar"]
    return next(bar.iter(f"{H}nav"))


def _links(element: Element) -> list[str]:
    return [link.get("href", "") for link in element.iter(f"{H}a")]


@pytest.mark.parametrize(("who", "path"), [("producer", "/portal/"), ("office", "/office/")])
def test_a_menu_fits_above_the_work_on_a_phone(house: House, who: str, path: str) -> None:
    menu = _menu(house, who, path)
    folded = [link for group in menu.iter(f"{H}details") for link in _links(group)]
    headings = list(menu.iter(f"{H}summary"))
    assert len(_links(menu)) - len(folded) + len(headings) <= IN_SIGHT
    assert len(set(_links(menu))) == len(_links(menu)) > IN_SIGHT
    assert {group.get("name") for group in menu.iter(f"{H}details")} == {"desk-menu"}


def test_what_a_farmer_does_daily_needs_no_unfolding(house: House) -> None:
    menu = _menu(house, "producer", "/portal/")
    folded = [link for group in menu.iter(f"{H}details") for link in _links(group)]
    assert [link for link in _links(menu) if link not in folded][:4] == [
        "/portal/",
        "/portal/orders",
        "/portal/prices",
        "/portal/lots",
    ]


def test_a_menu_shows_where_somebody_is(house: House) -> None:
    menu = _menu(house, "office", "/office/recalls")
    here = [link.get("href") for link in menu.iter(f"{H}a") if link.get("aria-current") == "page"]
    assert here == ["/office/recalls"]
