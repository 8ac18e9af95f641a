"""Places, gift sets and visits for tests, as people see them."""

from __future__ import annotations

import itertools
from typing import Any

from sqlalchemy.orm import Session

from catalog.models import GiftSet, GiftSetPart, Package, Place, Product, VisitTerms
from catalog.rules.translation import digest
from core.facts import announce
from i18n.text import slugify
from tests.factories.catalog import NOW, make_product

_numbers = itertools.count(1)


def make_place(session: Session, name: str = "Mũi Cà Mau", **values: Any) -> Place:
    """A published place in Cà Mau, with an English name."""
    place = Place(
        **{
            "slug": f"{slugify(name)}-{next(_numbers)}",
            "name": name,
            "province_code": "96",
            "commune": "Đất Mũi",
            "story": "Nơi đất liền còn lấn ra biển.",
            "directions": "Đi xe khách đến Năm Căn rồi xuống vỏ lãi.",
            "texts": {"en": {"name": {"text": "Cà Mau Cape", "of": digest(name)}}},
            "scene": "mangrove",
            "state": "published",
            "created_at": NOW,
            "updated_at": NOW,
            **values,
        }
    )
    session.add(place)
    session.flush()
    announce(session, "place.changed", place_id=place.id)
    return place


def make_gift_set(
    session: Session, *packages: Package, name: str = "Quà Tết phương Nam", **values: Any
) -> GiftSet:
    """A published set of the office with one of each package."""
    gift_set = GiftSet(
        **{
            "slug": f"{slugify(name)}-{next(_numbers)}",
            "name": name,
            "summary": "Gói quà của rừng và biển.",
            "texts": {"en": {"name": {"text": "Gift of the south", "of": digest(name)}}},
            "state": "published",
            "created_at": NOW,
            "updated_at": NOW,
            **values,
        }
    )
    gift_set.parts = [
        GiftSetPart(package_id=package.id, quantity=1, position=place)
        for place, package in enumerate(packages)
    ]
    session.add(gift_set)
    session.flush()
    announce(session, "gift_set.changed", gift_set_id=gift_set.id)
    return gift_set


def make_visit(
    session: Session, name: str = "Một ngày ở rừng đước", **values: Any
) -> tuple[Product, VisitTerms]:
    """A community-tourism service on sale for 2 to 12 people, from November to April."""
    terms = {
        "least_people": 2,
        "most_people": 12,
        "months": (1, 2, 3, 4, 11, 12),
        "languages": ("vi", "en"),
        "meeting_place": "Bến tàu Năm Căn",
        "texts": {},
    }
    own = {key: values.pop(key) for key in list(values) if key in terms}
    product = make_product(
        session,
        name,
        **{
            "subgroup_code": "T01",
            "packshot": "tour",
            "ingredients": None,
            "allergens_state": "none_declared",
            "hs6": None,
            **values,
        },
    )
    visit = VisitTerms(product_id=product.id, **{**terms, **own})
    session.add(visit)
    session.flush()
    return product, visit
