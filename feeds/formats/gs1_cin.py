"""GS1 Catalogue Item Notification 3.1: one transaction for each line, written as a stream of text.

Element names and their order follow the GDSN 3.1 schemas, which may not be shipped; ``checks.py`` repeats the
part we use, and tests validate against the schemas where they are present.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from catalog.reference import ALLERGENS
from core.clock import VIETNAM
from feeds.formats.lines import Batch, Line
from feeds.profiles import Profile
from feeds.rules.items import FeedItem, short_name
from feeds.rules.mapping import STORAGE_CELSIUS

CIN = "urn:gs1:gdsn:catalogue_item_notification:xsd:3"
SBDH = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
COMMANDS = {"add": "ADD", "change": "CHANGE_BY_REFRESH", "withdraw": "DELETE"}
COUNTRY_NUMBERS = {"VN": "704"}
"""ISO 3166-1 numeric codes of the countries of origin that occur."""

_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


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
        return _e(f"sh:{role}", _t("sh:Identifier", gln, Authority="GS1"))

    return _e(
        "sh:StandardBusinessDocumentHeader",
        _t("sh:HeaderVersion", "1.0"),
        party("Sender", profile.supplier_gln),
        party("Receiver", profile.gln),
        _e(
            "sh:DocumentIdentification",
            _t("sh:Standard", "GS1"),
            _t("sh:TypeVersion", "3.1"),
            _t("sh:InstanceIdentifier", name),
            _t("sh:Type", "catalogueItemNotification"),
            _t("sh:CreationDateAndTime", at),
        ),
    )


def _transaction(line: Line, name: str, at: str, reload: bool, profile: Profile) -> str:
    identity = _t("entityIdentification", name) + _e(
        "contentOwner", _t("gln", profile.supplier_gln)
    )
    notification = _e(
        "cin:catalogueItemNotification",
        _t("creationDateTime", at),
        _t("documentStatusCode", "ORIGINAL"),
        _e("catalogueItemNotificationIdentification", identity),
        _t("isReload", _flag(reload)),
        _catalogue_item(line, at, profile),
    )
    header = (
        f'<documentCommandHeader type="{COMMANDS[line.action]}">'
        f"{_e('documentCommandIdentification', identity)}</documentCommandHeader>"
    )
    return _e(
        "transaction",
        _e("transactionIdentification", identity),
        _e("documentCommand", header, notification),
    )


def _catalogue_item(line: Line, at: str, profile: Profile) -> str:
    if line.action == "withdraw" or line.item is None:
        return _wrapped("DISCONTINUED", _withdrawn(line, at, profile), profile)
    each = _wrapped("REGISTERED", _each(line.item, at, profile), profile)
    item = line.item
    if not (item.case_gtin and item.units_per_case):
        return each
    link = _e("catalogueItemChildItemLink", _t("quantity", str(item.units_per_case)), each)
    return _wrapped("REGISTERED", _case(item, at, profile) + link, profile)


def _wrapped(state: str, content: str, profile: Profile) -> str:
    return _e(
        "catalogueItem",
        _t("dataRecipient", profile.gln),
        _t("sourceDataPool", profile.supplier_gln),
        _e("catalogueItemState", _t("catalogueItemStateCode", state)),
        content,
    )


def _withdrawn(line: Line, at: str, profile: Profile) -> str:
    item = line.item
    gpc = profile.gpc["default"] if item is None else item.gpc
    return _e(
        "tradeItem",
        _t("gtin", line.gtin),
        _provider(profile),
        _e("gdsnTradeItemClassification", _t("gpcCategoryCode", gpc)),
        _market(profile),
        _e(
            "tradeItemSynchronisationDates",
            _t("lastChangeDateTime", at),
            _t("discontinuedDateTime", at),
        ),
    )


def _case(item: FeedItem, at: str, profile: Profile) -> str:
    each, units = item.gtin, str(item.units_per_case)
    return _e(
        "tradeItem",
        _t("gtin", str(item.case_gtin).zfill(14)),
        _flags(base=False, consumer=False, despatch=True, invoice=True, orderable=True),
        _t("tradeItemUnitDescriptorCode", "CASE"),
        _parties(item, profile),
        _classification(item),
        _e(
            "nextLowerLevelTradeItemInformation",
            _t("quantityOfChildren", "1"),
            _t("totalQuantityOfNextLowerLevelTradeItem", units),
            _e("childTradeItem", _t("gtin", each), _t("quantityOfNextLowerLevelTradeItem", units)),
        ),
        _market(profile),
        _e("tradeItemInformation", _e("extension", _description(item))),
        _dates(at),
    )


def _each(item: FeedItem, at: str, profile: Profile) -> str:
    alone = not (item.case_gtin and item.units_per_case)
    modules = (
        _alcohol(item),
        _allergens(item),
        _certification(item),
        _purchasing(item),
        _ingredients(item),
        _origin(item),
        _description(item),
        _lifespan(item),
        _measurements(item),
        _temperature(item),
        _variable(item),
    )
    return _e(
        "tradeItem",
        _t("gtin", item.gtin),
        _t(
            "additionalTradeItemIdentification",
            item.sku,
            additionalTradeItemIdentificationTypeCode="SUPPLIER_ASSIGNED",
        ),
        _flags(base=True, consumer=True, despatch=alone, invoice=alone, orderable=alone),
        _t("tradeItemUnitDescriptorCode", "BASE_UNIT_OR_EACH"),
        _parties(item, profile),
        _classification(item),
        _market(profile),
        _e("tradeItemInformation", _e("extension", *modules)),
        _dates(at),
    )


def _flags(*, base: bool, consumer: bool, despatch: bool, invoice: bool, orderable: bool) -> str:
    return (
        _t("isTradeItemABaseUnit", _flag(base))
        + _t("isTradeItemAConsumerUnit", _flag(consumer))
        + _t("isTradeItemADespatchUnit", _flag(despatch))
        + _t("isTradeItemAnInvoiceUnit", _flag(invoice))
        + _t("isTradeItemAnOrderableUnit", _flag(orderable))
    )


def _provider(profile: Profile) -> str:
    return _e(
        "informationProviderOfTradeItem",
        _t("gln", profile.supplier_gln),
        _t("partyName", profile.supplier_name, limit=200),
    )


def _parties(item: FeedItem, profile: Profile) -> str:
    gln = _t("gln", item.producer_gln)
    name = _t("partyName", item.producer_name, limit=200)
    address = _t("partyAddress", item.producer_address, limit=500)
    return (
        _e("brandOwner", gln, name)
        + _provider(profile)
        + _e("manufacturerOfTradeItem", gln, address, name)
    )


def _classification(item: FeedItem) -> str:
    return _e("gdsnTradeItemClassification", _t("gpcCategoryCode", item.gpc))


def _market(profile: Profile) -> str:
    return _e("targetMarket", _t("targetMarketCountryCode", profile.target_market))


def _dates(at: str) -> str:
    return _e(
        "tradeItemSynchronisationDates", _t("lastChangeDateTime", at), _t("effectiveDateTime", at)
    )


def _alcohol(item: FeedItem) -> str:
    if item.abv is None:
        return ""
    return _module(
        "alcohol_information",
        "alcoholInformationModule",
        _e("alcoholInformation", _t("percentageOfAlcoholByVolume", item.abv)),
    )


def _allergens(item: FeedItem) -> str:
    """Declared allergens with GDSN codes; one without a code is told in words, never dropped."""
    if item.allergens_state not in {"declared", "none_declared"}:
        return ""
    statement, coded = "", ""
    words = [ALLERGENS[c].names["vi"] for c in item.contains if ALLERGENS[c].gdsn_code is None]
    if item.allergens_state == "none_declared":
        words = ["Không có chất gây dị ứng"]
    if words:
        statement = _t("allergenStatement", "; ".join(words), limit=1000, languageCode="vi")
    for level, codes in (("CONTAINS", item.contains), ("MAY_CONTAIN", item.may_contain)):
        for code in codes:
            gdsn = ALLERGENS[code].gdsn_code
            if gdsn is not None:
                coded += _e(
                    "allergen",
                    _t("allergenTypeCode", gdsn),
                    _t("levelOfContainmentCode", level),
                )
    known = _t("isAllergenRelevantDataProvided", "true")
    return _module(
        "allergen_information",
        "allergenInformationModule",
        _e("allergenRelatedInformation", statement, known, coded),
    )


def _certification(item: FeedItem) -> str:
    """The recognition, only while its claim is valid."""
    claim = item.recognition
    if claim is None:
        return ""
    return _module(
        "certification_information",
        "certificationInformationModule",
        _e(
            "certificationInformation",
            _t("certificationAgency", claim.issuer, limit=200),
            _t("certificationStandard", "OCOP"),
            _e(
                "certification",
                _t("certificationValue", f"{claim.stars} sao"),
                _t("certificateIssuanceDateTime", f"{claim.issued_on}T00:00:00.000+07:00"),
                _t("certificationEffectiveEndDateTime", f"{claim.valid_to}T23:59:59.000+07:00"),
                _t("certificationIdentification", claim.decision_number, limit=120),
            ),
        ),
    )


def _purchasing(item: FeedItem) -> str:
    minimum = _t("orderQuantityMinimum", str(item.min_order))
    return _module(
        "delivery_purchasing_information",
        "deliveryPurchasingInformationModule",
        _e("deliveryPurchasingInformation", minimum),
    )


def _ingredients(item: FeedItem) -> str:
    if not item.ingredients:
        return ""
    statement = _t("ingredientStatement", item.ingredients, limit=5000, languageCode="vi")
    return _module("food_and_beverage_ingredient", "foodAndBeverageIngredientModule", statement)


def _origin(item: FeedItem) -> str:
    number = COUNTRY_NUMBERS.get(item.origin_country)
    if number is None:
        return ""
    country = _e("countryOfOrigin", _t("countryCode", number))
    return _module(
        "place_of_item_activity",
        "placeOfItemActivityModule",
        _e("placeOfProductActivity", country),
    )


def _description(item: FeedItem) -> str:
    functional = short_name(item.category or item.name_vi, 35)
    brand = _t("brandName", item.producer_name, limit=70)
    return _module(
        "trade_item_description",
        "tradeItemDescriptionModule",
        _e(
            "tradeItemDescriptionInformation",
            _t("descriptionShort", short_name(item.short_name, 35), languageCode="vi"),
            _t("functionalName", functional, languageCode="vi"),
            _t("tradeItemDescription", item.name_vi, limit=200, languageCode="vi"),
            _t("tradeItemDescription", item.name_en, limit=200, languageCode="en"),
            _e("brandNameInformation", brand),
        ),
    )


def _lifespan(item: FeedItem) -> str:
    if item.shelf_life_days is None:
        return ""
    arrival = item.shelf_life_at_arrival_days
    return _module(
        "trade_item_lifespan",
        "tradeItemLifespanModule",
        _e(
            "tradeItemLifespan",
            _t(
                "minimumTradeItemLifespanFromTimeOfArrival",
                None if arrival is None else str(arrival),
            ),
            _t("minimumTradeItemLifespanFromTimeOfProduction", str(item.shelf_life_days)),
        ),
    )


def _measurements(item: FeedItem) -> str:
    weight = ""
    if item.gross_weight_g is not None:
        gross = _t("grossWeight", str(item.gross_weight_g), measurementUnitCode="GRM")
        weight = _e("tradeItemWeight", gross)
    net = _t("netContent", item.net_content, measurementUnitCode=item.net_unit)
    return _module(
        "trade_item_measurements",
        "tradeItemMeasurementsModule",
        _e("tradeItemMeasurements", net, weight),
    )


def _temperature(item: FeedItem) -> str:
    low, high = STORAGE_CELSIUS[item.storage_kind]
    if low is None and high is None:
        return ""
    unit = "CEL"
    return _module(
        "trade_item_temperature_information",
        "tradeItemTemperatureInformationModule",
        _e(
            "tradeItemTemperatureInformation",
            _t("maximumTemperature", _number(high), temperatureMeasurementUnitCode=unit),
            _t("minimumTemperature", _number(low), temperatureMeasurementUnitCode=unit),
            _t("temperatureQualifierCode", "STORAGE_HANDLING"),
        ),
    )


def _variable(item: FeedItem) -> str:
    by_weight = _t("isTradeItemAVariableUnit", _flag(item.sold_by == "weight"))
    return _module(
        "variable_trade_item_information",
        "variableTradeItemInformationModule",
        _e("variableTradeItemInformation", by_weight),
    )


def _module(namespace: str, element: str, content: str) -> str:
    uri = f"urn:gs1:gdsn:{namespace}:xsd:3"
    return f'<m:{element} xmlns:m="{uri}">{content}</m:{element}>\n'


def _e(name: str, *content: str) -> str:
    inner = "".join(content)
    return f"<{name}>{inner}</{name}>" if inner else ""


def _t(name: str, text: str | None, *, limit: int | None = None, **attributes: str) -> str:
    """A text element, or nothing for an unknown or empty text: an empty element is not valid."""
    clean = _NOT_XML.sub("", text or "").strip()
    if not clean:
        return ""
    listed = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{listed}>{escape(clean[:limit])}</{name}>"


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _number(value: int | None) -> str | None:
    return None if value is None else str(value)


def _moment(moment: datetime) -> str:
    return moment.astimezone(VIETNAM).isoformat(timespec="milliseconds")
