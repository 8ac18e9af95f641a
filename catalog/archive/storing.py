"""Storing the rows of a file: what is new is added, what differs is changed, nothing is taken away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby, islice
from typing import Any

from sqlalchemy import bindparam, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from catalog.announcing import announce_once
from catalog.archive.reading import ArchiveRow, BadArchive
from catalog.archive.records import Record
from catalog.archive.writing import Progress
from catalog.bulk import insert_rows
from catalog.models import Package, Product
from catalog.models.product import sort_text
from catalog.publishing import refresh_listings
from core import audit
from core.actor import Actor
from core.people.permissions import require
from i18n.text import fold

_AT_ONCE = 1_000
_TELLS_OF = {"product": "id", "package": "product_id", "certificate": "product_id"}
"""Kinds of row a change of which buyers see on a page, and the column that names the product."""


_SHOWN_PRICE = (
    update(Product)
    .values(
        price_from_minor=select(Package.price_minor)
        .where(Package.product_id == Product.id, Package.active.is_(True))
        .order_by(Package.position, Package.id)
        .limit(1)
        .scalar_subquery()
    )
    .execution_options(synchronize_session=False)
)


@dataclass(slots=True)
class Stored:
    """How many rows of each kind were new, changed or the same."""

    new: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    same: Counter[str] = field(default_factory=Counter)


def store_archive(
    session: Session,
    rows: Iterable[ArchiveRow],
    *,
    actor: Actor,
    on: date,
    now: datetime,
    progress: Progress = lambda _rows: None,
) -> Stored:
    """Store every row or, when one cannot be, none: the caller commits. Raises BadArchive, Forbidden.

    A number in the file only joins rows of the file: a row is found in the database by its key
    (`Record.key`), and a new one keeps its number where that is free.
    """
    require(actor, "catalog.import")
    keeper = _Keeper(session)
    count = 0
    for record, group in groupby(rows, key=lambda row: row.record):
        keeper.begin(record)
        while batch := list(islice(group, _AT_ONCE)):
            keeper.store(record, batch)
            count += len(batch)
            progress(count)
        keeper.end(record)
    session.expire_all()
    touched = iter(sorted(keeper.touched))
    while ids := list(islice(touched, _AT_ONCE)):
        for product_id in ids:
            announce_once(session, "product.changed", product_id=product_id)
        session.execute(_SHOWN_PRICE.where(Product.id.in_(ids)))
        refresh_listings(session, ids, on=on)
    done = keeper.stored
    audit.record(
        session,
        actor,
        "catalog.import",
        subject="catalogue",
        now=now,
        new=sum(done.new.values()),
        changed=sum(done.changed.values()),
    )
    return done


class _Keeper:
    """Knows, kind by kind, which number of the file is which number of the database."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._numbers: dict[str, dict[int, int]] = {}
        self._known: dict[tuple[Any, ...], dict[str, Any]] = {}
        self._taken: set[int] = set()
        self._met: Counter[tuple[Any, ...]] = Counter()
        self._late: list[tuple[int, int, str]] = []
        self._next = 1
        self.stored = Stored()
        self.touched: set[int] = set()

    def begin(self, record: Record) -> None:
        """Read what the database has of this kind."""
        if record.name in self._numbers:
            raise BadArchive(place=record.name, reason="out_of_order")
        self._numbers[record.name] = {}
        self._met.clear()
        self._late.clear()
        self._known = {}
        seen: Counter[tuple[Any, ...]] = Counter()
        order = [record.table.c.id] if record.has_number else list(record.table.primary_key)
        for row in self._session.execute(select(*record.columns).order_by(*order)).mappings():
            key = tuple(row[name] for name in record.key)
            self._known[*key, seen[key]] = dict(row)
            seen[key] += 1
        self._taken = {row["id"] for row in self._known.values()} if record.has_number else set()
        self._next = max(self._taken, default=0) + 1

    def store(self, record: Record, rows: list[ArchiveRow]) -> None:
        """Add or change these rows."""
        new: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        for row in rows:
            values = self._joined(record, row)
            key = tuple(values[name] for name in record.key)
            known = self._known.get((*key, self._met[key]))
            written = len(new) + len(changed)
            self._met[key] += 1
            number = values.pop("id", None)
            late = values.pop(record.late, None) if record.late else None
            if known is None:
                values |= self._added(record, number)
                if record.late:
                    values[record.late] = None
                new.append(values | _derived(record, values))
                self.stored.new[record.name] += 1
            elif record.only_added or all(known[name] == value for name, value in values.items()):
                self.stored.same[record.name] += 1
            else:
                changed.append(_with_version(record, values, known) | _derived(record, values))
                self.stored.changed[record.name] += 1
            if number is not None:
                kept = values["id"] if known is None else known["id"]
                self._numbers[record.name][number] = kept
                if late is not None and (known is None or not record.only_added):
                    self._late.append((kept, late, row.place))
            if len(new) + len(changed) > written:
                self._touch(record, values, known)
        self._write(record, new, changed, rows)

    def end(self, record: Record) -> None:
        """Join rows with rows of their kind that came later, and let the database count on."""
        if record.late:
            column = record.table.c[record.late]
            for number, late, place in self._late:
                target = self._number(record.name, late, place)
                self._session.execute(
                    update(record.table)
                    .where(record.table.c.id == number, column.is_distinct_from(target))
                    .values({record.late: target})
                )
        if record.has_number and self._session.get_bind().dialect.name == "postgresql":
            self._session.execute(
                text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :number)"),
                {"table": record.name, "number": max(self._next - 1, 1)},
            )

    def _joined(self, record: Record, row: ArchiveRow) -> dict[str, Any]:
        """The values with every reference as a number of the database."""
        values = dict(row.values)
        for name, value in row.values.items():
            if value is None or name == record.late:
                continue
            target = values[record.named[name]] if name in record.named else record.target(name)
            if target is not None:
                values[name] = self._number(target, value, f"{row.place}, {name}")
        return values

    def _number(self, target: str, number: int, place: str) -> int:
        try:
            return self._numbers[target][number]
        except KeyError:
            raise BadArchive(place=place, reason="refers_to_nothing") from None

    def _added(self, record: Record, number: int | None) -> dict[str, Any]:
        if not record.has_number:
            return {}
        if number is None or number < 1 or number in self._taken:
            number = self._next
        self._taken.add(number)
        self._next = max(self._next, number + 1)
        return {"id": number}

    def _touch(self, record: Record, values: dict[str, Any], known: dict[str, Any] | None) -> None:
        column = _TELLS_OF.get(record.name)
        if column == "id":
            self.touched.add(values["id"] if known is None else known["id"])
        elif column is not None:
            self.touched.add(values[column])

    def _write(
        self,
        record: Record,
        new: list[dict[str, Any]],
        changed: list[dict[str, Any]],
        rows: list[ArchiveRow],
    ) -> None:
        table = record.table
        try:
            if new:
                insert_rows(self._session, table, new)
            for values in changed:
                where = [
                    table.c[name].is_not_distinct_from(bindparam(f"key_{name}", values.pop(name)))
                    for name in _identity(record)
                ]
                self._session.execute(update(table).where(*where).values(values))
        except IntegrityError as error:
            place = f"{rows[0].place} to {rows[-1].place}"
            raise BadArchive(place=place, reason=str(error.orig)) from error


def _identity(record: Record) -> Iterator[str]:
    if record.has_number:
        yield "id"
    else:
        yield from (column.name for column in record.table.primary_key)


def _with_version(record: Record, values: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """What is written over a row: with its own number, and a version no form has seen."""
    changed = dict(values)
    if record.has_number:
        changed["id"] = known["id"]
    if "version" in record.table.columns:
        changed["version"] = known["version"] + 1
    return changed


def _derived(record: Record, values: dict[str, Any]) -> dict[str, Any]:
    """Columns that follow from others and do not stand in the file."""
    if record.name != "product":
        return {}
    return {"name_key": sort_text(values["name"]), "search_fold": fold(values["name"])}
