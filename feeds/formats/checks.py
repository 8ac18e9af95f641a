"""Our own check of a Catalogue Item Notification: the structure and codes that GS1's schemas leave open.

The schemas accept any content of ``extension`` and any code; this check knows the modules we write, the
order of their parts, check digits, and quantities that must agree. ``validate_against_schemas`` uses GS1's own
files where an operator has put them (OCOP_GS1_SCHEMA_DIR).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog.reference import ALLERGENS
from catalog.rules.identifiers import is_valid_gln, is_valid_gtin
from feeds.formats.gs1_cin import CIN, COMMANDS
from feeds.rules.completeness import UNITS

MODULES: dict[str, tuple[str, tuple[str, ...]]] = {
    "alcoholInformationModule": ("alcohol_information", ("alcoholInformation",)),
    "allergenInformationModule": ("allergen_information", ("allergenRelatedInformation",)),
    "certificationInformationModule": ("certification_information", ("certificationInformation",)),
    "deliveryPurchasingInformationModule": (
        "delivery_purchasing_information",
        ("deliveryPurchasingInformation",),
    ),
    "foodAndBeverageIngredientModule": ("food_and_beverage_ingredient", ("ingredientStatement",)),
    "placeOfItemActivityModule": ("place_of_item_activity", ("placeOfProductActivity",)),
    "tradeItemDescriptionModule": ("trade_item_description", ("tradeItemDescriptionInformation",)),
    "tradeItemLifespanModule": ("trade_item_lifespan", ("tradeItemLifespan",)),
    "tradeItemMeasurementsModule": ("trade_item_measurements", ("tradeItemMeasurements",)),
    "tradeItemTemperatureInformationModule": (
        "trade_item_temperature_information",
        ("tradeItemTemperatureInformation",),
    ),
    "variableTradeItemInformationModule": (
        "variable_trade_item_information",
        ("variableTradeItemInformation",),
    ),
}
"""The modules we write: namespace and allowed content."""

_TRADE_ITEM = (
    "gtin",
    "additionalTradeItemIdentification",
    "isTradeItemABaseUnit",
    "isTradeItemAConsumerUnit",
    "isTradeItemADespatchUnit",
    "isTradeItemAnInvoiceUnit",
    "isTradeItemAnOrderableUnit",
    "tradeItemUnitDescriptorCode",
    "brandOwner",
    "informationProviderOfTradeItem",
    "manufacturerOfTradeItem",
    "gdsnTradeItemClassification",
    "nextLowerLevelTradeItemInformation",
    "targetMarket",
    "tradeItemInformation",
    "tradeItemSynchronisationDates",
)
_NEEDED = (
    "gtin",
    "informationProviderOfTradeItem",
    "gdsnTradeItemClassification",
    "targetMarket",
    "tradeItemSynchronisationDates",
)
_ALLERGEN_CODES = frozenset(a.gdsn_code for a in ALLERGENS.values() if a.gdsn_code)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong: a stable code, the transaction (from 1, 0 for the header), and what was found."""

    code: str
    transaction: int
    found: str = ""


class SchemasUnreadable(Exception):
    """GS1's schemas cannot be read where they should be; the text is for an operator."""


def check_cin(content: bytes) -> list[Fault]:
    """Every fault in the message; one that can't be parsed is one fault. Reads it as a stream."""
    from lxml import etree

    faults: list[Fault] = []
    number = 0
    try:
        events = etree.iterparse(
            io.BytesIO(content), resolve_entities=False, no_network=True, load_dtd=False
        )
        for _event, element in events:
            if element.tag == "transaction":
                number += 1
                faults += [Fault(code, number, found) for code, found in _transaction(element)]
                element.clear()
        root = events.root
    except etree.XMLSyntaxError as error:
        return [Fault("not_xml", number, str(error))]
    if root is None or root.tag != f"{{{CIN}}}catalogueItemNotificationMessage":
        faults.append(Fault("other_message", 0, "" if root is None else str(root.tag)))
    if number == 0:
        faults.append(Fault("no_transaction", 0))
    return faults


def validate_against_schemas(content: bytes, driver: Path) -> list[str]:
    """What GS1's schemas say against the message, through a driver that imports every module's schema.

    Raises `SchemasUnreadable`.
    """
    from lxml import etree

    try:
        schema = etree.XMLSchema(etree.parse(str(driver)))
    except (OSError, etree.LxmlError) as error:
        raise SchemasUnreadable(f"{driver.name}: {error}") from error
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    document = etree.fromstring(content, parser)
    if schema.validate(document):
        return []
    return [f"{entry.line}: {entry.message}" for entry in list(schema.error_log)]  # type: ignore[call-overload]


def _transaction(transaction: Any) -> Iterator[tuple[str, str]]:
    header = transaction.find("documentCommand/documentCommandHeader")
    command = "" if header is None else header.get("type", "")
    if command not in COMMANDS.values():
        yield "command_unknown", command
    items = list(transaction.iter("tradeItem"))
    if not items:
        yield "trade_item_missing", ""
    for gln in transaction.iter("gln", "dataRecipient", "sourceDataPool"):
        if not is_valid_gln(gln.text or ""):
            yield "gln_invalid", gln.text or ""
    for item in items:
        yield from _trade_item(item)
    for entry in transaction.iter("catalogueItem"):
        yield from _link(entry)
    for extension in transaction.iter("extension"):
        for module in extension:
            yield from _module(module)


def _trade_item(item: Any) -> Iterator[tuple[str, str]]:
    names = [child.tag for child in item]
    for name in names:
        if name not in _TRADE_ITEM:
            yield "element_unknown", str(name)
    order = [_TRADE_ITEM.index(name) for name in names if name in _TRADE_ITEM]
    if order != sorted(order):
        yield "wrong_order", "tradeItem"
    for name in _NEEDED:
        if name not in names:
            yield "element_missing", name
    gtin = item.findtext("gtin") or ""
    if len(gtin) != 14 or not is_valid_gtin(gtin):
        yield "gtin_invalid", gtin


def _link(entry: Any) -> Iterator[tuple[str, str]]:
    lower = entry.find("tradeItem/nextLowerLevelTradeItemInformation")
    links = entry.findall("catalogueItemChildItemLink")
    if (lower is None) != (not links):
        yield "hierarchy_broken", entry.findtext("tradeItem/gtin") or ""
    for link in links:
        child = link.findtext("catalogueItem/tradeItem/gtin")
        told = {
            c.findtext("gtin"): c.findtext("quantityOfNextLowerLevelTradeItem")
            for c in ([] if lower is None else lower.findall("childTradeItem"))
        }
        if told.get(child) != link.findtext("quantity"):
            yield "quantity_differs", str(child)


def _module(module: Any) -> Iterator[tuple[str, str]]:
    uri, _, name = str(module.tag).rpartition("}")
    known = MODULES.get(name)
    if known is None or uri != f"{{urn:gs1:gdsn:{known[0]}:xsd:3":
        yield "module_unknown", str(module.tag)
        return
    for child in module:
        if child.tag not in known[1]:
            yield "element_unknown", f"{name}/{child.tag}"
    for allergen in module.iter("allergen"):
        code = allergen.findtext("allergenTypeCode")
        if code not in _ALLERGEN_CODES:
            yield "allergen_unknown", str(code)
        if allergen.findtext("levelOfContainmentCode") not in {"CONTAINS", "MAY_CONTAIN"}:
            yield "containment_missing", str(code)
    for measure in module.iter("netContent", "grossWeight"):
        if measure.get("measurementUnitCode") not in UNITS.values():
            yield "unit_unknown", str(measure.get("measurementUnitCode"))
    low, high = (next(module.iter(f"{end}imumTemperature"), None) for end in ("min", "max"))
    if low is not None and high is not None and int(low.text or 0) > int(high.text or 0):
        yield "temperatures_crossed", f"{low.text} > {high.text}"
