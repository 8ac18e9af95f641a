"""Value-added tax: the dated row that fits goods, seller, buyer and destination on a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product

from catalog.rules.regulation import RuleSet

VAT_CLASSES = ("standard", "raw", "salt", "plant_craft", "excise")
SELLERS = ("producer", "trader")
BUYERS = ("consumer", "business")
DESTINATIONS = ("VN", "abroad")
TREATMENTS = ("rate", "not_subject", "not_declared")
ANY = "any"

_CLASS_OF_MARK = {
    "8": "standard",
    "10": "standard",
    "N": "raw",
    "N/5": "raw",
    "S": "salt",
    "5": "plant_craft",
    "X": "excise",
}
"""The marks producers' lists use: raw farm goods, salt, plaited goods, excise goods, all else."""

MARKS = tuple(_CLASS_OF_MARK)
PLAIN_MARKS = ("8", "N", "S", "5", "X")
"""One mark for each class, for people to choose from; "10" and "N/5" are other spellings in lists."""

_GROWERS = frozenset({"household", "farm", "cooperative", "cooperative_group", "board"})


@dataclass(frozen=True, slots=True)
class VatAnswer:
    """How a sale is taxed: `rate_bp` in basis points (800 = 8 %), 0 where no tax is charged."""

    treatment: str
    rate_bp: int
    rule_version: str
    confirmed: bool


def vat_class(mark: str | None, subgroup_code: str | None) -> str:
    """The tax class of goods; what nobody has classified is taxed like most goods, never less."""
    if mark in _CLASS_OF_MARK:
        return _CLASS_OF_MARK[mark]
    return "excise" if subgroup_code in {"D01", "D02"} else "standard"


def plain_mark(mark: str | None) -> str | None:
    """The mark people choose that means the same; None for none and for one nobody knows."""
    if mark not in _CLASS_OF_MARK:
        return None
    return next(one for one in PLAIN_MARKS if _CLASS_OF_MARK[one] == _CLASS_OF_MARK[mark])


def seller_kind(producer_kind: str | None) -> str:
    """Whether the seller sells what it grew or caught itself; a firm counts as a trader until it says so."""
    return "producer" if producer_kind in _GROWERS else "trader"


def vat_rate(
    rules: RuleSet, tax_class: str, seller: str, buyer: str, destination: str, on: date
) -> VatAnswer | None:
    """The tax on such a sale on that day, from the row that names most of the four; None: no row speaks."""
    for code in _codes(tax_class, seller, buyer, destination):
        rule = rules.find(code, on)
        if rule is not None:
            return VatAnswer(
                treatment=rule.says("treatment"),
                rate_bp=int(rule.says("rate_bp") or 0),
                rule_version=rule.version,
                confirmed=rule.is_confirmed(on),
            )
    return None


def _codes(tax_class: str, seller: str, buyer: str, destination: str) -> Iterator[str]:
    """The codes of the rows that fit, those that name the destination and the goods first."""
    for place, goods, by, to in product(
        (destination, ANY), (tax_class, ANY), (seller, ANY), (buyer, ANY)
    ):
        yield f"vat.{goods}.{by}.{to}.{place}"


def untaxed_gaps(rules: RuleSet, on: date) -> list[str]:
    """The kinds of sale for which no row speaks on that day: a gap would stop the checkout."""
    return [
        ".".join(asked)
        for asked in product(VAT_CLASSES, SELLERS, BUYERS, DESTINATIONS)
        if vat_rate(rules, *asked, on) is None
    ]
