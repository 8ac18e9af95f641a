"""The office's part in search: words it teaches, and the weekly list of what was answered poorly.

The words live in the database; the worker copies them to a file beside the index, which every
process reads again when it changes. So a search never asks the database for them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal

from sqlalchemy import and_, case, delete, func, or_, select, update
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
_SEEN_OFTEN = 10
_HARDLY = 5
"""Of so many who saw results, not even one in five opened a product."""

Outcome = Literal["found", "in_vain", "opened"]
"""What became of a question: goods, none that fit, or somebody opened one of them."""


class TooFewSpellings(Invalid):
    """A line of words must hold two different spellings or more, and not too many."""


class WordsKnown(Conflict):
    """These words are taught already."""


@dataclass(frozen=True, slots=True)
class Question:
    """A text that search answered poorly lately: how often it was asked, in vain, and goods opened."""

    words: str
    locale: str
    asked: int
    in_vain: int
    opened: int


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
    """Return what was answered poorly in the last weeks and nobody has settled, the worst first.

    Poorly is in vain more than once, or asked often while hardly anybody opened what was found.
    """
    asked, in_vain = func.sum(SearchQuestion.asked), func.sum(SearchQuestion.in_vain)
    opened = func.sum(SearchQuestion.opened)
    unopened = and_(asked - in_vain >= _SEEN_OFTEN, opened * _HARDLY < asked - in_vain)
    ignored = case((unopened, asked - in_vain - opened), else_=0)
    rows = session.execute(
        select(SearchQuestion.words, SearchQuestion.locale, asked, in_vain, opened)
        .where(
            SearchQuestion.week > on - timedelta(weeks=_WEEKS_SHOWN),
            SearchQuestion.is_settled.is_(False),
        )
        .group_by(SearchQuestion.words, SearchQuestion.locale)
        .having(or_(in_vain >= _ASKED_OFTEN, unopened))
        .order_by((in_vain + ignored).desc(), SearchQuestion.words)
        .limit(limit)
    )
    return [Question(words, locale, *map(int, figures)) for words, locale, *figures in rows]


def keep_questions(session: Session, asked: Iterable[tuple[date, str, str, Outcome]]) -> int:
    """Count questions (day, locale, words, outcome) by week; forget weeks long gone.

    Returns how many were read. Texts that look like an address or a number are left out, and what was
    asked only once, unless it was in vain: it teaches nothing, and may say who asked.
    """
    counts: dict[tuple[date, str, str], Counter[Outcome]] = {}
    read = 0
    newest = date.min
    for day, locale, text, outcome in asked:
        read += 1
        newest = max(newest, day)
        words = anonymous(text)
        if words:
            week = day - timedelta(days=day.weekday())
            counts.setdefault((week, locale, words), Counter())[outcome] += 1
    for (week, locale, words), own in counts.items():
        times = own["found"] + own["in_vain"]
        row = session.scalar(
            select(SearchQuestion).where(
                SearchQuestion.week == week,
                SearchQuestion.locale == locale,
                SearchQuestion.words == words,
            )
        )
        if row is None and not own["in_vain"] and times < _ASKED_OFTEN:
            continue
        if row is None:
            row = SearchQuestion(
                week=week, locale=locale, words=words, asked=0, in_vain=0, opened=0
            )
            session.add(row)
        row.asked += times
        row.in_vain += own["in_vain"]
        row.opened += own["opened"]
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
