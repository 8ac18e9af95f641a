"""Reading the day a visitor asks about, with a sentence for days nobody can answer for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from i18n.catalogue import gettext as _
from storefront.reading import read_day

FIRST_DAY = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class AskedDay:
    """The day to answer for (`on`), what was typed, and why it cannot be answered; today when it cannot."""

    on: date
    today: date
    text: str
    mistake: str = ""

    @property
    def is_past(self) -> bool:
        """Whether the page shows a day before today."""
        return self.on < self.today

    @property
    def query(self) -> str:
        """What to add to addresses of other pages so that they show the same day."""
        return f"?as_of={self.on.isoformat()}" if self.is_past else ""

    @property
    def status(self) -> int:
        """The answer's status."""
        return 422 if self.mistake else 200


def read_as_of(args: Mapping[str, str], today: date) -> AskedDay:
    """The day in `as_of`; without one, today."""
    text = args.get("as_of", "").strip()[:40]
    if not text:
        return AskedDay(today, today, today.isoformat())
    day = read_day(text)
    if day is None:
        return AskedDay(
            today, today, text, _("There is no such day. Write it like 2026-05-31 or 31/5/2026.")
        )
    if day > today:
        return AskedDay(
            today, today, text, _("That day has not come yet; nobody can say what will hold then.")
        )
    if day < FIRST_DAY:
        return AskedDay(
            today, today, text, _("Our books do not go back that far. Choose a day since 2000.")
        )
    return AskedDay(day, today, day.isoformat())
