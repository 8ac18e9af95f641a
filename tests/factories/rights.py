"""Papers, protected names and licences for tests, in force on the tests' day."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from catalog.models import Licence, Paper, Product, ProtectedName, SuspensionRow
from core.facts import announce
from tests.factories.catalog import NOW

_numbers = itertools.count(1)


def make_scheme_paper(session: Session, product: Product, **values: Any) -> Paper:
    """A checked VietGAP certificate of the product, 10 January 2026 to 9 January 2029."""
    paper = Paper(
        **{
            "producer_id": product.producer_id,
            "product_id": product.id,
            "kind": "vietgap",
            "number": f"VietGAP-TT-{next(_numbers):04d}",
            "issued_on": date(2026, 1, 10),
            "valid_to": date(2029, 1, 9),
            "issuer": "Tổ chức chứng nhận Minh Họa",
            "checked_on": date(2026, 1, 12),
            "created_at": NOW,
            **values,
        }
    )
    session.add(paper)
    session.flush()
    announce(session, "paper.recorded", paper_id=paper.id, producer_id=paper.producer_id)
    return paper


def make_right(session: Session, **values: Any) -> ProtectedName:
    """A geographical indication Cà Mau for crab, with a number of its own."""
    right = ProtectedName(
        **{
            "kind": "gi",
            "number": f"9{next(_numbers):04d}",
            "name": "Cà Mau",
            "goods": {"vi": "Cua", "en": "Mud crab"},
            "province_code": "96",
            "registered_on": date(2022, 5, 1),
            "created_at": NOW,
            **values,
        }
    )
    session.add(right)
    session.flush()
    return right


def make_licence(
    session: Session, right: ProtectedName, *products: Product, **values: Any
) -> Licence:
    """A licence of 2025 for these products of one producer, to the end of 2029."""
    licence = Licence(
        **{
            "protected_name_id": right.id,
            "producer_id": products[0].producer_id,
            "number": f"{next(_numbers):02d}/GCN-SKHCN",
            "issuer": "Sở Khoa học và Công nghệ tỉnh Cà Mau",
            "issued_on": date(2025, 2, 1),
            "valid_to": date(2029, 12, 31),
            "created_at": NOW,
            "products": list(products),
            **values,
        }
    )
    session.add(licence)
    session.flush()
    announce(session, "licence.granted", licence_id=licence.id, producer_id=licence.producer_id)
    return licence


def make_suspension(session: Session, first: date, last: date | None, **of: int) -> SuspensionRow:
    """A suspension of `paper_id`, `licence_id` or `protected_name_id`."""
    row = SuspensionRow(
        starts_on=first, ends_on=last, reason="Đang kiểm tra lại", created_at=NOW, **of
    )
    session.add(row)
    session.flush()
    return row
