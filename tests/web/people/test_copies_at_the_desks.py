"""A producer sends a photo of a paper; the office sees it while it decides; nobody else ever does."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from catalog.models import Paper
from tests.factories import rights as make
from tests.factories.catalog import make_certificate
from tests.factories.house import House
from tests.factories.pictures import draw, encoded

SCAN = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def _file(content: bytes, name: str) -> dict[str, Any]:
    return {"copy": (BytesIO(content), name)}


def _paper(house: House, **values: Any) -> int:
    from catalog.models import Product

    with house.changing() as session:
        product = session.get_one(Product, house.products["producer"])
        return make.make_scheme_paper(session, product, checked_on=None, **values).id


def _files(data_dir: Path) -> list[str]:
    return sorted(path.suffix for path in (data_dir / "private").rglob("*") if path.is_file())


def test_a_photo_sent_by_the_producer_is_beside_the_offices_button(
    house: House, data_dir: Path
) -> None:
    paper = _paper(house)
    producer, office = house.browser("producer"), house.browser("office")
    producer.get(f"/portal/producers/{house.producers['producer']}/papers")
    address = f"/portal/papers/paper/{paper}"
    assert address in producer.links()
    producer.get(address)
    producer.submit(files=_file(encoded(draw(800, 1100)), "../../Giấy chứng nhận.jpg"))
    assert "Giấy chứng nhận.jpg" in producer.text()
    office.get(f"/office/ledger/paper/{paper}")
    picture = next(a for a in office.links() if a.startswith("/portal/copies/"))
    answer = office.client.get(picture)
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    assert _files(data_dir) == [".jpg"]
    for who in ("other", "partner"):
        house.browser(who).get(picture, status=403)
        house.browser(who).get(address, status=403)
    stranger = house.browser()
    stranger.get(picture)
    assert "/sign-in" in stranger.path


def test_a_pdf_is_only_ever_handed_out_as_a_file(house: House) -> None:
    paper = _paper(house)
    producer = house.browser("producer")
    producer.get(f"/portal/papers/paper/{paper}")
    producer.submit(files=_file(SCAN, "scan.pdf"))
    address = next(a for a in producer.links() if a.startswith("/portal/copies/"))
    producer.get(address)
    assert producer.page is not None
    headers = producer.page.headers
    assert producer.page.data == SCAN
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["Content-Type"] == "application/pdf"
    assert "sandbox" in headers["Content-Security-Policy"]


def test_what_is_no_copy_is_refused_with_a_sentence_and_the_form_again(
    house: House, data_dir: Path
) -> None:
    paper = _paper(house)
    producer = house.browser("producer")
    for content, name in (
        (b"PK\x03\x04", "a.docx"),
        (SCAN.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript>>"), "a.pdf"),
        (b"hello", "a.jpg"),
    ):
        producer.get(f"/portal/papers/paper/{paper}")
        page = producer.submit(status=422, files=_file(content, name))
        assert 'role="alert"' in page
        assert 'type="file"' in page
    assert _files(data_dir) == []


def test_a_copy_is_removed_until_the_office_has_compared_it(house: House, data_dir: Path) -> None:
    paper = _paper(house)
    producer, office = house.browser("producer"), house.browser("office")
    producer.get(f"/portal/papers/paper/{paper}")
    producer.submit(files=_file(SCAN, "scan.pdf"))
    producer.submit("/remove")
    assert _files(data_dir) == []
    producer.submit(files=_file(SCAN, "scan.pdf"))
    remove = next(f.action for f in producer.forms() if f.action.endswith("/remove"))
    office.get(f"/office/ledger/paper/{paper}")
    office.submit(f"/papers/{paper}/check")
    producer.submit("/remove", status=409)
    producer.get(f"/portal/papers/paper/{paper}")
    assert remove not in [form.action for form in producer.forms()]
    assert _files(data_dir) == [".pdf"]


def test_an_ocop_decision_has_a_copy_too_and_a_new_paper_asks_for_one(house: House) -> None:
    from catalog.models import Product
    from core import clock

    with house.changing() as session:
        product = session.get_one(Product, house.products["producer"])
        stars = make_certificate(session, product, 4, issued_on=clock.today())
    producer, office = house.browser("producer"), house.browser("office")
    producer.get(f"/portal/products/{house.products['producer']}")
    address = next(a for a in producer.links() if "/papers/certificate/" in a)
    assert f"/certificate/{stars.id}?" in address
    producer.get(address)
    producer.submit(files=_file(SCAN, "quyet-dinh.pdf"))
    assert "quyet-dinh.pdf" in producer.text()
    assert f"/portal/products/{house.products['producer']}" in producer.links()
    office.get("/office/certificates")
    assert f"/portal/papers/certificate/{stars.id}" in office.links()
    producer.get(f"/portal/producers/{house.producers['producer']}/papers/add/scheme")
    producer.submit(
        kind="haccp", number="H-1", issuer="Quacert", issued_on="10/01/2026",
        valid_to="09/01/2029",
    )  # fmt: skip
    with house.looking() as session:
        from sqlalchemy import select

        added = session.scalars(select(Paper.id).where(Paper.number == "H-1")).one()
    assert producer.path == f"/portal/papers/paper/{added}"
