"""What people read when the files of a batch have faults: a sentence for each code."""

from __future__ import annotations

from feeds.checking import FileFault
from i18n.catalogue import gettext as _


def fault_sentence(fault: FileFault) -> str:
    """File, line of the batch, and what is wrong, in the reader's language."""
    said = _told(fault)
    if fault.line:
        return _(
            "%(file)s, line %(line)s: %(said)s", file=fault.file, line=str(fault.line), said=said
        )
    return _("%(file)s: %(said)s", file=fault.file, said=said)


def _told(fault: FileFault) -> str:
    found = fault.found
    sentences = {
        "not_xml": _("It is not well-formed XML (%(found)s).", found=found),
        "other_message": _("It is not a catalogue item notification of GS1."),
        "no_transaction": _("It has no item."),
        "command_unknown": _("“%(found)s” is not one of GS1's commands.", found=found),
        "trade_item_missing": _("The trade item is missing."),
        "gln_invalid": _("“%(found)s” is not a valid GLN (location number).", found=found),
        "gtin_invalid": _("“%(found)s” is not a valid GTIN (item number).", found=found),
        "element_unknown": _("“%(found)s” has no place there.", found=found),
        "element_missing": _("“%(found)s” is missing.", found=found),
        "wrong_order": _("The parts of “%(found)s” are not in their order.", found=found),
        "hierarchy_broken": _("Case and unit do not refer to each other (%(found)s).", found=found),
        "quantity_differs": _("The case tells two quantities of %(found)s.", found=found),
        "module_unknown": _("The module “%(found)s” is unknown.", found=found),
        "allergen_unknown": _("“%(found)s” is not one of GS1's allergens.", found=found),
        "containment_missing": _("It is not told how the allergen %(found)s occurs.", found=found),
        "unit_unknown": _("“%(found)s” is not one of the units of measure.", found=found),
        "temperatures_crossed": _(
            "The lowest temperature is above the highest (%(found)s).", found=found
        ),
        "schema": _("GS1's schema refuses it: %(found)s", found=found),
        "schemas_unreadable": _(
            "GS1's schemas cannot be read, so nothing was checked against them (%(found)s).",
            found=found,
        ),
    }
    return sentences.get(fault.code, f"{fault.code} {found}".strip())
