"""``kill -9`` of web and worker processes while people order, producers write and batches leave."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.orm import Session

from catalog.models import Product
from catalog.search.index import check
from core import clock, facts
from core.actor import Actor
from core.db import write_session
from core.facts import Fact
from core.mail import OutgoingMail
from core.settings import Settings
from core.tasks import Task
from feeds import profiles
from feeds.models import FeedBatch
from orders.models import CustomerOrder, Reservation, StockItem
from storefront.feeds import build_batch
from storefront.reactions import WorkerContext
from storefront.worker import Worker
from tests.factories.catalog import make_certificate, make_product
from tests.factories.live_shop import Buyer, InBackground, free_port, kill, start_worker, web_server
from tests.factories.orders import make_order, make_stocked

KILLS = 50
ON_HAND = 5_000
SYSTEM = Actor.system("test")

pytestmark = pytest.mark.slow


@pytest.fixture
def settings(engine: Engine, tmp_path: Path) -> Settings:
    url = engine.url.render_as_string(hide_password=False)
    return Settings.from_env(
        {
            "OCOP_DATA_DIR": str(tmp_path / "var"),
            "OCOP_DATABASE_URL": url,
            "OCOP_BASE_URL": f"http://127.0.0.1:{free_port()}",
        }
    )


@pytest.fixture
def slugs(engine: Engine) -> list[str]:
    """Three products on sale, and already an order, facts and finished work before the test."""
    with write_session(engine) as session:
        packages = [make_stocked(session, ON_HAND) for _ in range(3)]
        products = [session.get(Product, package.product_id) for package in packages]
        slugs = []
        for product in products:
            assert product is not None
            make_certificate(session, product, issued_on=clock.today())
            slugs.append(product.slug)
        make_product(session, "Mật ong rừng U Minh")
        make_order(session, (packages[0], 2))
        session.commit()
    return slugs


def order_again_and_again(settings: Settings, slugs: list[str], done: list[str], lane: int) -> Any:
    def order(number: int) -> None:
        phone = f"09{lane}{number:07d}"
        buyer = Buyer(settings.base_url)
        done.append(buyer.order(slugs[number % 3], phone, f"buyer-{lane}-{number}@example.vn"))

    return InBackground(order)


def write_again_and_again(engine: Engine, settings: Settings) -> Any:
    """A producer renames a product, and every now and then a batch is built."""

    def write(number: int) -> None:
        with write_session(engine) as session:
            product = session.scalars(select(Product).order_by(Product.id)).first()
            assert product is not None
            product.name = f"Nước mắm cá cơm {number}"
            facts.announce(session, "product.changed", product_id=product.id)
            session.commit()
        if number % 40 == 0:
            profile = profiles.load("demo-supermarket", settings.partners_dir)
            build_batch(engine, profile, actor=SYSTEM, now=clock.now())
        time.sleep(0.05)

    return InBackground(write)


def test_fifty_kills_lose_and_double_nothing(
    engine: Engine, settings: Settings, slugs: list[str], tmp_path: Path
) -> None:
    chance = random.Random(20261122)
    log = tmp_path / "worker.log"
    orders: list[str] = []
    with web_server(settings, tmp_path / "web.log", "--preload") as web:
        worker = start_worker(settings, log)
        lanes = [order_again_and_again(settings, slugs, orders, lane) for lane in (1, 3)]
        lanes.append(write_again_and_again(engine, settings))
        for lane in lanes:
            lane.start()
        starts = 0
        for number in range(KILLS // 2):
            kill(chance.choice(web.workers()))
            starts = wait_for_start(log, after=starts)
            wait_for_work_at_hand(engine)
            if number % 2:  # in the middle of the first thing it does, or of a later one
                wait_for_line(log, "task done", after=log.read_text().count("task done"), seconds=5)
            time.sleep(chance.uniform(0, 0.3))
            assert worker.pid is not None
            kill(worker.pid)
            worker.join(10)
            worker = start_worker(settings, log)
        for lane in lanes:
            lane.finish()
        wait_for_start(log, after=starts)
        worker.terminate()
        worker.join(30)
        assert worker.exitcode == 0, log.read_text()[-3000:]

    with WorkerContext.opened(settings) as context:
        finish_everything(context, worker_name=name_in_use(settings))
        with context.read() as session:
            assert len(orders) >= 2
            assert interrupted(log) >= 3
            assert len(set(orders)) == len(orders)
            assert (
                session.scalar(select(func.count()).select_from(CustomerOrder)) == len(orders) + 1
            )
            check_stock(session)
            check_facts_and_tasks(session)
            check_mail(session, len(orders))
            check_batches(session)
            assert check(session, settings.search_dir) == []


def wait_for_start(log: Path, *, after: int) -> int:
    """Until one worker more has started than ``after``; how many have."""
    started = wait_for_line(log, "worker ready", after=after, seconds=60)
    assert started > after, f"no worker started:\n{log.read_text()[-3000:]}"
    return started


def wait_for_line(log: Path, line: str, *, after: int, seconds: float) -> int:
    """Until the log has more such lines than ``after``, or the time is over; how many it has."""
    deadline = time.monotonic() + seconds
    while True:
        found = log.read_text().count(line) if log.exists() else 0
        if found > after or time.monotonic() > deadline:
            return found
        time.sleep(0.02)


def wait_for_work_at_hand(engine: Engine) -> None:
    """Until the worker holds a task, so that the kill falls into its work; at most three seconds."""
    deadline = time.monotonic() + 3
    with engine.connect() as connection:
        while time.monotonic() < deadline:
            running = connection.scalar(select(Task.id).where(Task.state == "running").limit(1))
            connection.rollback()
            if running is not None:
                return
            time.sleep(0.01)


def interrupted(log: Path) -> int:
    """How many workers found tasks that their predecessor was killed over."""
    return len(re.findall(r'"put_back": [1-9]', log.read_text()))


def name_in_use(settings: Settings) -> str:
    return (settings.data_dir / "worker-0.lock").read_text()


def finish_everything(context: WorkerContext, worker_name: str) -> None:
    """Let what was killed mid-way run at once instead of after its back-off."""
    for _ in range(3):
        with context.write() as session:
            session.execute(update(Task).where(Task.state == "queued").values(run_at=clock.now()))
            session.commit()
        Worker(context, worker_name, timers=()).work_off()


def check_stock(session: Session) -> None:
    """What is promised is exactly what live reservations say, for every package."""
    promised = dict(
        session.execute(
            select(Reservation.package_id, func.sum(Reservation.quantity))
            .where(Reservation.state == "held")
            .group_by(Reservation.package_id)
        ).all()
    )
    for item in session.scalars(select(StockItem)):
        assert item.reserved == promised.get(item.package_id, 0)
        assert item.on_hand == ON_HAND


def check_facts_and_tasks(session: Session) -> None:
    assert session.scalar(select(func.count()).where(Fact.dispatched_at.is_(None))) == 0
    states = dict(session.execute(select(Task.state, func.count()).group_by(Task.state)).all())
    assert set(states) == {"done"}, states
    placed = session.scalars(select(Fact.payload).where(Fact.name == "order.placed")).all()
    per_order = Counter(payload["order_id"] for payload in placed)
    ids = set(session.scalars(select(CustomerOrder.id)))
    assert set(per_order) == ids
    assert set(per_order.values()) == {1}


def check_mail(session: Any, orders: int) -> None:
    """Each buyer's confirmation exists once and has left."""
    recipients = Counter(
        session.scalars(
            select(OutgoingMail.recipient).where(OutgoingMail.key.startswith("order-placed:"))
        )
    )
    assert set(recipients.values()) == {1}
    assert len(recipients) == orders + 1
    assert set(session.scalars(select(OutgoingMail.state))) == {"sent"}


def check_batches(session: Session) -> None:
    """Numbers run without a gap, and no batch was built twice from the same facts."""
    batches = session.scalars(select(FeedBatch).order_by(FeedBatch.number)).all()
    assert [batch.number for batch in batches] == list(range(1, len(batches) + 1))
    built = session.scalars(select(Fact.payload).where(Fact.name == "feed.batch_built")).all()
    assert sorted(p["batch_id"] for p in built) == sorted(batch.id for batch in batches)
    lines = session.execute(text("SELECT count(*) FROM feed_batch_line")).scalar()
    assert lines == sum(batch.item_count for batch in batches)
