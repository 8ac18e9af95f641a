"""A translation machine on loopback: asked only for what it may make, marked, and never trusted."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from catalog.machine_translation import MachineUnavailable, ask, keep, plan
from catalog.products import update_product
from catalog.queries import get_product_page
from catalog.queries.translations import get_review
from catalog.translating import set_translation
from catalog.translators.libretranslate import LibreTranslate
from core.actor import Actor
from tests.factories.catalog import make_product

SYSTEM = Actor.system("test")


class Server:
    """Speaks LibreTranslate's two addresses; `spoil` replaces its answer to a translation."""

    def __init__(self) -> None:
        self.asked: list[dict] = []
        self.spoil: bytes | None = None
        self.status = 200
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                codes = ["en", "ja", "zh-Hans", "zt"]
                self.reply(200, json.dumps([{"code": "vi", "targets": codes}]).encode())

            def do_POST(self):
                question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                owner.asked.append(question)
                answer = {"translatedText": [f"[{question['target']}] {t}" for t in question["q"]]}
                self.reply(owner.status, owner.spoil or json.dumps(answer).encode())

            def reply(self, status, body):
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.http.serve_forever, daemon=True)
    thread.start()
    yield server
    server.http.shutdown()
    server.http.server_close()
    thread.join()


def run(session, machine, locale, now):
    units = plan(session, locale, limit=100)
    return sum(keep(session, machine.name, part, now=now) for part in ask(machine, units, locale))


def test_a_machine_makes_what_is_missing_and_the_page_says_so(session, on, now, server):
    product = make_product(session)
    machine = LibreTranslate(server.url, key="k")
    assert run(session, machine, "ja", now) == 2
    page = get_product_page(session, product.slug, locale="ja", on=on)
    assert (page.name.value, page.name.by_machine) == (f"[ja] {product.name}", True)
    assert (page.ingredients.locale, page.ingredients.by_machine) == ("vi", False)
    assert server.asked[0]["api_key"] == "k"
    assert product.ingredients not in json.dumps(server.asked, ensure_ascii=False)
    assert run(session, machine, "ja", now) == 0


def test_a_machine_never_overwrites_a_person(session, on, now, server):
    product = make_product(session)
    for field, status in (("name", "reviewed"), ("summary", "draft")):
        set_translation(
            session, entity_kind="product", entity_id=product.id, field=field, locale="en",
            text="by hand", status=status, actor=SYSTEM, now=now,
        )  # fmt: skip
    update_product(
        session, product.id, {"name": "Khác", "summary": "Khác"}, actor=SYSTEM, on=on, now=now
    )
    session.flush()
    assert run(session, LibreTranslate(server.url), "en", now) == 0
    assert server.asked == []


def test_work_done_while_the_machine_was_thinking_stays(session, now, server):
    product = make_product(session)
    machine = LibreTranslate(server.url)
    answered = list(ask(machine, plan(session, "en", limit=9), "en"))
    set_translation(
        session, entity_kind="product", entity_id=product.id, field="name", locale="en",
        text="by hand", status="reviewed", actor=SYSTEM, now=now,
    )  # fmt: skip
    assert keep(session, machine.name, answered[0], now=now) == 1
    view = get_review(session, "product", product.id, "en").fields[0]
    assert (view.stored.text, view.draft) == ("by hand", None)


@pytest.mark.parametrize(("locale", "code"), [("zh-hans", "zh-Hans"), ("zh-hant", "zt")])
def test_both_names_of_chinese_are_understood(session, now, server, locale, code):
    make_product(session)
    assert run(session, LibreTranslate(server.url), locale, now) == 2
    assert {question["target"] for question in server.asked} == {code}


def test_a_language_the_machine_does_not_know_is_said_so(session, now, server):
    make_product(session)
    with pytest.raises(MachineUnavailable):
        run(session, LibreTranslate(server.url), "bn", now)


@pytest.mark.parametrize(
    ("spoil", "status"),
    [
        (b"<html>", 200),
        (b'{"translatedText": "one text"}', 200),
        (b'{"translatedText": ["too few"]}', 200),
        (b'{"translatedText": [1, 2]}', 200),
        (b"[]", 200),
        (b'{"error": "slow down"}', 429),
        (b"", 500),
        (b"moved", 302),
        (b"x" * (5 * 1024 * 1024), 200),
    ],
    ids=[
        "no json",
        "one text",
        "too few",
        "numbers",
        "a list",
        "429",
        "500",
        "redirect",
        "endless",
    ],
)
def test_a_machine_that_answers_nonsense_changes_nothing(session, now, server, spoil, status):
    product = make_product(session)
    server.spoil, server.status = spoil, status
    with pytest.raises(MachineUnavailable):
        run(session, LibreTranslate(server.url), "ja", now)
    assert all(v.stored is None for v in get_review(session, "product", product.id, "ja").fields)


def test_a_machine_that_is_not_there_is_no_disaster(session, now):
    make_product(session)
    with pytest.raises(MachineUnavailable):
        run(session, LibreTranslate("http://127.0.0.1:9", seconds=2), "ja", now)
