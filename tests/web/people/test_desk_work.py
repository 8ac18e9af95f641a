"""The daily work at the desks: importing, revoking, answering for a supermarket, sending parcels."""

from __future__ import annotations

import io
import re

import pytest
from sqlalchemy import select, text

from catalog.models import Package, Product
from core import clock
from core.actor import Actor
from core.people.models import Person
from feeds import batches, checking
from feeds.models import FeedBatch, FeedBatchLine
from feeds.profiles import load
from orders import lifecycle, stock
from orders.models.order import SubOrder
from tests.conftest import NOW, TODAY
from tests.factories.browser import Browser
from tests.factories.catalog import make_certificate
from tests.factories.house import House
from tests.factories.orders import make_order

SYSTEM = Actor.system("test")
REGISTER = """id,product_name_vi,producer_name,province_2025,stars,decision_number,decision_date
T-1,Mắm ba khía,HTX Rạch Gốc,Cà Mau,4,123/QĐ-UBND,2025-08-25
T-2,Tôm khô,HTX Rạch Gốc,Cà Mau,6,123/QĐ-UBND,2025-08-25
T-3,Cua biển,,Cà Mau,3,,
"""


def _csv(content: str, name: str = "dang-ky.csv") -> dict[str, object]:
    return {"file": (io.BytesIO(content.encode()), name)}


def _codes(house: House) -> list[str]:
    with house.looking() as session:
        return list(session.scalars(select(Product.code).where(Product.code.like("T-%"))))


def test_an_import_is_looked_at_first_and_stored_on_a_second_button(house: House) -> None:
    office = house.browser("office")
    office.get("/office/import")
    page = office.submit("/import", files=_csv(REGISTER))
    assert _codes(house) == []
    assert "3, 4" in page  # how many stars there are
    assert re.search(r'<b>stars</b>: <q lang="vi">6</q>', page)
    assert "Cua biển" in page
    office.submit("/confirm")
    assert _codes(house) == ["T-1", "T-3"]  # without a maker: a draft that asks for it
    assert not list((house.app.config["OCOP"].data_dir / "uploads").iterdir())


def test_another_officers_upload_cannot_be_confirmed(house: House) -> None:
    office = house.browser("office")
    office.get("/office/import")
    office.submit("/import", files=_csv(REGISTER))
    action = next(f.action for f in office.forms() if f.action.endswith("/confirm"))
    token = office.forms()[0].fields["csrf_token"]
    stolen = re.sub(r"/import/\d+-", "/import/99-", action)
    for address in (stolen, "/office/import/..%2f..%2fhouse.db/confirm"):
        office.client.post(address, data={"csrf_token": token})
    assert _codes(house) == []


@pytest.mark.parametrize(
    ("content", "name"),
    [("", "a.csv"), ("x,y\n1,2\n", "a.csv"), ("PK\x03\x04 broken", "a.xlsx"), ("text", "a.doc")],
)
def test_a_file_that_cannot_be_read_is_explained(house: House, content: str, name: str) -> None:
    office = house.browser("office")
    office.get("/office/import")
    page = office.submit("/import", 422, files=_csv(content, name))
    assert 'role="alert"' in page


def test_a_revoked_certificate_takes_its_stars_along(house: House) -> None:
    with house.changing() as session:
        product = session.get_one(Product, house.products["producer"])
        slug = product.slug
        certificate = make_certificate(session, product, issued_on=clock.today())
    shop, office = house.browser(), house.browser("office")
    assert "OCOP" in _claim(shop.get(f"/vi/products/{slug}"))
    office.get(f"/office/certificates/{certificate.id}/revoke")
    office.submit(status=422, reason="  ")
    office.submit(reason="Cơ sở không còn sản xuất")
    assert "OCOP" not in _claim(shop.get(f"/vi/products/{slug}"))
    with house.looking() as session:
        entry = session.execute(
            text("SELECT person_id FROM audit_entry WHERE action = 'certificate.revoke'")
        ).one()
    assert entry.person_id == house.people["office"]


def test_an_officer_hands_over_a_link_and_cannot_shut_themselves_out(house: House) -> None:
    office = house.browser("office")
    office.get("/office/people")
    page = office.submit(f"/people/{house.people['other']}/link")
    link = re.search(r"http://localhost(/vi/account/link/[\w-]+)", page)
    assert link is not None
    newcomer = house.browser()
    newcomer.get(link.group(1))
    assert "Người other" in newcomer.text()
    office.get("/office/people")
    token = office.forms()[0].fields["csrf_token"]
    office.client.post(
        f"/office/people/{house.people['office']}/disable", data={"csrf_token": token}
    )
    with house.looking() as session:
        assert session.get_one(Person, house.people["office"]).disabled_at is None


def _build_batch(house: House) -> None:
    with house.changing() as session:
        for number, package in enumerate(session.scalars(select(Package))):
            package.gtin = f"893{number:09d}"[:12]
            package.gtin += str(
                (10 - sum(int(d) * (1, 3)[i % 2] for i, d in enumerate(package.gtin))) % 10
            )
        profile = load("demo-supermarket", house.app.config["OCOP"].partners_dir)
        batches.build(session, profile, now=NOW, on=TODAY, actor=SYSTEM, full=True)


def test_a_supermarket_without_any_batch_sees_an_empty_list(house: House) -> None:
    partner = house.browser("partner")
    partner.get("/partners/")
    assert partner.path == "/partners/demo-supermarket"


def test_an_answer_by_hand_books_every_line_once(house: House) -> None:
    _build_batch(house)
    with house.changing() as session:
        batch = session.scalars(select(FeedBatch)).first()
        if batch is None:
            pytest.fail("the factory's products are not complete for the demo supermarket")
        number, batch.state, batch.sent_at = batch.number, "sent", NOW
        line = session.scalars(select(FeedBatchLine)).first()
        assert line is not None
        for each in session.scalars(select(FeedBatchLine)):
            each.state = "sent"
        item, line_no = line.item_key, line.line_no
    partner = house.browser("partner")
    partner.get(f"/partners/demo-supermarket/batches/{number}")
    for address in [a for a in partner.links() if "/files/" in a]:
        answer = partner.client.get(address)
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert house.browser("other").client.get(address).status_code == 403
    answer_file = (
        "batch,line,item,state,code,text\n"
        f"{number},{line_no},{item},rejected,PRICE,quá đắt\n"
        "x,1,1,accepted,,\n"
    )
    partner.get("/partners/demo-supermarket/acknowledgements")
    page = partner.submit("/acknowledgements", files=_csv(answer_file, "../../ack.csv"))
    assert "“x”" in page
    with house.looking() as session:
        booked = session.scalars(select(FeedBatchLine).where(FeedBatchLine.item_key == item)).one()
        assert (booked.state, booked.reason_code) == ("rejected", "PRICE")
    partner.get(f"/partners/demo-supermarket/batches/{number}")
    assert "quá đắt" in partner.text()
    partner.get("/partners/demo-supermarket/acknowledgements")
    partner.submit("/acknowledgements", files=_csv(answer_file, "again.csv"))
    with house.looking() as session:
        assert session.execute(text("SELECT count(*) FROM feed_acknowledgement")).scalar_one() == 1


def test_a_batch_with_faulty_files_tells_why_and_gives_none_away(house: House) -> None:
    _build_batch(house)
    with house.changing() as session:
        batch = session.scalars(select(FeedBatch)).one()
        name = batch.files[-1].name
        fault = checking.FileFault(name, 3, "gln_invalid", "1234567890123")
        checking.record_check(session, batch.id, [fault], now=NOW)
    address = f"/partners/demo-supermarket/batches/{batch.number}"
    for person, allowed in (("partner", 404), ("office", 200)):
        desk = house.browser(person)
        desk.get(address)
        assert "1234567890123" in desk.text()
        assert desk.client.get(f"{address}/files/{name}").status_code == allowed
    assert f"{address}/files/{name}" not in house.browser("partner").get(address)
    assert "1" in house.browser("office").get("/office/feeds")


def test_a_made_up_supermarket_is_no_page_even_for_the_office(house: House) -> None:
    for name in ("nobody", "..", "demo-supermarket%00"):
        assert house.browser("office").client.get(f"/partners/{name}").status_code in (
            400,
            403,
            404,
        )


def _parcel(house: House) -> int:
    with house.changing() as session:
        package = session.scalars(
            select(Package).where(Package.product_id == house.products["producer"])
        ).one()
        stock.set_on_hand(session, package.id, 5, actor=SYSTEM, now=NOW)
        order = make_order(session, (package, 2), payment_method="cod")
        if order.state == "placed":
            lifecycle.apply(session, order.id, "confirm", actor=SYSTEM, now=NOW)
        parcel = session.scalars(select(SubOrder).where(SubOrder.order_id == order.id)).one()
        return parcel.id


def _joined(browser: Browser) -> str:
    """The page's words without the gaps between the groups of a number."""
    return "".join(browser.text().split())


def test_a_parcel_goes_out_button_by_button(house: House) -> None:
    parcel = _parcel(house)
    producer = house.browser("producer")
    producer.get("/portal/orders")
    assert f"/portal/orders/{parcel}" in producer.links()
    producer.get(f"/portal/orders/{parcel}")
    assert "912345678" not in _joined(producer)  # nobody's number before the order is accepted
    producer.submit("/accept")
    producer.get(f"/portal/orders/{parcel}")
    assert "912345678" in _joined(producer)
    for event in ("pack", "ship", "deliver"):
        producer.submit(f"/{event}")
    with house.looking() as session:
        assert session.get_one(SubOrder, parcel).state == "delivered"


def test_a_refused_parcel_needs_a_reason(house: House) -> None:
    parcel = _parcel(house)
    producer = house.browser("producer")
    producer.get(f"/portal/orders/{parcel}")
    producer.submit("/reject", reason=" ")
    with house.looking() as session:
        assert session.get_one(SubOrder, parcel).state == "new"
    producer.submit("/reject", reason="Hết hàng vì mưa bão")
    with house.looking() as session:
        assert session.get_one(SubOrder, parcel).state == "rejected"


def test_the_same_button_pressed_twice_moves_once(house: House) -> None:
    parcel = _parcel(house)
    producer = house.browser("producer")
    producer.get(f"/portal/orders/{parcel}")
    token = producer.forms()[0].fields["csrf_token"]
    for _ in range(2):
        answer = producer.client.post(f"/portal/orders/{parcel}/accept", data={"csrf_token": token})
        assert answer.status_code == 303
    with house.looking() as session:
        assert session.get_one(SubOrder, parcel).state == "accepted"


def test_another_producer_cannot_touch_the_parcel(house: House) -> None:
    parcel = _parcel(house)
    other = house.browser("other")
    other.get("/vi/account/sessions")
    token = other.forms()[0].fields["csrf_token"]
    assert other.client.get(f"/portal/orders/{parcel}").status_code == 403
    answer = other.client.post(f"/portal/orders/{parcel}/accept", data={"csrf_token": token})
    assert answer.status_code == 403


def _claim(page: str) -> str:
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"<[^>]+>", " ", main)
