"""The office describes a place, a producer puts a set together; buyers see neither before it is shown."""

from __future__ import annotations

from sqlalchemy import select

from catalog.models import GiftSet, Package, Place, Producer, Product
from core import clock
from core.audit import AuditEntry
from i18n.catalogue import gettext, speaking
from tests.factories.around import make_place
from tests.factories.catalog import make_package, make_translation
from tests.factories.house import House
from tests.factories.pictures import make_picture


def vietnamese(sentence: str) -> str:
    with speaking("vi"):
        return gettext(sentence)


def deeds(house: House, subject: str) -> list[str]:
    with house.looking() as session:
        query = select(AuditEntry.action).where(AuditEntry.subject.startswith(subject))
        return list(session.scalars(query.order_by(AuditEntry.id)))


def test_the_office_describes_a_place_and_shows_it(house: House) -> None:
    desk = house.browser("office")
    desk.get("/office/places/new")
    desk.submit("/office/places/new", 422, name="", province_code="96")
    desk.submit("/office/places/new", name="Mũi Cà Mau", province_code="96")
    with house.looking() as session:
        kept = session.scalars(select(Place)).one()
        number, slug = kept.id, kept.slug
    house.browser().get(f"/vi/places/{slug}", 404)
    desk.submit(f"/office/places/{number}/publish")
    needed = "A name, a story and the way there are needed before it is shown."
    assert vietnamese(needed) in desk.text()
    desk.get(f"/office/places/{number}")
    desk.submit(
        f"/office/places/{number}",
        story="Nơi đất lấn biển.",
        directions="Xuống vỏ lãi ở Năm Căn.",
        producer_ids=str(house.producers["producer"]),
    )
    desk.submit(f"/office/places/{number}", product_ids=str(house.products["producer"]))
    desk.get(f"/office/places/{number}/texts/ja")
    desk.submit(f"/office/places/{number}/texts/ja", name="カマウ岬")
    desk.submit(f"/office/places/{number}/publish")
    shop = house.browser()
    shop.get(f"/ja/places/{slug}")
    assert "カマウ岬" in shop.text()
    assert "Tôm khô của producer" in shop.text()
    assert deeds(house, "place:") == [
        "place.keep", "place.keep", "place.keep", "place.translate", "place.publish",
    ]  # fmt: skip
    desk.get("/office/places/1/texts/vi", 404)
    house.browser("producer").get("/office/places", 403)


def test_a_producer_puts_a_set_together_of_its_own_packages_only(house: House) -> None:
    with house.changing() as session:
        product = session.get_one(Product, house.products["producer"])
        second = make_package(session, product, sku="TOM-250")
        first = session.scalars(
            select(Package.sku).where(Package.product_id == product.id, Package.id != second.id)
        ).one()
        foreign = session.scalars(
            select(Package.sku).where(Package.product_id == house.products["other"])
        ).one()
    base = f"/portal/producers/{house.producers['producer']}/gift-sets"
    desk = house.browser("producer")
    desk.get(f"{base}/new")
    desk.submit(f"{base}/new", 422, name="Quà biển", sku=[first, foreign], quantity=["1", "1"])
    assert vietnamese("This product belongs to another producer.") in desk.text()
    desk.submit(f"{base}/new", 422, name="Quà biển", sku=[first], quantity=["1"])
    assert vietnamese("A set needs at least two packages.") in desk.text()
    desk.submit(f"{base}/new", name="Quà biển", sku=[first, "TOM-250"], quantity=["2", "1"])
    with house.looking() as session:
        kept = session.scalars(select(GiftSet)).one()
        slug, number = kept.slug, kept.id
        assert [part.quantity for part in kept.parts] == [2, 1]
    house.browser().get(f"/vi/gift-sets/{slug}", 404)
    desk.submit(f"{base}/{number}/publish")
    shop = house.browser()
    shop.get(f"/vi/gift-sets/{slug}")
    assert "255.000" in shop.text()
    house.browser("other").get(f"{base}/{number}", 403)
    house.browser("office").get(f"/office/gift-sets/{number}", 404)  # it is not the office's own


def test_the_office_joins_packages_of_several_producers(house: House) -> None:
    with house.looking() as session:
        skus = list(session.scalars(select(Package.sku).order_by(Package.id)))
    desk = house.browser("office")
    desk.get("/office/gift-sets/new")
    desk.submit("/office/gift-sets/new", name="Quà hai miền", sku=skus, quantity=["1"] * len(skus))
    with house.looking() as session:
        kept = session.scalars(select(GiftSet)).one()
        number = kept.id
        assert kept.producer_id is None
    desk.get(f"/office/gift-sets/{number}/texts/en")
    desk.submit(f"/office/gift-sets/{number}/texts/en", name="Gift of two regions")
    desk.submit(f"/office/gift-sets/{number}/publish")
    shop = house.browser()
    shop.get("/en/gift-sets")
    assert "Gift of two regions" in shop.text()


def test_a_set_and_a_place_show_a_picture_of_their_makers_and_say_what_is_on_it(
    house: House,
) -> None:
    maker = house.producers["producer"]
    with house.changing() as session:
        product = session.get_one(Product, house.products["producer"])
        make_package(session, product, sku="TOM-250")
        skus = list(session.scalars(select(Package.sku).where(Package.product_id == product.id)))
        own = make_picture(session, session.get_one(Producer, maker), clock.now(), alt="Sân phơi")
        other = session.get_one(Producer, house.producers["other"])
        foreign = make_picture(session, other, clock.now(), alt="Của người khác")
        make_translation(
            session, product, "ja", "alt", "干し場", entity_kind="media", entity_id=own.id
        )
        own_id, foreign_id = own.id, foreign.id
    desk = house.browser("producer")
    base = f"/portal/producers/{maker}/gift-sets"
    desk.get(f"{base}/new")
    desk.submit(f"{base}/new", name="Quà biển", sku=skus, quantity=["1"] * len(skus))
    with house.looking() as session:
        number, slug = session.execute(select(GiftSet.id, GiftSet.slug)).one()
    page = desk.get(f"{base}/{number}")
    assert f'href="/portal/producers/{maker}/pictures"' in page
    assert "Sân phơi" in page
    assert "Của người khác" not in page
    parts = {"sku": skus, "quantity": ["1"] * len(skus)}
    desk.submit(f"{base}/{number}", 422, media_id=str(foreign_id), **parts)
    assert vietnamese("Choose a picture of one of the producers.") in desk.text()
    desk.submit(f"{base}/{number}", media_id=str(own_id), **parts)
    desk.submit(f"{base}/{number}/publish")
    assert 'alt="干し場"' in house.browser().get(f"/ja/gift-sets/{slug}")
    assert 'alt="Sân phơi" lang="vi"' in house.browser().get(f"/de/gift-sets/{slug}")

    office = house.browser("office")
    with house.changing() as session:
        place = make_place(session, "Mũi Đất", producers=[session.get_one(Producer, maker)])
        place_id, place_slug = place.id, place.slug
    assert f'href="/portal/producers/{maker}/pictures"' in office.get(f"/office/places/{place_id}")
    office.submit(f"/office/places/{place_id}", media_id=str(own_id))
    assert 'alt="干し場"' in house.browser().get(f"/ja/places/{place_slug}")
