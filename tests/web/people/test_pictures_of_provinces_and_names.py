"""The office chooses a producer's picture for a province or a protected name; taken back, it is gone there too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from catalog.models import Media, PickedPicture, Producer, Product
from catalog.pictures.keeping import remove_picture
from core import clock
from core.actor import Actor
from core.audit import AuditEntry
from core.facts import announce
from tests.factories.catalog import make_translation
from tests.factories.house import House
from tests.factories.pictures import make_picture
from tests.factories.rights import make_licence, make_right

SYSTEM = Actor.system("test")


@pytest.fixture
def drying(house: House) -> int:
    """A picture of the first producer of Cà Mau, described in Vietnamese and Japanese."""
    with house.changing() as session:
        maker = session.get_one(Producer, house.producers["producer"])
        own = make_picture(session, maker, clock.now(), alt="Sân phơi")
        product = session.get_one(Product, house.products["producer"])
        make_translation(
            session, product, "ja", "alt", "干し場", entity_kind="media", entity_id=own.id
        )
        session.get_one(Producer, house.producers["other"]).province_code = "01"
        announce(session, "producer.changed", producer_id=house.producers["other"])
        return own.id


def pick(house: House, address: str, media_id: int | str, status: int = 200) -> None:
    desk = house.browser("office")
    desk.get(address)
    desk.submit(address.partition("?")[0], status, media_id=str(media_id))


def test_a_province_shows_the_chosen_picture_with_whose_it_is(house: House, drying: int) -> None:
    address = "/office/pictures/province/96"
    assert "Sân phơi" in house.browser("office").get(address)
    assert "picked" not in house.browser().get("/ja/provinces/ca-mau")
    pick(house, address, drying)
    page = house.browser().get("/ja/provinces/ca-mau")
    assert 'alt="干し場"' in page
    assert 'property="og:image"' in page
    with house.looking() as session:
        maker = session.get_one(Producer, house.producers["producer"])
        assert f'/ja/producers/{maker.slug}" lang="vi">{maker.name}' in page
        deed = session.scalars(select(AuditEntry).where(AuditEntry.action == "picture.pick")).one()
        assert deed.subject == "province:96"
    assert 'alt="Sân phơi" lang="vi"' in house.browser().get("/de/provinces/ca-mau")
    pick(house, address, "")
    assert "picked" not in house.browser().get("/ja/provinces/ca-mau")


def test_only_what_producers_there_show_may_be_chosen(house: House, drying: int) -> None:
    with house.changing() as session:
        now = clock.now()
        elsewhere = make_picture(
            session, session.get_one(Producer, house.producers["other"]), now, alt="Hồ Tây"
        ).id
        product = session.get_one(Product, house.products["producer"])
        of_goods = make_picture(session, product, now, alt="Tôm trên nia").id
        not_ready = make_picture(session, product, now, alt="Chưa xong", ready_at=None).id
    address = "/office/pictures/province/96"
    offered = house.browser("office").get(address)
    assert "Tôm trên nia" in offered
    assert "Hồ Tây" not in offered
    assert "Chưa xong" not in offered
    for refused in (elsewhere, 999_999):
        pick(house, address, refused, 422)
    pick(house, address, not_ready)
    assert "Chưa xong" not in house.browser().get("/vi/provinces/ca-mau"), "until it is made"
    with house.changing() as session:
        session.get_one(Product, house.products["producer"]).state = "withdrawn"
        announce(session, "product.withdrawn", product_id=house.products["producer"])
    pick(house, address, of_goods, 422)
    house.browser("office").get("/office/pictures/province/00", 404)
    house.browser("office").get("/office/pictures/right/999", 404)
    house.browser("producer").get("/office/pictures", 403)


@pytest.mark.parametrize("why", ["removed", "moved", "withdrawn"])
def test_a_picture_that_is_taken_back_is_gone_at_once(house: House, drying: int, why: str) -> None:
    with house.changing() as session:
        product = session.get_one(Product, house.products["producer"])
        media_id = drying
        if why == "withdrawn":
            media_id = make_picture(session, product, clock.now(), alt="Sân phơi").id
    pick(house, "/office/pictures/province/96", media_id)
    assert "Sân phơi" in house.browser().get("/vi/provinces/ca-mau")
    with house.changing() as session:
        maker = session.get_one(Producer, house.producers["producer"])
        if why == "removed":
            remove_picture(session, media_id, actor=SYSTEM, now=clock.now())
        elif why == "moved":
            maker.province_code = "01"
            announce(session, "producer.changed", producer_id=maker.id)
        else:
            session.get_one(Product, house.products["producer"]).state = "withdrawn"
            announce(session, "product.withdrawn", product_id=house.products["producer"])
    assert "Sân phơi" not in house.browser().get("/vi/provinces/ca-mau")
    with house.looking() as session:
        assert session.scalars(select(PickedPicture)).one().media_id == media_id
    assert 'class="note"' in house.browser("office").get("/office/pictures/province/96")


def test_a_protected_name_shows_a_members_picture_up_to_the_licences_last_day(
    house: House, drying: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = clock.today()
    with house.changing() as session:
        right = make_right(session, number="00110")
        product = session.get_one(Product, house.products["producer"])
        make_licence(session, right, product, issued_on=today - timedelta(days=9), valid_to=today)
        foreign = make_picture(
            session, session.get_one(Producer, house.producers["other"]), clock.now(), alt="Khác"
        ).id
        address = f"/office/pictures/right/{right.id}"
    pick(house, address, foreign, 422)
    pick(house, address, drying)
    assert 'alt="干し場"' in house.browser().get("/ja/marks/gi/00110")
    tomorrow = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    assert "干し場" not in house.browser().get("/ja/marks/gi/00110")


def test_many_pictures_are_offered_page_by_page(house: House, drying: int) -> None:
    with house.changing() as session:
        maker = session.get_one(Producer, house.producers["producer"])
        for number in range(30):
            make_picture(session, maker, clock.now(), alt=f"Ảnh số {number:02}")
        kept = session.get_one(Media, drying).id
    pick(house, "/office/pictures/province/96?page=2", kept)
    first = house.browser("office").get("/office/pictures/province/96")
    assert first.count("<img") == 24
    assert f'value="{kept}" checked' in first, "saving the first page must not lose the choice"
