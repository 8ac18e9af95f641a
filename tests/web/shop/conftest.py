"""The running shop over a real database with some goods on its stalls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from catalog.models import Certificate, Product, Translation
from core import clock
from core.settings import Settings
from orders.models import StockItem
from storefront.extensions import db
from tests.conftest import Databases
from tests.factories import catalog as make
from tests.factories.application import application
from tests.web.page_client import PageClient

HOSTILE = "\"><svg onload=alert(1)>{{7*7}}</script><script>alert('x')</script>"


@dataclass(frozen=True)
class Stalls:
    """Addresses of what lies on the stalls."""

    starred: str
    lapsed: str
    hostile: str
    producer: str
    certificate: int
    lapsed_certificate: int
    engine: Engine | None = None


def _stock(session: Any, product: Product, on_hand: int) -> None:
    from catalog.models import Package

    for package in session.query(Package).filter_by(product_id=product.id):
        session.add(StockItem(package_id=package.id, on_hand=on_hand, reserved=0))


def fill(session: Session) -> Stalls:
    """Thirty goods: one with stars, one whose certificate has ended, one with hostile texts."""
    today = clock.today()
    maker = make.make_producer(session, "HTX Rừng Ngập Mặn", is_illustrative=True)
    starred = make.make_product(session, "Nước mắm cá cơm", maker, is_illustrative=True)
    certificate: Certificate = make.make_certificate(
        session, starred, 4, issued_on=date(today.year - 1, 3, 1)
    )
    lapsed = make.make_product(session, "Mật ong rừng U Minh", maker, packshot="honey")
    old = make.make_certificate(session, lapsed, 5, issued_on=date(today.year - 5, 3, 1))
    hostile = make.make_product(
        session, HOSTILE, maker, summary=HOSTILE, description=HOSTILE, ingredients=HOSTILE
    )
    session.add(
        Translation(
            entity_kind="product",
            entity_id=starred.id,
            field="name",
            locale="en",
            text="Anchovy fish sauce",
            status="reviewed",
            source_digest="0",
            author="test",
            updated_at=make.NOW,
        )
    )
    for number in range(27):
        goods = make.make_product(session, f"Muối hạt {number}", maker, packshot="salt")
        _stock(session, goods, 20)
    _stock(session, starred, 40)
    _stock(session, lapsed, 0)
    _stock(session, hostile, 3)
    return Stalls(
        starred=starred.slug,
        lapsed=lapsed.slug,
        hostile=hostile.slug,
        producer=maker.slug,
        certificate=certificate.id,
        lapsed_certificate=old.id,
    )


@pytest.fixture
def engine(
    databases: Databases, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Engine]:
    """A database of its own; with goods on the stalls when the test has any."""
    source = databases.filled(fill)[0] if "stalls" in request.fixturenames else ""
    with databases.copy(tmp_path, source) as engine:
        yield engine


@pytest.fixture
def stalls(databases: Databases, engine: Engine) -> Stalls:
    """What lies on the stalls of this test's database."""
    return replace(databases.filled(fill)[1], engine=engine)


@pytest.fixture
def settings(engine: Engine, tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path,
        database_url=engine.url.render_as_string(hide_password=False),
        secret_key="k" * 48,
        base_url="http://localhost",
        kept_pages=False,
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application of these settings; pages are not kept unless a test says so."""
    with application(settings) as app:
        yield app


@pytest.fixture
def client(app: Flask, stalls: Stalls) -> PageClient:
    """A visitor whose every page is checked."""
    return PageClient(app)


@pytest.fixture
def sent(app: Flask) -> Iterator[list[str]]:
    """The SQL statements the application sends, without the brackets of transactions."""
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SELECT pg_catalog")):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)
