"""How a form changes a row: not over somebody else's change, and only what differs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from catalog.errors import StaleVersion
from catalog.models import GiftSet, Place, Producer, Product
from core.db import Base


def refuse_stale(row: Product | Producer | Place | GiftSet, seen: int | None) -> None:
    """Raise StaleVersion when the row is no longer the version the form showed; None means any."""
    if seen is not None and seen != row.version:
        raise StaleVersion(subject=row.__tablename__, seen=seen, current=row.version)


def set_changed(row: Base, values: Mapping[str, Any]) -> list[str]:
    """Set the values that differ; returns the names of the changed fields, sorted."""
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, values[name])
    return changed
