"""What the office may do to a rule: let a new version begin, or let one rest; the past stays as it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from catalog.errors import InvalidFields
from catalog.models import RegulationEntry
from catalog.reference import ALLERGENS
from catalog.regulation.loading import load_rules
from catalog.rules.regulation import CERTAINTIES, Rule, RuleSet
from catalog.rules.rule_values import value_mistakes
from catalog.rules.vat import untaxed_gaps
from core import audit
from core.actor import Actor
from core.errors import NotFound
from core.facts import announce
from core.people.permissions import require
from i18n.locales import LOCALES


class RuleNotFound(NotFound):
    """No rule or version has that name (facts: code)."""


@dataclass(frozen=True, slots=True)
class Backing:
    """On what an entry rests: the law, where that was read, and how sure that is."""

    legal_basis: str
    source: str
    certainty: str
    note: str = ""


def add_version(
    session: Session,
    code: str,
    value: Mapping[str, str],
    *,
    first: date,
    last: date | None,
    backing: Backing,
    actor: Actor,
    on: date,
    now: datetime,
) -> Rule:
    """Let the rule say something else from a day on; returns the new version.

    The day may be today or later: what was judged before keeps its version. Raises RuleNotFound,
    InvalidFields, Forbidden.
    """
    require(actor, "regulation.edit")
    known = load_rules(session).versions(code)
    if not known:
        raise RuleNotFound(code=code)
    kind = known[0].kind
    said = {name: text.strip() for name, text in value.items() if text.strip()}
    mistakes = value_mistakes(kind, said, allergens=ALLERGENS, languages=LOCALES)
    _check(mistakes | _day_mistakes(first, last, on) | _backing_mistakes(backing))
    entry = _enter(session, "version", known[0], said, (first, last), backing, actor, on, now)
    rules = load_rules(session)
    _refuse_gaps(rules, first, last)
    announce(session, "regulation.changed", entry_id=entry.id)
    return next(rule for rule in rules.versions(code) if rule.entered == entry.id)


def suspend(
    session: Session,
    version: str,
    *,
    first: date,
    last: date | None,
    backing: Backing,
    actor: Actor,
    on: date,
    now: datetime,
) -> None:
    """Let one version rest from a day on, to a last day or until further notice.

    While it rests the version before it speaks again, if there is one. Raises like `add_version`.
    """
    require(actor, "regulation.edit")
    found = [rule for rule in load_rules(session).rules if rule.version == version]
    if not found:
        raise RuleNotFound(code=version)
    _check(_day_mistakes(first, last, on) | _backing_mistakes(backing))
    entry = _enter(
        session, "suspension", found[0], {}, (first, last), backing, actor, on, now, version
    )
    _refuse_gaps(load_rules(session), first, last)
    announce(session, "regulation.changed", entry_id=entry.id)


def _enter(
    session: Session,
    action: str,
    rule: Rule,
    value: Mapping[str, str],
    days: tuple[date, date | None],
    backing: Backing,
    actor: Actor,
    on: date,
    now: datetime,
    target: str = "",
) -> RegulationEntry:
    entry = RegulationEntry(
        action=action,
        code=rule.code,
        kind=rule.kind,
        target=target,
        value=dict(value),
        legal_basis=backing.legal_basis.strip(),
        first_day=days[0],
        last_day=days[1],
        source=backing.source.strip(),
        checked_on=on,
        certainty=backing.certainty,
        note=backing.note.strip(),
        entered_by=actor.name,
        entered_at=now,
    )
    session.add(entry)
    session.flush()
    last = days[1].isoformat() if days[1] else None
    details = {"first": days[0].isoformat(), "last": last, "value": dict(value), "target": target}
    audit.record(
        session, actor, f"regulation.{action}", subject=f"rule:{rule.code}", now=now, **details
    )
    return entry


def _day_mistakes(first: date, last: date | None, on: date) -> dict[str, str]:
    mistakes = {}
    if first < on:
        mistakes["first"] = "in_the_past"
    if last is not None and last < first:
        mistakes["last"] = "before_first"
    return mistakes


def _backing_mistakes(backing: Backing) -> dict[str, str]:
    mistakes = {}
    if not backing.legal_basis.strip():
        mistakes["legal_basis"] = "missing"
    if not backing.source.strip():
        mistakes["source"] = "missing"
    if backing.certainty not in CERTAINTIES:
        mistakes["certainty"] = "unknown_kind"
    return mistakes


def _check(mistakes: dict[str, str]) -> None:
    if mistakes:
        raise InvalidFields(mistakes)


def _refuse_gaps(rules: RuleSet, first: date, last: date | None) -> None:
    """A kind of sale without a tax rate would stop the checkout on that day."""
    days = {day for rule in rules.rules for day in rule.boundaries() if day >= first}
    if any(untaxed_gaps(rules, day) for day in {first, *days} if last is None or day <= last):
        raise InvalidFields({"first": "leaves_a_gap"})
