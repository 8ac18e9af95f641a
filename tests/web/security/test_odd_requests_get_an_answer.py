"""Addresses, numbers and bodies no browser of ours sends: a plain answer, soon, and nothing held up."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import Engine, select, text, update
from sqlalchemy.exc import OperationalError
from werkzeug.routing import Rule
from werkzeug.test import create_environ, run_wsgi_app

from core.people.models import UserSession
from storefront.access import declared
from tests.factories.house import House

LARGE = ("9223372036854775808", "9" * 40)
STRANGE = (
    "%00",
    "%FF%FE",
    "%ED%A0%80",
    "a%0d%0ab",
    "%E2%80%AE",
    "..%2f..%2fetc%2fpasswd",
    "x" * 1500,
)
QUERIES = (
    "q=%00",
    "q=" + "a" * 2000,
    "q=" + "*a* " * 300,
    "q=%22((((&sort=&sort=price",
    "q=%FF%FE&q=2",
    "page=1000000000",
    "page=" + "9" * 60,
    "page=-1&page=1e9",
    "sku=%00&subject=%00&product=" + "9" * 15,
    "after=" + "9" * 30 + "&before=" + "9" * 15,
    "&".join(["province=ca-mau"] * 300),
    "next=%00//evil.example",
    "=&&=&%zz",
)

HANGS = 10.0
"""Seconds: a busy machine is slower than a second, a request that waits for a lock takes fifteen."""


@pytest.fixture
def plain(house: House) -> House:
    """The house without form tokens, so that odd forms reach the views."""
    house.app.config["WTF_CSRF_ENABLED"] = False
    house.app.config["PROPAGATE_EXCEPTIONS"] = False
    return house


def _rules(house: House) -> Iterator[tuple[Rule, str | None]]:
    """Each address, and who is let in."""
    desks = {"producers": "producer", "office": "office", "partners": "partner"}
    for rule in house.app.url_map.iter_rules():
        view = house.app.view_functions[rule.endpoint]
        area = rule.endpoint.partition(".")[0]
        if rule.endpoint not in ("account.sign_out", "health.readyz"):
            yield rule, desks.get(area, "other") if declared(view) else None


def _address(house: House, rule: Rule, **given: str) -> str:
    usual = {
        "locale": "vi",
        "product_id": house.products["producer"],
        "producer_id": house.producers["producer"],
        "partner": "demo-supermarket",
        "key": "name",
        "token": "x" * 22,
        **given,
    }
    return re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda found: str(usual.get(found[1], 1)), rule.rule)


def _is_calm(house: House, who: str | None, method: str, path: str, **sent: object) -> None:
    client = house.browser(who).client
    began = time.monotonic()
    answer = client.open(path, method=method, **sent)  # type: ignore[arg-type]
    seconds = time.monotonic() - began
    assert answer.status_code < 500, f"{method} {path[:150]} {sent}: {answer.status}"
    assert seconds < HANGS, f"{method} {path[:150]}: {seconds:.1f} s"


def test_a_number_no_database_can_hold_is_an_unknown_address(plain: House) -> None:
    for rule, who in _rules(plain):
        for name in rule.arguments:
            if f"<int:{name}>" in rule.rule:
                for number in LARGE:
                    for method in (rule.methods or set()) & {"GET", "POST"}:
                        path = _address(plain, rule, **{name: number})
                        _is_calm(plain, who, method, path)


def test_strange_characters_in_an_address_are_an_unknown_address(plain: House) -> None:
    for rule, who in _rules(plain):
        for name in rule.arguments - {"locale"}:
            for value in STRANGE:
                if "GET" in (rule.methods or set()):
                    _is_calm(plain, who, "GET", _address(plain, rule, **{name: value}))


@pytest.mark.parametrize("query", QUERIES)
def test_odd_questions_get_a_calm_answer_on_every_page(plain: House, query: str) -> None:
    for rule, who in _rules(plain):
        if "GET" in (rule.methods or set()):
            _is_calm(plain, who, "GET", f"{_address(plain, rule)}?{query}")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"\xff\xfe%%%=\xff&name=%FF&version=x"),
        ("application/x-www-form-urlencoded", b"name=%00&identifier=%00&password=%00&version=1"),
        ("application/x-www-form-urlencoded", b"&".join([b"a=1"] * 20_000)),
        ("application/x-www-form-urlencoded", b"name=" + b"a" * 500_000),
        ("multipart/form-data; boundary=x", b"--x\r\nrubbish"),
        ("multipart/form-data", b"rubbish"),
        ("text/plain", b"name=x"),
        ("application/json", b"[" * 10_000),
    ],
    ids=["bad-utf8", "nul", "many-parts", "long", "cut-off", "no-boundary", "plain", "deep-json"],
)
def test_odd_forms_get_a_calm_answer_everywhere(plain: House, kind: str, body: bytes) -> None:
    for rule, who in _rules(plain):
        if "POST" in (rule.methods or set()):
            _is_calm(plain, who, "POST", _address(plain, rule), data=body, content_type=kind)


@pytest.mark.parametrize("path", ["/vi/products/%00", "/vi/search?q=a%00b", "/vi/producers/a%00"])
def test_a_nul_is_refused_before_it_reaches_a_database(plain: House, path: str) -> None:
    assert plain.app.test_client().get(path).status_code == 400


def test_a_nul_in_a_form_is_refused(plain: House) -> None:
    answer = plain.app.test_client().post("/vi/account/link", data={"identifier": "a\x00@b.vn"})
    assert answer.status_code == 400


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "PUT", "DELETE", "BREW"])
@pytest.mark.parametrize("path", ["/vi/", "/vi/cart/add", "/office/", "/metrics"])
def test_unknown_methods_are_refused(house: House, method: str, path: str) -> None:
    assert house.app.test_client().open(path, method=method).status_code == 405


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/evil.example"},
        {"Forwarded": "host=evil.example;proto=https"},
        {"X-Original-URL": "/evil.example", "X-Rewrite-URL": "/evil.example"},
    ],
)
def test_what_a_stranger_says_about_the_host_is_not_believed(
    house: House, headers: dict[str, str]
) -> None:
    client = house.app.test_client()
    for path in ("/", "/vi/", "/vi/products", "/office/", "/sitemap.xml", "/vi/account/sign-in"):
        answer = client.get(path, headers=headers)
        assert "evil.example" not in answer.get_data(as_text=True) + str(answer.headers)


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost@evil.example", "localhost:99999", "localhost.evil.example"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_a_foreign_host_is_refused_for_every_method(house: House, host: str, method: str) -> None:
    answer = house.app.test_client().open("/vi/", method=method, headers={"Host": host})
    assert answer.status_code == 400
    assert host not in answer.get_data(as_text=True)


class SlowBody(io.RawIOBase):
    """A form that arrives drop by drop; between two drops somebody else tries to write."""

    def __init__(self, others: Engine, body: bytes) -> None:
        self._rest, self._others = body, others
        self.others_could_write: list[bool] = []

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        with self._others.connect() as other:
            at_once = {"sqlite": "PRAGMA busy_timeout = 0"}.get(
                self._others.dialect.name, "SET LOCAL lock_timeout = '50ms'"
            )
            try:
                other.execute(text(at_once))
                other.execute(text("UPDATE product SET name = name"))
                self.others_could_write.append(True)
            except OperationalError:
                self.others_could_write.append(False)
            other.rollback()
        drop, self._rest = self._rest[:20], self._rest[20:]
        buffer[: len(drop)] = drop
        return len(drop)


def test_a_form_that_comes_slowly_keeps_nobody_else_from_writing(
    house: House,
) -> None:
    content = f"package_id=1&quantity=1&note={quote('x' * 100)}".encode()
    body = SlowBody(house.engine, content)
    request = create_environ("/vi/cart/add", "http://localhost", method="POST")
    request["wsgi.input"] = io.BufferedReader(body, 16)
    request["CONTENT_LENGTH"] = str(len(content))
    request["CONTENT_TYPE"] = "application/x-www-form-urlencoded"
    run_wsgi_app(house.app, request, buffered=True)
    assert len(body.others_could_write) > 2
    assert all(body.others_could_write)


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("/office/import", {}, 422),
        ("/office/nowhere", {}, 404),
        ("/office/certificates/1/revoke", {"csrf_token": "stale"}, 400),
    ],
)
def test_a_refused_form_after_a_pause_is_answered_at_once(
    house: House, path: str, form: dict[str, str], status: int
) -> None:
    house.app.config["PROPAGATE_EXCEPTIONS"] = False
    browser = house.browser("office")
    browser.get("/office/import")
    token = browser.forms()[0].fields["csrf_token"][0]
    earlier = datetime.now(UTC) - timedelta(minutes=5)
    with house.changing() as session:
        session.execute(update(UserSession).values(last_seen_at=earlier))
    began = time.monotonic()
    answer = browser.client.post(path, data={"csrf_token": token, **form})
    assert answer.status_code == status
    assert time.monotonic() - began < HANGS
    with house.looking() as session:
        seen = session.scalars(select(UserSession.last_seen_at)).all()
    assert max(seen) > earlier, "the visit was not noted"
