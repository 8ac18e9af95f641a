"""The running shop over a real database, and a visitor who only has forms and links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from core.settings import Settings
from tests.conftest import Databases
from tests.factories.application import application

FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@pytest.fixture
def app(engine: Engine, tmp_path: Path) -> Iterator[Flask]:
    """The application on this test's own database."""
    settings = Settings(
        data_dir=tmp_path / "data",
        database_url=engine.url.render_as_string(hide_password=False),
        secret_key="x" * 40,
    )
    with application(settings) as app:
        yield app


class Visitor:
    """A browser without JavaScript: follows forms with their hidden fields."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        return self.client.get(path, **kwargs)

    def token(self) -> str:
        """A form token of this visit."""
        page = self.client.get("/en/cart").get_data(as_text=True)
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        if found is None:
            page = self.client.get("/en/account/sign-in").get_data(as_text=True)
            found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found is not None
        return found[1]

    def post(self, path: str, **form: Any) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self.token(), **form})

    def hidden(self, response: TestResponse, action: str) -> dict[str, str]:
        """The hidden fields of the form with that action."""
        text = response.get_data(as_text=True)
        part = text.split(f'action="{action}"', 1)[1].split("</form>", 1)[0]
        return dict(FIELD.findall(part))


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app.test_client())


def fill(session: Session) -> list[int]:
    """Two packages of two producers, ten of each on the shelf, two of the first promised already."""
    from tests.factories.orders import make_order, make_stocked

    first, second = make_stocked(session, 10), make_stocked(session, 10)
    make_order(session, (first, 2))
    return [first.id, second.id]


@pytest.fixture
def engine(
    databases: Databases, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Engine]:
    """A database of its own; with packages on the shelf when the test has any."""
    source = databases.filled(fill)[0] if "stocked" in request.fixturenames else ""
    with databases.copy(tmp_path, source) as engine:
        yield engine


@pytest.fixture
def stocked(databases: Databases) -> list[int]:
    """The packages on the shelf of this test's database."""
    return list(databases.filled(fill)[1])
