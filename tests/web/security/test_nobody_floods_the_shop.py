"""One address cannot fill the shop with orders and carts; a tired buyer loses nothing by being told so."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from core.people.throttle import Limit
from orders.models import Cart, CustomerOrder
from storefront.checkout import limits
from tests.factories.house import House
from tests.factories.orders import TESTER
from tests.factories.people import NOW

FROM = {"REMOTE_ADDR": "203.0.113.9"}
ADDRESS = {
    "recipient": "Nguyễn Thị Bưởi",
    "phone": "0912 345 678",
    "email": "",
    "province": "96",
    "commune": "Phường An Xuyên",
    "street": "12 Phan Ngọc Hiển",
    "note": "Gọi trước khi giao",
    "payment_method": "vietqr",
}


def _count(engine: Engine, model: type[Cart] | type[CustomerOrder]) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def package_id(house: House) -> int:
    """Goods enough for everybody; forms need no token here."""
    from orders import stock

    house.app.config["WTF_CSRF_ENABLED"] = False
    with house.changing() as session:
        found = int(session.scalar(text("SELECT min(id) FROM package")) or 0)
        stock.set_on_hand(session, found, 1000, actor=TESTER, now=NOW)
    return found


def _order(house: House, package_id: int, address: dict[str, str], phone: str) -> tuple[int, str]:
    client = house.app.test_client()
    form = ADDRESS | {"phone": phone}
    added = {"package_id": str(package_id), "quantity": "1"}
    client.post("/en/cart/add", data=added, environ_base=address)
    review = client.post("/en/checkout", data=form, environ_base=address).get_data(as_text=True)
    hidden = dict(re.findall(r'name="(checkout_token|quote)" value="([^"]+)"', review))
    placed = client.post("/en/checkout/place", data=form | hidden, environ_base=address)
    return placed.status_code, placed.get_data(as_text=True)


def test_too_many_orders_from_one_address_wait_and_lose_nothing(
    house: House, package_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ORDERS", Limit(tries=2, window=timedelta(hours=1)))
    answers = [_order(house, package_id, FROM, f"0912 345 67{n}") for n in range(3)]
    assert [status for status, _page in answers] == [303, 303, 429]
    assert "Gọi trước khi giao" in answers[-1][1]
    assert _count(house.engine, CustomerOrder) == 2
    assert _order(house, package_id, {"REMOTE_ADDR": "203.0.113.10"}, "0912345679")[0] == 303


def test_a_proxy_that_hides_the_visitors_does_not_stop_all_orders(
    house: House, package_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ORDERS", Limit(tries=1, window=timedelta(hours=1)))
    here = {"REMOTE_ADDR": "127.0.0.1"}
    assert [_order(house, package_id, here, f"091234567{n}")[0] for n in range(3)] == [303] * 3


def test_too_many_new_carts_from_one_address_are_refused(
    house: House, package_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CARTS", Limit(tries=2, window=timedelta(hours=1)))
    form = {"package_id": str(package_id), "quantity": "1"}
    answers = [
        house.app.test_client().post("/en/cart/add", data=form, environ_base=FROM) for _ in range(3)
    ]
    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert _count(house.engine, Cart) == 2


def test_a_cart_in_use_is_never_refused(
    house: House, package_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CARTS", Limit(tries=1, window=timedelta(hours=1)))
    client = house.app.test_client()
    form = {"package_id": str(package_id), "quantity": "1"}
    answers = [client.post("/en/cart/add", data=form, environ_base=FROM) for _ in range(4)]
    assert {answer.status_code for answer in answers} == {303}


def test_the_usual_limits_leave_room_for_a_village_behind_one_address() -> None:
    assert limits.ORDERS.tries >= 30
    assert limits.CARTS.tries >= 300
