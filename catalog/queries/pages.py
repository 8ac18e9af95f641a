"""What a page shows: frozen, fully loaded objects that a template reads without asking anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from catalog.queries.facets.table import Count as FacetValue
from catalog.queries.record import ProductRecord
from catalog.rules.certification import CertificateFacts, StarClaim
from catalog.rules.destinations import HOME_CURRENCY
from catalog.rules.facets import Chosen
from catalog.rules.fallback import Text
from catalog.rules.marks import MarkClaim
from catalog.rules.pictures import Picture
from catalog.rules.publication import Problem
from catalog.rules.unit_price import UnitPrice
from core.money import Money

__all__ = [
    "AllergenStatement",
    "BrowsePage",
    "BrowseRequest",
    "Card",
    "CardThere",
    "CertificatePage",
    "CertificateView",
    "ExpiringCertificate",
    "FacetValue",
    "FoodSafetyView",
    "HomePage",
    "PackageView",
    "ProducerPage",
    "ProducerView",
    "ProductPage",
    "RegisterDraft",
    "StarClaim",
    "Text",
    "UnitPrice",
    "WithheldListing",
]


@dataclass(frozen=True, slots=True)
class PackageView:
    """A sellable package. `available` is None until the storefront asks orders for the stock."""

    id: int
    sku: str
    gtin: str | None
    gtin_is_internal: bool
    net_content: Decimal
    unit: str
    count: int
    label: str
    price: Money
    unit_price: UnitPrice | None
    vat_rate_bp: int
    available: int | None
    sold_by: str
    abv: Decimal | None = None
    min_order: int = 1


@dataclass(frozen=True, slots=True)
class CardThere:
    """What holds at a destination abroad (ISO 3166-1): open, later, closed or unknown, and why.

    Without `is_local_price` the card shows the price at home.
    """

    country: str
    state: str
    reasons: tuple[tuple[str, Mapping[str, str]], ...]
    is_local_price: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A product in a list, with its first package and the claim it may make on the day asked."""

    product_id: int
    slug: str
    name: Text
    producer_name: str
    producer_slug: str
    province_code: str | None
    subgroup_code: str | None
    packshot: str
    package: PackageView
    claim: StarClaim | None
    is_illustrative: bool
    picture: Picture | None = None
    there: CardThere | None = None


@dataclass(frozen=True, slots=True)
class CertificateView:
    """A certificate as anyone may see it.

    `state` is valid, expiring, expired, revoked, upcoming or unverified on the day asked. Templates
    show stars only through a `claim`; `stars` here is what the decision once said.
    """

    id: int
    scheme: str
    decision_number: str | None
    issued_on: date | None
    issuer: str | None
    issuing_level: str | None
    stars: int | None
    valid_to: date | None
    state: str
    rating_year: int | None
    revoked_on: date | None
    is_illustrative: bool


@dataclass(frozen=True, slots=True)
class FoodSafetyView:
    """A food-safety paper; `is_valid` on the day asked."""

    kind: str
    number: str | None
    issued_on: date | None
    valid_to: date | None
    issuer: str | None
    is_valid: bool
    is_illustrative: bool


@dataclass(frozen=True, slots=True)
class ProducerView:
    """The maker, with the registered facts a buyer is entitled to."""

    id: int
    slug: str
    name: str
    kind: str
    province_code: str | None
    commune: str | None
    former_unit: str | None
    address: str | None
    phone: str | None
    email: str | None
    tax_number: str | None
    gln: str | None
    founded_year: int | None
    story: Text | None
    is_illustrative: bool
    registration_number: str | None = None
    registered_on: date | None = None
    closed_from: date | None = None
    closed_to: date | None = None
    closed_note: str | None = None
    commune_code: str | None = None


@dataclass(frozen=True, slots=True)
class AllergenStatement:
    """Allergen codes (see `catalog.reference.ALLERGENS`); unknown is not the same as none.

    `state` is declared, none_declared or unknown.
    """

    state: str
    contains: tuple[str, ...]
    may_contain: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProductPage:
    """Everything a product page says."""

    product_id: int
    slug: str
    name: Text
    summary: Text | None
    description: Text | None
    ingredients: Text | None
    usage: Text | None
    storage_note: Text | None
    province_code: str | None
    subgroup_code: str | None
    packshot: str
    packages: tuple[PackageView, ...]
    allergens: AllergenStatement
    claim: StarClaim | None
    certificates: tuple[CertificateView, ...]
    food_safety: tuple[FoodSafetyView, ...]
    producer: ProducerView
    related: tuple[Card, ...]
    shelf_life_days: int | None
    storage_kind: str
    season: str | None
    hs6: str | None
    origin_country: str
    is_illustrative: bool
    published_at: datetime
    updated_at: datetime
    marks: tuple[MarkClaim, ...] = ()
    record: ProductRecord = field(default_factory=ProductRecord)
    pictures: tuple[Picture, ...] = ()
    first_slug: str = ""
    """The address part it was made with, which leads to it for ever."""
    slugs: Mapping[str, str] = field(default_factory=dict)
    """Its address part in every open language; `slug` is that of the page's."""
    warnings: Text | None = None
    """In the page's own language only; `record.warnings` is what the Vietnamese label says."""

    @property
    def package(self) -> PackageView:
        """The package shown first."""
        return self.packages[0]

    @property
    def producer_name(self) -> str:
        """The maker's name, as on a card."""
        return self.producer.name

    @property
    def producer_slug(self) -> str:
        """The maker's address, as on a card."""
        return self.producer.slug


@dataclass(frozen=True, slots=True)
class BrowseRequest:
    """What to list: the chosen values of facets; `sort` is newest, name, price or -price."""

    chosen: Chosen = field(default_factory=dict)
    sort: str = "newest"
    page: int = 1
    per_page: int = 24


@dataclass(frozen=True, slots=True)
class BrowsePage:
    """One page of a list; `facets` has those of `catalog.rules.facets.FACETS` that have values.

    `names` are those of communes and producers by their values. Goods with a price in `currency` come
    first where prices decide, dong where no goods have another.
    """

    cards: tuple[Card, ...]
    total: int
    page: int
    pages: int
    per_page: int
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    currency: str = HOME_CURRENCY


@dataclass(frozen=True, slots=True)
class HomePage:
    """The front page: some five- and four-star goods, the newest, and how much there is."""

    featured: tuple[Card, ...]
    newest: tuple[Card, ...]
    groups: tuple[FacetValue, ...]
    provinces: tuple[FacetValue, ...]
    product_count: int
    producer_count: int


@dataclass(frozen=True, slots=True)
class ProducerPage:
    """A maker, its goods and its papers."""

    producer: ProducerView
    cards: tuple[Card, ...]
    food_safety: tuple[FoodSafetyView, ...]
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class CertificatePage:
    """A certificate as of a day. `product_slug` is None while the product is not on sale.

    `superseded_by` and `replaces` are the decisions after and before it that had been made by then;
    `score_parts` are parts A, B and C, or nothing; `marks` is what else the product may show.
    """

    certificate: CertificateView
    claim: StarClaim | None
    product_id: int
    product_name: Text
    product_slug: str | None
    producer_name: str
    producer_slug: str
    province_code: str | None
    on: date
    superseded_by: CertificateFacts | None = None
    replaces: CertificateFacts | None = None
    revoked_reason: str | None = None
    score: Decimal | None = None
    score_parts: tuple[Decimal, ...] = ()
    marks: tuple[MarkClaim, ...] = ()


@dataclass(frozen=True, slots=True)
class ExpiringCertificate:
    """A line of the office's list: a claim that ends soon."""

    product_id: int
    product_name: str
    producer_name: str
    certificate: CertificateView
    days_left: int


@dataclass(frozen=True, slots=True)
class WithheldListing:
    """A published product that is not shown, and every reason."""

    product_id: int
    slug: str
    product_name: str
    producer_id: int
    producer_name: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class RegisterDraft:
    """A product known from a register but not yet a listing."""

    product_id: int
    code: str
    product_name: str
    producer_name: str
    province_code: str | None
    stars_in_register: int | None
    rating_year: int | None
    facts: Mapping[str, Any] = field(default_factory=dict)
