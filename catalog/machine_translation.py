"""Letting a machine translate what is missing: off by default, never what buyers rely on, always marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from catalog.exchanging.units import WorkUnit, collect
from catalog.rules.fallback import rule_of
from catalog.rules.translation import digest
from catalog.translating import LONGEST, find_newest, set_translation
from core.actor import Actor
from core.errors import Unavailable

AT_ONCE = 20
MOST_CHARACTERS = 5_000


class MachineUnavailable(Unavailable):
    """The machine does not answer, or answers nonsense (facts: why)."""


class Machine(Protocol):
    """Something that translates plain text from Vietnamese."""

    name: str

    def supports(self, locale: str) -> bool:
        """Whether it knows that language; raises MachineUnavailable."""

    def translate(self, texts: Sequence[str], locale: str) -> list[str]:
        """As many texts as were given, in their order; raises MachineUnavailable."""


def plan(session: Session, locale: str, *, limit: int) -> list[WorkUnit]:
    """What a machine may make: texts without a translation, or with an old machine-made one.

    Only fields a machine may touch, never over a person's work, draft or reviewed.
    """
    units = [
        unit
        for unit in collect(session, locale, missing=True, stale=True)
        if rule_of(unit.key.field).machine
        and len(unit.source) <= MOST_CHARACTERS
        and (not unit.target or (unit.is_stale and unit.status == "machine"))
    ]
    return units[:limit]


def ask(
    machine: Machine, units: Sequence[WorkUnit], locale: str
) -> Iterator[list[tuple[WorkUnit, str]]]:
    """The answers, some texts at a time; touches no database, as a machine may take a minute.

    Raises MachineUnavailable, also for a machine that returns another number of texts.
    """
    if units and not machine.supports(locale):
        raise MachineUnavailable(why="unknown_language", locale=locale)
    for start in range(0, len(units), AT_ONCE):
        part = units[start : start + AT_ONCE]
        answers = machine.translate([unit.source for unit in part], locale)
        if len(answers) != len(part):
            raise MachineUnavailable(why="wrong_count", asked=len(part), got=len(answers))
        yield list(zip(part, answers, strict=True))


def keep(
    session: Session, name: str, answered: Sequence[tuple[WorkUnit, str]], *, now: datetime
) -> int:
    """Store the answers as made by the machine `name`; returns how many.

    Left out are an empty answer, one that is too long, and a text somebody has worked on meanwhile. An
    answer to a Vietnamese text that has changed meanwhile is stored as what it is: old, and not shown.
    """
    kept = 0
    for unit, answer in answered:
        text, key = answer.strip(), unit.key
        newest = find_newest(session, key.kind, unit.number, key.field, key.locale)
        overtaken = (newest.id if newest is not None else 0) != key.entry
        if not text or len(text) > LONGEST.get(key.field, 20_000) or overtaken:
            continue
        set_translation(
            session,
            entity_kind=key.kind,
            entity_id=unit.number,
            field=key.field,
            locale=key.locale,
            text=text,
            status="machine",
            actor=Actor.system(name),
            now=now,
            origin="machine",
            made_from=digest(unit.source),
        )
        kept += 1
    return kept
