"""The countries a buyer may want goods sent to, read from the dated file beside this module."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from catalog.rules.destinations import Destination, ImportTax
from catalog.rules.eligibility import HOME, MARKETS
from core.money import Money

_FILE = Path(__file__).with_suffix(".toml")


@cache
def destinations() -> Mapping[str, Destination]:
    """By ISO 3166-1 code, in the order of the file: the home country, then market by market.

    Raises ValueError when the file and the markets of the rules do not name the same ones.
    """
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    checked_on, source = data.pop("checked_on"), data.pop("source")
    if set(data) != {HOME, *MARKETS}:
        raise ValueError("the destinations and the markets of the rules differ")
    found = {}
    for market, said in data.items():
        tax = None
        if "tax" in said:
            low, high = said["tax"]
            free = Money(said["free_up_to"], said["currency"]) if said["free_up_to"] else None
            tax = ImportTax(low, high, free, checked_on, source)
        for country in said["countries"]:
            found[country] = Destination(country, market, said["currency"], tax)
    return found
