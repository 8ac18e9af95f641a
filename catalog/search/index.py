"""Knows how the index is opened, written, rebuilt and compared; the worker is its only writer."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from catalog.search import names, store
from catalog.search.document import ProductDocument, impacts
from catalog.search.errors import IndexUnhealthy
from catalog.search.loading import listed_product_ids, load_documents
from catalog.search.snapshot import Snapshot, encode_row

if TYPE_CHECKING:
    from catalog.search.home import Home

CHECK_EVERY_SECONDS = 0.5
BATCH = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """A way in which index and database disagree: missing, extra, stale or damaged."""

    kind: str
    subject: str


def _schema() -> Any:
    from whoosh import columns, fields

    from catalog.search.impacts import ImpactField

    column: Any = columns.VarBytesColumn
    return fields.Schema(
        key=fields.ID(stored=True, unique=True),
        facts=fields.COLUMN(column()),
        names=fields.COLUMN(column()),
        terms=ImpactField(),
    )


class Index:
    """The index of one search directory, for reading and (in the worker) writing."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._users: dict[int, int] = {}
        self._checked = 0.0
        self._good_files: set[str] = set()

    @classmethod
    def open(cls, directory: Path) -> Index:
        """Return the index of a directory, one object for each directory in a process."""
        with _registry_lock:
            found = _registry.get(directory)
            if found is None:
                found = _registry[directory] = cls(directory)
            return found

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Lend the newest state of the index; raises `IndexUnhealthy` when it cannot be read.

        Looks for something newer at most every half second; a state that somebody still reads
        stays open after its successor has come.
        """
        with self._lock:
            current = self._newest()
            self._users[id(current)] = self._users.get(id(current), 0) + 1
        try:
            yield current
        finally:
            with self._lock:
                self._users[id(current)] -= 1
                if not self._users[id(current)] and current is not self._snapshot:
                    self._retire(current)

    def _newest(self) -> Snapshot:
        moment = time.monotonic()
        if self._snapshot is not None and moment - self._checked < CHECK_EVERY_SECONDS:
            return self._snapshot
        self._checked = moment
        try:
            generation = store.current(self.directory)
            old = self._snapshot
            if old is not None and old.generation == generation and old.is_current():
                return old
            fresh = self._open(generation, old)
        except IndexUnhealthy:
            self.forget_locked()
            raise
        except Exception as error:  # noqa: BLE001 # a torn file raises almost any exception
            self.forget_locked()
            raise IndexUnhealthy(directory=str(self.directory), why=repr(error)) from error
        self._snapshot = fresh
        if old is not None and not self._users.get(id(old)):
            self._retire(old)
        return fresh

    def _open(self, generation: Path, old: Snapshot | None) -> Snapshot:
        same = old is not None and old.generation == generation
        if not same:
            self._good_files = set()
        bad = store.damaged_files(generation, known_good=self._good_files)
        if bad:
            raise IndexUnhealthy(directory=str(generation), why="damaged", files=bad)
        return Snapshot(generation, old.segments if old and same else ())

    def forget(self) -> None:
        """Close what is open, so that the next reader looks at the files again."""
        with self._lock:
            self.forget_locked()

    def forget_locked(self) -> None:
        """Do what `forget` does, for a caller that holds the lock."""
        old, self._snapshot, self._checked = self._snapshot, None, 0.0
        self._good_files = set()
        if old is not None and not self._users.get(id(old)):
            self._retire(old)

    def _retire(self, snapshot: Snapshot) -> None:
        self._users.pop(id(snapshot), None)
        with contextlib.suppress(Exception):
            snapshot.close()

    def apply(self, upserts: Iterable[ProductDocument], deletes: Iterable[int]) -> int:
        """Write products and deletions in one commit; returns the number of documents after it.

        Raises `IndexUnhealthy` when there is no index to write to or writing fails; the caller
        then asks for a rebuild. Waits for another writer.
        """
        with store.locked(self.directory, "writer.lock"):
            return self.apply_locked(list(upserts), list(deletes))

    def apply_locked(self, upserts: list[ProductDocument], deletes: list[int]) -> int:
        """Do what `apply` does, for a caller that holds ``writer.lock``."""
        from whoosh import index

        from catalog.search.impacts import open_writer

        store.note_arrived(self.directory, [*(d.product_id for d in upserts), *deletes])
        generation = store.current(self.directory)
        try:
            opened: Any = index.open_dir(str(generation))
            writer = open_writer(opened, wait_seconds=5.0)
            try:
                _write(writer, upserts, deletes)
            except BaseException:
                writer.cancel()
                raise
            writer.commit()
            count = int(opened.doc_count())
            names.write_missing(generation, opened)
            opened.close()
            store.write_manifest(generation, documents=count)
        except IndexUnhealthy:
            raise
        except Exception as error:  # noqa: BLE001 # a torn file raises almost any exception
            raise IndexUnhealthy(directory=str(generation), why=repr(error)) from error
        return count


_registry: dict[Path, Index] = {}
_registry_lock = threading.Lock()


def _write(writer: Any, upserts: Iterable[ProductDocument], deletes: Iterable[int]) -> None:
    for product_id in deletes:
        writer.delete_by_term("key", str(product_id))
    for document in upserts:
        writer.delete_by_term("key", str(document.product_id))
        _add(writer, document)


def _add(writer: Any, document: ProductDocument) -> None:
    writer.pool.take(writer.docnum, impacts(document))
    writer.add_document(
        key=str(document.product_id),
        facts=encode_row(document).encode(),
        names=names.encode(document),
    )


def build(
    directory: Path,
    batches: Iterable[list[ProductDocument]],
    *,
    on: date,
    now: datetime,
) -> Path:
    """Write documents into a new generation, probe it, and return it (not yet current).

    ``now`` goes into the manifest; the probe judges stars and listings for the day ``on``.
    """
    from whoosh import index

    from catalog.search.impacts import open_writer

    generation = store.new_generation(directory)
    created: Any = index.create_in(str(generation), _schema())
    writer = open_writer(created)
    count = 0
    for batch in batches:
        for document in batch:
            _add(writer, document)
            count += 1
    writer.commit()
    names.write_missing(generation, created)
    created.close()
    store.write_manifest(generation, documents=count, built_at=now)
    _probe(generation, count, on)
    return generation


def _probe(generation: Path, count: int, on: date) -> None:
    snapshot = Snapshot(generation)
    try:
        if snapshot.size != count:
            raise IndexUnhealthy(directory=str(generation), why="wrong number of documents")
        if not all(digest for _, digest in snapshot.digests()):
            raise IndexUnhealthy(directory=str(generation), why="unreadable facts")
        for _, row in snapshot.all_rows():
            if row.stars(on.toordinal()) not in (0, 3, 4, 5):
                raise IndexUnhealthy(directory=str(generation), why="unreadable facts")
    finally:
        snapshot.close()


def rebuild(
    session: Session,
    directory: Home,
    *,
    on: date,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Build a new generation from the database and switch to it; returns its document count.

    Searching and indexing go on meanwhile: products that are applied while it runs are noted,
    loaded again in a new transaction, and written before the switch.
    """
    if not isinstance(directory, Path):
        from catalog.search import cluster_index

        return cluster_index.rebuild(
            session, directory, now=now, batches=lambda fresh: _batches(fresh, progress)
        )
    with store.locked(directory, "rebuild.lock"):
        with store.locked(directory, "writer.lock"):
            store.start_log(directory)
        try:
            generation = build(directory, _batches(session, progress), on=on, now=now)
            with store.locked(directory, "writer.lock"):
                store.switch(directory, generation)
                arrived = store.read_log(directory)
                store.end_log(directory)
                index = Index.open(directory)
                index.forget()
                _replay(session, index, arrived)
                store.rebuild_done(directory)
        except BaseException:
            store.end_log(directory)
            raise
    with index.snapshot() as snapshot:
        return snapshot.size


def _replay(session: Session, index: Index, product_ids: list[int]) -> None:
    """Load again what changed during the build; a new session sees commits that ours may not."""
    if not product_ids:
        return
    with Session(session.get_bind()) as fresh:
        documents = load_documents(fresh, product_ids)
    found = {document.product_id for document in documents}
    index.apply_locked(documents, [number for number in product_ids if number not in found])


def _batches(
    session: Session, progress: Callable[[int, int], None] | None
) -> Iterator[list[ProductDocument]]:
    wanted = listed_product_ids(session)
    for start in range(0, len(wanted), BATCH):
        yield load_documents(session, wanted[start : start + BATCH])
        if progress is not None:
            progress(min(start + BATCH, len(wanted)), len(wanted))


def check(session: Session, directory: Home) -> list[Difference]:
    """Compare index and database; an empty list means that they agree.

    Kinds: ``damaged`` (a file), ``missing``, ``extra`` and ``stale`` (a product id).
    """
    try:
        kept, doubled = _digests(directory)
    except IndexUnhealthy as error:
        return [Difference("damaged", str(error.facts.get("why")))]
    wanted = {d.product_id: d.digest for batch in _batches(session, None) for d in batch}
    found = [Difference("extra", "document twice")] * doubled
    found += [Difference("missing", str(n)) for n in sorted(wanted.keys() - kept.keys())]
    found += [Difference("extra", str(n)) for n in sorted(kept.keys() - wanted.keys())]
    both = wanted.keys() & kept.keys()
    return found + [Difference("stale", str(n)) for n in sorted(both) if wanted[n] != kept[n]]


def _digests(directory: Home) -> tuple[dict[int, str], int]:
    """Return the digest of every product in the index, and how many documents are there twice."""
    if not isinstance(directory, Path):
        from catalog.search import cluster_index

        return cluster_index.digests(directory), 0
    index = Index.open(directory)
    index.forget()
    with index.snapshot() as snapshot:
        kept = dict(snapshot.digests())
        return kept, snapshot.size - len(kept)
