"""The product page already holds every field of a product passport (Decree 37/2026/NĐ-CP, Art. 32).

The fields are those of a published summary of the article; the official text has not been compared yet.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from catalog.models import Producer, Product
from core.db import write_session
from storefront.shop.passport import FIELDS
from tests.factories.lots import make_lot
from tests.web.page_client import Page, PageClient, words
from tests.web.shop.conftest import Stalls

ARTICLE = (
    ("1 name", "name", "Nước mắm cá cơm"),
    ("1 GTIN", "number", "8938500001239"),
    ("unique identifier", "identifier", "http://localhost/01/08938500001239"),
    ("2 name of the producer", "maker", "HTX Rừng Ngập Mặn"),
    ("2 address", "maker_address", "Ấp Vàm, Đất Mũi, Cà Mau"),
    ("2 identifier", "maker_identifier", "Mã số thuế 2000123456"),
    ("3 origin", "origin", "Cà Mau, Việt Nam"),
    ("4 traceability", "traceability", "Lô NM2605A"),
    ("5 certificates", "certificates", "/QĐ-UBND, có giá trị đến"),
    ("6 production date", "produced", "Lô NM2605A: 1 tháng 5, 2026"),
    ("6 expiry", "expires", "Lô NM2605A: 1 tháng 5, 2027"),
    ("7 safety warnings", "warnings", "Không dùng cho trẻ dưới 1 tuổi."),
    ("8 other information", "other", "Nhóm sản phẩm"),
)
"""(what the article asks for, our field, what the page says once it is known)"""


@pytest.fixture
def told(stalls: Stalls) -> str:
    """The starred product with everything a passport asks for; its address."""
    assert stalls.engine is not None
    with write_session(stalls.engine) as session:
        product = session.scalars(select(Product).where(Product.slug == stalls.starred)).one()
        product.warnings = "Không dùng cho trẻ dưới 1 tuổi."
        package = product.packages[0]
        package.gtin, package.gtin_is_internal = "8938500001239", False
        maker = session.get_one(Producer, product.producer_id)
        maker.address, maker.tax_number = "Ấp Vàm", "2000123456"
        maker.commune, maker.province_code = "Đất Mũi", "96"
        make_lot(session, package, produced_on=date(2026, 5, 1), expires_on=date(2027, 5, 1))
        session.commit()
    return stalls.starred


def _said(page: Page, code: str) -> str:
    return words(page.one("dd", id=f"passport-{code}"))


def test_each_field_of_the_article_is_told(client: PageClient, told: str) -> None:
    page = client.get(f"/vi/products/{told}")
    missing = [
        (asked, said, found)
        for asked, code, said in ARTICLE
        if said not in (found := _said(page, code))
    ]
    assert missing == []


def test_no_field_is_left_out_where_nothing_is_known(client: PageClient, stalls: Stalls) -> None:
    assert {code for _asked, code, _said in ARTICLE} == set(FIELDS)
    page = client.get(f"/en/products/{stalls.lapsed}")
    told = {code: _said(page, code) for code in FIELDS}
    unknown = {code for code, text in told.items() if text == "Not known"}
    assert unknown >= {"traceability", "produced", "warnings"}
    assert "OCOP" not in " ".join(told.values())


def test_an_in_house_number_is_never_called_a_gtin(
    client: PageClient, stalls: Stalls, told: str
) -> None:
    assert stalls.engine is not None
    with write_session(stalls.engine) as session:
        product: Any = session.scalars(select(Product).where(Product.slug == told)).one()
        product.packages[0].gtin, product.packages[0].gtin_is_internal = "2000000000015", True
        session.commit()
    page = client.get(f"/en/products/{told}")
    assert _said(page, "number") == "In-house number 2000000000015, not a GTIN"
    assert "/01/" not in _said(page, "identifier")
