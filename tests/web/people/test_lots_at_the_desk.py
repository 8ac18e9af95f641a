"""A farmer's way with lots on a phone: three fields, what happened, labels, and calling goods back."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from catalog.lots.recording import NewLot, create_lot
from catalog.models import Lot, LotEvent, Package, Recall
from core import clock
from core.actor import Actor
from core.mail import OutgoingMail
from orders import checkout, lifecycle, stock
from orders.models import OrderLineLot, SubOrder
from storefront.reactions import WorkerContext
from storefront.recall_emails import mail_recall
from tests.factories.house import House
from tests.factories.orders import GATEWAYS, make_cart, make_request

SYSTEM = Actor.system("test")


class Phone:
    """Somebody's browser: fetches any page and sends any form with the token of the visit."""

    def __init__(self, house: House, who: str) -> None:
        self.client = house.browser(who).client
        maker = house.producers["other" if who == "other" else "producer"]
        form = self.client.get(f"/portal/producers/{maker}/lots/new").text
        found = re.search(r'name="csrf_token" value="([^"]+)"', form)
        assert found, form[:300]
        self.token = found[1]

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def post(self, path: str, values: dict[str, str]) -> TestResponse:
        return self.client.post(path, data={**values, "csrf_token": self.token})


@pytest.fixture
def farmer(house: House) -> Phone:
    return Phone(house, "producer")


def package_of(house: House, who: str = "producer") -> int:
    with house.looking() as session:
        return session.scalars(
            select(Package.id).where(Package.product_id == house.products[who])
        ).one()


def lot_in(house: House, who: str = "producer", **values: object) -> int:
    """A lot of forty packages, written down by the house."""
    today = clock.today()
    new = NewLot(
        Decimal(40), package_id=package_of(house, who), number="TK1",
        produced_on=today - timedelta(days=3),
    )  # fmt: skip
    with house.changing() as session:
        return create_lot(
            session, house.producers[who], new, actor=SYSTEM, on=today, now=clock.now()
        ).id


def day(back: int = 0) -> str:
    return f"{clock.today() - timedelta(days=back):%d/%m/%Y}"


def test_a_new_lot_takes_three_fields(house: House, farmer: Phone) -> None:
    path = f"/portal/producers/{house.producers['producer']}/lots/new"
    sent = {"package": str(package_of(house)), "produced_on": day(1), "quantity": "40"}
    answer = farmer.post(path, sent)
    assert answer.status_code == 303, answer.text
    page = farmer.get(answer.headers["Location"])
    assert f"{clock.today() - timedelta(days=1):%y%m%d}" in page.text
    assert "Chưa ghi" in page.text or "Not written down yet" in page.text


def test_what_is_wrong_is_said_beside_the_field(house: House, farmer: Phone) -> None:
    lot_in(house)
    path = f"/portal/producers/{house.producers['producer']}/lots/new"
    sent = {"package": str(package_of(house)), "produced_on": day(), "quantity": "40"}
    for extra in ({"number": "TK1"}, {"number": "LÔ 1"}, {"produced_on": "mai"}, {"quantity": "0"}):
        assert farmer.post(path, {**sent, **extra}).status_code == 422, extra


def test_from_the_boat_to_the_shop(house: House, farmer: Phone) -> None:
    maker = house.producers["producer"]
    answer = farmer.post(
        f"/portal/producers/{maker}/lots/in",
        {
            "kind": "catch", "material": "Tôm đất", "quantity": "100", "unit": "kg",
            "happened_on": day(5), "place": "Rạch Tàu",
        },
    )  # fmt: skip
    raw = int(answer.headers["Location"].rsplit("/", 1)[1])
    made = {"used": "100", "material": "Tôm khô rời", "quantity": "12,5", "unit": "kg"}
    assert (
        farmer.post(f"/portal/lots/{raw}/made-into", {**made, "happened_on": day(4)}).status_code
        == 303
    )
    bags = lot_in(house)
    with house.looking() as session:
        dried = session.scalars(select(Lot.id).where(Lot.material == "Tôm khô rời")).one()
    farmer.post(
        f"/portal/lots/{bags}/made-from",
        {"source": str(dried), "used": "12,5", "happened_on": day(3)},
    )
    farmer.post(
        f"/portal/lots/{bags}/sent",
        {"quantity": "10", "party": "Co.opmart Cà Mau", "happened_on": day(1)},
    )
    with house.looking() as session:
        kinds = session.scalars(select(LotEvent.kind).order_by(LotEvent.id)).all()
    assert kinds == ["catch", "process", "pack", "ship"]
    page = farmer.get(f"/portal/lots/{bags}")
    assert "Co.opmart Cà Mau" in page.text
    assert "Tôm khô rời" in page.text


def test_more_out_than_in_is_kept_and_questioned(house: House, farmer: Phone) -> None:
    maker = house.producers["producer"]
    answer = farmer.post(
        f"/portal/producers/{maker}/lots/in",
        {
            "kind": "harvest",
            "material": "Gạo",
            "quantity": "10",
            "unit": "kg",
            "happened_on": day(),
        },
    )
    address = answer.headers["Location"]
    farmer.post(
        f"{address}/made-into",
        {"used": "10", "material": "Bột", "quantity": "11", "unit": "kg", "happened_on": day()},
    )
    assert "message bad" in farmer.get(address).text


def test_what_was_bought_needs_a_seller_and_what_was_sent_a_buyer(
    house: House, farmer: Phone
) -> None:
    maker = house.producers["producer"]
    bought = {"kind": "receive", "material": "Muối", "quantity": "5", "unit": "kg"}
    path = f"/portal/producers/{maker}/lots/in"
    assert farmer.post(path, {**bought, "happened_on": day()}).status_code == 422
    lot = lot_in(house)
    assert (
        farmer.post(f"/portal/lots/{lot}/sent", {"quantity": "1", "happened_on": day()}).status_code
        == 422
    )


def test_a_mistake_is_struck_out_and_stays_in_the_books(house: House, farmer: Phone) -> None:
    lot = lot_in(house)
    farmer.post(f"/portal/lots/{lot}/sent", {"quantity": "1", "party": "Chợ", "happened_on": day()})
    with house.looking() as session:
        event = session.scalars(select(LotEvent.id)).one()
    farmer.post(f"/portal/lots/{lot}/events/{event}/strike", {})
    farmer.post(f"/portal/lots/{lot}/events/{event}/strike", {})
    with house.looking() as session:
        assert session.scalars(select(LotEvent.kind).order_by(LotEvent.id)).all() == [
            "ship", "void",
        ]  # fmt: skip
    assert "Chợ" not in farmer.get(f"/portal/lots/{lot}").text


@pytest.mark.parametrize(
    ("path", "kind", "begins"),
    [
        ("labels.pdf?sheet=65&count=3", "application/pdf", b"%PDF"),
        ("labels.pdf?sheet=x&count=x", "application/pdf", b"%PDF"),
        ("code.svg", "image/svg+xml", b"<svg"),
        ("epcis.jsonld", "application/ld+json", b"{"),
    ],
)
def test_papers_of_a_lot_can_be_fetched(
    house: House, farmer: Phone, path: str, kind: str, begins: bytes
) -> None:
    answer = farmer.get(f"/portal/lots/{lot_in(house)}/{path}")
    assert (answer.status_code, answer.mimetype) == (200, kind)
    assert answer.data.startswith(begins)


@pytest.mark.parametrize(
    "path", ["", "/labels.pdf", "/code.svg", "/epcis.jsonld", "/recall", "/made-from", "/sent"]
)
def test_lots_of_others_are_closed(house: House, path: str) -> None:
    assert Phone(house, "other").get(f"/portal/lots/{lot_in(house)}{path}").status_code == 403


def placed(session: Session, package_id: int) -> SubOrder:
    """An order of three packages that its producer has accepted."""
    today, now = clock.today(), clock.now()
    package = session.get_one(Package, package_id)
    stock.set_on_hand(session, package_id, 40, actor=SYSTEM, now=now)
    token = make_cart(session, (package, 3))
    request = make_request(session, token, payment_method="cod")
    order = checkout.place(session, request, token=token, gateways=GATEWAYS, now=now, on=today)
    parcel = order.sub_orders[0]
    lifecycle.advance_parcel(session, parcel.id, "accept", actor=SYSTEM, now=now)
    return parcel


def test_packing_names_the_lot_and_a_recall_finds_it_and_tells_the_buyer(
    house: House, farmer: Phone
) -> None:
    lot = lot_in(house)
    with house.changing() as session:
        parcel = placed(session, package_of(house))
        number, line = parcel.id, parcel.lines[0].id
    page = farmer.get(f"/portal/orders/{number}")
    assert f'name="lot-{line}-{lot}"' in page.text
    assert 'value="3"' in page.text  # proposed
    farmer.post(f"/portal/orders/{number}/pack", {f"lot-{line}-{lot}": "3"})
    with house.looking() as session:
        assert session.scalars(select(OrderLineLot.quantity)).all() == [3]
    answer = farmer.post(
        f"/portal/lots/{lot}/recall",
        {"danger": "microbe", "reason": "Histamin", "advice": "Không ăn, gửi lại"},
    )
    page = farmer.get(answer.headers["Location"])
    assert "buoi@example.vn" in page.text
    assert "Histamin" in page.text
    listed = farmer.get(f"{answer.headers['Location']}/list.csv")
    assert listed.data.startswith(b"\xef\xbb\xbfkind,lot,")
    assert "Nguyễn Thị Bưởi" in listed.text
    stopped = farmer.post(f"/portal/orders/{number}/ship", {})
    assert "TK1" in farmer.get(stopped.headers["Location"]).text
    with house.looking() as session:
        assert session.get_one(SubOrder, number).state == "packed"
    _tell(house)
    _tell(house)  # once however often it runs
    with house.looking() as session:
        (mail,) = session.scalars(
            select(OutgoingMail).where(OutgoingMail.key.startswith("recall:"))
        )
    assert (mail.recipient, mail.locale) == ("buoi@example.vn", "vi")
    assert "Không ăn, gửi lại" in mail.body_text
    for body in (mail.body_text, mail.body_html or ""):
        assert "nấu chín không làm cho hàng an toàn" in body
        assert "bạn được hoàn tiền" in body


def _tell(house: House) -> None:
    context = WorkerContext(house.app.config["OCOP"], house.engine)
    with house.changing() as session:
        recall = session.scalars(select(Recall.id)).one()
        mail_recall(session, {"recall_id": recall}, now=clock.now(), context=context)


def test_the_office_sees_recalls_and_ends_them_with_a_reason(house: House) -> None:
    office = Phone(house, "office")
    lot = lot_in(house)
    assert "TK1" in office.get("/office/recalls?q=TK").text
    answer = office.post(
        f"/portal/lots/{lot}/recall", {"danger": "labelling", "reason": "Nhãn sai", "advice": "Đổi"}
    )
    assert "Nhãn sai" in office.get("/office/recalls").text
    address = answer.headers["Location"]
    office.post(f"{address}/end", {"reason": " "})
    with house.looking() as session:
        assert session.scalars(select(Recall.ended_at)).one() is None
    office.post(f"{address}/end", {"reason": "Đã thu hồi hết"})
    assert "Đã thu hồi hết" in office.get(address).text
    assert Phone(house, "other").get(address).status_code == 403


def test_every_page_about_lots_is_sound(house: House) -> None:
    """Strict HTML, labels, tokens: checked by the shop's own page checker."""
    from tests.web.page_client import check

    farmer, lot = Phone(house, "producer"), lot_in(house)
    maker = house.producers["producer"]
    for path in (
        "/portal/lots",
        f"/portal/producers/{maker}/lots/new",
        f"/portal/producers/{maker}/lots/in",
        f"/portal/lots/{lot}",
        f"/portal/lots/{lot}/made-from",
        f"/portal/lots/{lot}/made-into",
        f"/portal/lots/{lot}/sent",
        f"/portal/lots/{lot}/recall",
    ):
        answer = farmer.get(path)
        assert answer.status_code == 200, (path, answer.text[:300])
        check(house.app, answer, path)
