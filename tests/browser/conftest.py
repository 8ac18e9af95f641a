"""A shop on loopback whose day can be set, and headless Chromium as its visitor."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import Engine
from werkzeug.serving import make_server

from core import clock
from core.db import make_engine
from core.settings import Settings
from storefront.app import create_app
from storefront.extensions import db
from storefront.worker import work
from tests.browser.every_page import Toured
from tests.conftest import missing
from tests.factories.live_shop import free_port
from tests.factories.whole_shop import shared_demonstration, walk

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, DESKTOP = 360, 1280
REFUSED_ANSWER = "the server responded with a status of 4"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium for the tests of one file: while Playwright lives, nothing here may call asyncio.run."""
    if CHROMIUM is None:
        missing("chromium", "there is no chromium on the PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class LiveShop:
    """The shop in a thread of this process: one clock for the server, the worker and the test."""

    app: Flask
    engine: Engine
    settings: Settings
    monkeypatch: pytest.MonkeyPatch

    def set_day(self, day: date) -> None:
        """Let it be ten in the morning of that day in Vietnam."""
        moment = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
        self.monkeypatch.setattr(clock, "now", lambda: moment)
        self.monkeypatch.setattr(clock, "today", lambda: clock.vietnam_date(moment))

    def work(self) -> None:
        """Let the worker do what is due."""
        work(self.settings, once=True)


@pytest.fixture
def shop(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[LiveShop]:
    path = tmp_path / "ocop.db"
    shutil.copy(sqlite_template, path)
    url = f"sqlite:///{path}"
    port = free_port()
    settings = Settings(
        data_dir=tmp_path,
        database_url=url,
        secret_key="k" * 48,
        base_url=f"http://127.0.0.1:{port}",
    )
    app = create_app(settings)
    with served(app, port):
        engine = make_engine(url)
        shop = LiveShop(app, engine, settings, monkeypatch)
        shop.set_day(clock.today())
        yield shop
    engine.dispose()


@contextmanager
def served(app: Flask, port: int) -> Iterator[None]:
    """The application in a thread of this process."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield
    server.shutdown()
    thread.join(10)
    server.server_close()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def whole_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Toured]:
    """The demonstration, made once for all processes of a run, and every kind of page found in it."""
    settings = shared_demonstration(tmp_path_factory)
    port = free_port()
    settings = replace(settings, base_url=f"http://127.0.0.1:{port}")
    app = create_app(settings)
    tour = walk(app, settings)
    with served(app, port):
        yield Toured(settings.base_url, tour, app)


@dataclass
class Visitor:
    """A person with a browser, and everything the browser complained about."""

    context: BrowserContext
    page: Page
    base_url: str
    complaints: list[str]
    pictures: Path
    refusals_expected: bool = False
    """Set by a test that asks for what is refused: the browser notes each such answer, sometimes late."""

    def grievances(self) -> list[str]:
        """What the browser complained about, without the answers the test meant to be refused."""
        return [
            text
            for text in self.complaints
            if not (self.refusals_expected and REFUSED_ANSWER in text)
        ]

    def go(self, path: str) -> Page:
        """Open an address of the shop."""
        self.page.goto(self.base_url + path)
        return self.page

    def look(self, name: str) -> None:
        """Keep a picture of the page for a person to look at."""
        self.page.screenshot(path=self.pictures / f"{name}.png", full_page=True)

    def overflow(self) -> int:
        """How many pixels the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.fixture
def visit(chromium: Browser, shop: LiveShop, tmp_path: Path) -> Iterator[Any]:
    """Open a browser of its own (own cookies); the test fails if any page complains."""
    opened: list[Visitor] = []
    pictures = Path(os.environ.get("OCOP_TEST_PICTURES", tmp_path / "pictures"))
    pictures.mkdir(parents=True, exist_ok=True)

    def open_one(width: int = PHONE, **options: Any) -> Visitor:
        context = chromium.new_context(viewport={"width": width, "height": 800}, **options)
        page = context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(f"dialog {dialog.message}"))
        page.on(
            "console",
            lambda message: (
                complaints.append(message.text) if message.type in ("error", "warning") else None
            ),
        )
        visitor = Visitor(context, page, shop.settings.base_url, complaints, pictures)
        opened.append(visitor)
        return visitor

    yield open_one
    complaints = [text for visitor in opened for text in visitor.grievances()]
    for visitor in opened:
        visitor.context.close()
    assert complaints == []
