"""What is true of every address the application serves."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event
from werkzeug.routing import AnyConverter, IntegerConverter, Rule

from core.settings import Settings
from migrations.runner import upgrade
from storefront.access import declared
from storefront.app import create_app
from storefront.extensions import db

SPEAKING = re.compile(r"\b(create|delete|remove|cancel|add|publish|revoke|save|set)\b")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The whole application over an empty, migrated database."""
    data_dir: Path = tmp_path_factory.mktemp("routes")
    settings = Settings(
        data_dir=data_dir,
        database_url=f"sqlite:///{data_dir / 'ocop.db'}",
        secret_key="k" * 48,
        base_url="http://localhost",
        kept_pages=False,
    )
    app = create_app(settings)
    with app.app_context():
        upgrade(db.engine)
    yield app
    with app.app_context():
        db.engine.dispose()


def test_every_view_says_who_may_use_it(app: Flask) -> None:
    silent = [name for name, view in app.view_functions.items() if declared(view) is None]
    assert not silent


def test_every_area_is_served(app: Flask) -> None:
    assert set(app.blueprints) >= {
        "shop", "checkout", "account", "producers", "office", "partners", "health",
    }  # fmt: skip


def test_desks_are_closed_to_everybody_else(app: Flask) -> None:
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith(("/portal", "/office", "/partners")):
            continue
        values = _example(rule)
        with app.test_request_context():
            path = app.url_map.bind("localhost").build(rule.endpoint, values, force_external=False)
        if "GET" in (rule.methods or ()):
            response = client.get(path)
            assert response.status_code in (302, 303, 308, 403, 404), (path, response.status)
            if response.status_code in (302, 303):
                assert "sign-in" in response.headers["Location"], path


def _example(rule: Rule) -> dict[str, object]:
    """A value for each part of an address, of the words where only some are taken."""
    return {
        name: min(converter.items)
        if isinstance(converter, AnyConverter)
        else 1
        if isinstance(converter, IntegerConverter)
        else "x"
        for name, converter in rule._converters.items()  # werkzeug shows them nowhere else
    }


def test_no_get_changes_anything(app: Flask) -> None:
    """Every address that takes no values is fetched; none may write."""
    written: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            written.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    client = app.test_client()
    try:
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and set(rule.arguments) <= {"locale"}:
                path = rule.rule.replace(_locale_part(rule.rule), "vi")
                client.get(path, buffered=True)
                assert not written, (path, written)
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _locale_part(rule: str) -> str:
    found = re.search(r"<any\([^>]*\):locale>", rule)
    return found[0] if found else "\0"


def test_addresses_that_change_something_do_not_answer_get(app: Flask) -> None:
    """A view that commits for GET as well would be found by any crawler's prefetch."""
    guilty = []
    for rule in app.url_map.iter_rules():
        view = inspect.unwrap(app.view_functions[rule.endpoint])
        source = inspect.getsource(view)
        if ".commit()" in source and "GET" in (rule.methods or ()):
            posts = "POST" in (rule.methods or ())
            if not (posts and ("method" in source or "validate_on_submit" in source)):
                guilty.append(f"{rule.rule} ({rule.endpoint})")
    assert not guilty


def test_no_public_address_has_been_lost(app: Flask) -> None:
    """The addresses others rely on (architecture, section 5); to drop one, add a redirect first."""
    adapter = app.url_map.bind("localhost")
    for path in (
        "/", "/vi/", "/en/products", "/ja/products/x", "/vi/search", "/vi/producers/x",
        "/vi/certificates/1", "/vi/cart", "/vi/checkout", "/vi/orders/x", "/vi/about",
        "/sitemap.xml", "/robots.txt", "/healthz", "/readyz", "/metrics",
        "/portal/", "/office/", "/partners/", "/01/08938500001239/10/NM2605A", "/01/08938500001239",
        "/lots/abcd2345",
    ):  # fmt: skip
        assert adapter.match(path, method="GET"), path
