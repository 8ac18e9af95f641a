"""The tables of the catalogue."""

from __future__ import annotations

from catalog.models.allergen import ProductAllergen
from catalog.models.certificate import Certificate
from catalog.models.food_safety import FoodSafetyDocument
from catalog.models.package import Package
from catalog.models.producer import Producer
from catalog.models.product import Product
from catalog.models.translation import Translation

__all__ = [
    "Certificate",
    "FoodSafetyDocument",
    "Package",
    "Producer",
    "Product",
    "ProductAllergen",
    "Translation",
]
