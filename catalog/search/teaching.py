"""The office's part in search: words it teaches, and the weekly list of what was asked in vain.

The words live in the database; the worker copies them to a file beside the index, which every
process reads again when it changes. So a search never asks the database for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from catalog.models import SearchQuestion, SearchWords
from catalog.search.scripts import prepare, runs
from core import audit
from core.actor import Actor
from core.errors import Conflict, Invalid
from core.people.permissions import require

FILE = "words.txt"
MAX_SPELLINGS = 12
MAX_LENGTH = 500
_WEEKS_SHOWN, _WEEKS_KEPT = 8, 26
_ASKED_OFTEN = 2
"""What only one visitor asked says little, and may say who asked."""


class TooFewSpellings(Invalid):
    """A line of words must hold two different spellings or more, and not too many."""


class WordsKnown(Conflict):
    """These words are taught already."""


@dataclass(frozen=True, slots=True)
class Question:
    """A text asked in vain lately, and how often."""

    words: str
    locale: str
    asked: int
    in_vain: int


def list_words(session: Session) -> Sequence[SearchWords]:
    """Return what the office taught, newest first."""
    return session.scalars(select(SearchWords).order_by(SearchWords.id.desc())).all()


def teach(session: Session, line: str, *, actor: Actor, now: datetime) -> SearchWords:
    """Add spellings with one meaning, joined by ``|``, and settle the questions among them.

    Raises `TooFewSpellings`, `WordsKnown` and `Forbidden`.
    """
    require(actor, "search.teach")
    spellings = list(dict.fromkeys(" ".join(part.split()) for part in line.split("|")))
    spellings = [one for one in spellings if runs(one)]
    joined = " | ".join(spellings)
    if not 2 <= len(spellings) <= MAX_SPELLINGS or len(joined) > MAX_LENGTH:
        raise TooFewSpellings(spellings=len(spellings))
    if session.scalar(select(SearchWords.id).where(SearchWords.spellings == joined)):
        raise WordsKnown(words=joined)
    row = SearchWords(spellings=joined, added_at=now)
    session.add(row)
    session.flush()
    audit.record(
        session, actor, "search.teach", subject=f"search_words:{row.id}", now=now, words=joined
    )
    _settle(session, [prepare(one) for one in spellings])
    return row


def unteach(session: Session, words_id: int, *, actor: Actor, now: datetime) -> bool:
    """Take a line of words back; False when it is gone already."""
    require(actor, "search.teach")
    row = session.get(SearchWords, words_id)
    if row is None:
        return False
    audit.record(
        session,
        actor,
        "search.unteach",
        subject=f"search_words:{row.id}",
        now=now,
        words=row.spellings,
    )
    session.delete(row)
    return True


def settle(session: Session, words: str, *, actor: Actor) -> None:
    """Take a question off the list without teaching anything."""
    require(actor, "search.teach")
    _settle(session, [prepare(words)])


def _settle(session: Session, words: Sequence[str]) -> None:
    session.execute(
        update(SearchQuestion).where(SearchQuestion.words.in_(words)).values(is_settled=True)
    )


def propose(session: Session, *, on: date, limit: int = 50) -> list[Question]:
    """Return what was asked in vain most often in the last weeks and nobody has settled."""
    in_vain = func.sum(SearchQuestion.in_vain)
    rows = session.execute(
        select(SearchQuestion.words, SearchQuestion.locale, func.sum(SearchQuestion.asked), in_vain)
        .where(
            SearchQuestion.week > on - timedelta(weeks=_WEEKS_SHOWN),
            SearchQuestion.is_settled.is_(False),
        )
        .group_by(SearchQuestion.words, SearchQuestion.locale)
        .having(in_vain >= _ASKED_OFTEN)
        .order_by(in_vain.desc(), SearchQuestion.words)
        .limit(limit)
    )
    return [Question(words, locale, int(asked), int(vain)) for words, locale, asked, vain in rows]


def keep_questions(session: Session, asked: Iterable[tuple[date, str, str, bool]]) -> int:
    """Count questions (day, locale, words, answered) by week; forget weeks long gone.

    Returns how many were read. Texts that look like an address or a number are left out.
    """
    counts: dict[tuple[date, str, str], list[int]] = {}
    read = 0
    newest = date.min
    for day, locale, text, answered in asked:
        read += 1
        newest = max(newest, day)
        words = anonymous(text)
        if words:
            own = counts.setdefault((day - timedelta(days=day.weekday()), locale, words), [0, 0])
            own[0] += 1
            own[1] += not answered
    for (week, locale, words), (times, vain) in counts.items():
        row = session.scalar(
            select(SearchQuestion).where(
                SearchQuestion.week == week,
                SearchQuestion.locale == locale,
                SearchQuestion.words == words,
            )
        )
        if row is not None:
            row.asked += times
            row.in_vain += vain
        elif vain:
            session.add(
                SearchQuestion(week=week, locale=locale, words=words, asked=times, in_vain=vain)
            )
    if newest > date.min:
        gone = newest - timedelta(weeks=_WEEKS_KEPT)
        session.execute(delete(SearchQuestion).where(SearchQuestion.week < gone))
    return read


def anonymous(text: str) -> str:
    """Return a search text as it is counted, or nothing where it may name a person.

    Addresses, long numbers and long texts are dropped: they are no words for goods.
    """
    words = " ".join(prepare(text).split())
    digits = sum(c.isdigit() for c in words)
    if not runs(words) or "@" in words or digits > 5 or len(words) > 60:
        return ""
    return words


def taught_words(session: Session) -> str:
    """Return what the office taught, a concept on each line."""
    lines = session.scalars(select(SearchWords.spellings).order_by(SearchWords.id))
    return "".join(f"{line}\n" for line in lines)


def write_file(session: Session, directory: Path) -> bool:
    """Copy the words to the file beside the index; False when it already holds them."""
    text = taught_words(session)
    path = directory / FILE
    if (path.read_text(encoding="utf-8") if path.exists() else "") == text:
        return False
    directory.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
    return True
