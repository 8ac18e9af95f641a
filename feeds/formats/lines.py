"""What every format is given: a numbered batch of lines, already decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from feeds.rules.items import FeedItem


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what is said about an item. ``item`` is None when only its number is still known."""

    line_no: int
    action: str
    gtin: str
    item: FeedItem | None


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as it is rendered; ``created_at`` goes into the files, so the same batch gives the same bytes."""

    partner: str
    number: int
    is_full: bool
    created_at: datetime
    lines: tuple[Line, ...]
