from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from catalog.models import Certificate
from core import clock
from core.db import write_session
from tests.web.page_client import PageClient
from tests.web.shop.conftest import Stalls


def _graph(client: PageClient, path: str) -> dict[str, Any]:
    script = client.get(path).one("script", type="application/ld+json")
    graph: dict[str, Any] = json.loads(script.text)["@graph"][0]
    return graph


@pytest.mark.parametrize("locale", ["vi", "ja", "zh-hant", "bn"])
def test_a_valid_certificate_shows_stars_with_its_decision(
    client: PageClient, stalls: Stalls, locale: str
) -> None:
    page = client.get(f"/{locale}/products/{stalls.starred}")
    assert "OCOP 4" in page.text
    assert "QĐ-UBND" in page.text
    assert f"/{locale}/certificates/{stalls.certificate}" in page.links()


@pytest.mark.parametrize("locale", ["vi", "ja", "zh-hant", "bn"])
def test_without_a_claim_neither_stars_nor_the_word_appear(
    client: PageClient, stalls: Stalls, locale: str
) -> None:
    page = client.get(f"/{locale}/products/{stalls.lapsed}")
    product = page.html.split('<section class="band"')[
        0
    ]  # related goods may have stars of their own
    assert "OCOP" not in product
    assert "★" not in product
    assert "hasCertification" not in product


def test_structured_data_carries_the_certificate_only_with_a_claim(
    client: PageClient, stalls: Stalls
) -> None:
    certification = _graph(client, f"/en/products/{stalls.starred}")["hasCertification"]
    assert certification["certificationRating"]["ratingValue"] == 4
    assert certification["certificationIdentification"].endswith("/QĐ-UBND")
    assert "hasCertification" not in _graph(client, f"/en/products/{stalls.lapsed}")


def test_the_stars_go_the_day_after_the_last_day(
    client: PageClient, stalls: Stalls, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write_session(stalls.engine) as session:
        certificate = session.get(Certificate, stalls.certificate)
        assert certificate is not None
        assert certificate.valid_to is not None
        last_moment = clock.now().replace(
            year=certificate.valid_to.year,
            month=certificate.valid_to.month,
            day=certificate.valid_to.day,
            hour=16,
            minute=59,
        )
    monkeypatch.setattr(clock, "now", lambda: last_moment)
    assert "OCOP 4" in client.get(f"/vi/products/{stalls.starred}").text
    monkeypatch.setattr(clock, "now", lambda: last_moment + timedelta(minutes=1))
    product = client.get(f"/vi/products/{stalls.starred}").html
    assert "OCOP" not in product
    assert "★" not in product
    assert "Nước mắm cá cơm" in product


def test_anybody_can_check_a_certificate(client: PageClient, stalls: Stalls) -> None:
    assert (
        "This certificate is valid on" in client.get(f"/en/certificates/{stalls.certificate}").text
    )
    page = client.get(f"/en/certificates/{stalls.lapsed_certificate}")
    assert "Expired" in page.text
    assert "★" not in page.html
