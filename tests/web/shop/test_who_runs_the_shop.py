from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from catalog.models import Producer
from catalog.producers import update_producer
from core import clock
from core.actor import Actor
from core.db import write_session
from core.settings import Settings
from i18n.locales import ENABLED
from tests.factories.application import application
from tests.web.page_client import Page, PageClient
from tests.web.shop.conftest import Stalls

SYSTEM = Actor.system("test")

NAMED: dict[str, Any] = {
    "operator_name": "Công ty Mùa Quê <Việt>",
    "operator_address": "12 Hàng Bạc, Hoàn Kiếm, Hà Nội",
    "operator_number": "0101234567, 1/3/2026, Hà Nội",
    "operator_phone": "024 3825 0000",
    "operator_email": "khieunai@muaque.example",
}


@pytest.fixture
def named(settings: Settings, stalls: Stalls) -> Iterator[PageClient]:  # noqa: ARG001 - goods to sell
    """A visitor of a shop whose operator is named."""
    with application(replace(settings, **NAMED)) as app:
        yield PageClient(app)


@pytest.mark.parametrize("locale", ENABLED)
def test_a_demonstration_says_so_and_where_complaints_go(client: PageClient, locale: str) -> None:
    for path in ("about", "policies/complaints"):
        page = client.get(f"/{locale}/{path}")
        assert "mailto:khieu-nai@mua-que.example" in _in(page, "main")[1]
        assert page.all("span", class_="demo-mark")


@pytest.mark.parametrize("path", ["vi/", "ja/products", "de/policies/terms"])
def test_every_page_of_a_real_shop_names_its_operator_and_calls_nothing_a_demonstration(
    named: PageClient, path: str
) -> None:
    said, links = _in(named.get(f"/{path}"), "footer")
    assert all(value in said for value in NAMED.values())
    assert "mailto:khieunai@muaque.example" in links
    assert "Demonstration" not in _in(named.get("/en/"), "footer")[0]


def test_a_real_shop_tells_a_complaining_buyer_where_to_write(named: PageClient) -> None:
    for path in ("about", "policies/complaints"):
        said, _links = _in(named.get(f"/en/{path}"), "main")
        assert all(value in said for value in NAMED.values())
    assert "demonstration" not in _in(named.get("/en/about"), "main")[0].lower()


def test_a_seller_s_page_says_how_to_reach_the_seller(client: PageClient, stalls: Stalls) -> None:
    assert stalls.engine is not None
    assert "not given yet" in _in(client.get(f"/en/producers/{stalls.producer}"), "main")[0]
    with write_session(stalls.engine) as session:
        maker = session.scalars(select(Producer).where(Producer.slug == stalls.producer)).one()
        reach = {"phone": "0290 3800 000", "email": "htx+dat.mui@rung.example"}
        update_producer(session, maker.id, reach, actor=SYSTEM, on=clock.today(), now=clock.now())
        session.commit()
    page = client.get(f"/ja/producers/{stalls.producer}")
    said, links = _in(page, "main")
    assert "0290 3800 000" in said
    assert "mailto:htx%2Bdat.mui@rung.example" in links
    assert '"telephone": "0290 3800 000"' in page.html


def _in(page: Page, part: str) -> tuple[str, list[str]]:
    """The text and the links of one part of a page."""
    (node,) = page.root.xpath(f"//*[local-name()='{part}']")
    return node.xpath("string()"), node.xpath(".//@href")
