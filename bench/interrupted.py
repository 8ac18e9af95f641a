"""``make soak-import``: an import of 20,000 listings that is killed at random moments, and what is left of it.

The command is killed with SIGKILL while it starts, reads or stores; after each kill the database is looked at,
and in the end it must hold the very rows of an import nobody disturbed. Exit code 1 when it does not.
Arguments: how many kills (8), how many rows (20000), the seed of the moments (1).
"""

from __future__ import annotations

import csv
import hashlib
import importlib
import random
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from bench.commands import begin, run
from bench.files import LISTING, listing_cells
from catalog.archive.records import RECORDS, Record
from catalog.archive.writing import rows_of
from catalog.models import ImportLine, ImportRun, Package, Product, Translation
from core.audit import AuditEntry
from core.db import UtcDateTime, make_engine
from core.facts import Fact
from migrations import runner

Contents = dict[str, str | int | dict[str, int]]


def main(kills: int = 8, rows: int = 20_000, seed: int = 1) -> int:
    """Import once undisturbed and once with kills; 0 when both databases hold the same, 1 when not."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="ocop-soak-") as name:
        folder = Path(name)
        path = folder / "listings.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(LISTING)
            writer.writerows(listing_cells(number) for number in range(1, rows + 1))
        calm, rough = _empty(folder / "calm.db"), _empty(folder / "rough.db")
        took = run(["catalog", "import", str(path)], folder / "calm.db")
        print(
            f"undisturbed: {rows} rows in {took.wall:.1f} s, {took.cpu:.1f} CPU s, {took.memory:.0f} MB"
        )
        stored, ended = 0, False
        for number in range(1, kills + 1):
            patience = chance.uniform(0.0, 3 * took.wall / (kills + 1))
            ended = _kill(path, folder / "rough.db", patience)
            stored, before = _whole_rows(rough), stored
            if ended:
                break
            print(f"kill {number:>2} after {patience:5.1f} s: {stored - before:>5} more rows, "
                  f"{stored:>5} stored, none of them in part", flush=True)  # fmt: skip
        if not ended:
            took = run(["catalog", "import", str(path)], folder / "rough.db")
            more = _whole_rows(rough) - stored
            print(f"resumed: {more} more rows in {took.wall:.1f} s, {took.cpu:.1f} CPU s")
        differing = differences(calm, rough)
        print(f"the same as undisturbed: {f'no: {differing}' if differing else 'yes, every table'}")
        for engine in (calm, rough):
            engine.dispose()
    return 1 if differing else 0


def differences(one: Engine, other: Engine) -> list[str]:
    """Names of what differs between two catalogues; numbers and moments of rows do not count."""
    with Session(one) as first, Session(other) as second:
        before, after = contents(first), contents(second)
    return [name for name in before if before[name] != after[name]]


def contents(session: Session) -> Contents:
    """A digest of the rows of each table, and how many lines, facts and journal entries there are."""
    places: dict[str, dict[int, int]] = {}
    found: Contents = {}
    for record in RECORDS:
        found[record.name] = _digest(session, record, places)
    products = places["product"]
    lines = hashlib.sha256()
    query = select(ImportLine).order_by(ImportLine.sheet, ImportLine.line)
    for line in session.scalars(query.execution_options(yield_per=1_000)):
        said = (line.sheet, line.line, line.status, products.get(line.product_id or 0), line.raw, line.errors)  # fmt: skip
        lines.update(repr(said).encode())
    found["import_line"] = lines.hexdigest()
    found["runs"] = session.scalar(select(func.count()).select_from(ImportRun)) or 0
    found["unfinished"] = len(
        session.scalars(select(ImportRun.id).where(ImportRun.finished_at.is_(None))).all()
    )
    for table, column in ((AuditEntry, AuditEntry.action), (Fact, Fact.name)):
        counted = session.execute(select(column, func.count()).group_by(column))
        found[table.__tablename__] = {name: count for name, count in counted}  # noqa: C416
    return found


def _digest(session: Session, record: Record, places: dict[str, dict[int, int]]) -> str:
    """The rows of one table in their order, with the place of a row instead of its number."""
    own = places.setdefault(record.name, {})
    columns = record.columns
    total = hashlib.sha256()
    for row in rows_of(session, record):
        values: dict[str, Any] = dict(zip((c.name for c in columns), row, strict=True))
        if record.has_number:
            own[values.pop("id")] = len(own) + 1
        for column in columns:
            name = column.name
            if isinstance(column.type, UtcDateTime) or name not in values:
                values.pop(name, None)
                continue
            target = values[record.named[name]] if name in record.named else record.target(name)
            if target is not None and values[name] is not None:
                values[name] = places[target].get(values[name], values[name])
        total.update(repr(sorted(values.items())).encode())
    return total.hexdigest()


def _empty(database: Path) -> Engine:
    importlib.import_module("migrations.tables")
    engine = make_engine(f"sqlite:///{database}")
    runner.upgrade(engine)
    return engine


def _kill(path: Path, database: Path, patience: float) -> bool:
    """Kill the command after some seconds; True when it had ended before."""
    child = begin(["catalog", "import", str(path)], database)
    try:
        child.wait(patience)
    except subprocess.TimeoutExpired:
        child.send_signal(signal.SIGKILL)
        child.wait()
        return False
    return True


def _whole_rows(engine: Engine) -> int:
    """How many rows are stored; raises AssertionError when one of them is stored twice or in part."""
    with Session(engine) as session:
        lines = session.scalars(select(ImportLine.product_id)).all()
        packages = Counter(session.scalars(select(Package.product_id)))
        query = select(Translation.entity_id).where(Translation.entity_kind == "product")
        texts = Counter(session.scalars(query))
        products = set(session.scalars(select(Product.id)))
    if len(lines) != len(set(lines)) or set(lines) != products:
        raise AssertionError(f"{len(lines)} lines, {len(products)} products")
    if packages != dict.fromkeys(products, 1) or len(set(texts.values())) > 1:
        raise AssertionError("a product without its parts")
    if texts.keys() != products:
        raise AssertionError("a product without its texts")
    return len(lines)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
