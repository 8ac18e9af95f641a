"""Reading what people write in a cell; every reader is pure and says what it could not read."""

from __future__ import annotations

from catalog.importing.parsing.dates import parse_date
from catalog.importing.parsing.listing_cells import (
    NONE_MARKS,
    Allergens,
    NetContent,
    ShelfLife,
    parse_allergens,
    parse_net_content,
    parse_price,
    parse_shelf_life,
    parse_whole,
)
from catalog.importing.parsing.stars import parse_stars
from catalog.importing.parsing.text import ascii_digits

__all__ = [
    "NONE_MARKS",
    "Allergens",
    "NetContent",
    "ShelfLife",
    "ascii_digits",
    "parse_allergens",
    "parse_date",
    "parse_net_content",
    "parse_price",
    "parse_shelf_life",
    "parse_stars",
    "parse_whole",
]
