"""Papers at the desks: entered by producers, compared, suspended and revoked by the office, seen by buyers."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, text

from catalog.models import Certificate, Licence, Paper, Product, ProtectedName
from core import clock
from core.people.models import Person
from tests.factories import rights as make
from tests.factories.catalog import make_certificate
from tests.factories.house import House


def _slug(house: House) -> str:
    with house.looking() as session:
        return session.get_one(Product, house.products["producer"]).slug


def _one(house: House, table: type) -> int:
    with house.looking() as session:
        found: int = session.scalars(select(table.id).order_by(table.id.desc())).first()  # type: ignore[attr-defined]
        return found


def test_a_producers_scheme_is_shown_after_the_office_has_compared_it(house: House) -> None:
    today = clock.today()
    producer_id, slug = house.producers["producer"], _slug(house)
    producer, office, shop = house.browser("producer"), house.browser("office"), house.browser()
    producer.get(f"/portal/producers/{producer_id}/papers/add/scheme")
    page = producer.submit(status=422, kind="vietgap", number="VG-1", issuer="Quacert")
    assert 'aria-invalid="true"' in page
    producer.submit(
        kind="vietgap",
        product_id=str(house.products["producer"]),
        number="VG-1",
        issuer="Quacert",
        issued_on=f"{today - timedelta(days=5):%d/%m/%Y}",
        valid_to=f"{today + timedelta(days=50):%d/%m/%Y}",
    )
    assert "VietGAP, VG-1" in producer.text()
    assert "VietGAP" not in shop.get(f"/en/products/{slug}")
    paper = _one(house, Paper)
    office.get("/office/")
    assert "/office/papers?waiting=1" in "".join(office.links())
    office.get("/office/papers?waiting=1")
    assert "VG-1" in office.text()
    office.get(f"/office/ledger/paper/{paper}")
    office.submit(f"/papers/{paper}/check")
    assert "VietGAP" in shop.get(f"/en/products/{slug}")
    assert "VG-1" in shop.get(f"/en/papers/{paper}")
    producer.get("/portal/")
    assert f"/portal/producers/{producer_id}/papers" in producer.links()


def test_the_same_paper_sent_again_is_told_beside_its_number(house: House) -> None:
    with house.changing() as session:
        product = session.get_one(Product, house.products["producer"])
        paper = make.make_scheme_paper(session, product, kind="haccp", product_id=None)
    producer = house.browser("producer")
    producer.get(f"/portal/producers/{house.producers['producer']}/papers/add/scheme")
    page = producer.submit(
        status=422,
        kind="haccp",
        number=str(paper.number),
        issuer="x",
        issued_on="10/01/2026",
        valid_to="09/01/2029",
    )
    assert 'id="number-error"' in page


def test_a_registration_for_a_market_is_entered_and_named_with_its_market(house: House) -> None:
    producer, office = house.browser("producer"), house.browser("office")
    producer.get(f"/portal/producers/{house.producers['producer']}/papers/add/market")
    page = producer.submit(status=422, market="CN", document="", number="C-1")
    assert 'aria-invalid="true"' in page
    producer.submit(
        market="CN", document="facility_registration", number="C-VN-1", issuer="GACC",
        issued_on="10/01/2026",
    )  # fmt: skip
    assert "C-VN-1" in producer.text()
    paper = _one(house, Paper)
    office.get(f"/office/ledger/paper/{paper}")
    office.submit(f"/papers/{paper}/check")
    office.get("/office/papers?q=C-VN-1")
    with house.looking() as session:
        kept = session.get_one(Paper, paper)
    assert (kept.kind, kept.market, kept.document) == (
        "registration", "CN", "facility_registration",
    )  # fmt: skip
    assert kept.checked_on is not None
    shown = house.browser().get(f"/en/papers/{paper}")
    assert "Registration of the maker with that country (Mainland China)" in shown


def test_an_award_needs_only_year_and_decision(house: House) -> None:
    producer = house.browser("producer")
    producer.get(f"/portal/producers/{house.producers['producer']}/papers/add/award")
    producer.submit(kind="gold_brand", year="2025", number="12/QĐ-VNA")
    assert "12/QĐ-VNA" in producer.text()
    producer.get(f"/portal/producers/{house.producers['producer']}/papers/add/nothing", 404)


def test_nobody_sees_or_enters_papers_of_another_producer(house: House) -> None:
    other = house.browser("other")
    number = house.producers["producer"]
    for path in ("papers", "papers/add/scheme"):
        assert other.client.get(f"/portal/producers/{number}/{path}").status_code == 403
    for path in ("/office/papers", "/office/rights", "/office/ledger/paper/1"):
        assert other.client.get(path).status_code == 403


def test_a_suspension_takes_the_badge_and_lifting_gives_it_back(house: House) -> None:
    with house.changing() as session:
        product = session.get_one(Product, house.products["producer"])
        paper = make.make_scheme_paper(session, product)
        slug = product.slug
    office, shop = house.browser("office"), house.browser()
    address = f"/office/ledger/paper/{paper.id}"
    office.get(address)
    office.submit("/suspend", 422, starts_on="32/13/2026", reason="")
    office.get(address)
    office.submit("/suspend", starts_on=f"{clock.today():%d/%m/%Y}", reason="Kiểm tra lại")
    assert "VietGAP" not in shop.get(f"/vi/products/{slug}")
    assert "Kiểm tra lại" in shop.get(f"/vi/papers/{paper.id}")
    office.submit("/lift")
    assert "VietGAP" in shop.get(f"/vi/products/{slug}")
    office.get(address)
    office.submit("/revoke", 422, why="  ")
    office.get(address)
    office.submit("/revoke", why="Nhập nhầm")
    assert "VietGAP" not in shop.get(f"/vi/products/{slug}")
    with house.looking() as session:
        actions = session.scalars(
            text("SELECT action FROM audit_entry WHERE subject = :s ORDER BY id"),
            {"s": f"paper:{paper.id}"},
        ).all()
    assert actions == ["paper.suspend", "paper.resume", "paper.revoke"]


def test_the_office_grants_a_licence_for_named_goods(house: House) -> None:
    office, shop = house.browser("office"), house.browser()
    office.get("/office/rights")
    office.submit("/rights/known")
    assert office.text().count("Cà Mau") >= 2
    office.get("/office/rights/new")
    office.submit(status=422, kind="gi", number="00110", name="Cà Mau", goods="Tôm sú")
    office.get("/office/rights/new")
    office.submit(kind="collective_mark", number="123456", name="Rạch Gốc", goods="Tôm khô")
    with house.looking() as session:
        right = session.scalars(select(ProtectedName).where(ProtectedName.number == "00110")).one()
    office.get(f"/portal/producers/{house.producers['producer']}/papers")
    office.get(f"/office/producers/{house.producers['producer']}/licences/new")
    values = {"right_id": str(right.id), "number": "07/GCN", "issued_on": "01/02/2025"}
    office.submit(status=422, **values)
    office.get(f"/office/producers/{house.producers['producer']}/licences/new")
    office.submit(product_ids=str(house.products["producer"]), **values)
    page = shop.get(f"/en/products/{_slug(house)}")
    assert "Geographical indication" in page
    assert "00110" in page
    licence = _one(house, Licence)
    assert "Black tiger shrimp" in shop.get(f"/en/licences/{licence}")
    assert "07/GCN" in shop.get("/en/rights/gi/00110")
    office.get(f"/office/ledger/right/{right.id}")
    office.submit("/suspend", starts_on=f"{clock.today():%d/%m/%Y}", reason="Tạm dừng")
    assert "Geographical indication" not in shop.get(f"/en/products/{_slug(house)}")


def test_an_upgrade_at_the_desk_leaves_the_older_decision_readable(house: House) -> None:
    today = clock.today()
    with house.changing() as session:
        product = session.get_one(Product, house.products["producer"])
        old = make_certificate(session, product, 3, issued_on=today - timedelta(days=400))
    office, shop = house.browser("office"), house.browser()
    office.get(f"/office/certificates/{old.id}/upgrade")
    values = {
        "decision_number": "99/QĐ-UBND",
        "issued_on": f"{today - timedelta(days=1):%d/%m/%Y}",
        "issuer": "UBND tỉnh Cà Mau",
        "score_a": "35",
        "score_b": "20",
    }
    office.submit(status=422, stars="4", score_c="5", **values)
    office.get(f"/office/certificates/{old.id}/upgrade")
    office.submit(stars="4", score_c="25,5", **values)
    new = _one(house, Certificate)
    assert "4" in shop.get(f"/vi/products/{_slug(house)}")
    page = shop.get(f"/en/certificates/{old.id}")
    assert f"/en/certificates/{new}" in page
    assert "Replaced by a later decision" in page
    before = (today - timedelta(days=2)).isoformat()
    assert "This certificate is valid" in shop.get(f"/en/certificates/{old.id}?as_of={before}")


def test_producers_are_shown_what_ends_soon(house: House) -> None:
    with house.changing() as session:
        product = session.get_one(Product, house.products["producer"])
        make.make_scheme_paper(session, product, valid_to=clock.today() + timedelta(days=20))
        person = session.get_one(Person, house.people["producer"])
        person.locale = "en"
    producer, office = house.browser("producer"), house.browser("office")
    producer.get(f"/portal/producers/{house.producers['producer']}/papers")
    assert "20" in producer.text()
    office.get("/office/")
    assert f"/portal/producers/{house.producers['producer']}/papers" in office.links()
