"""Notes what was searched, whether it was found and whether goods were opened, and nothing of who asked.

Requests append a line each to a file of the day; once the day is over, the worker counts it into the
database and throws the file away. That goods were opened from a search is told by the address a browser
names as the page before: links carry nothing, and no page differs for it.
"""

from __future__ import annotations

import json
import logging
import os
import re
from collections import OrderedDict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from sqlalchemy.orm import Session

from i18n.locales import LOCALES

if TYPE_CHECKING:
    from catalog.search.teaching import Outcome

_FOLDER = "search-questions"
_MOST_BYTES = 20_000_000
"""A file this long is of a day with a machine asking; no more is noted."""

_MOST_REMEMBERED = 2_000
_OUTCOMES: OrderedDict[tuple[str, str], Outcome] = OrderedDict()
_SEARCH_PAGE = re.compile(r"/([a-z-]+)/search")
_KNOWN: dict[object, Outcome] = {
    "found": "found",
    "in_vain": "in_vain",
    "opened": "opened",
    1: "found",
    0: "in_vain",
}
"""Numbers stand in files of the release before."""

log = logging.getLogger("ocop.search")


def note(data_dir: Path, *, day: date, locale: str, text: str, outcome: Outcome) -> None:
    """Append what became of a question to the file of its day; a disk that refuses spoils no answer."""
    from catalog.search.teaching import anonymous

    words = anonymous(text)
    if not words:
        return
    line = json.dumps([locale, words, outcome], ensure_ascii=False) + "\n"
    path = data_dir / _FOLDER / f"{day.isoformat()}.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        try:
            if os.fstat(handle).st_size < _MOST_BYTES:
                os.write(handle, line.encode())
        finally:
            os.close(handle)
    except OSError:
        log.warning("a search question could not be noted", exc_info=True)


def remember(locale: str, text: str, outcome: Outcome) -> None:
    """Remember in this process what a search came to: a kept page is answered without searching again."""
    _OUTCOMES[locale, text] = outcome
    _OUTCOMES.move_to_end((locale, text))
    while len(_OUTCOMES) > _MOST_REMEMBERED:
        _OUTCOMES.popitem(last=False)


def note_asked(data_dir: Path, *, day: date, locale: str, text: str) -> None:
    """Note that a search was answered, if this process remembers how."""
    outcome = _OUTCOMES.get((locale, text))
    if outcome is not None:
        note(data_dir, day=day, locale=locale, text=text, outcome=outcome)


def note_opened(data_dir: Path, *, day: date, page_before: str, host: str) -> None:
    """Note that goods were opened, if the page before was one of this shop's searches."""
    parts = urlsplit(page_before)
    found = _SEARCH_PAGE.fullmatch(parts.path) if parts.netloc == host else None
    if found is not None and found[1] in LOCALES:
        text = parse_qs(parts.query, max_num_fields=40).get("q", [""])[0].strip()
        note(data_dir, day=day, locale=found[1], text=text, outcome="opened")


def count_past_days(session: Session, data_dir: Path, *, today: date) -> list[Path]:
    """Count the files of days before ``today`` into the weekly list.

    Returns the files, for the caller to delete once the counts are committed.
    """
    from catalog.search.teaching import keep_questions

    done = [
        path for path in sorted((data_dir / _FOLDER).glob("*.log")) if path.stem < today.isoformat()
    ]
    for path in done:
        keep_questions(session, _questions(path))
    return done


def _questions(path: Path) -> Iterator[tuple[date, str, str, Outcome]]:
    day = date.fromisoformat(path.stem)
    with path.open(encoding="utf-8", errors="replace") as handle:
        for line in handle:
            try:
                locale, words, outcome = json.loads(line)
            except ValueError:  # a line cut short by a full disk
                continue
            if outcome in _KNOWN:
                yield day, str(locale)[:10], str(words), _KNOWN[outcome]
