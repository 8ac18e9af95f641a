"""Translation work that leaves the house and comes back: XLSX for people, XLIFF 1.2 for translators' tools."""

from __future__ import annotations

from catalog.exchanging.taking_back import Outcome, Report, take_back
from catalog.exchanging.units import WorkUnit, collect
from catalog.exchanging.writing import FORMATS, write_work

__all__ = ["FORMATS", "Outcome", "Report", "WorkUnit", "collect", "take_back", "write_work"]
