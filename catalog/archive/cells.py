"""A value of the database as text that no spreadsheet changes or runs, and back to the same value."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Column

from catalog.exporting import guard

_ESCAPED = re.compile(r"[\\\r\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
"""What a text file or a workbook would not give back: control characters, and what Excel reads as one."""
_WRITTEN = re.compile(r"\\(\\|x[0-9a-f]{4})")
EMPTY = "\\"
"""How an empty text is written: an empty cell means that there is no value."""


class BadCell(ValueError):
    """A cell that holds no value of its column."""


def as_plain(value: Any) -> Any:
    """The value as JSON knows it: exact decimals, dates and moments are text."""
    write = _PLAIN.get(type(value))
    return value if write is None else write(value)


def from_plain(column: Column[Any], value: Any) -> Any:
    """The value of the column; raises BadCell for what it can't be."""
    if value is None:
        return None
    kind = column_kind(column)
    try:
        return _READ[kind](value)
    except (ValueError, TypeError, ArithmeticError) as error:
        raise BadCell(f"{value!r:.60} is no {kind}") from error


def as_text(value: Any) -> str:
    """The value as a cell; "" only for None."""
    write = _TEXT.get(type(value), _json_cell)
    cell: str = write(value)
    return cell


def _text_cell(text: str) -> str:
    is_simple = text.isprintable() and "\\" not in text and "_x" not in text
    if not is_simple and _ESCAPED.search(text):
        text = _ESCAPED.sub(lambda found: f"\\x{ord(found[0]):04x}", text)
    if not text:
        return EMPTY
    # What begins with the mark itself gets it too, so that reading can always take one away.
    return f"'{text}" if text.startswith("'") else guard(text)


def _json_cell(value: Any) -> str:
    return _text_cell(json.dumps(as_plain(value), ensure_ascii=False, sort_keys=True))


def _moment_text(moment: datetime) -> str:
    return (moment if moment.tzinfo is UTC else moment.astimezone(UTC)).isoformat()


def _number_cell(number: int) -> str:
    return str(number) if number >= 0 else guard(str(number))


_PLAIN: dict[type, Callable[[Any], Any]] = {
    datetime: _moment_text,
    date: date.isoformat,
    Decimal: lambda number: format(number, "f"),
    tuple: list,
    frozenset: list,
    set: list,
}
_TEXT: dict[type, Callable[[Any], str]] = {
    type(None): lambda _none: "",
    str: _text_cell,
    int: _number_cell,
    bool: lambda said: "yes" if said else "no",
    datetime: _moment_text,
    date: date.isoformat,
    Decimal: lambda number: guard(format(number, "f")),
}
"""How a value is written, by its very type; whatever is not named here is JSON."""


def from_text(column: Column[Any], text: str) -> Any:
    """The value of a cell; raises BadCell."""
    if text == "":
        return None
    if text == EMPTY:
        return ""
    text = text.removeprefix("'")
    plain: Any = _WRITTEN.sub(lambda found: chr(int(found[1][1:], 16)), text)
    kind = column_kind(column)
    if kind == "yes or no":
        plain = {"yes": True, "no": False}.get(plain, plain)
    elif kind == "number" and re.fullmatch(r"-?\d{1,19}", plain):
        plain = int(plain)
    elif kind in {"list", "JSON"}:
        try:
            plain = json.loads(plain)
        except ValueError as error:
            raise BadCell(f"{text[:60]!r} is no {kind}") from error
    return from_plain(column, plain)


def column_kind(column: Column[Any]) -> str:
    """What a column holds, in words for a message."""
    python = _python_type(column)
    return _KINDS.get(python, "JSON")


def _python_type(column: Column[Any]) -> type:
    declared = type(column.type).__name__
    if declared in _BY_NAME:
        return _BY_NAME[declared]
    try:
        return column.type.python_type
    except NotImplementedError:
        return dict


_BY_NAME: dict[str, type] = {
    "Thousandths": Decimal,
    "UtcDateTime": datetime,
    "NfcString": str,
    "NfcText": str,
    "Codes": tuple,
    "Months": tuple,
}
_KINDS: dict[type, str] = {
    str: "text",
    int: "number",
    bool: "yes or no",
    date: "date",
    datetime: "moment",
    Decimal: "decimal number",
    tuple: "list",
    list: "list",
    dict: "JSON",
}


def _exactly(kind: type) -> Any:
    def check(value: Any) -> Any:
        if type(value) is not kind:
            raise TypeError(kind.__name__)
        return value

    return check


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment


def _decimal(value: Any) -> Decimal:
    number = Decimal(_exactly(str)(value))
    if not number.is_finite() or number != round(number, 3):
        raise ValueError("at most three places")
    return number


_READ = {
    "text": _exactly(str),
    "number": _exactly(int),
    "yes or no": _exactly(bool),
    "date": lambda value: date.fromisoformat(_exactly(str)(value)),
    "moment": _moment,
    "decimal number": _decimal,
    "list": lambda value: tuple(_exactly(list)(value)),
    "JSON": lambda value: value,
}
