"""An import that is killed in the middle goes on where it stopped, and nothing is there twice."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.importing import import_file
from catalog.models import Certificate, ImportLine, ImportRun, Producer, Product
from core.actor import Actor
from core.db import write_session
from tests.factories.catalog import make_product

ROWS = 1500
CHILD = """
import importlib, sys, time
from datetime import UTC, datetime
from pathlib import Path
importlib.import_module("migrations.tables")
from catalog.importing import import_file
from core.actor import Actor
from core.db import make_engine, write_session
def commit_and_linger(session):
    session.commit()
    print("stored", flush=True)
    time.sleep(0.2)
with write_session(make_engine(sys.argv[1])) as session:
    import_file(session, Path(sys.argv[2]), actor=Actor.system("child"), now=datetime.now(UTC),
                on_chunk=lambda: commit_and_linger(session))
"""


def _file(path: Path) -> Path:
    lines = [f"Mắm số {n},HTX {n % 40},Cà Mau,{3 + n % 3},2024" for n in range(ROWS)]
    path.write_text("Tên sản phẩm,Chủ thể,Tỉnh,Hạng,Năm\n" + "\n".join(lines), encoding="utf-8")
    return path


def _counts(engine) -> list[int]:
    with Session(engine) as session:
        tables = (Product, Certificate, ImportLine, Producer)
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_an_import_killed_in_the_middle_is_resumed_and_nothing_doubles(engine, tmp_path):
    with write_session(engine) as session:
        make_product(session)
        session.commit()
    before = _counts(engine)
    path = _file(tmp_path / "ds.csv")
    url = engine.url.render_as_string(hide_password=False)
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, url, str(path)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"stored\n"
    assert child.stdout.readline() == b"stored\n"
    time.sleep(0.25)  # in the middle of a chunk
    child.send_signal(signal.SIGKILL)
    child.communicate()
    stored = _counts(engine)[2]
    assert 0 < stored < ROWS

    def run():
        with write_session(engine) as session:
            return import_file(
                session, path, actor=Actor.system("again"), now=datetime.now(UTC), on_chunk=session.commit
            )  # fmt: skip

    report = run()
    assert report.resumed == stored
    assert dict(report.outcomes) == {"created": ROWS - stored}
    products, certificates, lines, producers = _counts(engine)
    assert (products - before[0], certificates - before[1], lines) == (ROWS, ROWS, ROWS)
    assert producers - before[3] == 40
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(ImportRun)) == 1
    assert dict(run().outcomes) == {"same": ROWS}
    assert _counts(engine)[0] == products
