"""Statements and bytes are counted here; seconds are measured in bench/."""

from __future__ import annotations

import gzip
import re

import pytest
from flask import Flask

from i18n.locales import ENABLED
from tests.web.page_client import PageClient
from tests.web.shop.conftest import Stalls

MOST_STATEMENTS = 6
KB = 1024


def test_no_page_sends_more_than_six_statements(
    client: PageClient, stalls: Stalls, sent: list[str]
) -> None:
    for path in (
        "/ja/",
        "/ja/products",
        "/ja/products?province=ca-mau&stars=4",
        f"/ja/products/{stalls.starred}",
        f"/ja/producers/{stalls.producer}",
        f"/ja/certificates/{stalls.certificate}",
    ):
        sent.clear()
        client.get(path)
        assert len(sent) <= MOST_STATEMENTS, (path, sent)


@pytest.mark.parametrize("locale", ENABLED)
def test_the_first_view_fits_a_slow_line(
    client: PageClient, app: Flask, stalls: Stalls, locale: str
) -> None:
    budgets = (("/", 140), ("/products", 140), (f"/products/{stalls.starred}", 150))
    for path, budget in budgets:
        page = client.get(f"/{locale}{path}")
        weight = weigh(app, page.html)
        assert weight <= budget * KB, (path, weight)


def weigh(app: Flask, html: str) -> int:
    """The compressed page and everything static it makes a browser fetch, in bytes."""
    return len(gzip.compress(html.encode(), 5)) + sum(_linked(app, html))


def _linked(app: Flask, html: str) -> list[int]:
    """The compressed weight of everything the page makes a browser fetch, fonts all included."""
    client = app.test_client()
    style = client.get(app.jinja_env.globals["asset"]("css/site.css"), buffered=True).text
    addresses = set(re.findall(r"/static/[\w./-]+", html + style))
    weights = []
    for address in addresses:
        response = client.get(address, headers={"Accept-Encoding": "gzip"}, buffered=True)
        assert response.status_code == 200, address
        weights.append(len(response.get_data()))
    return weights


def test_styles_and_scripts_keep_their_budgets(app: Flask) -> None:
    client = app.test_client()

    def weight(name: str) -> int:
        address = app.jinja_env.globals["asset"](name)
        return len(
            client.get(address, headers={"Accept-Encoding": "gzip"}, buffered=True).get_data()
        )

    assert weight("css/site.css") <= 12 * KB
    assert weight("js/site.js") <= 5 * KB
    assert weight("img/packshots.svg") <= 16 * KB
