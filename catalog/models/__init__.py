"""The tables of the catalogue."""

from __future__ import annotations

from catalog.models.allergen import ProductAllergen
from catalog.models.answer_draft import AnswerDraft
from catalog.models.certificate import Certificate
from catalog.models.growing_area import GrowingArea
from catalog.models.ingredient import ProductIngredient
from catalog.models.intake import ImportLine, ImportMapping, ImportRun, ProfileColumns
from catalog.models.media import Media
from catalog.models.nutrition import ProductNutrition
from catalog.models.package import Package, PackageLevel
from catalog.models.paper import Paper
from catalog.models.paper_copy import PaperCopy
from catalog.models.price_list import Offer, OfferTier, PriceList
from catalog.models.producer import Producer
from catalog.models.product import Product
from catalog.models.protected_name import Licence, ProtectedName, licence_product
from catalog.models.regulation import MarketVerdict, RegulationEntry
from catalog.models.search_words import SearchQuestion, SearchWords
from catalog.models.standing import EndWarning, SuspensionRow
from catalog.models.traceability import Lot, LotEvent, LotEventItem, Recall, RecallLot
from catalog.models.translation import Translation

__all__ = [
    "AnswerDraft",
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
    "GrowingArea",
    "Media",
    "Offer",
    "OfferTier",
    "Package",
    "Paper",
    "PaperCopy",
    "PackageLevel",
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
    "SearchWords",
    "ProductIngredient",
    "ProductNutrition",
    "ProfileColumns",
    "Translation",
    "licence_product",
]
