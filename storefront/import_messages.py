"""The sentences for what an import refused: what is wrong in which cell, and how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from catalog.importing.limits import MAX_COLUMNS, MAX_ROWS
from catalog.importing.report import RowProblem, UnusableFile
from i18n.catalogue import gettext as _
from i18n.catalogue import spoken
from i18n.formatting import format_number, format_short_date

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RowSentence:
    """One problem of one row in words: where it is, what is wrong, how to mend it."""

    line: int
    column: str
    value: str
    what: str
    mend: str


def problem_sentences(problems: Iterable[RowProblem]) -> list[RowSentence]:
    """Every problem in words, in the spoken language."""
    return [_sentence(problem) for problem in problems]


def file_sentence(refusal: UnusableFile) -> str:
    """Why nothing of the file can be read, and what to do."""
    make = _FILES.get(refusal.reason, _FILES["corrupt"])
    return make(refusal.facts)


def _sentence(problem: RowProblem) -> RowSentence:
    make = _ROWS.get(problem.reason, _ROWS["refused"])
    what, mend = make(problem.facts)
    return RowSentence(
        line=problem.line,
        column=problem.column or problem.field,
        value=problem.value[:80],
        what=what,
        mend=mend,
    )


def _allowed(facts: Facts) -> str:
    return ", ".join(str(value) for value in facts.get("allowed", ())[:30]) or "–"


def _day(text: str) -> str:
    return format_short_date(date.fromisoformat(text), spoken())


def _number(text: str) -> str:
    return format_number(Decimal(text), spoken())


def _lines(facts: Facts) -> str:
    return ", ".join(str(line) for line in facts.get("lines", ())[:10]) or "–"


def _skus(facts: Facts) -> str:
    return ", ".join(facts.get("skus", ())[:5]) or "–"


_ROWS: dict[str, Callable[[Facts], tuple[str, str]]] = {
    "missing": lambda _f: (_("Nothing stands here."), _("Fill in this cell.")),
    "stars_out_of_range": lambda _f: (
        _("This is not a number of stars of the programme."),
        _("Write 3, 4 or 5."),
    ),
    "not_a_number": lambda _f: (
        _("This is not a number."),
        _("Write digits only, such as 120000."),
    ),
    "impossible_date": lambda _f: (
        _("There is no such day."),
        _("Write day/month/year, such as 25/08/2025."),
    ),
    "date_impossible": lambda _f: (
        _("There is no such day."),
        _("Write day/month/year, such as 25/08/2025."),
    ),
    "decision_date_suspicious": lambda _f: (
        _("This day does not go with the year of the rating."),
        _("Compare the day and the year with the decision."),
    ),
    "recognition_expired": lambda f: (
        _("This recognition ended on %(day)s.", day=_day(f["valid_to"]))
        if "valid_to" in f
        else _("This recognition has ended."),
        _(
            "Nothing to mend; the stars are kept but not shown. Enter a newer decision if there is one."
        ),
    ),
    "missing_name": lambda _f: (
        _("The product has no name."),
        _("Write the name of the product."),
    ),
    "missing_producer": lambda _f: (
        _("Nobody is named who makes it."),
        _("Write who makes it. Until then it stays a draft."),
    ),
    "missing_stars": lambda _f: (
        _("No stars are given."),
        _("Write 3, 4 or 5 as in the decision. Until then it stays a draft."),
    ),
    "star_out_of_range": lambda _f: (
        _("This is not a number of stars of the programme."),
        _("Write 3, 4 or 5."),
    ),
    "star_zero": lambda _f: (
        _("No star was given."),
        _("Delete the line if the product was not recognised, else write 3, 4 or 5."),
    ),
    "star_range": lambda _f: (
        _("More than one class is named."),
        _("Write the one class of this product: 3, 4 or 5."),
    ),
    "potential_star_not_recognised": lambda _f: (
        _("A class that is only proposed is not a recognition."),
        _("Write the class the decision gives now."),
    ),
    "star_score_mismatch": lambda f: (
        _("%(score)s points mean %(stars)s stars.", score=_number(f["score"]), stars=f["stars"])
        if "score" in f
        else _("Points and stars do not go together."),
        _("Compare points and stars with the decision and correct the one that is wrong."),
    ),
    "conflicting_stars": lambda f: (
        _("Another line gives this product other stars (line %(line)s).", line=f["line"])
        if "line" in f
        else _("Another line gives this product other stars."),
        _("Keep the line that is right and delete the other."),
    ),
    "possible_duplicate": lambda f: (
        _("This may be the same product as in line %(line)s.", line=f["line"])
        if "line" in f
        else _("This may be the same product as in another line."),
        _("Delete one of the two lines, or make clear what is different."),
    ),
    "possible_upgrade": lambda f: (
        _("This may be a later recognition of the product in line %(line)s.", line=f["line"])
        if "line" in f
        else _("This may be a later recognition of a product in another line."),
        _("Check it and enter the later decision for that product."),
    ),
    "diacritics_missing": lambda _f: (
        _("The Vietnamese marks are missing."),
        _("Write the name with all its marks."),
    ),
    "spreadsheet_error_value": lambda _f: (
        _("The spreadsheet shows an error instead of a value."),
        _("Mend the formula or type the value."),
    ),
    "formula_in_text": lambda _f: (
        _("A formula stands where a text belongs."),
        _("Type the text itself."),
    ),
    "markup_in_text": lambda _f: (
        _("The text contains program code."),
        _("Type the text only."),
    ),
    "barcode_shared": lambda f: (
        _("Other products have the same barcode (lines %(lines)s).", lines=_lines(f))
        if f.get("lines")
        else _("Other products have the same barcode."),
        _("Give each product its own barcode."),
    ),
    "barcode_lost_scientific": lambda _f: (
        _("The spreadsheet has destroyed this barcode."),
        _("Format the column as text and type the barcode again."),
    ),
    "gtin_check_digit": lambda _f: (
        _("The check digit of this barcode is wrong."),
        _("Type the barcode again from the package."),
    ),
    "net_weight_conflict": lambda _f: (
        _("The name tells of another content than this column."),
        _("Compare with the label and correct the one that is wrong."),
    ),
    "price_ambiguous": lambda _f: (
        _("This price can be read in two ways."),
        _("Write whole đồng in digits, such as 120000."),
    ),
    "digits_run_in_name": lambda _f: (
        _("A long row of digits stands in the name."),
        _("Take the number out of the name."),
    ),
    "date_in_future": lambda _f: (
        _("This day has not come yet."),
        _("Copy the date from the decision again."),
    ),
    "unknown_province": lambda f: (
        _("No province has this name."),
        _("Write one of the 34 provinces, or the name from before July 2025.")
        if not f.get("suggestion")
        else _("Is it %(province)s? Write the name with its marks.", province=f["suggestion"]),
    ),
    "former_unit_mismatch": lambda f: (
        _("This former province belongs to %(province)s today.", province=f["belongs_to"])
        if "belongs_to" in f
        else _("The two provinces of this line do not go together."),
        _("Correct one of the two province columns."),
    ),
    "unknown_subgroup": lambda f: (
        _("There is no such product group."),
        _("Write one of these codes: %(codes)s.", codes=_allowed(f)),
    ),
    "unknown_kind": lambda f: (
        _("This kind is not known."),
        _("Write one of these: %(codes)s.", codes=_allowed(f)),
    ),
    "duplicate_code": lambda f: (
        _("The same code stands in line %(line)s already.", line=f.get("first_line", "–")),
        _("Give every product its own code, or delete one of the two lines."),
    ),
    "unreadable_net_content": lambda _f: (
        _("The content cannot be read."),
        _("Write a number and a unit, such as 500 g or 6 × 70 ml."),
    ),
    "unreadable_shelf_life": lambda _f: (
        _("The shelf life cannot be read."),
        _("Write how many days, such as 365."),
    ),
    "unreadable_price": lambda _f: (
        _("The price cannot be read."),
        _("Write whole đồng in digits, such as 120000."),
    ),
    "unreadable_allergens": lambda _f: (
        _("The allergens cannot be read."),
        _("Write codes with commas between them, “none”, or leave the cell empty."),
    ),
    "too_long": lambda f: (
        _("This text is too long."),
        _("Use at most %(longest)s characters.", longest=f.get("longest", "–")),
    ),
    "taken": lambda _f: (
        _("This is recorded for something else already."),
        _("Compare with what is recorded and correct the one that is wrong."),
    ),
    "refused": lambda _f: (_("This cannot be right."), _("Check the cell against its source.")),
    "product_unknown": lambda _f: (
        _("No package of the shop has this number."),
        _("Enter the product first, or write the article number of the shop in this line."),
    ),
    "product_by_name": lambda f: (
        _("Only the name is the same as that of %(skus)s.", skus=_skus(f)),
        _("If it is the same package, write its article number in this line."),
    ),
    "product_not_sure": lambda f: (
        _("This line fits more than one package: %(skus)s.", skus=_skus(f)),
        _("Write the one article number that is meant."),
    ),
    "other_content": lambda f: (
        _("%(name)s (%(sku)s) has another content.", name=f["product"], sku=f["sku"]),
        _("Compare with the label: is it another package?"),
    ),
    "price_of_no_list": lambda _f: (
        _("It cannot be told which price list this price belongs to."),
        _("Name the column “Retail price” or “Wholesale price”."),
    ),
    "other_currency": lambda f: (
        _("The column is in %(currency)s.", currency=f["currency"]),
        _("Say this currency when you import it, or correct the column."),
    ),
    "other_producer": lambda _f: (
        _("The price list is of another producer."),
        _("Import the goods of each producer with a list of their own."),
    ),
    "other_list": lambda f: (
        _("The price list %(list)s is for other buyers or in other money.", list=f["list"]),
        _("Name another list for these prices."),
    ),
    "other_tax": lambda f: (
        _("The prices of the list %(list)s treat VAT differently.", list=f["list"]),
        _("Say whether VAT is included, or name another list."),
    ),
    "list_in_force": lambda f: (
        _(
            "The list %(list)s is in force: it says %(old)s, this line %(new)s.",
            list=f["list"],
            old=f["old"] or "–",
            new=f["new"],
        ),
        _("Change it on the page of the list, or import it as prices that hold."),
    ),
}

_FILES: dict[str, Callable[[Facts], str]] = {
    "no_such_file": lambda _f: _("The file is not there."),
    "empty": lambda _f: _("The file is empty. Choose the sheet with the data and save it again."),
    "encoding": lambda _f: _(
        "The letters of this file cannot be read. In Excel save it as .xlsx, or as “CSV UTF-8”."
    ),
    "unknown_format": lambda _f: _(
        "Only .xlsx, .docx and .csv files can be read. In Excel choose “Save as” and .xlsx."
    ),
    "unknown_columns": lambda _f: _(
        "No line with the names of the columns was found. There must be one for the name of the product."
    ),
    "corrupt": lambda _f: _("This file is damaged. Open it in Excel and save it again as .xlsx."),
    "too_large": lambda _f: _("This file is too large. Split it into parts."),
    "too_many_rows": lambda f: _(
        "There are more than %(most)s lines. Split the file into parts.",
        most=f.get("limit") or MAX_ROWS,
    ),
    "too_many_columns": lambda _f: _("There are more than %(most)s columns.", most=MAX_COLUMNS),
    "took_too_long": lambda _f: _("This file takes too long to read. Split it into parts."),
}
