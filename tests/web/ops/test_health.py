"""What machines are told about the shop, and what its log keeps of a request."""

from __future__ import annotations

import io
import json
import logging
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from core import clock, facts
from storefront.logs import JsonLines, blank_private
from tests.conftest import Databases
from tests.factories.house import House, house_in

TOKEN = "a-token-of-a-monitor-far-away"


@pytest.fixture
def house(databases: Databases, tmp_path: Path) -> Iterator[House]:
    with house_in(databases, tmp_path, data_dir=tmp_path / "var", metrics_token=TOKEN) as house:
        yield house


@pytest.fixture
def indexed(house: House, tmp_path: Path) -> House:
    from catalog.search.index import rebuild

    with house.changing() as session:
        session.execute(text("UPDATE fact SET dispatched_at = announced_at"))
    with house.looking() as session:
        rebuild(session, tmp_path / "var" / "search", on=clock.today(), now=clock.now())
    return house


def checks(app: Flask) -> dict[str, str]:
    return dict(app.test_client().get("/readyz").get_json()["checks"])


def drop_table(house: House, name: str) -> str:
    """Remove a table and what refers to it; returns the error the driver then has for asking it."""
    if house.engine.dialect.name == "sqlite":
        with sqlite3.connect(str(house.engine.url.database)) as database:
            database.execute(f"DROP TABLE {name}")
        database.close()
        return "OperationalError"
    with house.changing() as session:
        session.execute(text(f"DROP TABLE {name} CASCADE"))
    return "ProgrammingError"


def test_a_living_process_says_so_even_without_a_database(
    house: House, databases: Databases
) -> None:
    databases.destroy(house.engine)

    assert house.app.test_client().get("/healthz").status_code == 200


def test_a_shop_in_order_is_ready(indexed: House) -> None:
    answer = indexed.app.test_client().get("/readyz")

    assert answer.status_code == 200, answer.get_json()
    assert answer.get_json()["ready"] is True
    assert answer.headers["Cache-Control"] == "no-store"


def test_without_an_index_the_shop_is_not_ready(house: House) -> None:
    answer = house.app.test_client().get("/readyz")

    assert answer.status_code == 503
    assert "rebuilds it" in answer.get_json()["checks"]["search index"]


def test_an_older_database_is_not_ready(indexed: House) -> None:
    with indexed.changing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    assert "ocop init" in checks(indexed.app)["revision"]


def test_work_that_waits_too_long_is_not_ready(indexed: House) -> None:
    with indexed.changing() as session:
        facts.announce(session, "product.changed", product_id=1)
        session.flush()
        session.execute(text("UPDATE fact SET announced_at = '2020-01-01 00:00:00'"))

    assert "does ocop worker run" in checks(indexed.app)["backlog"]


def test_a_missing_table_is_an_answer_and_not_an_error(indexed: House) -> None:
    error = drop_table(indexed, "task")
    answer = indexed.app.test_client().get("/readyz")

    assert answer.status_code == 503
    assert error in answer.get_json()["checks"]["backlog"]


@pytest.mark.parametrize(
    "stranger",
    [
        {"environ_base": {"REMOTE_ADDR": "203.0.113.9"}},
        {"headers": {"X-Forwarded-For": "203.0.113.9"}},
    ],
)
def test_reasons_and_metrics_are_not_for_strangers(
    house: House, stranger: dict[str, object]
) -> None:
    client = house.app.test_client()

    assert client.get("/readyz", **stranger).get_json() == {"ready": False}  # type: ignore[arg-type]
    assert client.get("/metrics", **stranger).status_code == 404  # type: ignore[arg-type]


@pytest.mark.parametrize(("token", "status"), [(TOKEN, 200), ("wrong", 404), ("", 404), ("é", 404)])
def test_a_monitor_elsewhere_brings_a_token(house: House, token: str, status: int) -> None:
    answer = house.app.test_client().get(
        "/metrics",
        headers={"Authorization": f"Bearer {token}"},
        environ_base={"REMOTE_ADDR": "203.0.113.9"},
    )
    assert answer.status_code == status


def test_metrics_count_requests_by_template_and_show_the_backlog(house: House) -> None:
    client = house.app.test_client()
    client.get("/vi/products/there-is-none")
    shown = client.get("/metrics").get_data(as_text=True)

    assert (
        'ocop_requests_total{method="GET",route="/<locale>/products/<slug>",status="404"}' in shown
    )
    assert "there-is-none" not in shown
    waiting = next(line for line in shown.splitlines() if line.startswith("ocop_facts_und"))
    assert float(waiting.split()[1]) > 0
    assert "ocop_feed_acknowledgements_overdue 0.0" in shown
    assert "ocop_feed_batches_faulty 0.0" in shown


@dataclass
class Log:
    """What the log holds, as an operator would read it."""

    out: io.StringIO

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.getvalue().splitlines()]


@pytest.fixture
def log() -> Iterator[Log]:
    log = Log(io.StringIO())
    handler = logging.StreamHandler(log.out)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("ocop")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield log
    logger.removeHandler(handler)
    logger.setLevel(before)


def test_a_request_is_one_line_without_anything_personal(house: House, log: Log) -> None:
    client = house.app.test_client()
    client.set_cookie("sign-in", house.tokens["producer"])
    client.get("/vi/orders/AAAAAAAAAAAAAAAAAAAAAA?mail=lan@example.vn")
    client.get("/vi/search?q=0912345678", headers={"User-Agent": "Lan's telephone"})
    client.get("/nobody/knows/lan@example.vn")

    written = [line for line in log.lines() if line["event"] == "request"]
    assert [line["route"] for line in written] == [
        "/<locale>/orders/<token>",
        "/<locale>/search",
        "-",
    ]
    assert {"ts", "level", "request_id", "method", "status", "ms", "statements", "bytes"} <= set(
        written[0]
    )
    text_of_all = json.dumps(log.lines())
    for secret in ("AAAAAAAA", "lan@", "0912345678", "telephone", house.tokens["producer"]):
        assert secret not in text_of_all


def test_a_failure_is_logged_with_its_reference_and_without_values(house: House, log: Log) -> None:
    error = drop_table(house, "certificate")
    with house.looking() as session:
        slug = session.scalar(text("SELECT slug FROM product"))
    answer = house.app.test_client().get(f"/vi/products/{slug}")

    assert answer.status_code == 500
    failure = next(line for line in log.lines() if line["event"] == "failure")
    assert str(failure["reference"]) in answer.get_data(as_text=True)
    assert failure["error"] == error
    assert str(slug) not in json.dumps(failure)
    assert any("catalog/queries/products.py" in place for place in failure["places"])


def test_nobody_can_forge_a_line() -> None:
    record = logging.LogRecord("ocop", logging.INFO, "x", 1, 'a\n{"level": "error"}', None, None)

    assert "\n" not in JsonLines().format(record)


@pytest.mark.parametrize(
    ("text_given", "kept"),
    [
        ("no mail for lan.nguyen@example.com.vn today", "no mail for […] today"),
        ("call +84 912 345 678 now", "call […] now"),
        ("account 0123456789", "account […]"),
        (
            "link /account/link/0oYWAm-GGN-ZJQB4h55EnaPUg2s6w5Ik-IuPQSvyFN4",
            "link /account/link/[…]",
        ),
        ("12 rows of 664", "12 rows of 664"),
    ],
)
def test_what_is_private_is_blanked_out(text_given: str, kept: str) -> None:
    assert blank_private(text_given) == kept
