"""``make bench-search``: the speed table of search at 20,000 products in nine languages; prints, never fails.

Each engine in a process of its own; CPU time of that process stands beside wall time: only it holds on a busy machine.
What is missing is named and left out: OCOP_TEST_OPENSEARCH_JARS (.ci/opensearch), OCOP_TEST_POSTGRES_URL (make peers),
the package tantivy. OCOP_BENCH_DIR keeps data and index between runs (default var/bench); after OCOP_BENCH_MINUTES
(default 15) nothing new is begun.
"""

from __future__ import annotations

import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bench.data import PRODUCTS
from bench.nine_languages import fill_nine_languages, parts_of
from catalog.models import Product
from catalog.search import cluster_index, home, index, store
from catalog.search.errors import IndexUnhealthy
from catalog.search.loading import load_documents
from catalog.search.query import SearchRequest, search
from catalog.search.suggest import suggest
from core import clock
from core.db import make_engine, write_session
from i18n.locales import LOCALES
from tests.cluster.nodes import cluster_of_three

ROOT = Path(__file__).parent.parent
FOLDER = Path(os.environ.get("OCOP_BENCH_DIR", ROOT / "var" / "bench")).absolute() / "search"
DATABASE = f"sqlite:///{FOLDER / 'ocop.db'}"
ASKED = 360
CHANGES = 3
WORKER_LOOKS_SECONDS = 0.5
"""A worker with nothing to do looks for facts this often (`storefront.worker.IDLE_SECONDS`)."""


class Figure(NamedTuple):
    """A column of the table: what was measured, in which unit, and what it must stay under."""

    key: str
    title: str
    limit: float


FIGURES = (
    Figure("p50", "search p50 ms", 40),
    Figure("p95", "search p95 ms", 120),
    Figure("typed", "typing p95 ms", 15),
    Figure("rebuild", "rebuild s", 360),
    Figure("memory", "rebuild MB", 700),
    Figure("visible", "visible s", 2),
    Figure("index", "index MB", 300),
    Figure("worker", "worker MB", 250),
)
Measured = dict[str, float]


def main(arguments: list[str]) -> None:
    """Print the table, a line as soon as it is measured; ``whoosh``, ``others`` or ``opensearch`` alone if named.

    In a child process do the part that was named.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    parts = {"rebuild": _rebuild, "ask": _ask, "change": _change}
    if arguments and arguments[0] in parts:
        parts[arguments[0]]()
        return
    wanted = arguments or ["whoosh", "others", "opensearch"]
    until = time.monotonic() + 60 * float(os.environ.get("OCOP_BENCH_MINUTES", "15"))
    fill_nine_languages(make_engine(DATABASE))
    busy = f"load {os.getloadavg()[0]:.1f}"
    print(f"{PRODUCTS} products in {len(LOCALES)} languages; {os.cpu_count()} cores, {busy}")
    print(f"{'':24}" + "".join(f"{figure.title:>15}" for figure in FIGURES))
    print(f"{'limit':24}" + "".join(f"{f'< {figure.limit}':>15}" for figure in FIGURES), flush=True)
    if "whoosh" in wanted:
        _ours("Whoosh, in process", "", until)
    if "others" in wanted:
        _others(until)
    if "opensearch" in wanted:
        try:
            with _cluster() as url:
                _ours("OpenSearch, three nodes", url, until)
        except Missing as why:
            _not_measured("OpenSearch, three nodes", why)


class Missing(Exception):  # noqa: N818
    """A part of this machine that one engine needs."""


@contextmanager
def _cluster() -> Iterator[str]:
    """Lend the address of a cluster: the one that is named, or three nodes started here."""
    if os.environ.get("OCOP_SEARCH_URL"):
        yield os.environ["OCOP_SEARCH_URL"]
        return
    jars = os.environ.get("OCOP_TEST_OPENSEARCH_JARS", "")
    if not jars:
        raise Missing('OCOP_TEST_OPENSEARCH_JARS is not set (eval "$(.ci/opensearch)")')
    with tempfile.TemporaryDirectory(prefix="ocop-bench-") as folder:
        try:
            nodes = cluster_of_three(Path(jars), Path(folder))
            with nodes as running:
                yield running.url
        except (AssertionError, OSError, subprocess.CalledProcessError) as error:
            raise Missing(f"the cluster does not start: {str(error)[:200]}") from error


def _ours(title: str, url: str, until: float) -> None:
    found: Measured = {}
    try:
        for part in ("rebuild", "ask"):
            command = [sys.executable, "-m", "bench.search", part]
            for line in _told(command, until, {"OCOP_SEARCH_URL": url}):
                found |= line
    except Missing as why:
        _not_measured(title, why)
    if found:
        _print(title, found)
        _print("  of that CPU", {k[:-4]: v for k, v in found.items() if k.endswith("_cpu")})


def _others(until: float) -> None:
    try:
        for line in _told([sys.executable, "-m", "bench.compare", "--speed"], until, {}):
            title = str(line.pop("title"))
            if "missing" in line:
                _not_measured(title, line["missing"])
            else:
                _print(title, line)
    except Missing as why:
        _not_measured("other engines", why)


def _told(
    command: list[str], until: float, environment: dict[str, str]
) -> Iterator[dict[str, Any]]:
    """Run a part in a process of its own and yield what it tells, line by line as JSON."""
    left = until - time.monotonic()
    if left < 1:
        raise Missing("no time was left (OCOP_BENCH_MINUTES)")
    with subprocess.Popen(
        command, env=os.environ | environment, stdout=subprocess.PIPE, text=True
    ) as running:
        late = threading.Timer(left, running.kill)
        late.start()
        assert running.stdout is not None
        for line in running.stdout:
            if line.startswith("{"):
                yield json.loads(line)
        code = running.wait()
        late.cancel()
    if code:
        why = f"took more than the {left:.0f} s left" if late.finished.is_set() else "failed"
        raise Missing(f"{command[-1]} {why} ({code})")


def _print(title: str, found: Measured) -> None:
    """Print a line of the table; what is over its limit gets a mark."""
    cells = []
    for figure in FIGURES:
        value = found.get(figure.key)
        mark = "!" if value is not None and value >= figure.limit else " "
        cells.append(f"{'-' if value is None else f'{value:.1f}':>14}{mark}")
    print(f"{title:24}{''.join(cells)}", flush=True)


def _not_measured(title: str, why: object) -> None:
    print(f"{title:24}  not measured: {why}", flush=True)


def _tell(found: Measured) -> None:
    print(json.dumps(found), flush=True)


def _home() -> home.Home:
    return home.home_of(FOLDER / "index", os.environ.get("OCOP_SEARCH_URL", ""))


def _progress(done: int, of: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done} of {of} products{'' if done < of else chr(10)}")


def _rebuild() -> None:
    started, before = time.perf_counter(), time.process_time()
    with Session(make_engine(DATABASE)) as session:
        index.rebuild(session, _home(), on=clock.today(), now=clock.now(), progress=_progress)
    _tell(
        {
            "rebuild": time.perf_counter() - started,
            "rebuild_cpu": time.process_time() - before,
            "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "index": _size(),
        }
    )


def _size() -> float:
    own = _home()
    if isinstance(own, Path):
        try:
            files = list(store.current(own).iterdir())
        except IndexUnhealthy:
            return 0.0
        return sum(path.stat().st_size for path in files) / 2**20
    return own.size_bytes() / 2**20


def _ask() -> None:
    on, own = clock.today(), _home()
    engine = make_engine(DATABASE)
    with Session(engine) as session:

        def look(number: int) -> None:
            locale = LOCALES[number % len(LOCALES)]
            result = search(session, own, request_of(number, locale), on=on)
            if result.degraded:
                raise SystemExit("the index did not answer")

        def press_key(number: int) -> None:
            text, locale = typed[number]
            if suggest(session, own, text, locale=locale, on=on).degraded:
                raise SystemExit("the index did not answer")

        typed = _typed()
        look(0)
        half, most, half_cpu, most_cpu = _times(look)
        _tell({"p50": half, "p95": most, "p50_cpu": half_cpu, "p95_cpu": most_cpu})
        press_key(0)
        _, most, _, most_cpu = _times(press_key)
        _tell({"typed": most, "typed_cpu": most_cpu})
    now = Path("/proc/self/status").read_text(encoding="ascii").split("VmRSS:")[1].split()[0]
    _tell({"worker": int(now) / 1024})
    _tell({"visible": _seconds_until_visible(own, engine)})


def _seconds_until_visible(own: home.Home, engine: Engine) -> float:
    """Return how long at most a change in the database takes to be found, while others search.

    The engine is the one that was asked before, as in a web process: with another one the first change
    would wait for the table of all goods, which is kept for each engine.
    """
    on, stop = clock.today(), threading.Event()
    waits: list[float] = []

    def go_on_searching() -> None:
        number = ASKED
        with Session(engine) as session:
            while not stop.wait(0.1):
                number += 1
                search(session, own, request_of(number, "vi"), on=on)

    other = threading.Thread(target=go_on_searching)
    other.start()
    command = [sys.executable, "-m", "bench.search", "change"]
    try:
        with (
            Session(engine) as session,
            subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            ) as changing,
        ):
            assert changing.stdin is not None
            assert changing.stdout is not None
            for _ in range(CHANGES):
                told = json.loads(changing.stdout.readline())
                request = SearchRequest(told["word"])
                while not search(session, own, request, on=on).total:
                    if time.time() - told["at"] > 60:
                        raise SystemExit("a change is not found within a minute")
                    time.sleep(0.02)
                waits.append(time.time() - told["at"])
                changing.stdin.write("found\n")
                changing.stdin.flush()
    finally:
        stop.set()
        other.join()
    return max(waits)


def _change() -> None:
    """Rename products one by one, bring the index up to them as a worker does, and name them back."""
    own = _home()
    with Session(make_engine(DATABASE)) as session:
        _apply(session, own, CHANGES + 1)  # a worker has read its tables long ago
    for number in range(1, CHANGES + 1):
        word = f"moi{time.time_ns():x}"
        with write_session(make_engine(DATABASE)) as session:
            product = session.get_one(Product, number)
            name, product.name = product.name, f"{product.name} {word}"
            session.commit()
            print(json.dumps({"word": word, "at": time.time()}), flush=True)
            time.sleep(WORKER_LOOKS_SECONDS)
            _apply(session, own, number)
            sys.stdin.readline()
            product.name = name
            session.commit()
            _apply(session, own, number)


def _apply(session: Session, own: home.Home, number: int) -> None:
    documents = load_documents(session, [number])
    if isinstance(own, Path):
        index.Index.open(own).apply(documents, ())
    else:
        cluster_index.apply(own, documents, (), now=clock.now())


def request_of(number: int, locale: str) -> SearchRequest:
    """Return a question of about three words; every third narrows it down, every fifth sorts."""
    mark, good, place = parts_of(number * 11 + 5, locale)
    text = " ".join((good, mark) if number % 4 else (good, place))
    chosen: dict[str, Any] = {"chosen": {"stars": ("4", "5")}} if number % 3 == 0 else {}
    if number % 5 == 0:
        chosen["sort"] = "price"
    return SearchRequest(text, locale, **chosen)


def _typed() -> list[tuple[str, str]]:
    """Return words as they grow letter by letter, in turn in each language."""
    found: list[tuple[str, str]] = []
    number = 0
    while len(found) <= ASKED:
        locale = LOCALES[number % len(LOCALES)]
        text = random.Random(number).choice(parts_of(number * 7 + 3, locale))
        found += [(text[:length], locale) for length in range(1, min(len(text), 8) + 1)]
        number += 1
    return found


def _times(ask: Callable[[int], None]) -> tuple[float, float, float, float]:
    """Return milliseconds of half and of nearly all questions, by the clock and of CPU."""
    walls, cpus = [], []
    for number in range(1, 1 + ASKED):
        started, before = time.perf_counter(), time.process_time()
        ask(number)
        walls.append(1000 * (time.perf_counter() - started))
        cpus.append(1000 * (time.process_time() - before))
    wall, cpu = (
        (statistics.median(taken), sorted(taken)[int(0.95 * ASKED)]) for taken in (walls, cpus)
    )
    return *wall, *cpu


if __name__ == "__main__":
    main(sys.argv[1:])
