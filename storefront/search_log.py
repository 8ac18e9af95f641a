"""Notes what was searched and whether it was found, a line a question, and nothing of who asked.

Requests append to a file of the day; once the day is over, the worker counts it into the database
and throws the file away.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

_FOLDER = "search-questions"
_MOST_BYTES = 20_000_000
"""A file this long is of a day with a machine asking; no more is noted."""

log = logging.getLogger("ocop.search")


def note(data_dir: Path, *, day: date, locale: str, text: str, answered: bool) -> None:
    """Append a question to the file of its day; a disk that refuses does not spoil the answer."""
    from catalog.search.teaching import anonymous

    words = anonymous(text)
    if not words:
        return
    line = json.dumps([locale, words, int(answered)], ensure_ascii=False) + "\n"
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


def _questions(path: Path) -> Iterator[tuple[date, str, str, bool]]:
    day = date.fromisoformat(path.stem)
    with path.open(encoding="utf-8", errors="replace") as handle:
        for line in handle:
            try:
                locale, words, answered = json.loads(line)
            except ValueError:  # a line cut short by a full disk
                continue
            yield day, str(locale)[:10], str(words), bool(answered)
