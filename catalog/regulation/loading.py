"""The rule set of this moment: the files and, over them, what the office entered. One statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.regulation import RegulationEntry
from catalog.regulation.files import file_rules
from catalog.rules.regulation import Rule, RuleSet, Suspension, with_suspensions

_entry = RegulationEntry.__table__
_ENTRIES = select(
    _entry.c.id,
    _entry.c.action,
    _entry.c.code,
    _entry.c.kind,
    _entry.c.target,
    _entry.c.value,
    _entry.c.legal_basis,
    _entry.c.first_day,
    _entry.c.last_day,
    _entry.c.source,
    _entry.c.checked_on,
    _entry.c.certainty,
    _entry.c.note,
).order_by(_entry.c.id)


class Entered(NamedTuple):
    """An entry of the office, comparable, so that the same entries give the same kept rule set."""

    id: int
    action: str
    code: str
    kind: str
    target: str
    value: tuple[tuple[str, str], ...]
    legal_basis: str
    first: date | None
    last: date | None
    source: str
    checked_on: date
    certainty: str
    note: str


def load_rules(session: Session) -> RuleSet:
    """Every rule as known now; unchanged entries give the same set again without composing it anew."""
    return compose(tuple(_read(row) for row in session.execute(_ENTRIES)))


@lru_cache(maxsize=8)
def compose(entries: tuple[Entered, ...]) -> RuleSet:
    """The files' rules with the entries over them, in the order in which they were entered."""
    rules: list[Rule] = list(file_rules())
    for entry in entries:
        if entry.action == "version":
            rules.append(_version(entry))
        else:
            pause = Suspension(entry.first, entry.last, entry.legal_basis)
            rules = [
                with_suspensions(rule, [pause]) if rule.version == entry.target else rule
                for rule in rules
            ]
    return RuleSet(tuple(rules))


def lost_suspensions(session: Session) -> list[str]:
    """Suspensions whose rule version this release does not know any more; the office enters them anew."""
    entries = tuple(_read(row) for row in session.execute(_ENTRIES))
    known = {rule.version for rule in compose(entries).rules}
    return [e.target for e in entries if e.action == "suspension" and e.target not in known]


def _version(entry: Entered) -> Rule:
    return Rule(
        code=entry.code,
        kind=entry.kind,
        value=dict(entry.value),
        legal_basis=entry.legal_basis,
        effective_from=entry.first,
        effective_to=entry.last,
        source=entry.source,
        checked_on=entry.checked_on,
        certainty=entry.certainty,
        note=entry.note,
        entered=entry.id,
    )


def _read(row: Sequence[Any]) -> Entered:
    values = list(row)
    values[5] = tuple(sorted((values[5] or {}).items()))
    return Entered(*values)
