"""The six groups and 26 subgroups of OCOP products (Decision 148/QĐ-TTg, Annex I)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from i18n import glossary


@dataclass(frozen=True, slots=True)
class Group:
    """One of the six groups; `code` is a letter: F D H C S T."""

    code: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Subgroup:
    """One of the 26 subgroups; `group` is the letter its code begins with."""

    code: str
    group: str
    names: Mapping[str, str]


GROUPS: Mapping[str, Group] = {
    code: Group(code, names) for code, names in glossary.read("groups").items()
}
"""By letter, in the order of the decision."""

SUBGROUPS: Mapping[str, Subgroup] = {
    code: Subgroup(code, code[0], names) for code, names in glossary.read("subgroups").items()
}
"""By code, in the order of the decision."""
