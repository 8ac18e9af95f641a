"""The two kinds of files that come in from other programs: a diary of lots, a list of stock and prices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import g, url_for

from catalog.importing.profiles import SoftwareProfile
from catalog.lots.diary import DiaryReport, import_diary
from catalog.lots.diary import load_profile as diary_profile
from core.db import write_session
from i18n.catalogue import ngettext
from orders.sales_software.planning import Plan, plan_file
from orders.sales_software.reading import read_sales_file, sales_profile
from orders.sales_software.taking import take_file
from storefront.extensions import db
from storefront.producers import desk

MOST_ROWS = 300
"""At one go from a browser: about four seconds of a processor, while nobody else can write to SQLite; the commands
take longer files."""

Said = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Bridge:
    """One kind of file: how it is looked at, how it is kept, and where a person goes on."""

    profile: SoftwareProfile
    template: str
    look: Callable[[int, Path, Said], Any]
    take: Callable[[int, Path, Said, str], str]
    leads_to: Callable[[int], str]


def _diary(producer_id: int, path: Path, said: Said, *, keep: bool) -> DiaryReport:
    """The request's own transaction is given up: the file is read and judged in one of its own."""
    actor = desk.acting_for(producer_id)
    db.session.rollback()
    with write_session(db.engine) as session:
        report = import_diary(
            session, path, diary_profile("facefarm"), producer_id, actor=actor, on=g.today,
            now=g.now, said=said, most_rows=MOST_ROWS,
        )  # fmt: skip
        if keep:
            session.commit()
        else:
            session.rollback()
    return report


def _look_at_diary(producer_id: int, path: Path, said: Said) -> DiaryReport:
    return _diary(producer_id, path, said, keep=False)


def _take_diary(producer_id: int, path: Path, said: Said, _seen: str) -> str:
    report = _diary(producer_id, path, said, keep=True)
    kept = ngettext("%(num)s line is kept.", "%(num)s lines are kept.", report.events)
    return f"{kept} {_left_out(len(report.refused))}".strip()


def _look_at_sales(producer_id: int, path: Path, said: Said) -> Plan:
    file = read_sales_file(path, sales_profile("hanbai"), said=said, most_rows=MOST_ROWS)
    return plan_file(db.session(), producer_id, file)


def _take_sales(producer_id: int, path: Path, said: Said, seen: str) -> str:
    actor, profile = desk.acting_for(producer_id), sales_profile("hanbai")
    db.session.rollback()
    file = read_sales_file(path, profile, said=said, most_rows=MOST_ROWS)
    with write_session(db.engine) as session:
        plan = take_file(
            session, producer_id, file, source=profile.name, actor=actor, on=g.today, now=g.now,
            seen=seen,
        )  # fmt: skip
        session.commit()
    changed = plan.count("change")
    kept = ngettext("%(num)s line is taken over.", "%(num)s lines are taken over.", changed)
    return f"{kept} {_left_out(plan.count('refused'))}".strip()


def _left_out(count: int) -> str:
    if not count:
        return ""
    return ngettext("%(num)s line was left out.", "%(num)s lines were left out.", count)


BRIDGES: Mapping[str, Bridge] = {
    "diary": Bridge(
        diary_profile("facefarm"),
        "producers/software/diary.html",
        _look_at_diary,
        _take_diary,
        lambda _producer_id: url_for("producers.lots"),
    ),
    "stock": Bridge(
        sales_profile("hanbai"),
        "producers/software/stock.html",
        _look_at_sales,
        _take_sales,
        lambda producer_id: url_for("producers.software", producer_id=producer_id),
    ),
}
