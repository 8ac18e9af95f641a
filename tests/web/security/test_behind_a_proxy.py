"""Behind a proxy everybody seems to come from this machine: nobody gains by it, and nobody is shut out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from core.settings import Settings
from storefront.app import create_app
from storefront.extensions import db
from tests.factories.house import House

AT = "https://shop.example"
TOKEN = "t" * 32


@pytest.fixture
def app(house: House) -> Iterator[Flask]:
    """The shop in production, with one proxy on the same machine."""
    settings: Settings = house.app.config["OCOP"]
    app = create_app(
        replace(settings, env="production", base_url=AT, metrics_token=TOKEN, kept_pages=False)
    )
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    with app.app_context():
        db.engine.dispose()


def test_a_proxy_that_says_nothing_opens_no_inside_pages(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/metrics", base_url=AT).status_code == 404
    assert client.get("/readyz", base_url=AT).get_json().keys() == {"ready"}
    headers = {"X-Forwarded-For": "127.0.0.1"}
    assert client.get("/metrics", base_url=AT, headers=headers).status_code == 404


def test_the_monitor_behind_a_proxy_brings_its_token(app: Flask) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    client = app.test_client()
    assert client.get("/metrics", base_url=AT, headers=headers).status_code == 200
    assert "checks" in client.get("/readyz", base_url=AT, headers=headers).get_json()


@pytest.mark.parametrize("name", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Via"])
def test_a_proxy_nobody_told_of_is_noticed(house: House, name: str) -> None:
    answer = house.app.test_client().get("/metrics", headers={name: "127.0.0.1"})
    assert answer.status_code == 404


def _try(app: Flask, who: str, forwarded: str) -> TestResponse:
    return app.test_client().post(
        "/vi/account/sign-in",
        data={"identifier": who, "password": "wrong password"},
        base_url=AT,
        headers={"X-Forwarded-For": forwarded},
    )


def test_one_visitors_wrong_passwords_shut_nobody_else_out(app: Flask) -> None:
    answers = [_try(app, f"a{n}@example.test", "203.0.113.9").status_code for n in range(11)]
    assert answers[-1] == 429
    assert _try(app, "b@example.test", "203.0.113.10").status_code == 422


def test_an_address_a_visitor_makes_up_does_not_give_more_tries(app: Flask) -> None:
    answers = [
        _try(app, f"a{n}@example.test", f"198.51.100.{n}, 203.0.113.9").status_code
        for n in range(11)
    ]
    assert answers[-1] == 429


def test_without_a_proxy_the_made_up_address_is_not_believed(house: House) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = False
    answers = [
        house.app.test_client()
        .post(
            "/vi/account/sign-in",
            data={"identifier": f"a{n}@example.test", "password": "wrong password"},
            headers={"X-Forwarded-For": f"198.51.100.{n}"},
        )
        .status_code
        for n in range(11)
    ]
    assert answers[-1] == 429
