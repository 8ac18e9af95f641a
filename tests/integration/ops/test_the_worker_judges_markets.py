from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from catalog.models import MarketVerdict
from catalog.regulation.entering import Backing, add_version
from core import clock
from core.actor import Actor
from core.db import write_session
from core.settings import Settings
from storefront.judging import judge_markets_of_the_day
from storefront.reactions import WorkerContext
from storefront.worker import Worker
from tests.factories.catalog import make_product, make_translation

SYSTEM = Actor.system("test")


@pytest.fixture
def context(engine: Engine, tmp_path: Path) -> WorkerContext:
    url = engine.url.render_as_string(hide_password=False)
    return WorkerContext(Settings(data_dir=tmp_path, database_url=url, secret_key="k" * 48), engine)


def set_day(monkeypatch: pytest.MonkeyPatch, day: date) -> datetime:
    moment = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: moment)
    return moment


def coffee(engine: Engine) -> int:
    with write_session(engine) as session:
        make_product(session, "Hàng khác")
        product = make_product(
            session,
            "Cà phê",
            subgroup_code="F13",
            hs6="090121",
            ingredients="Cà phê",
            allergens_state="none_declared",
        )
        for field in ("name", "ingredients"):
            make_translation(session, product, "en", field, field)
        session.commit()
        return product.id


def verdict(engine: Engine, product_id: int, market: str) -> MarketVerdict | None:
    with Session(engine) as session:
        return session.scalar(
            select(MarketVerdict).where(
                MarketVerdict.product_id == product_id, MarketVerdict.market == market
            )
        )


def test_a_fact_an_entry_and_a_day_each_bring_new_verdicts(
    context: WorkerContext, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = set_day(monkeypatch, date(2026, 11, 22))
    product_id = coffee(engine)
    worker = Worker(context, "w", timers=())
    worker.work_off()
    first = verdict(engine, product_id, "SG")
    assert first is not None
    assert first.allowed

    with write_session(engine) as session:
        add_version(
            session,
            "market.SG.coffee",
            {"decision": "blocked", "reason": "parcels_blocked"},
            first=date(2026, 11, 22),
            last=None,
            backing=Backing("99/2026", "gazette", "published"),
            actor=SYSTEM,
            on=date(2026, 11, 22),
            now=now,
        )
        session.commit()
    worker.work_off()
    closed = verdict(engine, product_id, "SG")
    assert closed is not None
    assert not closed.allowed
    assert closed.rules_digest != first.rules_digest

    judge_markets_of_the_day(context, set_day(monkeypatch, date(2026, 12, 29)))
    before = verdict(engine, product_id, "EU")
    judge_markets_of_the_day(context, set_day(monkeypatch, date(2026, 12, 30)))
    after = verdict(engine, product_id, "EU")
    assert before is not None
    assert after is not None
    assert "deforestation_statement" not in before.documents
    assert "deforestation_statement" in after.documents
    assert after.judged_on == date(2026, 12, 30)


def test_a_day_is_judged_once(
    context: WorkerContext, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = set_day(monkeypatch, date(2026, 11, 22))
    product_id = coffee(engine)
    judge_markets_of_the_day(context, now)
    with write_session(engine) as session:
        row = session.get(MarketVerdict, (product_id, "HK"))
        assert row is not None
        session.delete(row)
        session.commit()
    judge_markets_of_the_day(context, now)
    assert verdict(engine, product_id, "HK") is None, "the file remembers the day"
