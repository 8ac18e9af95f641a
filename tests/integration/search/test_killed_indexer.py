"""A worker that is killed at any moment leaves an index that its successor brings up to date."""

import os
import random
import time
from datetime import date, datetime
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from catalog.models import Product
from catalog.search.index import Index, check, rebuild
from catalog.search.indexing import apply_pending
from core.db import make_engine
from core.settings import Settings
from tests.conftest import NOW, TODAY
from tests.factories.catalog import make_producer, make_product
from tests.factories.forked import FORKS

KILLS = int(os.environ.get("OCOP_TEST_SEARCH_KILLS", "5"))
"""At random moments; 40 for a thorough look."""


def _index_again_and_again(url: str, folder: Path, ids: list[int], ready: Connection) -> None:
    """What the indexer does until it is killed."""
    engine = make_engine(url)
    settings = Settings(data_dir=folder)
    ready.send("ready")
    while True:
        for number in ids:
            with Session(engine) as session:
                apply_pending(session, settings, [number], on=TODAY, now=NOW)


@pytest.mark.slow
def test_an_index_equals_the_database_after_every_kill(
    engine: Engine, tmp_path: Path, now: datetime, on: date
) -> None:
    settings = Settings(data_dir=tmp_path)
    with Session(engine) as session:
        producer = make_producer(session)
        ids = [make_product(session, f"Muối {n}", producer).id for n in range(12)]
        session.commit()
        rebuild(session, settings.search_dir, on=on, now=now)
    chance = random.Random(5)
    url = engine.url.render_as_string(hide_password=False)
    for kill in range(KILLS):
        told, ready = FORKS.Pipe()
        process = FORKS.Process(target=_index_again_and_again, args=(url, tmp_path, ids, ready))
        process.start()
        assert told.recv() == "ready"
        with Session(engine) as session:
            for number in ids:
                product = session.get_one(Product, number)
                product.name = f"Đường {kill} {number}"
                product.state = "withdrawn" if number % 5 == kill % 5 else "published"
            session.commit()
        time.sleep(0.1 + chance.random() * 0.4)
        process.kill()
        process.join()
        told.close()
        ready.close()
        with Session(engine) as session:
            apply_pending(session, settings, ids, on=on, now=now)
        with Session(engine) as session:
            assert check(session, settings.search_dir) == []
    Index.open(settings.search_dir).forget()
