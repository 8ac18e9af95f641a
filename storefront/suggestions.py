"""Where a suggestion of the search leads, for the search box and for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from catalog.search.suggest import Suggestion


def address_of(one: Suggestion, locale: str) -> str:
    """The path of a product's or producer's page, of a province's goods, or of a search."""
    if one.kind == "product":
        return f"/{locale}/products/{quote(one.slug)}"
    if one.kind == "producer":
        return f"/{locale}/producers/{quote(one.slug)}"
    if one.kind == "province":
        return f"/{locale}/products?province={quote(one.slug)}"
    return f"/{locale}/search?q={quote(one.label)}"
