"""An import that is killed at any moment goes on where it stopped, and nothing is there twice.

OCOP_TEST_IMPORT_ROWS is how many rows the files have (750), OCOP_TEST_KILLS how often each import is killed (1).
"""

import os
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from catalog.importing import ImportReport, import_file
from catalog.models import (
    Certificate,
    ImportLine,
    ImportRun,
    Package,
    Producer,
    Product,
    Translation,
)
from catalog.models.translation import TranslationEntry
from core.actor import Actor
from core.db import make_engine, write_session
from tests.factories.catalog import make_product
from tests.factories.forked import FORKS

ROWS = int(os.environ.get("OCOP_TEST_IMPORT_ROWS", "750"))
KILLS = int(os.environ.get("OCOP_TEST_KILLS", "1"))
TABLES = (ImportLine, Product, Certificate, Producer, Package, Translation, TranslationEntry)


def _register(path: Path) -> list[int]:
    lines = [f"Mắm số {n},HTX {n % 40},Cà Mau,{3 + n % 3},2024" for n in range(ROWS)]
    path.write_text("Tên sản phẩm,Chủ thể,Tỉnh,Hạng,Năm\n" + "\n".join(lines), encoding="utf-8")
    return [ROWS, ROWS, ROWS, 40, 0, 0, 0]


def _listings(path: Path) -> list[int]:
    lines = [
        f"kill-{n},maker-{n % 40},HTX {n % 40},Mắm số {n},Sauce {n},ソース {n},Cà Mau,F09,500 ml,85000,12m amb,FIS,4"
        for n in range(ROWS)
    ]
    heads = "code,producer_code,producer_name,name_vi,name_en,name_ja,province,subgroup,net_content,price_vnd,"
    heads += "shelf_life_storage,allergens,stars\n"
    path.write_text(heads + "\n".join(lines), encoding="utf-8")
    return [ROWS, ROWS, ROWS, 40, ROWS, 2 * ROWS, 2 * ROWS]


def _counts(engine: Engine) -> list[int]:
    with Session(engine) as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES]


def _import_slowly(url: str, path: str, told: Connection) -> None:
    """What the child does: every stored chunk is told, and then there is time to be killed."""

    def commit_and_linger() -> None:
        session.commit()
        told.send("stored")
        time.sleep(0.1)

    with write_session(make_engine(url)) as session:
        import_file(
            session, Path(path), actor=Actor.system("child"), now=datetime.now(UTC),
            on_chunk=commit_and_linger,
        )  # fmt: skip


def _killed(engine: Engine, path: Path, chance: random.Random) -> None:
    """Import in a process of its own that is killed within a few chunks, wherever it is then."""
    url = engine.url.render_as_string(hide_password=False)
    telling, told = FORKS.Pipe()
    child = FORKS.Process(target=_import_slowly, args=(url, str(path), told))
    child.start()
    told.close()
    most = max(1, ROWS // 250 // (KILLS + 1))
    for _ in range(chance.randint(1, most)):
        assert telling.recv() == "stored"
    time.sleep(chance.uniform(0.0, 0.25))
    child.kill()
    child.join()
    telling.close()


@pytest.mark.parametrize("write", [_register, _listings])
def test_an_import_killed_at_any_moment_is_resumed_and_nothing_doubles(
    engine: Engine, tmp_path: Path, write: Callable[[Path], list[int]]
) -> None:
    with write_session(engine) as session:
        make_product(session)
        session.commit()
    before = _counts(engine)
    path = tmp_path / "ds.csv"
    expected = write(path)
    chance = random.Random(3)
    stored = 0
    for _ in range(KILLS):
        _killed(engine, path, chance)
        counted = _counts(engine)[0]
        assert stored < counted < ROWS
        stored = counted

    def run() -> ImportReport:
        with write_session(engine) as session:
            return import_file(
                session, path, actor=Actor.system("again"), now=datetime.now(UTC), on_chunk=session.commit
            )  # fmt: skip

    report = run()
    assert report.resumed == stored
    assert dict(report.outcomes) == {"created": ROWS - stored}
    counts = _counts(engine)
    assert [now - then for now, then in zip(counts, before, strict=True)] == expected
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(ImportRun)) == 1
    assert dict(run().outcomes) == {"same": ROWS}
    assert _counts(engine)[1:] == counts[1:]
