"""Makes every text a person can have typed hostile: no table and no column is named, so none is forgotten."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Column, Connection, Engine, Table, func, literal, select, text, update

from core.db import Base, NfcString, NfcText

WORD = "q9q"
"""By this a hostile text is found again, whatever was done to it."""
SHORT = f"{WORD}\"{WORD}'{WORD}<svg onload=alert(1)>"
HOSTILE = (
    f"{SHORT}</script></title></textarea>]]>{{{{7919*7907}}}}${{7919*7907}}"
    "\r\nBcc: evil@example.test\r\n\u2028\u202e\x08\ufffe&quot;"
)
"""Markup, a template, a header of a letter, letters that XML cannot hold and letters that turn a line."""
TINY = f"{WORD}\"'<b>"
"""For what holds few letters."""
RAN = "62615533"
"""What an engine of templates would have made of it."""
UNSAFE = re.compile(rf"<svg onload|=\"[^\"<>]*{WORD}[\"']|{WORD}<|</script></title>|{RAN}")
"""What no page and no letter may hold: a hostile text that was not made harmless."""

_CODES = frozenset({"email", "unit", "capacity_unit", "reason_code"})
"""Held in columns for texts, but chosen from lists or checked letter by letter."""


def poison(engine: Engine) -> int:
    """Put hostile words around every text in the database; returns how many columns it changed.

    Texts begin as a formula does. Codes that others refer to by their text keep referring to nothing.
    """
    changed = 0
    with engine.begin() as connection:
        _let_journals_be_rewritten(connection)
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                changed += _poison(connection, table, column)
    return changed


def _let_journals_be_rewritten(connection: Connection) -> None:
    """Rows that are only ever added are guarded by triggers of SQLite."""
    for name in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")):
        connection.execute(text(f'DROP TRIGGER "{name}"'))


def _poison(connection: Connection, table: Table, column: Column[Any]) -> int:
    if column.name == "texts":
        return _poison_texts(connection, table, column)
    if not isinstance(column.type, NfcString | NfcText) or column.name in _CODES:
        return 0
    if table.name in ("outgoing_mail", "task"):
        return 0
    longest = getattr(column.type.impl, "length", None) or 10_000
    bad = next((bad for bad in (HOSTILE, SHORT) if len(bad) * 2 < longest), TINY)
    kept = func.substr(column, 1, longest - len(bad) - 1)
    return _change(connection, table, column, literal("=").concat(kept).concat(literal(bad)))


def _change(connection: Connection, table: Table, column: Column[Any], value: Any) -> int:
    there = column.is_not(None) & (column != "")
    return connection.execute(update(table).where(there).values({column: value})).rowcount > 0


def _poison_texts(connection: Connection, table: Table, column: Column[Any]) -> int:
    """Texts by language and field, kept as one value."""
    key = next(iter(table.primary_key))
    rows = connection.execute(select(key, column)).all()
    for number, texts in rows:
        connection.execute(update(table).where(key == number).values({column: _worse(texts)}))
    return bool(rows)


def _worse(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _worse(inner) for name, inner in value.items()}
    return f"={value}{HOSTILE}" if isinstance(value, str) else value
