"""Knows where search lives: in a directory of this machine, or on a cluster that an address names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from catalog.search import store
from catalog.search.index import Index

if TYPE_CHECKING:
    from catalog.search.cluster import Cluster
    from catalog.search.cluster_view import ClusterView
    from catalog.search.snapshot import Snapshot
    from core.settings import Settings

Home: TypeAlias = "Path | Cluster"
"""A directory with an embedded index, or a cluster."""
State: TypeAlias = "Snapshot | ClusterView"
"""One state of an index that does not change while somebody reads it."""


def home_of(directory: Path, url: str = "") -> Home:
    """Return where search lives: ``url`` is the setting of that name, empty for the embedded index.

    Nothing is asked of a cluster yet, and one process has one client for it.
    """
    return _cluster(directory, url) if url else directory


def search_home(settings: Settings) -> Home:
    """Return where search lives by the settings."""
    return home_of(settings.search_dir, settings.search_url)


@cache
def _cluster(directory: Path, url: str) -> Cluster:
    from catalog.search.cluster import Cluster

    return Cluster(url, directory)


@contextmanager
def opened(home: Home) -> Iterator[State]:
    """Lend the newest state of the index; raises `IndexUnhealthy` when it cannot be read."""
    if isinstance(home, Path):
        with Index.open(home).snapshot() as snapshot:
            yield snapshot
    else:
        yield home.reader.view()


def document_count(home: Home) -> int:
    """Return how many products the index holds; raises `IndexUnhealthy` when it cannot be read."""
    with opened(home) as state:
        return state.size


def forget(home: Home) -> None:
    """Close what is open, so that the next reader looks anew."""
    if isinstance(home, Path):
        Index.open(home).forget()
    else:
        home.reader.forget()


def want_rebuild(home: Home) -> None:
    """Ask the worker for a rebuild; it finds by itself that a cluster has lost its index."""
    if isinstance(home, Path):
        store.want_rebuild(home)
