"""The modules of a GS1 trade item: what the extension says of alcohol, allergens, certificates, storage."""

from __future__ import annotations

from catalog.reference import ALLERGENS
from feeds.formats.gs1_elements import element, flag, number, text
from feeds.rules.items import FeedItem, short_name
from feeds.rules.mapping import STORAGE_CELSIUS

COUNTRY_NUMBERS = {"VN": "704"}
"""ISO 3166-1 numeric codes of the countries of origin that occur."""


def alcohol(item: FeedItem) -> str:
    """The strength of a drink."""
    if item.abv is None:
        return ""
    return _module(
        "alcohol_information",
        "alcoholInformationModule",
        element("alcoholInformation", text("percentageOfAlcoholByVolume", item.abv)),
    )


def allergens(item: FeedItem) -> str:
    """Declared allergens with GDSN codes; one without a code is told in words, never dropped."""
    if item.allergens_state not in {"declared", "none_declared"}:
        return ""
    statement, coded = "", ""
    words = [ALLERGENS[c].names["vi"] for c in item.contains if ALLERGENS[c].gdsn_code is None]
    if item.allergens_state == "none_declared":
        words = ["Không có chất gây dị ứng"]
    if words:
        statement = text("allergenStatement", "; ".join(words), limit=1000, languageCode="vi")
    for level, codes in (("CONTAINS", item.contains), ("MAY_CONTAIN", item.may_contain)):
        for code in codes:
            gdsn = ALLERGENS[code].gdsn_code
            if gdsn is not None:
                coded += element(
                    "allergen",
                    text("allergenTypeCode", gdsn),
                    text("levelOfContainmentCode", level),
                )
    known = text("isAllergenRelevantDataProvided", "true")
    return _module(
        "allergen_information",
        "allergenInformationModule",
        element("allergenRelatedInformation", statement, known, coded),
    )


def certification(item: FeedItem) -> str:
    """The recognition, only while its claim is valid."""
    claim = item.recognition
    if claim is None:
        return ""
    return _module(
        "certification_information",
        "certificationInformationModule",
        element(
            "certificationInformation",
            text("certificationAgency", claim.issuer, limit=200),
            text("certificationStandard", "OCOP"),
            element(
                "certification",
                text("certificationValue", f"{claim.stars} sao"),
                text("certificateIssuanceDateTime", f"{claim.issued_on}T00:00:00.000+07:00"),
                text("certificationEffectiveEndDateTime", f"{claim.valid_to}T23:59:59.000+07:00"),
                text("certificationIdentification", claim.decision_number, limit=120),
            ),
        ),
    )


def purchasing(item: FeedItem) -> str:
    """The least quantity that may be ordered."""
    minimum = text("orderQuantityMinimum", str(item.min_order))
    return _module(
        "delivery_purchasing_information",
        "deliveryPurchasingInformationModule",
        element("deliveryPurchasingInformation", minimum),
    )


def ingredients(item: FeedItem) -> str:
    """The list of ingredients as it stands on the label."""
    if not item.ingredients:
        return ""
    statement = text("ingredientStatement", item.ingredients, limit=5000, languageCode="vi")
    return _module("food_and_beverage_ingredient", "foodAndBeverageIngredientModule", statement)


def origin(item: FeedItem) -> str:
    """The country of origin, where its number is known."""
    number = COUNTRY_NUMBERS.get(item.origin_country)
    if number is None:
        return ""
    country = element("countryOfOrigin", text("countryCode", number))
    return _module(
        "place_of_item_activity",
        "placeOfItemActivityModule",
        element("placeOfProductActivity", country),
    )


def description(item: FeedItem) -> str:
    """Names, brand and what kind of thing it is."""
    functional = short_name(item.category or item.name_vi, 35)
    brand = text("brandName", item.producer_name, limit=70)
    return _module(
        "trade_item_description",
        "tradeItemDescriptionModule",
        element(
            "tradeItemDescriptionInformation",
            text("descriptionShort", short_name(item.short_name, 35), languageCode="vi"),
            text("functionalName", functional, languageCode="vi"),
            text("tradeItemDescription", item.name_vi, limit=200, languageCode="vi"),
            text("tradeItemDescription", item.name_en, limit=200, languageCode="en"),
            element("brandNameInformation", brand),
        ),
    )


def lifespan(item: FeedItem) -> str:
    """Days of shelf life from production and on arrival."""
    if item.shelf_life_days is None:
        return ""
    arrival = item.shelf_life_at_arrival_days
    return _module(
        "trade_item_lifespan",
        "tradeItemLifespanModule",
        element(
            "tradeItemLifespan",
            text(
                "minimumTradeItemLifespanFromTimeOfArrival",
                None if arrival is None else str(arrival),
            ),
            text("minimumTradeItemLifespanFromTimeOfProduction", str(item.shelf_life_days)),
        ),
    )


def measurements(item: FeedItem) -> str:
    """Net content and gross weight."""
    weight = ""
    if item.gross_weight_g is not None:
        gross = text("grossWeight", str(item.gross_weight_g), measurementUnitCode="GRM")
        weight = element("tradeItemWeight", gross)
    net = text("netContent", item.net_content, measurementUnitCode=item.net_unit)
    return _module(
        "trade_item_measurements",
        "tradeItemMeasurementsModule",
        element("tradeItemMeasurements", net, weight),
    )


def temperature(item: FeedItem) -> str:
    """The degrees at which it is stored."""
    low, high = STORAGE_CELSIUS[item.storage_kind]
    if low is None and high is None:
        return ""
    unit = "CEL"
    return _module(
        "trade_item_temperature_information",
        "tradeItemTemperatureInformationModule",
        element(
            "tradeItemTemperatureInformation",
            text("maximumTemperature", number(high), temperatureMeasurementUnitCode=unit),
            text("minimumTemperature", number(low), temperatureMeasurementUnitCode=unit),
            text("temperatureQualifierCode", "STORAGE_HANDLING"),
        ),
    )


def variable(item: FeedItem) -> str:
    """Whether it is sold by weight."""
    by_weight = text("isTradeItemAVariableUnit", flag(item.sold_by == "weight"))
    return _module(
        "variable_trade_item_information",
        "variableTradeItemInformationModule",
        element("variableTradeItemInformation", by_weight),
    )


def _module(namespace: str, element: str, content: str) -> str:
    uri = f"urn:gs1:gdsn:{namespace}:xsd:3"
    return f'<m:{element} xmlns:m="{uri}">{content}</m:{element}>\n'
