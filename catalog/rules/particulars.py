"""What a market asks of goods beyond yes or no: papers that are missing, label fields, allergens its law names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from catalog.rules.allergens import allergens_to_declare
from catalog.rules.eligibility import MarketFacts, missing_papers
from catalog.rules.labelling import LABEL_FIELDS, missing_label_fields, required_label_fields
from catalog.rules.regulation import RuleSet


@dataclass(frozen=True, slots=True)
class Particulars:
    """Codes only: documents, LABEL_FIELDS and allergens.

    `allergens_named` is the whole list of that market's law, `allergens_must` and
    `allergens_should` are those of the goods that the law names or recommends to name. What else a
    producer declares is shown all the same.
    """

    papers_missing: tuple[str, ...] = ()
    label_known: tuple[str, ...] = ()
    label_missing: tuple[str, ...] = ()
    allergens_named: tuple[str, ...] = ()
    allergens_must: tuple[str, ...] = ()
    allergens_should: tuple[str, ...] = ()

    def stored(self) -> dict[str, list[str]]:
        """As it is kept in the database: parts that say nothing are left out."""
        return {name: list(codes) for name, codes in asdict(self).items() if codes}


def read_particulars(stored: Mapping[str, Any] | None) -> Particulars:
    """The particulars as kept; names this release does not know are passed over."""
    known = {part.name for part in fields(Particulars)}
    return Particulars(
        **{name: tuple(codes) for name, codes in (stored or {}).items() if name in known}
    )


def market_particulars(
    rules: RuleSet,
    facts: MarketFacts,
    market: str,
    on: date,
    *,
    kinds: Mapping[str, tuple[str, ...]],
) -> Particulars:
    """What that market asks of these goods on that day; `kinds` is `catalog.reference.KINDS_OF`."""
    required = required_label_fields(rules, facts.label.subgroup_code, market, on)
    lacking = {
        lack.field
        for lack in missing_label_fields(rules, facts.label, market, on, kinds=kinds)
        if lack.required
    }
    label = allergens_to_declare(rules, market, facts.label.allergens, on, kinds)
    law = rules.find(f"allergens.{market}.mandatory", on)
    return Particulars(
        papers_missing=missing_papers(rules, facts, market, on),
        label_known=tuple(name for name in LABEL_FIELDS if name in required - lacking),
        label_missing=tuple(name for name in LABEL_FIELDS if name in lacking),
        allergens_named=() if law is None else law.lists("codes"),
        allergens_must=label.must,
        allergens_should=label.should,
    )
