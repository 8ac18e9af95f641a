"""The shop with lots behind the codes on its labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from catalog.lots.recalls import open_recall
from core import clock
from core.settings import Settings
from storefront.extensions import db
from tests.conftest import Databases
from tests.factories.application import application
from tests.factories.catalog import make_certificate, make_package, make_product
from tests.factories.lots import GTIN, TESTER, happened, make_lot, make_material
from tests.web.page_client import PageClient

BASE = "http://localhost"
LINK = f"/01/0{GTIN}/10"


@dataclass(frozen=True)
class Codes:
    """What the labels say: GTIN 8938500001239 with these lots, and one in-house code."""

    slug: str
    in_house: str


def fill(session: Session) -> Codes:
    """A fish sauce with a true GTIN in good, recalled and outdated lots, and goods without a GTIN."""
    today = clock.today()
    product = make_product(session, "Nước mắm cá cơm Rạch Gốc", packages=0)
    product.producer.phone = "+842903123456"
    make_certificate(session, product, 4, issued_on=today - timedelta(days=100))
    package = make_package(session, product, gtin=GTIN)
    maker = product.producer_id
    fish = make_material(session, maker)
    good = make_lot(session, package, "GOOD", produced_on=today - timedelta(days=30))
    happened(session, maker, "catch", outputs=((fish, 200),), place="Cửa biển Rạch Gốc")
    happened(session, maker, "pack", inputs=((fish, 200),), outputs=((good, 200),))
    happened(session, maker, "ship", inputs=((good, 50),), party="Co.opmart Cà Mau")
    early = today - timedelta(days=200)
    bad = make_lot(session, package, "BAD", produced_on=early)
    open_recall(
        session, bad.id, reason="Histamin vượt ngưỡng <b>", advice="Không dùng, gửi lại nơi mua",
        danger="microbe",
        actor=TESTER, on=today, now=clock.now(),
    )  # fmt: skip
    for number, kind in (("OLD", "use_by"), ("STALE", "best_before")):
        make_lot(
            session, package, number, produced_on=date(2024, 1, 1), expires_on=date(2025, 1, 31),
            expiry_kind=kind,
        )  # fmt: skip
    make_lot(session, package, "L01/26")
    other = make_product(session, "Mật ong rừng U Minh", packages=0)
    jar = make_package(session, other, gtin="2000000000015", gtin_is_internal=True)
    in_house = make_lot(session, jar, "M1", quantity=Decimal(12))
    return Codes(product.slug, in_house.code)


@pytest.fixture
def scanned(databases: Databases, tmp_path: Path) -> Iterator[tuple[Flask, Codes, Engine]]:
    source, codes = databases.filled(fill)
    with databases.copy(tmp_path, source) as engine:
        settings = Settings(
            data_dir=tmp_path / "var",
            database_url=engine.url.render_as_string(hide_password=False),
            secret_key="k" * 48,
            base_url=BASE,
        )
        with application(settings) as app:
            yield app, codes, engine


@pytest.fixture
def codes(scanned: tuple[Flask, Codes, Engine]) -> Codes:
    return scanned[1]


@pytest.fixture
def client(scanned: tuple[Flask, Codes, Engine]) -> PageClient:
    return PageClient(scanned[0])


@pytest.fixture
def sent(scanned: tuple[Flask, Codes, Engine]) -> Iterator[list[str]]:
    """The statements the application sends."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.upper().startswith(("SELECT", "WITH")):
            seen.append(statement)

    with scanned[0].app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)
