"""Reacts to facts by bringing the index up to the database; only the worker calls this."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from catalog.search import store
from catalog.search.errors import IndexUnhealthy
from catalog.search.index import Index, rebuild
from catalog.search.loading import load_documents, products_of_producer

if TYPE_CHECKING:
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
    directory = settings.search_dir
    ids = list(product_ids)
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
    directory = settings.search_dir
    if not store.rebuild_wanted(directory):
        return False
    rebuild(session, directory, on=on, now=now)
    return True
