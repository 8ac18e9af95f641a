"""A row as it was understood: what it says, what is wrong with it, and what should become of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from catalog.importing.record_facts import NOTHING, RecordFacts

STATUSES = ("import", "import_incomplete", "duplicate", "review", "reject")
"""import: name, maker and stars known · import_incomplete: real, but something is asked for · duplicate: the same
record as an earlier line · review: a person decides · reject: cannot be kept."""

ERRORS = (
    "missing_name",
    "missing_producer",
    "missing_stars",
    "star_out_of_range",
    "star_zero",
    "star_range",
    "potential_star_not_recognised",
    "star_score_mismatch",
    "conflicting_stars",
    "recognition_expired",
    "date_impossible",
    "date_in_future",
    "decision_date_suspicious",
    "unknown_province",
    "former_unit_mismatch",
    "possible_duplicate",
    "possible_upgrade",
    "diacritics_missing",
    "spreadsheet_error_value",
    "formula_in_text",
    "markup_in_text",
    "barcode_shared",
    "barcode_lost_scientific",
    "gtin_check_digit",
    "net_weight_conflict",
    "price_ambiguous",
    "digits_run_in_name",
    "duplicate_code",
    "too_long",
)
"""What can be wrong with a row; `storefront/import_messages.py` has a sentence for each."""

_STATUS_OF = {
    "missing_name": "reject",
    "star_out_of_range": "reject",
    "too_long": "reject",
    "duplicate_code": "reject",
    "missing_producer": "import_incomplete",
    "missing_stars": "import_incomplete",
    "recognition_expired": "import",
    "spreadsheet_error_value": "import",
}
_WEIGHT = {"import": 0, "import_incomplete": 1, "review": 2, "reject": 3}
FIELD_OF = {
    "missing_name": "name",
    "missing_producer": "producer_name",
    "missing_stars": "stars",
    "star_out_of_range": "stars",
    "star_zero": "stars",
    "star_range": "stars",
    "potential_star_not_recognised": "stars",
    "star_score_mismatch": "score",
    "conflicting_stars": "stars",
    "recognition_expired": "decision_date",
    "date_impossible": "decision_date",
    "date_in_future": "decision_date",
    "decision_date_suspicious": "decision_date",
    "duplicate_code": "code",
    "unknown_province": "province",
    "former_unit_mismatch": "former_province",
    "barcode_shared": "gtin",
    "barcode_lost_scientific": "gtin",
    "gtin_check_digit": "gtin",
    "net_weight_conflict": "net_content",
    "price_ambiguous": "price_vnd",
}
"""The column an error is about; "name" for those not named here."""


@dataclass(slots=True)
class Judged:
    """One row: `values` in the form of the report, `raw` what stood in every column of the file (by its heading),
    `cells` the same by our names, `extra` the columns nobody knows. A row of a price list has `prices` (minor units
    by quantity, for the retail and the wholesale list) and `terms` (currency, tax, days, least quantity, step)."""

    line: int
    values: dict[str, Any]
    raw: dict[str, str]
    extra: dict[str, str] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    headings: dict[str, str] = field(default_factory=dict)
    sheet: str = ""
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    status: str = ""
    duplicate_of: int | None = None
    fields: dict[str, str] = field(default_factory=dict)
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    prices: dict[str, dict[int, int]] = field(default_factory=dict)
    terms: dict[str, Any] = field(default_factory=dict)
    maker_facts: dict[str, str] = field(default_factory=dict)
    record: RecordFacts = NOTHING

    def blame(self, code: str, field_name: str = "", **facts: Any) -> None:
        """Note an error once, the column it is about, and what is known about it."""
        if code not in self.errors:
            self.errors.append(code)
            self.fields[code] = field_name or FIELD_OF.get(code, "name")
            if facts:
                self.facts[code] = facts

    def settle(self) -> None:
        """Set the status the errors amount to."""
        if self.duplicate_of is not None and self.status == "duplicate":
            return
        worst = max(
            (_STATUS_OF.get(code, "review") for code in self.errors),
            key=_WEIGHT.__getitem__,
            default="import",
        )
        if worst == "import" and "price_missing" in self.warnings:
            worst = "import_incomplete"
        if "formula_in_text" in self.errors and not self.values.get(
            "product_name_vi", self.values.get("name")
        ):
            worst = "reject"
        self.status = worst

    def as_row(self) -> dict[str, Any]:
        """The row of the report."""
        row: dict[str, Any] = {"source_row": self.line, "status": self.status}
        if self.sheet:
            row["sheet"] = self.sheet
        row |= self.values
        if self.prices:
            row["prices"] = self.prices
            row["terms"] = {
                name: _plain(value) for name, value in self.terms.items() if value is not None
            }
        row |= {"warnings": self.warnings, "errors": self.errors}
        if self.duplicate_of is not None:
            row["duplicate_of_source_row"] = self.duplicate_of
        return row


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
