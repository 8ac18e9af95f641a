"""``make bench-catalogue``: importing, exporting and browsing a catalogue of 20,000 products; prints, never fails.

The commands people use are run as they use them. CPU seconds stand beside wall time, because only they hold
on a busy machine; memory is the largest sum over the command and the child process that reads workbooks.
"of" is how many times the wanted speed that is, by the clock and by the processor: below 1 it is too slow.
OCOP_BENCH_DIR keeps the data between runs (default var/bench). Arguments imports, exports, browsing: only these.
"""

from __future__ import annotations

import csv
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from bench.commands import ROOT, run
from bench.data import PRODUCTS, fill
from bench.files import LISTING, REGISTER, listing_cells, register_cells
from catalog.models import Product
from catalog.queries import BrowseRequest, browse
from core.db import make_engine
from i18n.locales import LOCALES
from migrations import runner

FOLDER = Path(os.environ.get("OCOP_BENCH_DIR", ROOT / "var" / "bench")).absolute()
ON = date(2026, 11, 22)
MOST_STATEMENTS = 3
MOST_MEMORY_MB = 300
MOST_SECONDS = 30


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
    _migrated(empty)
    print(f"\n{'import':<34}{'wanted/s':>9}{'rows/s':>8}{'of':>6}{'per CPU s':>11}{'of':>6}{'wall s':>8}"
          f"{'CPU s':>7}{'MB':>5}  (at most {MOST_MEMORY_MB})")  # fmt: skip
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
                write_csv(path, heads, lambda number: listing_cells(number, dearer=1_000))
                _import(f"{name} {ending}, every price changed", path, database, wanted)
            path.unlink()
            for left in folder.glob(f"{database.name}*"):
                left.unlink()


def _import(label: str, path: Path, database: Path, wanted: int) -> None:
    took = run(["catalog", "import", str(path)], database)
    by_clock, by_processor = PRODUCTS / took.wall, PRODUCTS / took.cpu
    print(f"  {label:<32}{wanted:>9}{by_clock:>8.0f}{by_clock / wanted:>6.2f}{by_processor:>11.0f}"
          f"{by_processor / wanted:>6.2f}{took.wall:>8.1f}{took.cpu:>7.1f}{took.memory:>5.0f}"
          f"{'  too much' if took.memory > MOST_MEMORY_MB else ''}", flush=True)  # fmt: skip


def _exports(folder: Path) -> None:
    """The whole catalogue in every form that can be taken back, with the history an import leaves."""
    database = FOLDER / "imported.db"
    _imported(database, folder)
    print(f"\n{'export of the whole catalogue':<34}{'wanted s':>9}{'wall s':>8}{'of':>6}{'CPU s':>11}{'of':>6}"
          f"{'MB':>8}{'file MB':>9}")  # fmt: skip
    for ending in (".jsonl", ".csv", ".xlsx"):
        path = folder / f"all{ending}"
        took = run(["catalog", "export", str(path)], database)
        print(f"  {ending:<32}{f'< {MOST_SECONDS}':>9}{took.wall:>8.1f}{MOST_SECONDS / took.wall:>6.2f}"
              f"{took.cpu:>11.1f}{MOST_SECONDS / took.cpu:>6.2f}{took.memory:>8.0f}"
              f"{path.stat().st_size / 1e6:>9.0f}", flush=True)  # fmt: skip
        path.unlink()


def _imported(database: Path, folder: Path) -> None:
    """A catalogue as an import of all listings leaves it; made when it is not there or not whole."""
    _migrated(database)
    engine = make_engine(f"sqlite:///{database}")
    with Session(engine) as session:
        known = session.scalar(select(func.count()).select_from(Product))
    engine.dispose()
    if known != PRODUCTS:
        path = folder / "all-listings.csv"
        write_csv(path, LISTING, listing_cells)
        run(["catalog", "import", str(path)], database)
        path.unlink()


def _migrated(database: Path) -> None:
    engine = make_engine(f"sqlite:///{database}")
    runner.upgrade(engine)
    engine.dispose()


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


def write_csv(path: Path, heads: Sequence[str], cells: Callable[[int], list[str]]) -> None:
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


_WRITERS = {".csv": write_csv, ".xlsx": _write_xlsx}
_PARTS = {"imports": _imports, "exports": _exports, "browsing": _browsing}

if __name__ == "__main__":
    main(sys.argv[1:])
