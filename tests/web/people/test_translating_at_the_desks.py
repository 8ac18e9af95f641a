"""Translating at the desks: side by side, one text at a time, files out and in, nobody else's business."""

from __future__ import annotations

import io

import openpyxl
import pytest

from catalog.models import Product
from catalog.products import update_product
from catalog.queries.translations import get_review
from catalog.translating import set_translation
from core import clock
from core.actor import Actor
from tests.conftest import TODAY
from tests.factories.house import House

SYSTEM = Actor.system("test")


def _address(house: House, tag: str = "en", who: str = "producer") -> str:
    return f"/portal/translations/product/{house.products[who]}/{tag}"


def _stored(house: House, tag: str = "en") -> dict[str, tuple[str, str]]:
    with house.looking() as session:
        review = get_review(session, "product", house.products["producer"], tag)
        return {v.field: (v.stored.text, v.stored.status) for v in review.fields if v.stored}


def _write(house: House, text: str, status: str = "reviewed", field: str = "name") -> None:
    with house.changing() as session:
        set_translation(
            session,
            entity_kind="product",
            entity_id=house.products["producer"],
            field=field,
            locale="en",
            text=text,
            status=status,
            actor=SYSTEM,
            now=clock.now(),
        )


def _public(house: House) -> str:
    with house.looking() as session:
        slug = session.get_one(Product, house.products["producer"]).slug
    return house.browser().get(f"/en/products/{slug}")


def test_a_producer_translates_and_buyers_read_it(house: House) -> None:
    desk = house.browser("producer")
    desk.get(_address(house))
    desk.submit("/en", text="Dried shrimp", do="reviewed")
    assert _stored(house) == {"name": ("Dried shrimp", "reviewed")}
    assert "Dried shrimp" in _public(house)


def test_a_draft_is_not_for_buyers(house: House) -> None:
    desk = house.browser("producer")
    desk.get(_address(house))
    desk.submit("/en", text="Dried shrimps, perhaps", do="draft")
    assert "perhaps" not in _public(house)
    _write(house, "Dried shrimp")
    page = desk.get(_address(house))
    desk.submit("/en", text="Dried shrimps, perhaps", do="draft")
    page = desk.get(_address(house))
    assert "Dried shrimps, perhaps" in page
    desk.submit("/en", do="drop")
    assert "waits" not in desk.get(_address(house))
    assert _stored(house)["name"] == ("Dried shrimp", "reviewed")


def test_whoever_was_slower_sees_both_texts(house: House) -> None:
    desk = house.browser("producer")
    desk.get(_address(house))
    _write(house, "Shrimp, dried")
    page = desk.submit("/en", status=409, text="Dried shrimp", do="reviewed")
    assert "Shrimp, dried" in page
    assert "Dried shrimp" in page
    assert _stored(house)["name"] == ("Shrimp, dried", "reviewed")
    desk.submit("/en", text="Dried shrimp", do="reviewed")
    assert _stored(house)["name"] == ("Dried shrimp", "reviewed")


def test_a_translation_of_an_older_text_says_so_to_everybody(house: House) -> None:
    _write(house, "Dried shrimp")
    _write(house, "Salted shrimp.", "machine", "summary")
    assert "Translated by a machine" in _public(house)
    with house.changing() as session:
        update_product(
            session, house.products["producer"], {"name": "Tôm khô loại một"},
            actor=SYSTEM, on=TODAY, now=clock.now(),
        )  # fmt: skip
    assert "Translated from an older text" in _public(house)
    page = house.browser("producer").get(_address(house) + "?x=1")
    assert "Tôm khô của producer" in page
    assert "Tôm khô loại một" in page


def test_every_state_can_be_read(house: House) -> None:
    _write(house, "Shrimp", "machine")
    _write(house, "Dried shrimp")
    page = house.browser("office").get(_address(house) + "/history")
    assert page.index("Dried shrimp") < page.index(">Shrimp<")


@pytest.mark.parametrize("path", ["", "/en", "/en/history"])
def test_another_producers_texts_are_none_of_ones_business(house: House, path: str) -> None:
    desk = house.browser("producer")
    for kind, number in (
        ("product", house.products["other"]),
        ("producer", house.producers["other"]),
    ):
        desk.get(f"/portal/translations/{kind}/{number}{path}", status=403)


@pytest.mark.parametrize("tag", ["vi", "xx", "en-GB"])
def test_texts_are_translated_into_known_languages_only(house: House, tag: str) -> None:
    house.browser("office").get(_address(house, tag), status=404)


def test_the_languages_of_a_product_and_its_maker_are_listed(house: House) -> None:
    _write(house, "Dried shrimp")
    desk = house.browser("producer")
    page = desk.get(f"/portal/translations/product/{house.products['producer']}")
    assert 'value="1"' in page
    assert "Nhật Bản" in page
    desk.get(f"/portal/translations/producer/{house.producers['producer']}")


def test_the_office_sends_work_out_and_takes_it_back(house: House) -> None:
    office = house.browser("office")
    assert "0 %" in office.get("/office/translations")
    answer = office.client.get("/office/translations/export?locale=ja&format=xlsx&which=missing")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    sheet = book.worksheets[0]
    for row in sheet.iter_rows(min_row=2):
        if row[2].value == "name":
            row[5].value = "干しえび"
    out = io.BytesIO()
    book.save(out)
    office.get("/office/translations")
    page = office.submit(
        "/translations/import",
        files={"file": (io.BytesIO(out.getvalue()), "ja.xlsx")},
        reviewed="yes",
    )
    assert _stored(house, "ja") == {}
    assert ">2<" in page
    action = next(f.action for f in office.forms() if "/translations/import/" in f.action)
    office.submit(action.rsplit("/", 1)[1])
    assert _stored(house, "ja") == {"name": ("干しえび", "reviewed")}
    folder = house.app.config["OCOP"].data_dir / "translation-uploads"
    assert not list(folder.iterdir())


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.xlf", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'), ("x.pdf", b"%PDF"),
     ("x.xlsx", b"PK\x03\x04 broken")],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_answered_kindly(
    house: House, name: str, content: bytes
) -> None:
    office = house.browser("office")
    office.get("/office/translations")
    page = office.submit(
        "/translations/import", status=422, files={"file": (io.BytesIO(content), name)}
    )
    assert 'role="alert"' in page
    assert "root:" not in page


def test_another_officers_upload_cannot_be_stored(house: House) -> None:
    office = house.browser("office")
    office.get("/office/translations")
    token = next(f for f in office.forms() if f.action.endswith("/import")).fields["csrf_token"]
    for stranger in ("../../secret_key", "99-" + "a" * 30 + ".xlsx"):
        answer = office.client.post(
            f"/office/translations/import/{stranger}", data={"csrf_token": token}
        )
        assert answer.status_code in (303, 404)


def test_the_work_of_a_language_leads_to_its_pages(house: House) -> None:
    office = house.browser("office")
    page = office.get("/office/translations/work/zh-hant")
    assert _address(house, "zh-hant") in page
    office.get("/office/translations/work/vi", status=404)


def test_only_the_office_sees_the_work_of_all(house: House) -> None:
    desk = house.browser("producer")
    for path in ("", "/work/en", "/export?locale=ja"):
        desk.get(f"/office/translations{path}", status=403)
