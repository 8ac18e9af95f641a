"""The drawn map leads to the same goods as the list beside it, and shows every province."""

from __future__ import annotations

import re
from pathlib import Path

from catalog.queries.pages import FacetValue
from catalog.reference import PROVINCES
from storefront.shop.filters import Choice
from storefront.shop.province_map import areas
from tests.web.page_client import PageClient
from tests.web.shop.conftest import Stalls

SHAPES = Path(__file__).parents[3] / "static" / "img" / "provinces.svg"


def test_every_province_is_drawn_once() -> None:
    drawn = re.findall(r'id="p(\d\d)"', SHAPES.read_text(encoding="utf-8"))
    assert sorted(drawn) == sorted(PROVINCES)


def test_the_map_and_the_list_have_the_same_links(client: PageClient, stalls: Stalls) -> None:
    page = client.get("/en/")
    drawn = {a.get("href") for a in page.root.iterfind(".//{*}svg//{*}a")}
    listed = {a.get("href") for a in page.root.iterfind(".//{*}ul[@class='chips']/{*}li/{*}a")}
    assert "/en/provinces/ca-mau" in listed
    assert drawn == listed
    assert client.get("/en/provinces/ca-mau").all("a", href="/en/products?province=ca-mau")


def test_more_goods_are_drawn_darker_and_none_without_a_link() -> None:
    values = [FacetValue(code, number, selected=False) for code, number in (("96", 9), ("86", 4))]
    choices = [Choice(v.value, v.count, selected=False, address=f"?p={v.value}") for v in values]
    drawn = {area.code: area for area in areas(values, choices)}
    assert len(drawn) == 34
    assert (drawn["96"].depth, drawn["86"].depth, drawn["01"].depth) == (3, 2, 0)
    assert drawn["01"].choice is None
