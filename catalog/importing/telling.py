"""Telling of a row of any kind: where it stands, what it is called, and why it could not be stored."""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import DataError, IntegrityError

from catalog.errors import CodeTaken, InvalidFields
from catalog.importing.judged import Judged
from catalog.importing.listing_rows import ListingRow
from catalog.importing.listings import Listing
from catalog.importing.planning import Plan
from catalog.importing.price_store import PriceOutcome
from catalog.importing.registering import Taken
from catalog.importing.report import RowProblem, RowRejected
from core.errors import OcopError

AnyRow = Plan | Listing | ListingRow | Judged


def problems_of(row: Plan | Listing | ListingRow, error: Exception) -> list[RowProblem]:
    """Why one row could not be stored; raises the error again when it is not the row's fault."""
    if isinstance(error, RowRejected):
        return error.problems
    if isinstance(error, InvalidFields):
        return [refused_cell(row, name, "refused", why=why) for name, why in error.mistakes.items()]
    if isinstance(error, Taken):
        return [refused_cell(row, error.field, "taken", **error.facts)]
    if isinstance(error, CodeTaken | IntegrityError):
        return [refused_cell(row, "code", "taken")]
    if isinstance(
        error, DataError | OverflowError | OcopError
    ):  # the engine's own judgement, as a last line
        return [refused_cell(row, "code", "refused", why=type(error).__name__)]
    raise error


def refused_cell(
    row: Plan | Listing | ListingRow, name: str, reason: str, **facts: Any
) -> RowProblem:
    """A cell that could not be stored, and why."""
    row = row.row if isinstance(row, Listing) else row
    if isinstance(row, ListingRow):
        value, column = row.cells.get(name, ""), row.headings.get(name, "")
    else:
        value, column = str(row.judged.values.get(name, "")), ""
    return RowProblem(line_of(row), name, reason, value[:200], column, facts, sheet_of(row))


def problem_of(judged: Judged, code: str) -> RowProblem:
    """What is wrong with a judged row, and the cell it is about."""
    name = judged.fields.get(code, "name")
    value = judged.cells.get(name, "")
    return RowProblem(
        judged.line,
        name,
        code,
        value[:200],
        judged.headings.get(name, ""),
        judged.facts.get(code, {}),
        judged.sheet,
    )


def refused_price(judged: Judged, found: PriceOutcome) -> RowProblem:
    """A price that could not be stored."""
    name = found.column
    return RowProblem(
        judged.line,
        name,
        found.reason,
        judged.cells.get(name, "")[:200],
        judged.headings.get(name, ""),
        dict(found.facts),
        judged.sheet,
    )


def sheet_of(row: AnyRow) -> str:
    """The sheet a row stands in; "" for the only one."""
    one = row.judged if isinstance(row, Plan) else row.row if isinstance(row, Listing) else row
    return one.sheet


def name_of(row: AnyRow) -> str:
    """The name of the product."""
    row = row.row if isinstance(row, Listing) else row
    if isinstance(row, ListingRow):
        return " ".join(row.cells.get("name", "").split())
    values = row.judged.values if isinstance(row, Plan) else row.values
    return str(values.get("product_name_vi") or values.get("name") or "")


def line_of(row: AnyRow) -> int:
    """The line of the file."""
    return row.judged.line if isinstance(row, Plan) else row.line
