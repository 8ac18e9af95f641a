"""An officer imports a price list in the browser: old and new prices first, then a draft nobody is sold by."""

from __future__ import annotations

from sqlalchemy import select

from catalog.models import Package, PriceList
from tests.factories.house import House
from tests.web.office.test_importing_by_hand import _figures, _officer, _send


def test_a_price_list_becomes_a_draft_of_its_producer(house: House) -> None:
    with house.looking() as session:
        query = select(Package).where(Package.product_id == house.products["producer"])
        package = session.scalars(query).one()
    office = _officer(house)
    rows = f"Mã hàng,Tên hàng,Giá bán lẻ,Giá sỉ\n{package.sku},Tôm khô,91.000,80.000\n"
    page = _send(office, rows + "X-9,Cua,5.000,\n", "bang gia.csv")
    figures = _figures(office)
    assert (figures["New"], figures["Refused"]) == (1, 1)
    assert "No package of the shop has this number." in page
    assert "nobody buys at them until" in page
    with house.looking() as session:
        assert session.scalars(select(PriceList)).all() == []
    office.submit("/confirm")
    with house.looking() as session:
        lists = session.scalars(select(PriceList).order_by(PriceList.kind)).all()
        assert [(one.kind, one.active) for one in lists] == [
            ("retail", False), ("wholesale", False),
        ]  # fmt: skip
        assert session.get_one(Package, package.id).price_minor == 85_000
        number = lists[0].id
    office.get("/office/prices?q=bang+gia")
    assert f"/portal/prices/{number}" in office.links()
    office.get(f"/portal/prices/{number}")
    office.submit("/in-force")
    with house.looking() as session:
        assert session.get_one(Package, package.id).price_minor == 91_000
