"""Knows what many people search and find: words that may be suggested to others.

Nothing here is about a person: a text counts once it was asked often, and it is shown only if every
word of it stands in our own lists of kinds of goods, places, qualities and synonyms. The worker writes
the list to a file beside the index, which every process reads again when it changes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models import SearchQuestion
from catalog.search.analysis import word_key
from catalog.search.home import Home
from catalog.search.naming import find_names
from catalog.search.query import OnSale, SearchRequest, search_index
from catalog.search.reading import FILLERS, read_query
from catalog.search.scripts import Run, fold
from catalog.search.spelling import spelled
from catalog.search.synonyms import find_spans

FILE = "popular.json"
ASKED_BY_MANY = 5
"""Fewer may be one person who came back."""
MOST = 200
_WEEKS = 8
_WITNESSES = 8


@dataclass(frozen=True, slots=True)
class Popular:
    """Words in the language they were asked in, and products that answered: while one is on sale, so do they."""

    words: str
    locale: str
    product_ids: tuple[int, ...]
    lines: tuple[str, ...]
    """How the words may be typed, as `spelled` writes them."""


def list_asked_often(session: Session, *, on: date) -> list[tuple[str, str]]:
    """Return (locale, words) that many asked, found and opened in the last weeks, most asked first."""
    found = func.sum(SearchQuestion.asked - SearchQuestion.in_vain)
    rows = session.execute(
        select(SearchQuestion.locale, SearchQuestion.words)
        .where(
            SearchQuestion.week > on - timedelta(weeks=_WEEKS), SearchQuestion.is_settled.is_(False)
        )
        .group_by(SearchQuestion.locale, SearchQuestion.words)
        .having(found >= ASKED_BY_MANY, func.sum(SearchQuestion.opened) > 0)
        .order_by(found.desc(), SearchQuestion.words)
        .limit(MOST)
    )
    return [(locale, words) for locale, words in rows]


def is_safe(words: str, locale: str) -> bool:
    """Say whether every word is one of our own lists, so that nobody's name and no rudeness is shown."""
    query = read_query(words, locale)
    if not query:
        return False
    named: set[int] = set()
    for name in find_names(query, [_keys(run) for run in query]):
        named.update(range(name.start, name.end))
    for span in find_spans(query):
        named.update(range(span.start, span.end))
    return bool(named) and all(
        at in named or (run.script == "word" and fold(run.text) in FILLERS)
        for at, run in enumerate(query)
    )


def _keys(run: Run) -> tuple[str, ...]:
    return (word_key(fold(run.text)) if run.script == "word" else run.text,)


def find_popular(
    session: Session, directory: Home, goods: OnSale, *, on: date
) -> list[tuple[str, str, list[int]]]:
    """Return (locale, words, products) of what was asked often, is safe to show and finds goods today."""
    found = []
    for locale, words in list_asked_often(session, on=on):
        if not is_safe(words, locale):
            continue
        request = SearchRequest(words, locale, per_page=_WITNESSES)
        result = search_index(directory, request, on=on, goods=goods)
        if result.total and not result.did_you_mean:
            found.append((locale, words, list(result.ids)))
    return found


def write_file(found: Sequence[tuple[str, str, list[int]]], directory: Path) -> bool:
    """Write the list beside the index; False when it is there already."""
    text = json.dumps(found, ensure_ascii=False, indent=0)
    path = directory / FILE
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    directory.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
    return True


def folder_of(home: Home) -> Path:
    """Return the directory beside which this machine keeps the list."""
    return home if isinstance(home, Path) else home.directory


_read: dict[Path, tuple[int, tuple[Popular, ...]]] = {}


def popular(directory: Path) -> tuple[Popular, ...]:
    """Return the list from the file beside the index; empty where there is none or it is torn."""
    path = directory / FILE
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        return ()
    known = _read.get(directory)
    if known is None or known[0] != changed:
        try:
            found = tuple(_popular(json.loads(path.read_text(encoding="utf-8"))))
        except (OSError, ValueError, TypeError):
            found = ()
        known = _read[directory] = (changed, found)
    return known[1]


def _popular(listed: Iterable[tuple[str, str, list[int]]]) -> Iterable[Popular]:
    for locale, words, ids in listed:
        yield Popular(words, locale, tuple(ids), tuple(line for line, _ in spelled(words)))


def fitting(directory: Path, typed: Sequence[str], locale: str) -> list[Popular]:
    """Return what was asked in a language and begins with the letters typed, or has a word that does."""
    starts, inner = [], []
    for one in popular(directory):
        if one.locale != locale:
            continue
        if any(line.startswith(start) for line in one.lines for start in typed):
            starts.append(one)
        elif any(f" {start}" in line for line in one.lines for start in typed):
            inner.append(one)
    return [*starts, *inner]
