"""Two people changed the same thing: what each changed, what agrees, and what somebody must decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs: as it was, as I have it and as it now stands.

    `by` says who changed it: "me", "them" or "both" (differently).
    """

    name: str
    base: Any
    mine: Any
    theirs: Any
    by: str


@dataclass(frozen=True, slots=True)
class Merge:
    """All fields together where nobody stands in the other's way, and the fields where both do."""

    values: dict[str, Any]
    changes: tuple[FieldChange, ...]

    @property
    def conflicts(self) -> tuple[FieldChange, ...]:
        """Fields that both changed to something different."""
        return tuple(change for change in self.changes if change.by == "both")

    @property
    def is_clean(self) -> bool:
        """Whether nobody has to decide anything."""
        return not self.conflicts


def merge(base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Merge:
    """What follows from my change of `base` and somebody else's, field by field of `mine`.

    A field only one of us changed takes that change; one we both changed alike is settled; one we
    changed differently keeps mine in `values` and is a conflict. Without a base for a field, every
    difference is a conflict.
    """
    values: dict[str, Any] = {}
    changes: list[FieldChange] = []
    for name, own in mine.items():
        other = theirs.get(name)
        values[name] = own
        if own == other:
            continue
        was = base.get(name)
        if name in base and own == was:
            values[name] = other
            changes.append(FieldChange(name, was, own, other, "them"))
        elif name in base and other == was:
            changes.append(FieldChange(name, was, own, other, "me"))
        else:
            changes.append(FieldChange(name, was, own, other, "both"))
    return Merge(values, tuple(changes))
