"""A real worker beside readers: what is published is found within two seconds, and nothing is ever wrong."""

import multiprocessing
import os
import time
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from catalog.models import Product
from catalog.search.index import Index, check, rebuild
from catalog.search.indexing import apply_pending
from catalog.search.query import SearchRequest, search
from catalog.search.suggest import suggest
from core.db import make_engine, write_session
from core.facts import announce
from core.settings import Settings
from tests.factories.catalog import make_producer, make_product
from tests.factories.live_shop import start_worker

SECONDS = float(os.environ.get("OCOP_TEST_SEARCH_SECONDS", "10"))
"""How long readers, indexer and rebuilds run beside each other; 60 for a thorough look."""
PRODUCTS = 60
WITHDRAWN = 5
"""So many are off sale at any moment while readers and rebuilds run."""
FOUND_WITHIN = 2.0
_PROCESSES = multiprocessing.get_context("spawn")


def _settings(engine: Engine, data_dir: Path) -> Settings:
    return Settings(
        data_dir=data_dir,
        database_url=engine.url.render_as_string(hide_password=False),
        secret_key="k" * 48,
        base_url="http://localhost",
    )


def _seconds_until(what: Callable[[], bool], most: float) -> float:
    started = time.monotonic()
    while not what():
        if time.monotonic() - started > most:
            return float("inf")
        time.sleep(0.05)
    return time.monotonic() - started


def test_what_is_published_is_found_and_suggested_within_two_seconds(
    engine: Engine, tmp_path: Path, now: datetime, on: date
) -> None:
    settings = _settings(engine, tmp_path)
    directory = settings.search_dir
    with write_session(engine) as session:
        maker = make_producer(session)
        for number in range(30):
            make_product(session, f"Muối hạt {number}", maker)
        session.commit()
    with Session(engine) as session:
        rebuild(session, directory, on=on, now=now)
    worker = start_worker(settings, tmp_path / "worker.log")

    def found(text: str) -> bool:
        with Session(engine) as session:
            hit = search(session, directory, SearchRequest(text), on=on).total > 0
            named = suggest(session, directory, text, locale="vi", on=on).found != ()
        return hit and named

    def gone(text: str) -> bool:
        return not found(text)

    try:
        with write_session(engine) as session:  # the worker needs a moment to start
            first = make_product(session, "Ấm đất nung")
            announce(session, "product.published", product_id=first.id)
            session.commit()
        assert _seconds_until(lambda: found("ấm đất nung"), 30) < 30
        waits = []
        for name in ("Nón lá bài thơ", "Quạt trầm hương", "Võng đay"):
            with write_session(engine) as session:
                product = make_product(session, name)
                announce(session, "product.published", product_id=product.id)
                session.commit()
            waits.append(_seconds_until(partial(found, name), 10))
            with write_session(engine) as session:
                session.get_one(Product, product.id).state = "withdrawn"
                announce(session, "product.withdrawn", product_id=product.id)
                session.commit()
            waits.append(_seconds_until(partial(gone, name), 10))
        assert max(waits) < FOUND_WITHIN, waits
    finally:
        worker.terminate()
        worker.join(10)
        Index.open(directory).forget()


def _read(
    url: str, data_dir: str, ids: list[int], day: date, start: Barrier, done: Event, told: Any
) -> None:
    """Search until told to stop; report every doubled or unknown product, every ghost and every error.

    A ghost is found although it was withdrawn both before the search and after it, or is counted in a
    facet: the index may be a second behind, what is shown may not.
    """
    directory = Settings(data_dir=Path(data_dir)).search_dir
    engine = make_engine(url)
    asked = degraded = 0
    start.wait(600)
    try:
        while not done.is_set():
            before = _withdrawn(engine)
            with Session(engine) as session:
                result = search(session, directory, SearchRequest("", per_page=100), on=day)
                goods = search(session, directory, SearchRequest("muối hạt", per_page=100), on=day)
                suggest(session, directory, "mu", locale="vi", on=day)
            ghosts = before & _withdrawn(engine) & {*result.ids, *goods.ids, *goods.related}
            if ghosts:
                told.put(f"ghosts: {ghosts}")
            for own in (result, goods):
                if not own.degraded and sum(c.count for c in own.facets["group"]) != own.total:
                    told.put(f"{own.total} found, but counted {own.facets['group']}")
            asked += 1
            degraded += result.degraded + goods.degraded
            for own in (result, goods):
                if len(own.ids) != len(set(own.ids)) or not set(own.ids) <= set(ids):
                    told.put(f"doubled or a ghost: {own.ids}")
            if not result.degraded and len(result.ids) < PRODUCTS - WITHDRAWN - 2:
                told.put(f"only {len(result.ids)} of {PRODUCTS}")
    except BaseException as error:  # noqa: BLE001
        told.put(repr(error))
    told.put((asked, degraded))


def _withdrawn(engine: Engine) -> set[int]:
    with Session(engine) as session:
        return set(session.scalars(select(Product.id).where(Product.state == "withdrawn")))


def _rebuild(
    url: str, data_dir: str, moment: datetime, start: Barrier, done: Event, told: Any
) -> None:
    engine = make_engine(url)
    count = 0
    start.wait(600)
    try:
        while not done.is_set():
            with Session(engine) as session:
                rebuild(
                    session,
                    Settings(data_dir=Path(data_dir)).search_dir,
                    on=moment.date(),
                    now=moment,
                )
            count += 1
    except BaseException as error:  # noqa: BLE001
        told.put(repr(error))
    told.put((count, 0))


@pytest.mark.slow
def test_readers_an_indexer_and_rebuilds_do_not_disturb_each_other(
    engine: Engine, tmp_path: Path, now: datetime, on: date
) -> None:
    settings = _settings(engine, tmp_path)
    with write_session(engine) as session:
        maker = make_producer(session)
        ids = [make_product(session, f"Muối hạt {n}", maker).id for n in range(PRODUCTS)]
        ghost = make_product(session, "Muối hạt ma", maker, state="withdrawn").id
        session.commit()
    with Session(engine) as session:
        rebuild(session, settings.search_dir, on=on, now=now)
    start, done, told = _PROCESSES.Barrier(5), _PROCESSES.Event(), _PROCESSES.Queue()
    url = settings.database_url
    crowd = [
        _PROCESSES.Process(target=_read, args=(url, str(tmp_path), ids, on, start, done, told))
        for _ in range(3)
    ]
    crowd.append(
        _PROCESSES.Process(target=_rebuild, args=(url, str(tmp_path), now, start, done, told))
    )
    for process in crowd:
        process.start()
    start.wait(600)
    until, turn = time.monotonic() + SECONDS, 0
    try:
        while time.monotonic() < until:
            turn += 1
            back, gone = ids[turn % PRODUCTS], ids[(turn + WITHDRAWN) % PRODUCTS]
            with write_session(engine) as session:
                session.get_one(Product, back).name = f"Muối hạt {turn}"
                session.get_one(Product, back).state = "published"
                session.get_one(Product, gone).state = "withdrawn"
                announce(session, "product.published", product_id=back)
                announce(session, "product.withdrawn", product_id=gone)
                session.commit()
            with Session(engine) as session:
                apply_pending(session, settings, [back, gone, ghost], on=on, now=now)
    finally:
        done.set()
    reports: list[Any] = []
    while sum(isinstance(one, tuple) for one in reports) < len(crowd):
        try:
            reports.append(told.get(timeout=60))
        except Empty:
            break
    for process in crowd:
        process.join(30)
    complaints = [one for one in reports if not isinstance(one, tuple)]
    with Session(engine) as session:
        assert check(session, settings.search_dir) == []
    Index.open(settings.search_dir).forget()

    assert complaints == []
    assert turn > 3
    assert all(count > 0 and degraded == 0 for count, degraded in reports), reports
