"""The cells of a row made readable: markup, formulas, error values and empty words taken out and told of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from catalog.importing.layout import FoundRow
from catalog.importing.parsing.text import (
    bare_text,
    clean,
    is_error_value,
    is_formula,
    is_nothing,
    strip_markup,
)

_FREE = ("note", "source_title", "source_site", "description", "summary")


@dataclass(slots=True)
class CleanRow:
    """Clean cells by our names, and what had to be taken out of which."""

    line: int
    cells: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)


def clean_row(row: FoundRow, *, known: Mapping[str, str]) -> CleanRow:
    """Every cell cleaned; the errors (formula_in_text, markup_in_text, spreadsheet_error_value) with their column."""
    del known
    out = CleanRow(row.line, {})
    for name, value in row.cells.items():
        out.cells[name] = _clean_cell(name, value, name in row.formulas, out.errors)
    for value in row.extra.values():
        if is_formula(value) and value[:1] not in "+-@":
            out.errors.setdefault("formula_in_text", "")
    return out


def _clean_cell(name: str, value: str, broken: bool, errors: dict[str, str]) -> str:
    if broken and not value:
        errors.setdefault("formula_in_text", name)
        return ""
    if not value:
        return ""
    text = clean(bare_text(value))
    if is_error_value(text):
        errors.setdefault("spreadsheet_error_value", name)
        return ""
    if is_formula(text) and not value.lstrip().startswith("'"):
        errors.setdefault("formula_in_text", name)
        return ""
    if "<" in text or "&" in text:
        text, had = strip_markup(text)
        if had and name not in _FREE:
            errors.setdefault("markup_in_text", name)
    return "" if is_nothing(text) else text
