"""Which particulars a market wants on the label of such goods, and which of them are not known yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from catalog.rules.allergens import AllergenFacts, allergens_to_declare
from catalog.rules.food import ALCOHOL, FRESH, NO_EXPIRY, is_food
from catalog.rules.regulation import Rule, RuleSet

LABEL_FIELDS = (
    "name",
    "producer",
    "address",
    "origin",
    "net_content",
    "ingredients",
    "allergens",
    "date",
    "storage",
    "nutrition",
    "abv",
    "importer",
)
GOODS = ("all", "food", "composed_food", "dated_food", "alcohol")
"""Of which goods a field is wanted; composed food has an ingredient list, dated food a last day."""

TEXT_FIELDS = frozenset({"name", "ingredients"})
"""Fields that must stand there in a language of the market; the others are drawn from codes and numbers."""


@dataclass(frozen=True, slots=True)
class LabelFacts:
    """What is known for a label. `texts` maps name and ingredients to the languages that have them.

    `known` names the other fields of LABEL_FIELDS of which the value is known.
    """

    subgroup_code: str | None
    texts: Mapping[str, frozenset[str]]
    known: frozenset[str]
    allergens: AllergenFacts


@dataclass(frozen=True, slots=True)
class MissingField:
    """A particular that is not known: `languages` names those wanted, `kinds` the allergen kinds.

    `required` is False where the house has no source for the duty and only advises.
    """

    field: str
    required: bool
    rule_version: str
    languages: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


def concerns(goods: str, subgroup_code: str | None) -> bool:
    """Whether a field wanted of such goods is wanted of this subgroup."""
    food = is_food(subgroup_code)
    answers = {
        "all": True,
        "food": food,
        "composed_food": food and subgroup_code not in FRESH,
        "dated_food": food and subgroup_code not in NO_EXPIRY,
        "alcohol": subgroup_code in ALCOHOL,
    }
    return answers.get(goods, True)


def required_label_fields(
    rules: RuleSet, subgroup_code: str | None, market: str, on: date
) -> frozenset[str]:
    """The particulars that a label of such goods must carry in that market on that day."""
    found = ((name, rules.find(f"label.{market}.{name}", on)) for name in LABEL_FIELDS)
    return frozenset(
        name
        for name, rule in found
        if rule is not None
        and rule.says("duty") == "required"
        and concerns(rule.says("goods"), subgroup_code)
    )


def missing_label_fields(
    rules: RuleSet,
    facts: LabelFacts,
    market: str,
    on: date,
    *,
    kinds: Mapping[str, tuple[str, ...]],
) -> list[MissingField]:
    """What a label for that market lacks on that day, in the order of LABEL_FIELDS."""
    missing = []
    for name in LABEL_FIELDS:
        rule = rules.find(f"label.{market}.{name}", on)
        if rule is None or not concerns(rule.says("goods"), facts.subgroup_code):
            continue
        required = rule.says("duty") == "required"
        if name == "allergens":
            missing += _allergens(rules, facts, market, on, rule, kinds)
        elif name in TEXT_FIELDS:
            wanted = wanted_languages(rule.says("languages"), facts.texts.get(name, frozenset()))
            if wanted:
                missing.append(MissingField(name, required, rule.version, languages=wanted))
        elif name not in facts.known:
            missing.append(MissingField(name, required, rule.version))
    return missing


def wanted_languages(asked: str, present: frozenset[str]) -> tuple[str, ...]:
    """The languages still wanted: "en+fr" asks for both, "en|zh-hant" for either."""
    for group in asked.split("+"):
        choices = tuple(group.split("|"))
        if not present.intersection(choices):
            lacking = [
                part for part in asked.split("+") if not present.intersection(part.split("|"))
            ]
            return tuple(tag for part in lacking for tag in part.split("|"))
    return ()


def _allergens(
    rules: RuleSet,
    facts: LabelFacts,
    market: str,
    on: date,
    rule: Rule,
    kinds: Mapping[str, tuple[str, ...]],
) -> list[MissingField]:
    required = rule.says("duty") == "required"
    label = allergens_to_declare(rules, market, facts.allergens, on, kinds)
    if not label.known:
        return [MissingField("allergens", required, rule.version)]
    asked = tuple(kind for _, listed in label.name_which for kind in listed)
    return [MissingField("allergens", required, rule.version, kinds=asked)] if asked else []
