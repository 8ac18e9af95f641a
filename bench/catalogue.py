"""``make bench-catalogue``: importing, exporting and browsing a catalogue of 20,000 products; prints, never fails.

The commands people use are run as they use them. CPU seconds stand beside wall time, because only they hold
on a busy machine; memory is the largest sum over the command and the child process that reads workbooks.
OCOP_BENCH_DIR keeps the data between runs (default var/bench). Arguments imports, exports, browsing: only these.
"""

from __future__ import annotations

import csv
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.orm import Session

from bench.data import PRODUCTS, fill
from bench.files import LISTING, REGISTER, listing_cells, register_cells
from catalog.queries import BrowseRequest, browse
from core.db import make_engine
from i18n.locales import LOCALES
from migrations import runner

ROOT = Path(__file__).parent.parent
FOLDER = Path(os.environ.get("OCOP_BENCH_DIR", ROOT / "var" / "bench")).absolute()
ON = date(2026, 11, 22)
MOST_STATEMENTS = 3
MOST_MEMORY_MB = 300
_LOOK_EVERY = 0.02


@dataclass(frozen=True)
class Took:
    """What one command took: seconds by the clock and of the processor, and megabytes at the worst moment."""

    wall: float
    cpu: float
    memory: float


def main(parts: Sequence[str] = ()) -> None:
    """Make the files, then measure each command on a database of its own; `parts` names only some parts."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    print(f"{PRODUCTS} products on SQLite; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="ocop-bench-") as folder:
        for name, measure in _PARTS.items():
            if not parts or name in parts:
                measure(Path(folder))


def _imports(folder: Path) -> None:
    """A register and full listings, each as CSV and XLSX; then again, and with every price changed."""
    empty = folder / "empty.db"
    engine = make_engine(f"sqlite:///{empty}")
    runner.upgrade(engine)
    engine.dispose()
    print(f"\n{'import':<34}{'rows/s':>8}{'wanted':>8}{'per CPU s':>11}{'wall s':>8}{'CPU s':>8}"
          f"{'MB':>6}  (at most {MOST_MEMORY_MB})")  # fmt: skip
    for name, heads, cells in (
        ("register", REGISTER, register_cells),
        ("listings", LISTING, listing_cells),
    ):
        for ending, wanted in ((".csv", 500), (".xlsx", 300)):
            path = folder / f"{name}{ending}"
            _WRITERS[ending](path, heads, cells)
            database = folder / f"{name}{ending}.db"
            shutil.copy(empty, database)
            _import(f"{name} {ending}, {path.stat().st_size / 1e6:.0f} MB", path, database, wanted)
            if ending == ".csv":
                _import(f"{name} {ending}, the same again", path, database, wanted)
            if (name, ending) == ("listings", ".csv"):
                _write_csv(path, heads, lambda number: listing_cells(number, dearer=1_000))
                _import(f"{name} {ending}, every price changed", path, database, None)
            path.unlink()
            for left in folder.glob(f"{database.name}*"):
                left.unlink()


def _import(label: str, path: Path, database: Path, wanted: int | None) -> None:
    took = _run(["catalog", "import", str(path)], database)
    print(f"  {label:<32}{PRODUCTS / took.wall:>8.0f}{wanted or '':>8}{PRODUCTS / took.cpu:>11.0f}"
          f"{took.wall:>8.1f}{took.cpu:>8.1f}{took.memory:>6.0f}")  # fmt: skip


def _exports(folder: Path) -> None:
    """The whole catalogue in every form that can be taken back."""
    database = FOLDER / "ocop.db"
    _filled(database)
    print(f"\n{'export of the whole catalogue':<34}{'wall s':>8}{'wanted':>8}{'CPU s':>8}{'MB':>6}"
          f"{'file MB':>9}")  # fmt: skip
    for ending in (".jsonl", ".csv", ".xlsx"):
        path = folder / f"all{ending}"
        took = _run(["catalog", "export", str(path)], database)
        print(f"  {ending:<32}{took.wall:>8.1f}{'< 30':>8}{took.cpu:>8.1f}{took.memory:>6.0f}"
              f"{path.stat().st_size / 1e6:>9.0f}")  # fmt: skip
        path.unlink()


def _browsing(_folder: Path) -> None:
    """A page of 24 in every language; statements counted where nothing is known yet, and once it is."""
    _filled(FOLDER / "ocop.db")
    engine = make_engine(f"sqlite:///{FOLDER / 'ocop.db'}")
    sent: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *told: sent.append(told[2]))
    print(f"\n{'one page of 24 products':<34}{'statements':>11}{'wanted':>8}{'CPU ms':>8}")
    for locale in LOCALES:
        with Session(engine) as session:
            browse(session, BrowseRequest(), locale=locale, on=ON)
            sent.clear()
            before = time.process_time()
            page = browse(session, BrowseRequest(page=7), locale=locale, on=ON)
            used = (time.process_time() - before) * 1_000
        print(f"  {locale:<32}{len(sent):>11}{f'<= {MOST_STATEMENTS}':>8}{used:>8.1f}"
              f"{'' if len(page.cards) == 24 else '  not 24 cards'}")  # fmt: skip
    engine.dispose()


def _filled(database: Path) -> None:
    engine = make_engine(f"sqlite:///{database}")
    try:
        fill(engine)
    finally:
        engine.dispose()


def _run(arguments: Sequence[str], database: Path) -> Took:
    """Run ``ocop`` with these arguments; raises CalledProcessError when it refuses."""
    environment = {name: v for name, v in os.environ.items() if not name.startswith("OCOP_")} | {
        "OCOP_DATABASE_URL": f"sqlite:///{database}",
        "OCOP_DATA_DIR": str(database.parent / "data"),
    }
    begun, used = time.monotonic(), _cpu_of_children()
    command = [sys.executable, "-m", "storefront.commands", *arguments]
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said)
        largest = 0.0
        while child.poll() is None:
            largest = max(largest, sum(_resident_mb(pid) for pid in _family(child.pid)))
            time.sleep(_LOOK_EVERY)
        if child.returncode:
            said.seek(0)
            sys.stderr.buffer.write(said.read()[-2_000:])
            raise subprocess.CalledProcessError(child.returncode, command)
    return Took(time.monotonic() - begun, _cpu_of_children() - used, largest)


def _cpu_of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _family(pid: int) -> Iterator[int]:
    """A process and the children it has now."""
    yield pid
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _family(int(child))
    except OSError:
        return


def _resident_mb(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * resource.getpagesize() / 1e6


def _write_csv(path: Path, heads: Sequence[str], cells: Callable[[int], list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heads)
        writer.writerows(cells(number) for number in range(1, PRODUCTS + 1))


def _write_xlsx(path: Path, heads: Sequence[str], cells: Callable[[int], list[str]]) -> None:
    """Shared strings, as Excel itself writes them: the harder of the two kinds to read."""
    from xlsxwriter import Workbook

    book = Workbook(str(path))
    sheet = book.add_worksheet("Danh sách")
    sheet.write_row(0, 0, heads)
    for number in range(1, PRODUCTS + 1):
        for place, text in enumerate(cells(number)):
            sheet.write_string(number, place, text)
    book.close()


_WRITERS = {".csv": _write_csv, ".xlsx": _write_xlsx}
_PARTS = {"imports": _imports, "exports": _exports, "browsing": _browsing}

if __name__ == "__main__":
    main(sys.argv[1:])
