"""GS1 Catalogue Item Notification 3.1: one transaction for each line, written as a stream of text.

Element names and their order follow the GDSN 3.1 schemas, which may not be shipped; ``checks.py`` repeats the
part we use, and tests validate against the schemas where they are present.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from core.clock import VIETNAM
from feeds.formats import gs1_modules as modules
from feeds.formats.gs1_elements import element, flag, text
from feeds.formats.lines import Batch, Line
from feeds.profiles import Profile
from feeds.rules.items import FeedItem

CIN = "urn:gs1:gdsn:catalogue_item_notification:xsd:3"
SBDH = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
COMMANDS = {"add": "ADD", "change": "CHANGE_BY_REFRESH", "withdraw": "DELETE"}


def render(batch: Batch, profile: Profile) -> bytes:
    """The whole message as UTF-8, the same bytes for the same batch."""
    return "".join(stream(batch, profile)).encode()


def stream(batch: Batch, profile: Profile) -> Iterator[str]:
    """The message piece by piece: header, then one transaction for each line."""
    at = _moment(batch.created_at)
    name = f"{batch.partner}-{batch.number:06d}"
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<cin:catalogueItemNotificationMessage xmlns:cin="{CIN}" xmlns:sh="{SBDH}">\n'
    yield _header(name, at, profile)
    for line in batch.lines:
        yield _transaction(line, f"{name}-{line.line_no:06d}", at, batch.is_full, profile)
    yield "</cin:catalogueItemNotificationMessage>\n"


def _header(name: str, at: str, profile: Profile) -> str:
    def party(role: str, gln: str) -> str:
        return element(f"sh:{role}", text("sh:Identifier", gln, Authority="GS1"))

    return element(
        "sh:StandardBusinessDocumentHeader",
        text("sh:HeaderVersion", "1.0"),
        party("Sender", profile.supplier_gln),
        party("Receiver", profile.gln),
        element(
            "sh:DocumentIdentification",
            text("sh:Standard", "GS1"),
            text("sh:TypeVersion", "3.1"),
            text("sh:InstanceIdentifier", name),
            text("sh:Type", "catalogueItemNotification"),
            text("sh:CreationDateAndTime", at),
        ),
    )


def _transaction(line: Line, name: str, at: str, reload: bool, profile: Profile) -> str:
    identity = text("entityIdentification", name) + element(
        "contentOwner", text("gln", profile.supplier_gln)
    )
    notification = element(
        "cin:catalogueItemNotification",
        text("creationDateTime", at),
        text("documentStatusCode", "ORIGINAL"),
        element("catalogueItemNotificationIdentification", identity),
        text("isReload", flag(reload)),
        _catalogue_item(line, at, profile),
    )
    header = (
        f'<documentCommandHeader type="{COMMANDS[line.action]}">'
        f"{element('documentCommandIdentification', identity)}</documentCommandHeader>"
    )
    return element(
        "transaction",
        element("transactionIdentification", identity),
        element("documentCommand", header, notification),
    )


def _catalogue_item(line: Line, at: str, profile: Profile) -> str:
    if line.action == "withdraw" or line.item is None:
        return _wrapped("DISCONTINUED", _withdrawn(line, at, profile), profile)
    each = _wrapped("REGISTERED", _each(line.item, at, profile), profile)
    item = line.item
    if not (item.case_gtin and item.units_per_case):
        return each
    link = element("catalogueItemChildItemLink", text("quantity", str(item.units_per_case)), each)
    return _wrapped("REGISTERED", _case(item, at, profile) + link, profile)


def _wrapped(state: str, content: str, profile: Profile) -> str:
    return element(
        "catalogueItem",
        text("dataRecipient", profile.gln),
        text("sourceDataPool", profile.supplier_gln),
        element("catalogueItemState", text("catalogueItemStateCode", state)),
        content,
    )


def _withdrawn(line: Line, at: str, profile: Profile) -> str:
    item = line.item
    gpc = profile.gpc["default"] if item is None else item.gpc
    return element(
        "tradeItem",
        text("gtin", line.gtin),
        _provider(profile),
        element("gdsnTradeItemClassification", text("gpcCategoryCode", gpc)),
        _market(profile),
        element(
            "tradeItemSynchronisationDates",
            text("lastChangeDateTime", at),
            text("discontinuedDateTime", at),
        ),
    )


def _case(item: FeedItem, at: str, profile: Profile) -> str:
    each, units = item.gtin, str(item.units_per_case)
    return element(
        "tradeItem",
        text("gtin", str(item.case_gtin).zfill(14)),
        _flags(base=False, consumer=False, despatch=True, invoice=True, orderable=True),
        text("tradeItemUnitDescriptorCode", "CASE"),
        _parties(item, profile),
        _classification(item),
        element(
            "nextLowerLevelTradeItemInformation",
            text("quantityOfChildren", "1"),
            text("totalQuantityOfNextLowerLevelTradeItem", units),
            element(
                "childTradeItem",
                text("gtin", each),
                text("quantityOfNextLowerLevelTradeItem", units),
            ),
        ),
        _market(profile),
        element("tradeItemInformation", element("extension", modules.description(item))),
        _dates(at),
    )


def _each(item: FeedItem, at: str, profile: Profile) -> str:
    alone = not (item.case_gtin and item.units_per_case)
    said = (
        modules.alcohol(item),
        modules.allergens(item),
        modules.certification(item),
        modules.purchasing(item),
        modules.ingredients(item),
        modules.origin(item),
        modules.description(item),
        modules.lifespan(item),
        modules.measurements(item),
        modules.temperature(item),
        modules.variable(item),
    )
    return element(
        "tradeItem",
        text("gtin", item.gtin),
        text(
            "additionalTradeItemIdentification",
            item.sku,
            additionalTradeItemIdentificationTypeCode="SUPPLIER_ASSIGNED",
        ),
        _flags(base=True, consumer=True, despatch=alone, invoice=alone, orderable=alone),
        text("tradeItemUnitDescriptorCode", "BASE_UNIT_OR_EACH"),
        _parties(item, profile),
        _classification(item),
        _market(profile),
        element("tradeItemInformation", element("extension", *said)),
        _dates(at),
    )


def _flags(*, base: bool, consumer: bool, despatch: bool, invoice: bool, orderable: bool) -> str:
    return (
        text("isTradeItemABaseUnit", flag(base))
        + text("isTradeItemAConsumerUnit", flag(consumer))
        + text("isTradeItemADespatchUnit", flag(despatch))
        + text("isTradeItemAnInvoiceUnit", flag(invoice))
        + text("isTradeItemAnOrderableUnit", flag(orderable))
    )


def _provider(profile: Profile) -> str:
    return element(
        "informationProviderOfTradeItem",
        text("gln", profile.supplier_gln),
        text("partyName", profile.supplier_name, limit=200),
    )


def _parties(item: FeedItem, profile: Profile) -> str:
    gln = text("gln", item.producer_gln)
    name = text("partyName", item.producer_name, limit=200)
    address = text("partyAddress", item.producer_address, limit=500)
    return (
        element("brandOwner", gln, name)
        + _provider(profile)
        + element("manufacturerOfTradeItem", gln, address, name)
    )


def _classification(item: FeedItem) -> str:
    return element("gdsnTradeItemClassification", text("gpcCategoryCode", item.gpc))


def _market(profile: Profile) -> str:
    return element("targetMarket", text("targetMarketCountryCode", profile.target_market))


def _dates(at: str) -> str:
    return element(
        "tradeItemSynchronisationDates",
        text("lastChangeDateTime", at),
        text("effectiveDateTime", at),
    )


def _moment(moment: datetime) -> str:
    return moment.astimezone(VIETNAM).isoformat(timespec="milliseconds")
