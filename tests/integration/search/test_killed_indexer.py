"""A worker that is killed at any moment leaves an index that its successor brings up to date."""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from catalog.models import Product
from catalog.search.index import Index, check, rebuild
from catalog.search.indexing import apply_pending
from core.settings import Settings
from tests.factories.catalog import make_producer, make_product

KILLS = int(os.environ.get("OCOP_TEST_SEARCH_KILLS", "5"))
"""At random moments; 40 for a thorough look."""
INDEXER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from sqlalchemy.orm import Session
from catalog.search.indexing import apply_pending
from core.db import make_engine
from core.settings import Settings

engine = make_engine(sys.argv[1])
settings = Settings(data_dir=Path(sys.argv[2]))
now = datetime(2026, 11, 22, tzinfo=UTC)
print("ready", flush=True)
while True:
    for number in map(int, sys.argv[3:]):
        with Session(engine) as session:
            apply_pending(session, settings, [number], on=now.date(), now=now)
"""


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
        process = subprocess.Popen(
            [sys.executable, "-c", INDEXER, url, str(tmp_path), *map(str, ids)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        )
        assert process.stdout is not None
        process.stdout.readline()
        with Session(engine) as session:
            for number in ids:
                product = session.get_one(Product, number)
                product.name = f"Đường {kill} {number}"
                product.state = "withdrawn" if number % 5 == kill % 5 else "published"
            session.commit()
        time.sleep(0.1 + chance.random() * 0.4)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        with Session(engine) as session:
            apply_pending(session, settings, ids, on=on, now=now)
        with Session(engine) as session:
            assert check(session, settings.search_dir) == []
    Index.open(settings.search_dir).forget()
