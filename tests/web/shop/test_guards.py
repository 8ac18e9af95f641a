from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask

from core.settings import Settings
from tests.factories.application import application
from tests.web.page_client import PageClient
from tests.web.shop.conftest import Stalls


def test_a_foreign_host_is_refused(client: PageClient) -> None:
    page = client.get("/vi/", 400, headers={"Host": "evil.example"})
    assert "evil.example" not in page.html


def test_every_page_ties_the_browsers_hands(client: PageClient, stalls: Stalls) -> None:
    for path, status in (("/vi/", 200), ("/vi/nowhere", 404), ("/vi/about", 200)):
        headers = client.get(path, status).response.headers
        policy = headers["Content-Security-Policy"]
        for needed in (
            "default-src 'none'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
        ):
            assert needed in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]


def test_each_answer_has_a_nonce_of_its_own(client: PageClient) -> None:
    policies = {client.get("/vi/").response.headers["Content-Security-Policy"] for _ in range(3)}
    assert len(policies) == 3


def test_production_insists_on_https(settings: Settings) -> None:
    secure = replace(settings, env="production", base_url="https://shop.example")
    with application(secure) as app:
        response = app.test_client().get("/vi/about", base_url="https://shop.example")
        assert "max-age=31536000" in response.headers["Strict-Transport-Security"]
        assert "upgrade-insecure-requests" in response.headers["Content-Security-Policy"]
        assert app.config["SESSION_COOKIE_NAME"].startswith("__Host-")
        assert app.test_client().get("/vi/about", base_url="https://localhost").status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_a_form_from_another_site_is_refused(client: PageClient, headers: dict[str, str]) -> None:
    client.post("/en/about", 403, headers=headers)


def test_an_unknown_error_shows_a_reference_and_no_detail(
    client: PageClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RuntimeError("secret of the house")

    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(app.view_functions, "shop.about", fail)
    page = client.get("/en/about", 500)
    assert "secret of the house" not in page.html
    assert re.search(r"Reference for questions: [0-9a-f]{16}", page.text)


def test_static_files_have_names_that_never_change_and_a_small_copy(
    client: PageClient, app: Flask
) -> None:
    address = app.jinja_env.globals["asset"]("css/site.css")
    response = client.plain.get(address, headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert response.headers["Content-Encoding"] == "gzip"
    assert "immutable" in response.headers["Cache-Control"]
    assert client.plain.get("/static/../core/settings.py", buffered=True).status_code == 404
