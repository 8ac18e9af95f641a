"""The tables of the catalogue."""

from __future__ import annotations

from catalog.models.allergen import ProductAllergen
from catalog.models.answer_draft import AnswerDraft
from catalog.models.article import Article
from catalog.models.certificate import Certificate
from catalog.models.collection import Collection, CollectionProduct
from catalog.models.gift_set import GiftSet, GiftSetPart
from catalog.models.growing_area import GrowingArea
from catalog.models.ingredient import ProductIngredient
from catalog.models.intake import ImportLine, ImportMapping, ImportRun, ProfileColumns
from catalog.models.media import Media
from catalog.models.nutrition import ProductNutrition
from catalog.models.package import Package, PackageLevel
from catalog.models.paper import Paper
from catalog.models.paper_copy import PaperCopy
from catalog.models.picked_picture import PickedPicture
from catalog.models.place import Place, place_producer, place_product
from catalog.models.price_list import Offer, OfferTier, PriceList
from catalog.models.producer import Producer
from catalog.models.product import Product
from catalog.models.product_address import ProductAddress, ProductSlug
from catalog.models.protected_name import Licence, ProtectedName, licence_product
from catalog.models.regulation import MarketVerdict, RegulationEntry
from catalog.models.search_words import SearchQuestion, SearchWords
from catalog.models.standing import EndWarning, SuspensionRow
from catalog.models.supply import SupplyOffer, SupplyRequest
from catalog.models.traceability import Lot, LotEvent, LotEventItem, Recall, RecallLot
from catalog.models.trade_event import (
    Booth,
    EventOutcome,
    Participation,
    ShownProduct,
    TradeEvent,
)
from catalog.models.translation import Translation
from catalog.models.visit import VisitTerms

__all__ = [
    "AnswerDraft",
    "Article",
    "Booth",
    "Collection",
    "CollectionProduct",
    "EventOutcome",
    "Participation",
    "ShownProduct",
    "SupplyOffer",
    "SupplyRequest",
    "TradeEvent",
    "Certificate",
    "EndWarning",
    "ImportLine",
    "ImportMapping",
    "ImportRun",
    "Licence",
    "MarketVerdict",
    "Lot",
    "LotEvent",
    "LotEventItem",
    "GiftSet",
    "GiftSetPart",
    "GrowingArea",
    "Media",
    "Offer",
    "OfferTier",
    "Package",
    "Paper",
    "PaperCopy",
    "PackageLevel",
    "PickedPicture",
    "Place",
    "PriceList",
    "Producer",
    "Product",
    "ProtectedName",
    "SuspensionRow",
    "ProductAllergen",
    "Recall",
    "RecallLot",
    "RegulationEntry",
    "SearchQuestion",
    "ProductAddress",
    "ProductSlug",
    "SearchWords",
    "ProductIngredient",
    "ProductNutrition",
    "ProfileColumns",
    "Translation",
    "VisitTerms",
    "licence_product",
    "place_producer",
    "place_product",
]
