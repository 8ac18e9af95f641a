"""Words of labels and law, fixed in all nine languages: never made by a machine, never in another language.

The words stand in CSV files beside this module, one file a kind, one row a term; `glossary.toml` says where
each kind comes from and carries the version. Nothing here falls back: a term that is missing in a language
is a broken file, and reading it raises.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from i18n.locales import LOCALES

FOLDER = Path(__file__).parent
KINDS = (
    "allergens",
    "storage",
    "warnings",
    "label",
    "nutrition",
    "units",
    "additives",
    "states",
    "schemes",
    "groups",
    "subgroups",
    "provinces",
)


class BrokenGlossary(Exception):
    """A file of the glossary is not complete: names the file, the term and the language."""


def term(kind: str, code: str, locale: str) -> str:
    """The word for a code in exactly that language; raises KeyError for an unknown code or language."""
    return names(kind, code)[locale]


def names(kind: str, code: str) -> Mapping[str, str]:
    """The word for a code by language, all nine; raises KeyError for an unknown code."""
    return read(kind)[code]


@cache
def read(kind: str) -> Mapping[str, Mapping[str, str]]:
    """All terms of a kind, by code, in the order of the file; raises BrokenGlossary."""
    if kind not in KINDS:
        raise KeyError(kind)
    path = FOLDER / f"{kind}.csv"
    terms: dict[str, Mapping[str, str]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        if tuple(reader.fieldnames or ()) != ("code", *LOCALES):
            raise BrokenGlossary(f"{path.name}: the columns are not code and the nine languages")
        for row in reader:
            code = row.pop("code")
            empty = [tag for tag in LOCALES if not row[tag]]
            if empty or code in terms:
                raise BrokenGlossary(f"{path.name}: {code}: {', '.join(empty) or 'stands twice'}")
            terms[code] = MappingProxyType(row)
    return MappingProxyType(terms)


@cache
def version() -> str:
    """The version of the glossary, to be noted with whatever was printed from it."""
    return str(_about()["version"])


def source(kind: str) -> str:
    """Where the words of a kind come from."""
    return str(_about()["sources"][kind])


def is_confirmed(kind: str, locale: str) -> bool:
    """Whether somebody who knows the language and its rules has read the words of that kind."""
    return locale in _about()["confirmed"].get(kind, ())


@cache
def _about() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((FOLDER / "glossary.toml").read_text(encoding="utf-8"))
