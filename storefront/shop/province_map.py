"""The drawn map of the thirty-four provinces: which of them lead to goods, and how many."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from catalog.queries.pages import FacetValue
from catalog.reference import PROVINCES
from storefront.shop.filters import Choice


class Area(NamedTuple):
    """One province as it is drawn: ``code`` names its shape, ``depth`` (0 to 3) its colour."""

    code: str
    depth: int
    choice: Choice | None


def links(values: Sequence[FacetValue], names: Mapping[str, str], locale: str) -> list[Choice]:
    """The page of each province with its name and how many goods it has, in the order given."""
    return [
        Choice(
            names[entry.value],
            entry.count,
            selected=False,
            address=f"/{locale}/provinces/{PROVINCES[entry.value].slug}",
        )
        for entry in values
    ]


def areas(values: Sequence[FacetValue], choices: Collection[Choice]) -> list[Area]:
    """All provinces from north to south; those without goods have no address and depth 0.

    ``choices`` are the links made of ``values``, in the same order.
    """
    own = {value.value: choice for value, choice in zip(values, choices, strict=True)}
    most = max((choice.number for choice in choices), default=0)
    return [Area(code, _depth(own.get(code), most), own.get(code)) for code in PROVINCES]


def _depth(choice: Choice | None, most: int) -> int:
    """In thirds of the largest number, so that a map of few goods shows differences too."""
    if choice is None or not choice.number:
        return 0
    return 1 + (3 * choice.number - 1) // most if most > 1 else 3
