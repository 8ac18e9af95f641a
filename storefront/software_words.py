"""Names and sentences for files of other programs: columns, outcomes, and what is wrong with a line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from i18n.catalogue import lazy_gettext as later

COLUMNS: Mapping[str, Any] = {
    "day": later("Day"),
    "activity": later("Work done"),
    "item": later("Product or crop"),
    "lot": later("Lot"),
    "quantity": later("Quantity"),
    "unit": later("Unit"),
    "place": later("Plot or place"),
    "area_code": later("Growing-area code"),
    "source_lot": later("Made from lot"),
    "used": later("Quantity used"),
    "party": later("Buyer or supplier"),
    "document": later("Number of the slip"),
    "note": later("Note"),
    "link": later("Link of the QR code"),
    "sku": later("Code of the goods"),
    "gtin": later("Barcode"),
    "name": later("Name"),
    "content": later("Content"),
    "stock": later("Stock"),
    "promised": later("Promised to buyers"),
    "price": later("Price"),
    "state": later("On sale or not"),
    # what the ledger of lots calls the same
    "happened_on": later("Day"),
    "produced_on": later("Day"),
    "material": later("Product or crop"),
    "number": later("Lot"),
    "input": later("Quantity used"),
    "output": later("Quantity"),
}
"""What a column holds, by our name of it."""

ACCOUNTS: Mapping[str, Any] = {
    "receivable": later("What the shop owes you"),
    "revenue": later("Sale of goods"),
    "delivery": later("Delivery charged to the buyer"),
    "vat": later("VAT on sales"),
    "bank": later("Money at the bank"),
}

PROBLEMS: Mapping[str, Any] = {
    # stock and prices
    "unknown_goods": later(
        "None of your goods has this code, barcode or name. Use the codes of the file you can download here."
    ),
    "several_goods": later("Several of your goods fit. Write the code of the one you mean."),
    "codes_disagree": later("Code and barcode belong to different goods."),
    "named_twice": later("These goods stand in the file more than once. Keep one line."),
    "barcode_lost_scientific": later(
        "The spreadsheet has shortened this barcode. Format the column as text and enter it again."
    ),
    "gtin_check_digit": later("This barcode has a wrong digit."),
    "count_negative": later("Stock cannot be below zero. Count what is there."),
    "count_not_whole": later("Write whole packages."),
    "count_ambiguous": later(
        "This may be thousands or three decimals. Write the number without points and commas."
    ),
    "not_a_count": later("This is not a number of packages."),
    "below_promises": later(
        "More than this is promised to buyers already. Send or cancel those orders first."
    ),
    "not_a_price": later("This is not a clear price in đồng. Write all digits, such as 85000."),
    "other_currency": later(
        "These goods are priced in other money than đồng. Change the price by hand."
    ),
    # diaries
    "not_a_date": later("This is not a day. Write day/month/year."),
    "not_a_quantity": later("This is not a quantity."),
    "unknown_lot": later(
        "There is no lot with this number yet. Put the line where it came about first."
    ),
    "several_lots": later("Several lots have this number. Enter this by hand."),
    "number_taken": later("You have a lot of other goods with that number."),
    "not_a_lot_number": later("Use only letters without marks, digits, and signs such as - . /"),
    "missing": later("This is missing."),
    "party_missing": later("Write to whom it went."),
    "in_future": later("This day has not come yet."),
    "too_old": later("This day is too long ago."),
    "not_positive": later("This must be more than zero."),
    "into_itself": later("A lot cannot be made from itself."),
    "too_long": later("This is too long."),
}
_OTHER = later("This cannot be right. Please check it.")

WARNINGS: Mapping[str, Any] = {
    "price_jump": later("This price is three times as high or as low as before. Is it right?"),
    "sold_out": later("Buyers cannot order it any more."),
}


def problem(code: str) -> str:
    """What is wrong, and how to mend it."""
    return str(PROBLEMS.get(code, _OTHER))


def column(name: str) -> str:
    """A column as people call it."""
    return str(COLUMNS.get(name, name))
