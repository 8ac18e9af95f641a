"""Which languages each market needs, read from the dated file beside this module."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from catalog.rules.translation import MarketLanguages
from i18n.locales import LOCALES

_FILE = Path(__file__).with_suffix(".toml")


@cache
def market_languages() -> Mapping[str, MarketLanguages]:
    """By code of the market, in the order of the file; raises ValueError for a language we don't have."""
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    relied_on = frozenset(data["relied_on"])
    found = {}
    for code, market in data["markets"].items():
        needs = tuple(tuple(any_of) for any_of in market["needs"])
        if any(tag not in LOCALES for any_of in needs for tag in any_of):
            raise ValueError(f"{code}: a language that is none of ours")
        found[code] = MarketLanguages(code, needs, relied_on, int(market["threshold"]))
    return found
