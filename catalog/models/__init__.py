"""The tables of the catalogue."""

from __future__ import annotations

from catalog.models.allergen import ProductAllergen
from catalog.models.answer_draft import AnswerDraft
from catalog.models.certificate import Certificate
from catalog.models.food_safety import FoodSafetyDocument
from catalog.models.growing_area import GrowingArea
from catalog.models.ingredient import ProductIngredient
from catalog.models.nutrition import ProductNutrition
from catalog.models.package import Package, PackageLevel
from catalog.models.price_list import Offer, OfferTier, PriceList
from catalog.models.producer import Producer
from catalog.models.product import Product
from catalog.models.traceability import Lot, LotEvent, LotEventItem, Recall, RecallLot
from catalog.models.translation import Translation

__all__ = [
    "AnswerDraft",
    "Certificate",
    "FoodSafetyDocument",
    "Lot",
    "LotEvent",
    "LotEventItem",
    "GrowingArea",
    "Offer",
    "OfferTier",
    "Package",
    "PackageLevel",
    "PriceList",
    "Producer",
    "Product",
    "ProductAllergen",
    "Recall",
    "RecallLot",
    "ProductIngredient",
    "ProductNutrition",
    "Translation",
]
