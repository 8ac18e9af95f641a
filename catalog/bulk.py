"""Inserting many rows that name the same columns: one statement, values made ready column by column.

SQLAlchemy prepares every row of an `executemany` by itself; for the half million rows of a large import that
costs more than the database does. Types, their conversions and the errors are SQLAlchemy's own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from typing import Any

from sqlalchemy import Column, Dialect, Table, insert
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from core.db import NfcString, NfcText, as_kept

_Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Statement:
    """An INSERT as the driver takes it: its words, and in which order (None: by name) it wants values."""

    words: str
    order: tuple[str, ...] | None
    converters: tuple[tuple[str, _Convert | None], ...]
    constants: tuple[tuple[str, Any], ...]


def insert_rows(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows, of which each names the columns the first one names; nothing for no rows.

    Constant defaults of columns that are not named apply. Raises what SQLAlchemy raises; TypeError when a
    column that is not named has a default that is computed, KeyError when a row names other columns.
    """
    if not rows:
        return
    if set(map(len, rows)) != {len(rows[0])}:
        raise KeyError("the rows name different columns")
    connection = session.connection()
    statement = _statement(table, tuple(rows[0]), connection.dialect)
    columns: dict[str, Iterable[Any]] = {name: repeat(v) for name, v in statement.constants}
    for name, convert in statement.converters:
        values = [row[name] for row in rows]
        columns[name] = values if convert is None else _converted(values, convert)
    if statement.order is not None:
        told: list[Any] = list(zip(*(columns[name] for name in statement.order), strict=False))
    else:
        told = [
            dict(zip(columns, values, strict=True))
            for values in zip(*columns.values(), strict=False)
        ]
    connection.exec_driver_sql(statement.words, told)


def _converted(values: list[Any], convert: _Convert) -> list[Any]:
    """The values as the driver takes them; one that stands many times in a row is converted once."""
    if convert is as_kept:
        return _kept(values)
    found: list[Any] = []
    last, ready = object(), None
    for value in values:
        if value is not last:
            last, ready = value, convert(value)
        found.append(ready)
    return found


def _kept(texts: list[Any]) -> list[Any]:
    """What `as_kept` makes of texts, most of which are as they should be."""
    normalize = unicodedata.normalize
    found = [None if text is None else normalize("NFC", text) for text in texts]
    if any(text is not None and "\x00" in text for text in found):
        return [as_kept(text) for text in texts]
    return found


def _converter(column: Column[Any], dialect: Dialect) -> _Convert | None:
    """How a value is bound; a text of ours without the steps SQLAlchemy takes for each value."""
    kind = column.type.dialect_impl(dialect)
    convert = kind.bind_processor(dialect)
    if isinstance(column.type, NfcText | NfcString):
        inner = column.type.load_dialect_impl(dialect).bind_processor(dialect)
        return as_kept if inner is None else convert
    return convert


@lru_cache(maxsize=256)
def _statement(table: Table, names: tuple[str, ...], dialect: Dialect) -> _Statement:
    constants = {
        column.name: _constant(column)
        for column in table.columns
        if column.default is not None and column.name not in names
    }
    every = (*names, *constants)
    compiled = insert(table).compile(dialect=dialect, column_keys=list(every))
    ordered = compiled.positiontup if dialect.positional else None
    converters = {name: _converter(table.columns[name], dialect) for name in every}
    return _Statement(
        str(compiled),
        tuple(ordered) if ordered is not None else None,
        tuple((name, converters[name]) for name in names),
        tuple(
            (name, convert(value) if (convert := converters[name]) else value)
            for name, value in constants.items()
        ),
    )


def _constant(column: Column[Any]) -> Any:
    default = column.default
    if not isinstance(default, ScalarElementColumnDefault):
        raise TypeError(f"{column} has a default that is computed for each row")
    return default.arg
