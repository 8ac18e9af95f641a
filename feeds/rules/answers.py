"""Reading a partner's answer file and deciding, line by line, what may be booked and what is only reported."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

COLUMNS = ("batch", "line", "item", "state", "code", "text")
STATES = ("received", "accepted", "rejected")
FINAL = frozenset({"accepted", "rejected"})
MAX_BYTES = 8_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """One row: ``line`` 0 speaks of the whole batch. ``row`` is the line of the file, from 1."""

    row: int
    batch: int
    line: int
    item: str
    state: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Mistake:
    """A row, or the whole file (row 0), that can't be used: a stable code and what was found."""

    row: int
    code: str
    found: str = ""


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """What a file says."""

    answers: tuple[Answer, ...]
    mistakes: tuple[Mistake, ...]

    @property
    def batches(self) -> tuple[int, ...]:
        """The batch numbers it speaks of, in order."""
        return tuple(sorted({answer.batch for answer in self.answers}))


@dataclass(frozen=True, slots=True)
class SentLine:
    """A line of a batch that the answer may be about."""

    id: int
    batch: int
    line: int
    item: str
    state: str


@dataclass(frozen=True, slots=True)
class Booking:
    """An answer that is booked to a line."""

    line_id: int
    state: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is booked, and which rows are not, with a code why."""

    bookings: tuple[Booking, ...]
    reported: tuple[Mistake, ...]


def read_answers(raw: bytes) -> AnswerFile:
    """Parse a CSV in UTF-8 (a byte order mark and ``;`` are fine) with the columns of COLUMNS, in any order.

    Never raises: everything unreadable becomes a Mistake.
    """
    if len(raw) > MAX_BYTES:
        return AnswerFile((), (Mistake(0, "too_large", str(len(raw))),))
    try:
        text = unicodedata.normalize("NFC", raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return AnswerFile((), (Mistake(0, "not_utf8", str(error.start)),))
    first = text.split("\n", 1)[0]
    reader = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ","
    )
    try:
        names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
        missing = [name for name in COLUMNS if name not in names]
        if missing:
            return AnswerFile((), (Mistake(0, "columns_missing", ", ".join(missing)),))
        reader.fieldnames = names
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        return AnswerFile((), (Mistake(0, "not_csv", str(error)),))
    answers: list[Answer] = []
    mistakes: list[Mistake] = []
    for number, row in rows:
        read = _answer(number, {name: (row.get(name) or "").strip() for name in COLUMNS})
        (answers if isinstance(read, Answer) else mistakes).append(read)  # type: ignore[arg-type]
    return AnswerFile(tuple(answers), tuple(mistakes))


def judge(
    answers: Iterable[Answer], lines: Mapping[int, Mapping[int, SentLine]], sent: frozenset[int]
) -> Judgement:
    """Match answers to lines by batch and line number, never by order of arrival.

    ``lines`` holds the known batches (number -> line number -> line); ``sent`` the numbers of those that left
    the house. A line is booked when it exists, names the same item and has no other final answer.
    """
    bookings: dict[int, Booking] = {}
    states = {line.id: line.state for batch in lines.values() for line in batch.values()}
    reported: list[Mistake] = []
    for answer in answers:
        for line, problem in _targets(answer, lines, sent):
            if line is None or problem:
                reported.append(Mistake(answer.row, problem, f"{answer.batch}/{answer.line}"))
                continue
            verdict = _step(states[line.id], answer.state)
            if verdict == "booked":
                states[line.id] = answer.state
                bookings[line.id] = Booking(line.id, answer.state, answer.code, answer.text)
            elif answer.line:
                reported.append(Mistake(answer.row, verdict, f"{answer.batch}/{answer.line}"))
    return Judgement(tuple(bookings.values()), tuple(reported))


def _targets(
    answer: Answer, lines: Mapping[int, Mapping[int, SentLine]], sent: frozenset[int]
) -> Iterable[tuple[SentLine | None, str]]:
    if answer.batch not in lines:
        return [(None, "unknown_batch")]
    if answer.batch not in sent:
        return [(None, "batch_not_sent")]
    batch = lines[answer.batch]
    if answer.line == 0:
        return [(line, "") for line in batch.values()]
    line = batch.get(answer.line)
    if line is None:
        return [(None, "unknown_line")]
    if answer.item and answer.item.zfill(14) != line.item:
        return [(None, "other_item")]
    return [(line, "")]


def _step(present: str, told: str) -> str:
    if present in FINAL:
        return "repeated" if present == told else "contradiction"
    if told == "received" and present == "received":
        return "repeated"
    return "booked"


def _answer(number: int, row: Mapping[str, str]) -> Answer | Mistake:
    batch, line = row["batch"], row["line"]
    if not _is_number(batch) or int(batch) == 0:
        return Mistake(number, "batch_not_a_number", batch[:40])
    if line and not _is_number(line):
        return Mistake(number, "line_not_a_number", line[:40])
    state = row["state"].lower()
    if state not in STATES:
        return Mistake(number, "state_unknown", row["state"][:40])
    return Answer(
        row=number,
        batch=int(batch),
        line=int(line or 0),
        item=row["item"],
        state=state,
        code=row["code"][:60],
        text=row["text"][:2000],
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9
