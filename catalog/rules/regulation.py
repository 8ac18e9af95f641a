"""A rule of law as data: when it holds, when it is suspended, and which version of it speaks on a day."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from datetime import date, timedelta
from functools import cached_property

KINDS = ("act", "market", "vat", "allergens", "label")
CERTAINTIES = ("article", "published", "derived", "unverified")
"""How sure the house is: said in the founding articles, published somewhere, computed, or common knowledge."""

RULE_STATES = ("upcoming", "in_force", "suspended", "superseded", "ended")
_DAY = timedelta(days=1)
_MOST_REMEMBERED = 4096
"""Answers a rule set remembers: a few days of all rules."""


@dataclass(frozen=True, slots=True)
class Suspension:
    """A time in which a rule is not applied; both days inclusive.

    `first` None: since the rule's own first day; `last` None: until further notice.
    """

    first: date | None
    last: date | None
    legal_basis: str = ""

    def covers(self, on: date) -> bool:
        """Whether the rule rests on that day."""
        return (self.first is None or self.first <= on) and (self.last is None or on <= self.last)


@dataclass(frozen=True)
class Rule:
    """One version of one rule; all versions of a rule share its `code`.

    `value` holds what the rule says (its keys depend on `kind`). `effective_from` None means that the
    first day is not recorded: the version has always held as far as the house knows.
    `effective_to` is the last day, inclusive. `confirmed_to` is the last day for which the source
    vouches. `entered` is 0 for a rule of the files, else the number of the office's entry.
    """

    code: str
    kind: str
    value: Mapping[str, str]
    legal_basis: str
    effective_from: date | None
    effective_to: date | None
    source: str
    checked_on: date
    certainty: str
    note: str = ""
    confirmed_to: date | None = None
    suspensions: tuple[Suspension, ...] = ()
    entered: int = 0

    @cached_property
    def version(self) -> str:
        """The name of this version, from what it says and when: the same words, the same name."""
        said = json.dumps(
            [
                self.code,
                sorted(self.value.items()),
                str(self.effective_from),
                str(self.effective_to),
            ],
            ensure_ascii=False,
        )
        digest = hashlib.sha256(said.encode()).hexdigest()[:8]
        return f"{self.code}/{self.effective_from or 'always'}/{digest}"

    def says(self, name: str) -> str:
        """A part of the value, "" when it is not there."""
        return self.value.get(name, "")

    def lists(self, name: str) -> tuple[str, ...]:
        """A part of the value that is a list of codes."""
        return tuple(self.says(name).split())

    def is_confirmed(self, on: date) -> bool:
        """Whether a source vouches for the rule on that day; otherwise the office has to confirm it."""
        known = self.confirmed_to is None or on <= self.confirmed_to
        return self.certainty != "unverified" and known

    def boundaries(self) -> Iterator[date]:
        """The days on which the answer of this version changes."""
        if self.effective_from is not None:
            yield self.effective_from
        if self.effective_to is not None:
            yield self.effective_to + _DAY
        for pause in self.suspensions:
            if pause.first is not None:
                yield pause.first
            if pause.last is not None:
                yield pause.last + _DAY


def is_within(rule: Rule, on: date) -> bool:
    """Whether the day lies between the first and the last day of the version, both inclusive."""
    return (rule.effective_from is None or rule.effective_from <= on) and (
        rule.effective_to is None or on <= rule.effective_to
    )


def rule_in_force(rule: Rule, on: date) -> bool:
    """Whether this version may be applied on that day: begun, not ended and not suspended."""
    return is_within(rule, on) and not any(pause.covers(on) for pause in rule.suspensions)


@dataclass(frozen=True)
class RuleSet:
    """All rules the house knows at a moment; `digest` names the set."""

    rules: tuple[Rule, ...]
    _by_code: Mapping[str, tuple[Rule, ...]] = dataclass_field(
        init=False, repr=False, compare=False
    )
    _found: dict[tuple[str, date], Rule | None] = dataclass_field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Sort the versions of each rule, the one that speaks first in front."""
        by_code: dict[str, list[Rule]] = {}
        for rule in self.rules:
            by_code.setdefault(rule.code, []).append(rule)
        ordered = {code: tuple(sorted(found, key=_latest)) for code, found in by_code.items()}
        object.__setattr__(self, "_by_code", ordered)
        object.__setattr__(self, "_found", {})

    @cached_property
    def digest(self) -> str:
        """Twelve hexadecimal digits that change with any rule, date or suspension."""
        said = sorted(
            f"{rule.version}|{rule.entered}|{rule.certainty}|{rule.confirmed_to}|"
            + ";".join(f"{pause.first}..{pause.last}" for pause in rule.suspensions)
            for rule in self.rules
        )
        return hashlib.sha256("\n".join(said).encode()).hexdigest()[:12]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all rules, in the order in which they were read."""
        return tuple(self._by_code)

    def versions(self, code: str) -> tuple[Rule, ...]:
        """All versions of a rule, the latest first."""
        return self._by_code.get(code, ())

    def find(self, code: str, on: date) -> Rule | None:
        """The version that speaks on that day, or None.

        Of those in force the one that began last; begun on the same day, the one entered last. So a
        suspended or ended version gives the word back to the one before it.
        """
        asked = (code, on)
        if asked not in self._found:
            if len(self._found) >= _MOST_REMEMBERED:
                self._found.clear()
            spoken = (rule for rule in self.versions(code) if rule_in_force(rule, on))
            self._found[asked] = next(spoken, None)
        return self._found[asked]

    def in_force(self, on: date, kind: str | None = None) -> list[Rule]:
        """Every rule that speaks on that day, of one kind or of all."""
        found = (self.find(code, on) for code in self._by_code)
        return [rule for rule in found if rule is not None and kind in (None, rule.kind)]

    def state(self, rule: Rule, on: date) -> str:
        """One of RULE_STATES: what this version is on that day."""
        if rule.effective_from is not None and on < rule.effective_from:
            return "upcoming"
        if rule.effective_to is not None and rule.effective_to < on:
            return "ended"
        if not rule_in_force(rule, on):
            return "suspended"
        return "in_force" if self.find(rule.code, on) is rule else "superseded"

    def next_change(self, after: date) -> date | None:
        """The first day later than that one on which some rule begins, ends, pauses or resumes."""
        days = (day for rule in self.rules for day in rule.boundaries() if day > after)
        return min(days, default=None)


def _latest(rule: Rule) -> tuple[int, int]:
    first = rule.effective_from
    return (-first.toordinal() if first is not None else 0, -rule.entered)


@dataclass(frozen=True, slots=True)
class Change:
    """What one rule says before and after; None: nothing speaks then."""

    code: str
    before: Rule | None
    after: Rule | None


def changes_between(rules: RuleSet, one: date, other: date) -> list[Change]:
    """The rules of which another version speaks on the other day."""
    found = (Change(code, rules.find(code, one), rules.find(code, other)) for code in rules.codes)
    return [change for change in found if change.before is not change.after]


def with_suspensions(rule: Rule, added: Iterable[Suspension]) -> Rule:
    """The same version, resting in these times too."""
    return replace(rule, suspensions=rule.suspensions + tuple(added))


@dataclass(frozen=True, slots=True)
class RuleMistake:
    """Something contradictory in the rules: a stable code, the rule, and a detail."""

    code: str
    rule: str
    detail: str = ""


def rule_mistakes(rules: Iterable[Rule]) -> list[RuleMistake]:
    """What cannot be: unknown kinds, dates in the wrong order, two versions with one name."""
    found: list[RuleMistake] = []
    names: set[tuple[str, int]] = set()
    for rule in rules:
        if rule.kind not in KINDS:
            found.append(RuleMistake("unknown_kind", rule.code, rule.kind))
        if rule.certainty not in CERTAINTIES:
            found.append(RuleMistake("unknown_certainty", rule.code, rule.certainty))
        if not rule.legal_basis or not rule.source:
            found.append(RuleMistake("no_source", rule.code))
        if rule.effective_from and rule.effective_to and rule.effective_to < rule.effective_from:
            found.append(RuleMistake("dates_reversed", rule.code, rule.version))
        if (rule.version, rule.entered) in names:
            found.append(RuleMistake("said_twice", rule.code, rule.version))
        names.add((rule.version, rule.entered))
    return found
