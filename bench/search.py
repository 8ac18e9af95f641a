"""``make bench-search``: search of 20,000 products in nine languages, embedded and on a cluster; prints, never fails.

Each engine is measured in a process of its own, CPU time of that process beside wall time: only it holds on a busy
machine. OCOP_BENCH_DIR keeps data and index between runs (default var/bench); OCOP_SEARCH_URL names a cluster.
"""

from __future__ import annotations

import os
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bench.data import PRODUCTS
from bench.nine_languages import fill_nine_languages, parts_of
from catalog.search import home, index, store
from catalog.search.errors import IndexUnhealthy
from catalog.search.query import SearchRequest, search
from catalog.search.suggest import suggest
from core import clock
from core.db import make_engine
from i18n.locales import LOCALES

ROOT = Path(__file__).parent.parent
FOLDER = Path(os.environ.get("OCOP_BENCH_DIR", ROOT / "var" / "bench")).absolute() / "search"
DATABASE = f"sqlite:///{FOLDER / 'ocop.db'}"
ASKED = 360


def main(arguments: list[str]) -> None:
    """Measure every engine, or in a child process the one part that was named."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    if arguments:
        {"rebuild": _rebuild, "ask": _ask}[arguments[0]]()
        return
    print(f"{PRODUCTS} products in {len(LOCALES)} languages; {os.cpu_count()} cores", flush=True)
    fill_nine_languages(make_engine(DATABASE))
    urls = [("embedded (Whoosh)", "")]
    if os.environ.get("OCOP_SEARCH_URL"):
        urls.append(("cluster (OpenSearch)", os.environ["OCOP_SEARCH_URL"]))
    for title, url in urls:
        print(f"\n{title}", flush=True)
        for part in ("rebuild", "ask"):
            subprocess.run(
                [sys.executable, "-m", "bench.search", part],
                env=os.environ | {"OCOP_SEARCH_URL": url},
                check=True,
            )


def _home() -> home.Home:
    return home.home_of(FOLDER / "index", os.environ.get("OCOP_SEARCH_URL", ""))


def _rebuild() -> None:
    started, before = time.perf_counter(), time.process_time()
    with Session(make_engine(DATABASE)) as session:
        count = index.rebuild(session, _home(), on=clock.today(), now=clock.now())
    wall, cpu = time.perf_counter() - started, time.process_time() - before
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = f"  rebuild: {count} products, {wall:.0f} s wall, {cpu:.0f} s CPU, {most:.0f} MB"
    print(f"{line}, index {_size():.0f} MB", flush=True)


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
    with Session(make_engine(DATABASE)) as session:

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
        _report("search, three words, facets", look, 1)
        press_key(0)
        _report("autocomplete, one key", press_key, 1)
    now = Path("/proc/self/status").read_text(encoding="ascii").split("VmRSS:")[1].split()[0]
    print(f"  one process after that: {int(now) / 1024:.0f} MB", flush=True)


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


def _report(title: str, ask: Callable[[int], None], first: int) -> None:
    walls, cpus = [], []
    for number in range(first, first + ASKED):
        started, before = time.perf_counter(), time.process_time()
        ask(number)
        walls.append(1000 * (time.perf_counter() - started))
        cpus.append(1000 * (time.process_time() - before))
    for kind, taken in (("wall", walls), ("CPU", cpus)):
        line = f"p50 {statistics.median(taken):.1f} p95 {sorted(taken)[int(0.95 * ASKED)]:.1f}"
        print(f"  {title}, {kind}: {line} max {max(taken):.1f} ms", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
