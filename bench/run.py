"""``make bench``: our pages and the floor, served the same way, measured in turns; prints the ratios.

"Floor" is the least such a page can cost (Core), "floor with ORM" is how most shops are built; issue 2 compares
to the first, issue 5 to the second. Loopback only; about ten minutes on two cores. OCOP_BENCH_DIR keeps the
data between runs (default var/bench); OCOP_TEST_POSTGRES_URL adds PostgreSQL; OCOP_BENCH_SECONDS is the length
of each turn.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from bench import load
from bench.data import PRODUCTS, fill
from bench.pages import ADDRESSES, PAGES, Figures, figures_of
from bench.served import WORKERS, Served, serve
from core import clock
from core.db import make_engine

ROOT = Path(__file__).parent.parent
FOLDER = Path(os.environ.get("OCOP_BENCH_DIR", ROOT / "var" / "bench")).absolute()
SECONDS = float(os.environ.get("OCOP_BENCH_SECONDS", "4"))
ROUNDS = 3
WARM_UP = 3.0
WARM_ASKS = 5 * WORKERS
HEAVY = ("openpyxl", "PIL", "stripe", "alembic", "whoosh", "lxml", "asyncssh", "segno", "opencc")


@dataclass(frozen=True)
class Side:
    """One way to answer the same addresses."""

    name: str
    module: str
    kept_pages: bool


FLOOR = Side("floor", "bench.floor:app", kept_pages=False)
SIDES = (
    FLOOR,
    Side("floor with ORM", "bench.orm_floor:app", kept_pages=False),
    Side("ours", "wsgi:app", False),
    Side("ours, kept pages", "wsgi:app", True),
)


def main() -> None:
    """Fill, index, then measure on SQLite and, when reachable, on PostgreSQL."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    print(f"{PRODUCTS} products, vi en ja; {os.cpu_count()} cores; wrk: {bool(load.WRK)}")
    print(f"import wsgi loads: {', '.join(_heavy_imports()) or 'none of ' + ' '.join(HEAVY)}")
    sqlite = f"sqlite:///{FOLDER / 'ocop.db'}"
    _prepare(sqlite)
    _measure("SQLite", sqlite)
    with _postgres_database() as postgres:
        if postgres is None:
            print(
                "\nPostgreSQL: not measured, OCOP_TEST_POSTGRES_URL is not set or does not answer"
            )
            return
        _prepare(postgres)
        _measure("PostgreSQL", postgres)


def _prepare(url: str) -> None:
    from sqlalchemy.orm import Session

    from catalog.search import index, store
    from catalog.search.errors import IndexUnhealthy

    engine = make_engine(url)
    try:
        fill(engine)
        search_dir = FOLDER / "search"
        try:
            store.current(search_dir)
        except IndexUnhealthy:
            sys.stderr.write("building the search index (minutes)\n")
            with Session(engine) as session:
                index.rebuild(session, search_dir, on=clock.today(), now=clock.now())
    finally:
        engine.dispose()


def _measure(engine_name: str, url: str) -> None:
    environments = {side: _environment(url, side) for side in SIDES}
    figures = {side: figures_of(side.module, environments[side]) for side in SIDES}
    with _all_served(environments) as served:
        for side in SIDES:
            for page in PAGES:
                _warm_up(served[side], ADDRESSES[page])
        warm = {side: served[side].largest_worker_mb() for side in SIDES}
        for page in PAGES:
            _print_page(engine_name, page, _speeds(page, served), figures)
        for side in SIDES:
            now = served[side].largest_worker_mb()
            print(
                f"  RSS of a web worker, {side.name}: {warm[side]:.0f} MB warm, {now:.0f} at the end"
            )


def _warm_up(server: Served, addresses: list[str]) -> None:
    """Until every worker has surely met every page: templates compiled, statements cached, pages kept.

    On a busy machine a few seconds are not enough, and the first turns would measure the making of pages.
    """
    asked = 0
    while asked < WARM_ASKS * len(addresses):
        asked += load.run(server.address, addresses, WARM_UP)[1]
    server.wait_until_idle()


@dataclass(frozen=True)
class Speed:
    """The median of the turns: answers per second, and processor time of the workers per answer."""

    rate: float
    cpu_ms: float


def _speeds(page: str, served: dict[Side, Served]) -> dict[Side, Speed]:
    """The sides take turns, so that noise hits all; processor time holds on a busy machine too."""
    turns: dict[Side, list[Speed]] = {side: [] for side in SIDES}
    for _ in range(ROUNDS):
        for side, server in served.items():
            before = server.cpu_seconds()
            rate, count = load.run(server.address, ADDRESSES[page], SECONDS)
            server.wait_until_idle()
            used = server.cpu_seconds() - before
            turns[side].append(Speed(rate, used * 1000 / max(count, 1)))
    return {
        side: Speed(
            statistics.median(speed.rate for speed in speeds),
            statistics.median(speed.cpu_ms for speed in speeds),
        )
        for side, speeds in turns.items()
    }


def _print_page(
    engine_name: str, page: str, speeds: dict[Side, Speed], figures: dict[Side, dict[str, Figures]]
) -> None:
    print(f"\n{engine_name}, {page} page")
    print(
        f"  {'':<18}{'req/s':>8}{'of floor':>10}{'CPU ms':>9}{'of floor':>10}"
        f"{'statements':>12}{'bytes':>8}"
    )
    floor = speeds[FLOOR]
    for side, speed in speeds.items():
        of = figures[side][page]
        by_rate = speed.rate / floor.rate if floor.rate else 0.0
        by_cpu = floor.cpu_ms / speed.cpu_ms if speed.cpu_ms else 0.0
        print(
            f"  {side.name:<18}{speed.rate:>8.0f}{by_rate:>10.0%}{speed.cpu_ms:>9.2f}{by_cpu:>10.0%}"
            f"{of.statements:>12}{of.bytes:>8}"
        )


def _environment(url: str, side: Side) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OCOP_")}
    return kept | {
        "OCOP_DATABASE_URL": url,
        "OCOP_DATA_DIR": str(FOLDER),
        "OCOP_KEPT_PAGES": "yes" if side.kept_pages else "no",
    }


@contextmanager
def _all_served(environments: dict[Side, dict[str, str]]) -> Iterator[dict[Side, Served]]:
    with tempfile.TemporaryDirectory(prefix="ocop-bench-") as logs:
        served: dict[Side, Served] = {}
        try:
            for number, (side, environment) in enumerate(environments.items()):
                served[side] = serve(side.module, environment, Path(logs) / f"{number}.log")
            yield served
        finally:
            for server in served.values():
                server.stop()


@contextmanager
def _postgres_database() -> Iterator[str | None]:
    """A database for this run, dropped afterwards; None when there is no server."""
    given = os.environ.get("OCOP_TEST_POSTGRES_URL")
    if not given:
        yield None
        return
    url = make_url(given).set(drivername="postgresql+psycopg")
    admin = create_engine(url, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    name = f"ocop_bench_{os.getpid()}"
    try:
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
    except OSError:
        yield None
        return
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


def _heavy_imports() -> list[str]:
    """Which of the modules that only some requests need are loaded by every web worker."""
    code = f"import sys, wsgi; print(*[m for m in {HEAVY!r} if m in sys.modules])"
    with tempfile.TemporaryDirectory() as folder:
        environment = _environment(f"sqlite:///{folder}/x.db", FLOOR) | {"OCOP_DATA_DIR": folder}
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
    return done.stdout.split()


if __name__ == "__main__":
    if shutil.which("wrk") is None:
        sys.stderr.write("wrk is not installed: a slower client of our own takes its place\n")
    main()
