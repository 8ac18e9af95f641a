"""The allergens a listing may name: a fixed glossary that is never translated by machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from i18n import glossary


@dataclass(frozen=True, slots=True)
class Allergen:
    """An allergen; `gdsn_code` is its code in GS1's AllergenTypeCode list, None if it has none.

    A kind of another allergen (shrimp is a crustacean) names it as `parent`. `is_main` is True for
    the groups every producer is asked about; the others matter only in markets that name them.
    """

    code: str
    names: Mapping[str, str]
    gdsn_code: str | None
    parent: str | None = None
    is_main: bool = True


_TABLE = """
CRU|AC
MOL|UM
FIS|AF
EGG|AE
MIL|AM
SOY|AY
GLU|AW
PEA|AP
NUT|AN
SES|AS
SUL|AU
CEL|BC
MUS|BM
LUP|NL
BN|
"""

_KINDS = """
SHR|CRU
CRB|CRU
SQU|MOL
OYS|MOL
ABA|MOL
MSL|MOL
MAC|FIS
SAL|FIS
SRO|FIS
WHE|GLU
WAL|NUT
CAS|NUT
ALM|NUT
MAD|NUT
PIN|NUT
BUC|
POR|
CHK|
BEE|
GEL|
PEH|
TOM|
MAN|
APP|
BAN|
ORA|
KIW|
YAM|
"""


def _read_table() -> dict[str, Allergen]:
    allergens: dict[str, Allergen] = {}
    for line in _TABLE.strip().splitlines():
        code, gdsn = line.split("|")
        allergens[code] = Allergen(code, glossary.names("allergens", code), gdsn or None)
    for line in _KINDS.strip().splitlines():
        code, parent = line.split("|")
        group_code = allergens[parent].gdsn_code if parent else None
        names = glossary.names("allergens", code)
        allergens[code] = Allergen(code, names, group_code, parent or None, is_main=False)
    return allergens


ALLERGENS: Mapping[str, Allergen] = _read_table()
"""By our code; SUL to LUP follow Annex II of Regulation (EU) 1169/2011, BN is Vietnamese practice.

The kinds below them are named by Japan, Korea or Taiwan (to be confirmed, see `catalog.regulation`).
"""

MAIN_ALLERGENS: Mapping[str, Allergen] = {c: a for c, a in ALLERGENS.items() if a.is_main}
"""The groups every producer is asked about."""

KINDS_OF: Mapping[str, tuple[str, ...]] = {
    main: tuple(c for c, a in ALLERGENS.items() if a.parent == main) for main in MAIN_ALLERGENS
}
"""For each group the kinds some markets want to be told apart: Japan asks shrimp or crab."""
