"""The Nu HTML checker finds no error on any kind of page."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from flask import Flask

from i18n.locales import ENABLED
from tests.browser.every_page import Toured, whole_matrix
from tests.conftest import missing, needs_program
from tests.factories.whole_shop import Place, Tour

LANGUAGES = ("vi", "zh-hant", "de")
"""Those of an ordinary run; make check-html reads the pages of all languages."""


def test_the_nu_checker_finds_no_error(whole_shop: Toured, tmp_path: Path) -> None:
    jar = os.environ.get("OCOP_TEST_NU_JAR") or missing(
        "nu", "OCOP_TEST_NU_JAR is not set (see make check-html)"
    )
    java = needs_program("java", "nu")
    addresses = {}
    for number, (place, locale) in enumerate(
        (place, locale)
        for place in whole_shop.tour.places
        for locale in (ENABLED if whole_matrix() else LANGUAGES)
    ):
        page = tmp_path / f"{number}.html"
        page.write_text(_html(whole_shop.app, whole_shop.tour, place, locale), encoding="utf-8")
        addresses[page.name] = place.address(locale)
    assert len(addresses) > 60
    command = [java, "-jar", jar, "--errors-only", "--format", "json", "--stdout"]
    told = subprocess.run(
        [*command, "--exit-zero-always", *(str(tmp_path / name) for name in addresses)],
        capture_output=True,
        text=True,
        check=True,
    )
    errors = [_said(error, addresses) for error in json.loads(told.stdout)["messages"]]
    assert errors == []


def _html(app: Flask, tour: Tour, place: Place, locale: str) -> str:
    client = app.test_client()
    if place.basket:
        client.set_cookie("ocop_cart", tour.basket, domain="localhost")
    answer = client.get(place.address(locale), follow_redirects=True)
    assert answer.status_code == place.status, f"{place.address(locale)}: {answer.status}"
    return answer.get_data(as_text=True)


def _said(error: dict[str, Any], addresses: dict[str, str]) -> tuple[str, str, str]:
    page = Path(error.get("url", "")).name
    return addresses.get(page, page), error["message"], error.get("extract", "")
