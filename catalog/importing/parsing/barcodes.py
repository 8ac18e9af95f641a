"""Reading barcodes: with blanks, apostrophes and trailing dots, and those a spreadsheet has destroyed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from catalog.importing.parsing.text import ascii_digits, clean
from catalog.rules.identifiers import is_valid_gtin

_SCIENTIFIC = re.compile(r"^\d(?:[.,]\d+)?\s*e\s*\+?\s*\d{1,2}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BarcodeCell:
    """A GTIN with a right check digit, or the code of what is wrong."""

    gtin: str = ""
    error: str = ""


def read_barcode(text: str) -> BarcodeCell:
    """The GTIN of a cell; codes barcode_lost_scientific and gtin_check_digit. Letters make it no barcode."""
    said = clean(ascii_digits(text)).strip(" '’`\";,")
    if not said:
        return BarcodeCell()
    if _SCIENTIFIC.match(said):
        return BarcodeCell(error="barcode_lost_scientific")
    said = re.sub(
        r"^(?:gtin|ean|upc|barcode|mã vạch|mã sp|mã)(?:-?\d{1,2})?\s*[:.]?\s+",
        "",
        said,
        flags=re.IGNORECASE,
    )
    said = re.sub(r"\.0*$", "", said)
    digits = re.sub(r"[\s\-.\u00a0]", "", said)
    if not digits.isdigit():
        return (
            BarcodeCell()
            if re.fullmatch(r"[^\d]+", digits)
            else BarcodeCell(error="gtin_check_digit")
        )
    return BarcodeCell(digits) if is_valid_gtin(digits) else BarcodeCell(error="gtin_check_digit")
