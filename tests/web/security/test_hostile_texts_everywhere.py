"""Every text of the demonstration is hostile; every page, feed and file that links lead to still only shows it."""

from __future__ import annotations

import csv
import json
import re
import shutil
import sqlite3
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from flask import Flask
from lxml import etree
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.engine import make_url
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from catalog.models import Product, VisitTerms
from core import clock
from core.db import make_engine, write_session
from core.people.models import Person
from tests.factories.application import application
from tests.factories.hostile import UNSAFE, WORD, poison
from tests.factories.people import sign_in
from tests.factories.whole_shop import shared_demonstration

_LINK = re.compile(r'(?:href|src|action)="(/(?!static)[^"#]*)')
_GRAPH = re.compile(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', re.DOTALL)
_FORMULA = re.compile(r"[=@]|[-+](?!\d)")
DESKS = {"producer": "/portal/", "office": "/office/", "supermarket": "/partners/"}
TOLD = {
    "producer": 30,
    "office": 30,
    "supermarket": 1,
}
"""How many kinds of pages at least show a hostile text to whom."""


@dataclass
class Hostile:
    """The application, the sign-in tokens of one person of each desk, and a visit that can be asked for."""

    app: Flask
    tokens: dict[str, str]
    visit: str


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hostile]:
    """A copy of the demonstration in which every text is hostile."""
    settings = shared_demonstration(tmp_path_factory)
    folder = tmp_path_factory.mktemp("hostile")
    for part in ("media", "private", "search", "partners"):
        shutil.copytree(settings.data_dir / part, folder / part)
    _copy(Path(str(make_url(settings.database_url).database)), folder / "ocop.db")
    import_module("migrations.tables")
    engine = make_engine(f"sqlite:///{folder / 'ocop.db'}")
    assert poison(engine) > 80
    with write_session(engine) as session:
        tokens = {
            str(person.email).partition("@")[0]: sign_in(session, person, now=clock.now())
            for person in session.scalars(select(Person))
        }
        visits = select(Product.slug).join(VisitTerms, VisitTerms.product_id == Product.id)
        visit = session.scalars(visits.order_by(Product.id)).first()
        assert visit is not None
        session.commit()
    engine.dispose()
    url = f"sqlite:///{folder / 'ocop.db'}"
    with application(replace(settings, data_dir=folder, database_url=url)) as app:
        yield Hostile(app, tokens, f"/vi/visits/{visit}")


def _copy(source: Path, target: Path) -> None:
    """A database as it stands, though somebody may be writing to it."""
    with sqlite3.connect(source) as one, sqlite3.connect(target) as other:
        one.backup(other)
    one.close()
    other.close()


class Reader:
    """Follows links and judges what it is answered, by its kind."""

    def __init__(self, hostile: Hostile, who: str) -> None:
        self._client = hostile.app.test_client()
        if who:
            self._client.set_cookie("sign-in", hostile.tokens[who], domain="localhost")
        self._map = hostile.app.url_map.bind("localhost")
        self.told: Counter[str] = Counter()
        """How often a hostile text was shown, by kind of page or file."""

    def read(self, start: str, within: tuple[str, ...], alike: int = 1) -> None:
        """Open what links lead to from there, so many pages of one kind."""
        opened: Counter[tuple[str, bool]] = Counter()
        met, waiting = {start}, deque([start])
        while waiting:
            path = waiting.popleft()
            kind = self._kind(path), "?" in path
            if opened[kind] >= alike:
                continue
            opened[kind] += 1
            for link in self._open(path, kind[0]):
                if link not in met and link.startswith(within):
                    met.add(link)
                    waiting.append(link)

    def _kind(self, path: str) -> str:
        try:
            return str(self._map.match(path.partition("?")[0], method="GET")[0])
        except (RequestRedirect, HTTPException) as other:
            return type(other).__name__

    def _open(self, path: str, kind: str) -> list[str]:
        answer = self._client.get(path)
        assert answer.status_code < 500, path
        if "Location" in answer.headers:
            return [answer.headers["Location"]]
        judge = _JUDGES.get(answer.mimetype or "")
        if judge is None:
            assert answer.mimetype in _PLAIN, f"{path}: nobody judges {answer.mimetype}"
            return []
        if judge(answer, path):
            self.told[kind] += 1
        if answer.mimetype != "text/html":
            return []
        return [link.replace("&amp;", "&") for link in _LINK.findall(answer.text)]


def _page(answer: TestResponse, path: str) -> bool:
    """A page: nothing gets out of its text, its attribute or its structured data."""
    unsafe = UNSAFE.search(answer.text)
    assert unsafe is None, f"{path}: {answer.text[max(unsafe.start() - 80, 0) : unsafe.end() + 80]}"
    for graph in _GRAPH.findall(answer.text):
        assert json.loads(graph)["@context"] == "https://schema.org", path
    return WORD in answer.text


def _xml(answer: TestResponse, path: str) -> bool:
    """A feed, a drawing or a description: it can be read, and nothing in it acts."""
    root = etree.fromstring(answer.data)
    for element in root.iter():
        acting = [name for name in element.attrib if str(name).startswith("on")]
        assert not acting, f"{path}: {acting}"
        assert etree.QName(element).localname not in ("script", "foreignObject"), path
    return WORD in "".join(str(text) for text in root.itertext())


def _json(answer: TestResponse, _path: str) -> bool:
    return WORD in json.dumps(json.loads(answer.data))


def _table(answer: TestResponse, path: str) -> bool:
    """A table for a program that calculates: no cell begins as a formula does."""
    first = answer.text.lstrip("\ufeff").partition("\n")[0]
    rows = list(csv.reader(StringIO(answer.text), delimiter=";" if ";" in first else ","))
    for cell in (cell for row in rows for cell in row):
        assert not _FORMULA.match(cell), f"{path}: {cell!r}"
    return WORD in answer.text


def _workbook(answer: TestResponse, path: str) -> bool:
    """A workbook: what looks like a formula is kept as text."""
    told = False
    for sheet in load_workbook(BytesIO(answer.data)):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", f"{path}: {cell.coordinate} calculates {cell.value!r}"
                told = told or WORD in str(cell.value)
    return told


_JUDGES: dict[str, Callable[[TestResponse, str], bool]] = {
    "text/html": _page,
    "application/atom+xml": _xml,
    "application/opensearchdescription+xml": _xml,
    "application/xml": _xml,
    "application/xliff+xml": _xml,
    "image/svg+xml": _xml,
    "application/manifest+json": _json,
    "application/ld+json": _json,
    "application/json": _json,
    "text/csv": _table,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": _workbook,
}
_PLAIN = frozenset(
    ["application/pdf", "image/png", "image/jpeg", "image/webp", "image/avif", "text/plain"]
)
"""Nothing in these acts on whoever opens them: texts stand in them as drawn letters."""


def test_a_visitor_is_shown_hostile_texts_and_nothing_else(hostile: Hostile) -> None:
    visitor = Reader(hostile, "")
    visitor.read("/vi/", ("/vi/", "/01", "/lots", "/media", "/api"), alike=2)
    for path in (
        hostile.visit,
        "/sitemap.xml",
        "/sitemap-0.xml",
        "/sitemap-1.xml",
        "/vi/search/suggest?q=mam",
    ):
        visitor.read(path, (path,))
    shown = {
        "shop.product", "shop.producer", "shop.certificate", "shop.event", "shop.booth",
        "shop.collection", "shop.article", "shop.live", "shop.gift_set", "shop.visit",
        "shop.place", "shop.province", "shop.brand", "shop.feed", "shop.news_feed",
    }  # fmt: skip
    assert shown <= set(visitor.told), sorted(shown - set(visitor.told))


@pytest.mark.parametrize("who", DESKS)
def test_each_desk_is_shown_hostile_texts_and_nothing_else(hostile: Hostile, who: str) -> None:
    member = Reader(hostile, who)
    member.read(DESKS[who], (DESKS[who], "/vi/account"))
    assert len(member.told) >= TOLD[who], sorted(member.told)
