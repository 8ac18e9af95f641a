"""Reacts to facts by bringing the index up to the database; only the worker calls this."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from catalog.search import cluster_index, store
from catalog.search.document import ProductDocument
from catalog.search.errors import IndexMissing, IndexUnhealthy
from catalog.search.home import search_home
from catalog.search.index import Index, build, rebuild
from catalog.search.loading import load_documents, products_of_producer
from catalog.search.taxonomy import concepts, find_nodes
from catalog.search.teaching import write_file

if TYPE_CHECKING:
    from catalog.search.cluster import Cluster
    from core.settings import Settings


def find_product_ids(session: Session, payloads: Iterable[Mapping[str, Any]]) -> list[int]:
    """Return the products that some facts are about, each once."""
    found: set[int] = set()
    for payload in payloads:
        if "product_id" in payload:
            found.add(int(payload["product_id"]))
        elif "producer_id" in payload:
            found.update(products_of_producer(session, int(payload["producer_id"])))
    return sorted(found)


def apply_pending(
    session: Session, settings: Settings, product_ids: Iterable[int], *, on: date, now: datetime
) -> None:
    """Write the present state of products to the index in one commit; safe to repeat.

    What is no longer listed is deleted from it. A missing or damaged index is rebuilt instead.
    """
    ids = list(product_ids)
    home = search_home(settings)
    if not isinstance(home, Path):
        _apply_to_cluster(session, home, ids, on=on, now=now)
        return
    directory = home
    if not store.rebuild_wanted(directory):
        try:
            with store.locked(directory, "writer.lock"):
                documents = load_documents(session, ids)
                listed = {document.product_id for document in documents}
                gone = [number for number in ids if number not in listed]
                Index.open(directory).apply_locked(documents, gone)
        except IndexUnhealthy:
            store.want_rebuild(directory)
    rebuild_if_wanted(session, settings, on=on, now=now)


def rebuild_if_wanted(session: Session, settings: Settings, *, on: date, now: datetime) -> bool:
    """Rebuild the index if a reader or a writer found it missing or damaged; for a timer."""
    home = search_home(settings)
    if not (store.rebuild_wanted(home) if isinstance(home, Path) else home.is_empty()):
        return False
    rebuild(session, home, on=on, now=now)
    return True


@cache
def get_ready() -> None:
    """Load once what the first change would wait for: the engine, stemmers, names of things.

    Cold, the first change of a new worker took half a second of CPU more than the second.
    """
    name, day = "Nước mắm Phú Quốc", date(2026, 1, 1)
    found = find_nodes(name)
    document = ProductDocument(
        product_id=1,
        names=dict.fromkeys(("vi", "en", "fr", "de"), name) | {"zh-hans": "鱼露", "bn": "মধু"},
        concepts=concepts(found.main, found.other, (), name),
        types=found.main,
    )
    with TemporaryDirectory() as folder:
        directory = Path(folder)
        midnight = datetime.combine(day, time(), UTC)
        store.switch(directory, build(directory, [[document]], on=day, now=midnight))
        Index(directory).apply([document], ())


def look_for_index(settings: Settings) -> None:
    """Ask for a rebuild where the directory holds no index of this version; get ready to write to it."""
    home = search_home(settings)
    if isinstance(home, Path):
        get_ready()
        try:
            store.current(home)
        except IndexUnhealthy:
            store.want_rebuild(home)


def keep_words(session: Session, settings: Settings, *, now: datetime) -> bool:
    """Tell search what the office taught; False when it knows it already."""
    home = search_home(settings)
    if isinstance(home, Path):
        return write_file(session, home)
    return cluster_index.keep_words(session, home, now=now)


def _apply_to_cluster(
    session: Session, cluster: Cluster, ids: Sequence[int], *, on: date, now: datetime
) -> None:
    """Write products to a cluster; what it does not take is raised, so that it is tried again."""
    documents = load_documents(session, ids)
    listed = {document.product_id for document in documents}
    try:
        gone = [number for number in ids if number not in listed]
        cluster_index.apply(cluster, documents, gone, now=now)
    except IndexMissing:
        rebuild(session, cluster, on=on, now=now)
