"""A process that was warmed has nothing left to load for its first visitors."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from catalog.search.index import Index, rebuild
from core import clock
from storefront.extensions import db
from storefront.warming import warm
from tests.web.page_client import PageClient
from tests.web.shop.conftest import Stalls


def test_the_first_visitor_of_a_warm_process_makes_it_read_cards_alone(
    client: PageClient, app: Flask, stalls: Stalls, sent: list[str]
) -> None:
    directory: Path = app.config["OCOP"].search_dir
    with app.app_context(), Session(db.engine) as session:
        rebuild(session, directory, on=clock.today(), now=clock.now())
    warm(app, patience=600)
    for path in ("/vi/products", "/vi/products?stock=in&stars=4", "/vi/search?q=muối"):
        sent.clear()
        client.get(path)
        assert len(sent) <= 2, (path, sent)
    Index.open(directory).forget()


def test_a_process_without_a_database_starts_cold(
    app: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_told: object) -> None:
        raise OSError("no database")

    monkeypatch.setattr("storefront.warming.newest_fact", gone)

    warm(app)

    assert "warming failed" in caplog.text


def test_a_slow_machine_lets_visitors_in_before_it_is_warm(app: Flask, stalls: Stalls) -> None:
    hurried: list[str] = []
    patient: list[str] = []

    warm(app, lambda: hurried.append("alive"), patience=0)
    warm(app, lambda: patient.append("alive"), patience=600)

    assert len(hurried) == 1
    assert len(patient) > 3
