"""Names for the columns, outcomes and kinds of an import, as the office's pages show them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from catalog.importing.comparing import RECOGNITION_FIELDS, Change
from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext, lazy_pgettext, spoken
from i18n.formatting import format_number, format_short_date

FIELD_NAMES = {
    "name": lazy_gettext("Name of the product"),
    "producer_name": lazy_gettext("Who makes it"),
    "producer_type": lazy_gettext("Kind of producer"),
    "producer_code": lazy_gettext("Code of the producer"),
    "code": lazy_gettext("Code of the product"),
    "representative": lazy_gettext("Representative"),
    "phone": lazy_gettext("Telephone"),
    "email": lazy_gettext("E-mail"),
    "tax_number": lazy_gettext("Tax number"),
    "registration_number": lazy_gettext("Number of the business registration"),
    "gln": lazy_gettext("GLN, the GS1 number of the place"),
    "address": lazy_gettext("Address"),
    "hamlet": lazy_gettext("Hamlet"),
    "commune": lazy_gettext("Commune or ward"),
    "district": lazy_gettext("District (before July 2025)"),
    "province": lazy_gettext("Province"),
    "province_2025": lazy_gettext("Province since July 2025"),
    "former_province": lazy_gettext("Province before July 2025"),
    "stars": lazy_gettext("Stars"),
    "score": lazy_gettext("Points"),
    "rating_year": lazy_gettext("Year of the rating"),
    "round": lazy_gettext("Round of the rating"),
    "decision_number": lazy_gettext("Number of the decision"),
    "decision_date": lazy_gettext("Date of the decision"),
    "valid_to": lazy_gettext("Valid until"),
    "certificate_number": lazy_gettext("Number of the certificate"),
    "issuer": lazy_gettext("Issued by"),
    "group_guess": lazy_gettext("Product group"),
    "subgroup": lazy_gettext("Code of the subgroup"),
    "gtin": lazy_gettext("Barcode (GTIN)"),
    "sku": lazy_gettext("Article number"),
    "net_content": lazy_gettext("Net content"),
    "packing": lazy_gettext("How it is packed"),
    "sale_unit": lazy_gettext("Unit of sale"),
    "price_vnd": lazy_gettext("Retail price in đồng"),
    "price_wholesale": lazy_gettext("Wholesale price in đồng"),
    "shelf_life_storage": lazy_gettext("Shelf life and storage"),
    "ingredients": lazy_gettext("Ingredients"),
    "allergens": lazy_gettext("Allergens"),
    "description": lazy_gettext("Description"),
    "brand": lazy_gettext("Brand"),
    "short_name": lazy_gettext("Short name for receipts"),
    "warnings": lazy_gettext("Warnings"),
    "gpc_brick": lazy_gettext("GPC brick (8 digits)"),
    "lead_time_days": lazy_gettext("How many days from the order to sending"),
    "note": lazy_gettext("Note"),
}
"""What an officer can say a column means, by our names."""

STATES = {
    "reading": lazy_gettext("being looked through"),
    "looked": lazy_gettext("looked through; waits for your word"),
    "storing": lazy_gettext("being stored"),
    "done": lazy_gettext("stored"),
    "refused": lazy_gettext("cannot be read"),
}
"""How far a long file is."""

_OTHER_FIELDS = {
    "subgroup_code": lazy_gettext("Code of the subgroup"),
    "summary": lazy_gettext("Summary"),
    "usage": lazy_gettext("How to use it"),
    "storage_note": lazy_gettext("How to keep it"),
    "storage_kind": lazy_gettext("Storage"),
    "shelf_life_days": lazy_gettext("Shelf life in days"),
    "season": lazy_gettext("Season"),
    "hs6": lazy_gettext("HS code"),
    "vat_class": lazy_gettext("VAT class"),
    "allergens_state": lazy_gettext("Statement about allergens"),
    "source": lazy_gettext("Where it was read"),
    "unit": lazy_gettext("Unit"),
    "count": lazy_gettext("Pieces in a package"),
    "price_minor": lazy_gettext("Retail price in đồng"),
    "vat_rate_bp": lazy_gettext("VAT"),
    "abv": lazy_gettext("Alcohol by volume"),
    "issued_on": lazy_gettext("Date of the decision"),
}
KINDS = {
    "register": lazy_gettext("A register of recognised products"),
    "price_list": lazy_gettext("A price list"),
    "catalogue": lazy_gettext("A catalogue with packages and prices"),
}
OUTCOMES = {
    "created": lazy_pgettext("row of an import", "New"),
    "updated": lazy_gettext("Changed"),
    "same": lazy_gettext("Unchanged"),
    "review": lazy_gettext("To be decided"),
    "rejected": lazy_gettext("Refused"),
    "duplicate": lazy_gettext("Doubles"),
}
STATUSES = {
    "import": lazy_gettext("Stored"),
    "import_incomplete": lazy_gettext("Stored, lacks something"),
    "review": lazy_gettext("To be decided"),
    "reject": lazy_gettext("Left out"),
    "duplicate": lazy_gettext("Doubles"),
}


def field_name(name: str) -> str:
    """Our column in words; a name nobody has translated is shown as it is."""
    return str(FIELD_NAMES.get(name) or _OTHER_FIELDS.get(name) or name)


def change_name(change: Change) -> str:
    """The field of a change and which one of several it is."""
    if change.of and change.field in RECOGNITION_FIELDS:
        return _(
            "%(field)s, recognition %(number)s", field=field_name(change.field), number=change.of
        )
    return f"{field_name(change.field)} ({change.of})" if change.of else field_name(change.field)


def change_value(change: Change, value: str) -> str:
    """An old or new value as people read it; a dash for none."""
    if not value:
        return "–"
    if change.field in ("issued_on", "decision_date"):
        return format_short_date(date.fromisoformat(value), spoken())
    if change.field == "price_minor":
        return format_number(int(value), spoken())
    if change.field == "vat_rate_bp":
        return _("%(rate)s %%", rate=format_number(Decimal(value) / 100, spoken()))
    return value
