"""Which export categories goods belong to, from what they are made of and not only from their name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

CATEGORIES = (
    "fresh_produce",
    "live_seafood",
    "seafood",
    "honey",
    "birds_nest",
    "meat",
    "grain",
    "dried_goods",
    "condiments",
    "tea",
    "coffee",
    "herbal",
    "functional",
    "alcohol",
    "cosmetics",
    "plant_craft",
    "ceramics",
    "live_organisms",
    "service",
    "unlisted",
)

_BY_HS = (
    ("02 1601 1602", "meat"),
    ("03 1603 1604 1605", "seafood"),
    ("0409", "honey"),
    ("0410", "birds_nest"),
    ("10 11 1901 1902 1904 1905", "grain"),
    ("07 0801 0802 0803 0804 0805 0806 0807 0808 0809 0810", "fresh_or_dried"),
    ("0811 0812 0813 0814 2001 2005 2006 2008 1302", "dried_goods"),
    ("0904 0905 0906 0907 0908 0909 0910", "dried_goods"),
    ("2103 2501 1507 1508 1509 1515", "condiments"),
    ("0901", "coffee"),
    ("0902", "tea"),
    ("0903 1211", "herbal"),
    ("2203 2204 2205 2206 2207 2208", "alcohol"),
    ("3301 3303 3304 3305 3307", "cosmetics"),
    ("44 46", "plant_craft"),
    ("69", "ceramics"),
    ("06", "live_organisms"),
    ("0101 0102 0103 0104 0105 0106", "live_organisms"),
)
_BY_SUBGROUP = {
    "F01": "fresh_produce",
    "F03": "grain",
    "F06": "grain",
    "F07": "dried_goods",
    "F09": "condiments",
    "F10": "condiments",
    "F11": "tea",
    "F12": "herbal",
    "F13": "coffee",
    "D01": "alcohol",
    "D02": "alcohol",
    "H01": "functional",
    "H02": "cosmetics",
    "H03": "cosmetics",
    "S01": "live_organisms",
    "S02": "live_organisms",
    "S03": "live_organisms",
    "T01": "service",
}
_DECIDED_BY_SUBGROUP = frozenset({"D01", "D02", "H01", "S01", "S02", "S03", "T01"})
"""Here the class of the programme says more than a customs number."""

_WITHOUT_DOUBT = frozenset({"F12", "H02", "H03"})
"""Here a number none of the headings covers leaves no doubt; elsewhere the goods count as unlisted."""

_NO_MEAT = re.compile(r"(?:trứng|sữa|nấm (?:mối )?(?:đùi|chân)|nấm)\s+(?:gà|vịt|bò|dê|trâu|cút)")
_MEAT = re.compile(
    r"(?<!\w)(?:heo|lợn|vịt|gà|bò|trâu|dê|ngan|ngỗng|cừu|thỏ|pork|duck|chicken|beef|goat|mutton)"
    r"(?!\w)"
)


@dataclass(frozen=True, slots=True)
class GoodsFacts:
    """What decides the category: class, customs number, what it is made of, how it travels."""

    subgroup_code: str | None
    hs6: str | None
    ingredients: str | None
    storage_kind: str
    contains: frozenset[str] = field(default_factory=frozenset)


def categories(facts: GoodsFacts) -> tuple[str, ...]:
    """Every category the goods belong to, so that the strictest rule can be found; never empty.

    Meat among the ingredients makes goods meat whatever they are called, crustaceans and molluscs
    make them seafood.
    """
    found = {_main(facts)}
    if has_meat(facts.ingredients) or facts.contains & {"POR", "CHK", "BEE"}:
        found.add("meat")
    if "BN" in facts.contains:
        found.add("birds_nest")
    if facts.contains & _SHELLFISH or (facts.subgroup_code == "F08" and "FIS" in facts.contains):
        found.add("seafood")
    if found & {"seafood", "live_seafood"} and facts.storage_kind == "live":
        found = found - {"seafood"} | {"live_seafood"}
    if len(found) > 1:
        found.discard("unlisted")
    return tuple(name for name in CATEGORIES if name in found)


_SHELLFISH = frozenset({"CRU", "MOL", "SHR", "CRB", "SQU", "OYS", "ABA", "MSL"})


def has_meat(ingredients: str | None) -> bool:
    """Whether a list of ingredients names meat; eggs, milk and mushrooms named after animals do not."""
    text = _NO_MEAT.sub(" ", (ingredients or "").lower())
    return bool(_MEAT.search(text))


def _main(facts: GoodsFacts) -> str:
    subgroup = facts.subgroup_code or ""
    if subgroup in _DECIDED_BY_SUBGROUP:
        return _BY_SUBGROUP[subgroup]
    by_number = _by_customs_number(facts.hs6)
    if by_number == "fresh_or_dried":
        return "fresh_produce" if subgroup in {"F01", ""} else "dried_goods"
    if by_number:
        return by_number
    if not facts.hs6:
        return _BY_SUBGROUP.get(subgroup, "unlisted")
    if facts.hs6 == "210690" and subgroup == "F07":  # jelly powder
        return "dried_goods"
    return _BY_SUBGROUP[subgroup] if subgroup in _WITHOUT_DOUBT else "unlisted"


def _by_customs_number(hs6: str | None) -> str:
    for heads, category in _BY_HS:
        if any((hs6 or "").startswith(head) for head in heads.split()):
            return category
    return ""
