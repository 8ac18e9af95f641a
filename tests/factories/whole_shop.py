"""The whole demonstration on loopback, and an example of every page in it that anybody may open.

Nobody keeps a list of pages: links are followed from the home page, and the map of addresses says what they
are. A public page without a link to it needs a line in ``_hidden``; without an example the tests fail.
"""

from __future__ import annotations

import fcntl
import os
import re
import subprocess
import sys
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.test import Client

from catalog.models import Package, Product
from core import clock
from core.actor import Actor
from core.db import make_engine, write_session
from core.facts import Fact
from core.people import sign_in_links
from core.people.queries import find_person
from core.settings import Settings
from orders.models import CustomerOrder, StockItem
from storefront.access import PUBLIC, declared
from storefront.shop import policies
from storefront.worker import work
from tests.factories.browser import Browser
from tests.factories.live_shop import ROOT, environment_of
from tests.factories.voices import deliver

MOST_READ = 120
"""How many pages of one kind are read in search of those that look different."""
MOST_ASKED = 12
"""The same for pages with a query, which are of one kind however they are asked."""
MOST_KEPT = 4
"""How many pages of one kind are examples: together they show every class any of them shows."""
_NO_PAGES = re.compile(r"/(?:static|media)/|\.(?:xml|atom|txt|png|svg|ico|webmanifest|json|js)$")
_CLASS = re.compile(r'class="([^"]*)"')
_LINK = re.compile(r'<a [^>]*?href="(/[^"#]*)')
_HEARD_ANYWAY = ("certificate.recorded", "product.changed", "producer.changed")
_LOCALE = "vi"
_BUYER = {
    "recipient": "Nguyễn Thị Bưởi",
    "phone": "0912 345 678",
    "email": "buoi@example.vn",
    "province": "96",
    "commune": "Phường An Xuyên",
    "street": "12 Phan Ngọc Hiển",
}


@dataclass(frozen=True)
class Place:
    """A page of the shop: where it is after the language, what it answers, whether a basket is needed."""

    endpoint: str
    path: str
    status: int = 200
    basket: bool = False

    def address(self, locale: str) -> str:
        """The address in a language."""
        return self.path.replace("{locale}", locale).replace("{lang}", locale)


@dataclass
class Tour:
    """What a walk through the shop has found."""

    places: list[Place]
    lacking: list[str]
    basket: str
    """The value of the cookie of a visitor who has put something into the basket."""
    pages: dict[str, str] = field(default_factory=dict)
    """The Vietnamese HTML of every page that was read, by its path."""


def shared_demonstration(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The demonstration all processes of a test run share: look, and do no harm."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    return load_demonstration(shared / "demonstration")


def load_demonstration(folder: Path) -> Settings:
    """The demonstration in a data directory, loaded by whichever process of a test run comes first."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(
        data_dir=folder,
        database_url=f"sqlite:///{folder / 'ocop.db'}",
        secret_key="k" * 48,
        base_url="http://127.0.0.1",
    )
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            command = [sys.executable, "-m", "storefront.commands", "demo"]
            environment = {**os.environ, **environment_of(settings)}
            subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
            _say_each_fact_once(settings)
            work(settings, once=True)
            (folder / "ready").touch()
    return settings


def _say_each_fact_once(settings: Settings) -> None:
    """A published product is indexed and judged for that reason: what changed before it need not be heard."""
    engine = make_engine(settings.database_url)
    with write_session(engine) as session:
        session.execute(delete(Fact).where(Fact.name.in_(_HEARD_ANYWAY)))
        session.commit()
    engine.dispose()


def walk(app: Flask, settings: Settings) -> Tour:
    """Follow the links from the home page; see ``Tour``."""
    engine = make_engine(settings.database_url)
    basket, hidden = _hidden(app, engine)
    engine.dispose()
    found = _Walk(app)
    found.follow(f"/{_LOCALE}/")
    places = [place for pages in found.by_kind.values() for place in _different(pages)]
    places += hidden
    visit = next(
        (path for path in found.pages if found.endpoint(_vietnamese(path)) == "shop.visit"), ""
    )
    if visit:
        places.append(Place("shop.visit_asked", _any_language(_asked(app, _vietnamese(visit)))))
    seen = {place.endpoint for place in places} | found.other_endpoints
    return Tour(
        places=sorted(places, key=lambda place: (place.endpoint, place.path)),
        lacking=sorted(public_endpoints(app) - seen - NOT_LINKED_BY_PAGES),
        basket=basket,
        pages=found.pages,
    )


NOT_LINKED_BY_PAGES = frozenset({
    "shop.choose_language", "shop.entry_in_own_language", "shop.right_in_own_language",
    "shop.suggest", "shop.opensearch", "shop.opensearch_in_own_language", "shop.feed",
    "shop.share_picture", "shop.qr", "shop.manifest", "shop.worker", "shop.sitemap",
    "shop.booth_code", "shop.booth_in_own_language", "shop.news_feed", "shop.sitemap_file", "shop.robots", "shop.favicon", "tracing.resolver",
    "api.search", "api.suggest", "api.openapi", "media.picture",
    "health.healthz", "health.readyz", "health.measurements", "static",
})  # fmt: skip
"""Public addresses that answer with something else than a page, or lead on to one at once."""


def public_endpoints(app: Flask) -> set[str]:
    """Every address anybody may open."""
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and declared(app.view_functions[rule.endpoint]) == PUBLIC
    }


class _Walk:
    """Reads pages and remembers of which kind each is and what stands on it."""

    def __init__(self, app: Flask) -> None:
        self._client: Client = app.test_client()
        self._map = app.url_map.bind("127.0.0.1")
        self.by_kind: dict[tuple[str, bool, int], list[tuple[Place, frozenset[str]]]] = defaultdict(
            list
        )
        self.other_endpoints: set[str] = set()
        self.pages: dict[str, str] = {}

    def follow(self, start: str) -> None:
        met, waiting = {start}, deque([start])
        read: dict[tuple[str, bool], int] = defaultdict(int)
        while waiting:
            path = waiting.popleft()
            endpoint = self.endpoint(path)
            kind = (endpoint, "?" in path)
            if read[kind] >= (MOST_ASKED if kind[1] else MOST_READ):
                continue
            read[kind] += 1
            for link in self._read(endpoint, path):
                if link not in met:
                    met.add(link)
                    waiting.append(link)

    def endpoint(self, path: str) -> str:
        """Which page that address is."""
        try:
            return str(self._map.match(path.partition("?")[0], method="GET")[0])
        except RequestRedirect:
            return "redirect"
        except HTTPException:
            return "unknown"

    def _read(self, endpoint: str, path: str) -> Iterable[str]:
        if _NO_PAGES.search(path.partition("?")[0]):
            return ()
        answer = self._client.get(path)
        if "Location" in answer.headers:
            self.other_endpoints.add(endpoint)
            return filter(_is_vietnamese, (answer.headers["Location"],))
        if answer.mimetype != "text/html" or answer.status_code == 403:
            self.other_endpoints.add(endpoint)
            return ()
        html = answer.get_data(as_text=True)
        place = Place(endpoint, _any_language(path), answer.status_code)
        classes = frozenset(" ".join(_CLASS.findall(html)).split())
        self.by_kind[endpoint, "?" in path, answer.status_code].append((place, classes))
        self.pages[place.path] = html
        links = (link.replace("&amp;", "&") for link in _LINK.findall(html))
        return (link for link in links if _is_vietnamese(link))


def _is_vietnamese(link: str) -> bool:
    first = link.split("/")[1].partition("?")[0]
    return first == _LOCALE or first in ("01", "lots")


def _any_language(path: str) -> str:
    path = re.sub(rf"^/{_LOCALE}(?=/|$)", "/{locale}", path)
    return path.replace(f"lang={_LOCALE}", "lang={lang}")


def _vietnamese(path: str) -> str:
    return path.replace("{locale}", _LOCALE)


def _terms() -> Iterable[date]:
    """The days of the versions of the terms of sale."""
    return policies.load(policies.CONTENT)["terms"]


def _different(pages: list[tuple[Place, frozenset[str]]]) -> list[Place]:
    """The fewest pages that show every class any of the pages shows, the richest first."""
    chosen: list[Place] = []
    shown: frozenset[str] = frozenset()
    while len(chosen) < MOST_KEPT:
        place, classes = max(pages, key=lambda page: len(page[1] - shown))
        if chosen and classes <= shown:
            break
        chosen.append(place)
        shown |= classes
    return chosen


def _hidden(app: Flask, engine: Engine) -> tuple[str, list[Place]]:
    """A basket, and what no link leads to: states of a page, and pages with a secret in their address."""
    with write_session(engine) as session:
        on_sale, slug = _on_sale(session), _withdrawn(session)
        link = _link(session)
        session.commit()
    cookie = _basket(app, on_sale).client.get_cookie("ocop_cart")
    assert cookie is not None
    arrived = _order(app, on_sale, "cod")
    with write_session(engine) as session:
        line = _deliver(session, arrived.rpartition("/")[2])
        session.commit()
    return cookie.value, [
        Place("shop.search", "/{locale}/search"),
        Place("shop.search", "/{locale}/search?q=muoi"),
        Place("shop.search", "/{locale}/search?q=zzzqqq"),
        Place("shop.browse", "/{locale}/products?page=999", 404),
        Place("shop.product", f"/{{locale}}/products/{slug}", 410),
        Place("unknown", "/{locale}/nowhere", 404),
        Place("shop.former_policy", f"/{{locale}}/policies/terms/{min(_terms())}"),
        Place("tracing.goods", "/01/4006381333931?lang={lang}", 404),
        Place("tracing.lot", "/01/4006381333931/10/L1?lang={lang}", 404),
        Place("shop.offline", "/{locale}/offline"),
        Place("checkout.cart", "/{locale}/cart", basket=True),
        Place("checkout.form", "/{locale}/checkout", basket=True),
        Place("checkout.order", _any_language(_order(app, on_sale))),
        Place("checkout.order", _any_language(arrived)),
        Place("checkout.review_line", f"{_any_language(arrived)}/reviews/{line}"),
        Place("account.use_link", f"/{{locale}}/account/link/{link}"),
        Place("account.use_link", "/{locale}/account/link/dead", 410),
    ]


def _basket(app: Flask, slug: str) -> Browser:
    """A visitor who has put a product into the basket."""
    buyer = Browser(app)
    buyer.get(f"/{_LOCALE}/products/{slug}")
    buyer.submit("cart/add")
    return buyer


def _asked(app: Flask, path: str) -> str:
    """The address of an enquiry for a visit."""
    guest = Browser(app)
    guest.get(path)
    day = clock.today() + timedelta(days=20)
    guest.submit(
        wished_on=day.isoformat(),
        people="2",
        name="Bưởi",
        email="buoi@example.vn",
        message="Chào",
        consent="y",
    )
    return guest.path.partition("?")[0]


def _deliver(session: Session, token: str) -> int:
    """Every parcel of an order arrives; the number of its first line."""
    order = session.scalars(select(CustomerOrder).where(CustomerOrder.public_token == token)).one()
    deliver(session, order, now=clock.now())
    return min(line.id for parcel in order.sub_orders for line in parcel.lines)


def _order(app: Flask, slug: str, payment_method: str = "vietqr") -> str:
    """The address of an order just placed."""
    buyer = _basket(app, slug)
    buyer.get(f"/{_LOCALE}/checkout")
    buyer.submit("/checkout", **_BUYER, payment_method=payment_method)
    buyer.submit("checkout/place")
    return buyer.path.partition("?")[0]


def _on_sale(session: Session) -> str:
    """The slug of a product that can be ordered now."""
    return session.scalars(
        select(Product.slug)
        .join(Package, Package.product_id == Product.id)
        .join(StockItem, StockItem.package_id == Package.id)
        .where(Product.state == "published", StockItem.on_hand > 10)
        .order_by(Product.id)
        .limit(1)
    ).one()


def _withdrawn(session: Session) -> str:
    """The slug of a product its producer has just taken off the stalls."""
    gone = session.scalars(
        select(Product).where(Product.state == "published").order_by(Product.id.desc()).limit(1)
    ).one()
    gone.state = "withdrawn"
    return gone.slug


def _link(session: Session) -> str:
    """A one-time link for somebody of the office."""
    person = find_person(session, "office@demo.ocop.example")
    assert person is not None
    return sign_in_links.issue_link(
        session, person.id, actor=Actor.system("test"), now=clock.now(), valid_for=timedelta(days=1)
    )
