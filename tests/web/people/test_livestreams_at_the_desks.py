"""A producer plans a livestream on a phone, the office checks the papers, the producer notes the recording."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from catalog.models import Package
from core import clock
from orders import stock
from orders.live import checking
from orders.models import LiveSession, StockItem
from tests.factories.browser import Browser
from tests.factories.house import House
from tests.factories.orders import TESTER


def _in_english(browser: Browser) -> Browser:
    browser.client.set_cookie("locale", "en", domain="localhost")
    return browser


def _planned(house: House) -> tuple[Browser, int, int]:
    """A session for tomorrow evening with one product in it; its number and the package's."""
    with house.changing() as session:
        package = session.scalars(
            select(Package).where(Package.product_id == house.products["producer"])
        ).one()
        stock.set_on_hand(session, package.id, 9, actor=TESTER, now=clock.now())
        package_id, price = package.id, package.price_minor
    browser = _in_english(house.browser("producer"))
    browser.get(f"/portal/producers/{house.producers['producer']}/live/new")
    day = (clock.today() + timedelta(days=1)).strftime("%d/%m/%Y")
    plan = {
        "title": "Mật ong rừng", "host_name": "Trần Thị Mơ", "host_role": "staff", "day": day,
        "starts": "20h", "ends": "21:30",
    }  # fmt: skip
    text = browser.submit("", 422, facebook="http://facebook.com/x", **plan)
    assert "Write an address that begins with https://" in text
    text = browser.submit("", facebook="https://www.facebook.com/htx/videos/1", **plan)
    assert "Put at least one product into the session." in text
    with house.looking() as session:
        live_id = session.scalars(select(LiveSession.id)).one()
    browser.get(f"/portal/live/{live_id}/goods")
    text = browser.submit("", 422, package=str(package_id), price=str(price + 1), quantity="4")
    assert "The price is above the usual price." in text
    browser.submit("", package=str(package_id), price=str(price - 1_000), quantity="4")
    return browser, live_id, package_id


def test_a_session_goes_from_plan_to_announcement_to_recording(house: House) -> None:
    producer, live_id, package_id = _planned(house)
    producer.get(f"/portal/live/{live_id}/code")
    producer.submit("", code="mat ong 10", kind="percent", value="10", most_uses="5")
    assert "MATONG10" in producer.text()
    office = _in_english(house.browser("office"))
    assert "The office has not checked who the host is." in office.get(f"/office/live/{live_id}")
    assert "not verified" in office.text()
    assert "Everything is there" in office.submit(f"/office/live/{live_id}/host")
    assert "Checked, announced" in office.submit(f"/office/live/{live_id}/check")
    with house.looking() as session:
        assert session.get_one(StockItem, package_id).reserved == 4
        ends = session.get_one(LiveSession, live_id).ends_at
    with house.changing() as session:
        checking.follow_clock(session, live_id, now=ends)
    producer.get(f"/portal/live/{live_id}/replay")
    text = producer.submit(
        "", replay_url="https://youtu.be/abc", place="Máy chủ HTX", reference="a" * 64
    )
    assert "to be kept until" in text
    with house.looking() as session:
        assert session.get_one(StockItem, package_id).reserved == 0


def test_what_is_announced_is_opened_again_before_it_is_changed(house: House) -> None:
    producer, live_id, package_id = _planned(house)
    office = _in_english(house.browser("office"))
    office.get(f"/office/live/{live_id}")
    office.submit(f"/office/live/{live_id}/host")
    office.submit(f"/office/live/{live_id}/check")
    producer.get(f"/portal/live/{live_id}/goods/{package_id}")
    text = producer.submit("", 422, quantity="5")
    assert "The session has changed meanwhile." in text
    producer.get(f"/portal/live/{live_id}")
    assert "Planned" in producer.submit(f"/portal/live/{live_id}/steps/reopen")
    producer.get(f"/portal/live/{live_id}/languages/ja")
    producer.submit("", title="ウーミンの森のはちみつ")
    assert "Text in another language" in producer.text()


def test_another_producer_neither_sees_nor_changes_it(house: House) -> None:
    _producer, live_id, _package_id = _planned(house)
    other = _in_english(house.browser("other"))
    other.get(f"/portal/live/{live_id}", 403)
    other.get(f"/portal/live/{live_id}/goods", 403)
    assert "Mật ong rừng" not in other.get("/portal/live")
