"""Whether goods may be sent to a market on a day: denied unless a rule in force allows it, with reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from catalog.rules.categories import GoodsFacts, categories
from catalog.rules.food import is_food
from catalog.rules.labelling import LabelFacts, missing_label_fields
from catalog.rules.regulation import Rule, RuleSet
from catalog.rules.sending import HOME as HOME
from catalog.rules.sending import sending_bar

MARKETS = ("AU", "KR", "JP", "EU", "CN", "HK", "TW", "SG", "CA")
"""The nine markets Cà Mau's goods have reached, in the order of the rules."""

ANY = "any"
DECISIONS = ("allowed", "permit", "registration", "blocked")
"""From mild to strict; a category without a rule is blocked as `not_listed`."""

REASONS = (
    "as_labelled",
    "with_documents",
    "on_file",
    "registration_first",
    "permit_first",
    "check_first",
    "test_first",
    "licence_first",
    "treatment_only",
    "fruit_fly",
    "meat_ban",
    "medicine_rules",
    "monopoly",
    "live_organisms",
    "parcels_blocked",
    "service_not_goods",
    "not_listed",
    "category_unknown",
    "label_incomplete",
    "allergens_unknown",
    "allergen_kinds",
)


@dataclass(frozen=True, slots=True)
class MarketFacts:
    """What is known of goods: what they are, their label, and which documents are on file by market."""

    goods: GoodsFacts
    label: LabelFacts
    documents: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, as a stable code with facts for the sentence."""

    code: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """May the goods go there? `documents` are those needed; `rule_version` names every rule applied.

    `confirmed` is False while one of the rules is only common knowledge: the office has to confirm.
    """

    allowed: bool
    reasons: tuple[Reason, ...]
    documents: tuple[str, ...]
    rule_version: str
    confirmed: bool


def market_verdict(
    rules: RuleSet,
    facts: MarketFacts,
    market: str,
    on: date,
    *,
    kinds: Mapping[str, tuple[str, ...]],
) -> Verdict:
    """The verdict for a market on a day; every category of the goods must be allowed there.

    What no parcel carries (`sending_bar`) is closed abroad whatever a rule says; at home a visit is
    allowed, as something to come to.
    `kinds` is `catalog.reference.KINDS_OF`. A registration or permit counts as given when every
    document the rule names is on file for that market.
    """
    judged = [(name, _category_rule(rules, market, name, on)) for name in categories(facts.goods)]
    reasons = [_judge(rule, name, on_file(facts, market)) for name, rule in judged]
    goods = facts.goods
    barred = market != HOME and sending_bar(goods.subgroup_code, goods.storage_kind, market)
    if barred:
        reasons = [Reason(barred)]
    denied = [reason for reason in reasons if reason.code not in _ALLOWING]
    hopeless = [reason for reason in denied if reason.code in HOPELESS]
    lacking = [] if hopeless else _label_reasons(rules, facts, market, on, kinds)
    found = [rule for _, rule in judged if rule is not None]
    documents = dict.fromkeys(paper for rule in found for paper in rule.lists("documents"))
    return Verdict(
        allowed=not denied and not lacking,
        reasons=tuple(_once(hopeless or [*denied, *lacking] or reasons)),
        documents=() if hopeless else tuple(documents),
        rule_version=" ".join(rule.version for rule in found) or f"default/{market}",
        confirmed=bool(found) and all(rule.is_confirmed(on) for rule in found),
    )


_ALLOWING = frozenset({"as_labelled", "with_documents", "on_file"})
HOPELESS = frozenset(
    {"treatment_only", "fruit_fly", "meat_ban", "medicine_rules", "monopoly", "live_organisms"}
    | {"parcels_blocked", "service_not_goods", "not_listed", "category_unknown"}
)
"""Where no paper and no label helps, so that asking for them would mislead."""


def verdict_state(*, allowed: bool, reasons: Iterable[str]) -> str:
    """A verdict in a word: open, later (papers or a label would help) or closed (nothing would)."""
    if allowed:
        return "open"
    return "closed" if HOPELESS.intersection(reasons) else "later"


def _category_rule(rules: RuleSet, market: str, category: str, on: date) -> Rule | None:
    if category == "unlisted":
        return rules.find(f"market.{market}.{ANY}", on)
    return rules.find(f"market.{market}.{category}", on) or rules.find(f"market.{market}.{ANY}", on)


def missing_papers(rules: RuleSet, facts: MarketFacts, market: str, on: date) -> tuple[str, ...]:
    """The papers a registration or permit still waits for; those of each consignment are not among them."""
    known = on_file(facts, market)
    found = (_category_rule(rules, market, name, on) for name in categories(facts.goods))
    wanted = (
        paper
        for rule in found
        if rule is not None and rule.says("decision") in {"permit", "registration"}
        for paper in rule.lists("documents")
    )
    return tuple(dict.fromkeys(paper for paper in wanted if paper not in known))


def on_file(facts: MarketFacts, market: str) -> frozenset[str]:
    """The documents on file for that market, those that count everywhere among them."""
    return facts.documents.get(market, frozenset()) | facts.documents.get("", frozenset())


def _judge(rule: Rule | None, category: str, known: frozenset[str]) -> Reason:
    about = {"category": category}
    if rule is None:
        if category == "service":
            return Reason("service_not_goods")
        return Reason("category_unknown" if category == "unlisted" else "not_listed", about)
    decision, wanted = rule.says("decision"), rule.lists("documents")
    if decision == "allowed":
        return Reason("with_documents" if wanted else "as_labelled", about)
    if decision in {"permit", "registration"} and wanted and known.issuperset(wanted):
        return Reason("on_file", about)
    return Reason(rule.says("reason") or "not_listed", about)


def _label_reasons(
    rules: RuleSet,
    facts: MarketFacts,
    market: str,
    on: date,
    kinds: Mapping[str, tuple[str, ...]],
) -> list[Reason]:
    missing = [
        lack
        for lack in missing_label_fields(rules, facts.label, market, on, kinds=kinds)
        if lack.required
    ]
    reasons = []
    for lack in missing:
        if lack.field != "allergens":
            continue
        if lack.kinds:
            reasons.append(Reason("allergen_kinds", {"kinds": " ".join(lack.kinds)}))
        elif is_food(facts.goods.subgroup_code):
            reasons.append(Reason("allergens_unknown"))
    others = [lack for lack in missing if lack.field != "allergens"]
    if others:
        languages = dict.fromkeys(tag for lack in others for tag in lack.languages)
        named = {"fields": " ".join(lack.field for lack in others)}
        reasons.append(Reason("label_incomplete", {**named, "languages": " ".join(languages)}))
    return reasons


def _once(reasons: list[Reason]) -> list[Reason]:
    """Each reason once, as far as a reader can tell: the category does not stand in the sentence."""
    seen: dict[tuple[str, str], Reason] = {}
    for reason in reasons:
        told = ",".join(v for k, v in sorted(reason.facts.items()) if k != "category")
        seen.setdefault((reason.code, told), reason)
    return list(seen.values())
