"""What SQLAlchemy has compiled, shared by the databases of all tests of a run."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Dialect, Engine
from sqlalchemy.util import LRUCache

_MOST = 2_000
_KNOWN: dict[str, tuple[Dialect, LRUCache[Any, Any]]] = {}


def share_statements(engine: Engine) -> None:
    """Let this engine find the statements that others of its kind have compiled.

    SQLAlchemy knows them by the dialect they were compiled for, which is one object for each engine.
    """
    if engine.dialect.name not in _KNOWN:
        engine.connect().close()  # a dialect learns at the first connection what the server can do
        _KNOWN[engine.dialect.name] = engine.dialect, LRUCache(_MOST)
    engine.dialect, cache = _KNOWN[engine.dialect.name]
    engine.update_execution_options(compiled_cache=cache)
