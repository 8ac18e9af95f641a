"""An officer imports a file in the browser: looks at every line first, says what columns mean, stores it, decides."""

from __future__ import annotations

import io
import os
import re
import time
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from catalog.importing.columns import known_fields
from catalog.importing.mappings import find_mapping
from catalog.models import Certificate, ImportLine, ImportRun, Producer, Product
from core import audit, clock
from storefront import import_words, uploads
from storefront.office import importing
from tests.factories.browser import Browser
from tests.factories.house import House
from tests.web.page_client import check

REGISTER = """Mã,Tên sản phẩm,Chủ thể,Tỉnh,Số sao,Số QĐ,Ngày QĐ,Mùi vị
T-1,Mắm ba khía,HTX Rạch Gốc,Cà Mau,4,123/QĐ-UBND,25/08/2025,mặn
T-2,Tôm khô Năm Căn,HTX Rạch Gốc,Cà Mau,6,123/QĐ-UBND,25/08/2025,ngọt
T-3,Mật ong U Minh,HTX U Minh,Cà Mau,2-3,,,ngọt
T-4,=SUM(A1),HTX U Minh,Cà Mau,3,,,
"""


def _officer(house: House) -> Browser:
    office = house.browser("office")
    office.client.set_cookie("locale", "en", domain="localhost")
    return office


def _send(office: Browser, content: str, name: str = "ds.csv", **said: str) -> str:
    office.get("/office/import")
    files = {"file": (io.BytesIO(content.encode()), name)}
    return office.submit("/office/import", 200, files, **said)


def _look(house: House, office: Browser) -> None:
    assert office.page is not None
    check(house.app, office.page, office.path)


def _figures(office: Browser) -> dict[str, int]:
    assert office.page is not None
    pairs = re.findall(
        r"<dt>(?:<a[^>]*>)?([^<]+)(?:</a>)?</dt><dd>(\d+)</dd>", office.page.get_data(as_text=True)
    )
    return {name: int(count) for name, count in pairs}


def _uploads(house: House) -> list[Path]:
    folder = house.app.config["OCOP"].data_dir / "uploads"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def test_every_line_is_shown_before_anything_is_stored(house: House) -> None:
    office = _officer(house)
    _send(office, REGISTER, "danh sach.csv", source="Sở Nông nghiệp")
    _look(house, office)
    figures = _figures(office)
    assert (figures["New"], figures["To be decided"], figures["Refused"]) == (1, 1, 2)
    assert "Mùi vị" in office.text()
    with house.looking() as session:
        assert session.scalars(select(ImportRun)).all() == []
        assert session.scalars(select(Product).where(Product.code.like("T-%"))).all() == []
    (kept, said) = _uploads(house)
    assert "danh" not in kept.name
    assert kept.stat().st_mode & 0o077 == 0
    office.submit("/discard")
    assert _uploads(house) == []


def test_a_changed_row_shows_old_and_new_values(house: House) -> None:
    office = _officer(house)
    _send(office, REGISTER)
    office.submit("/confirm")
    again = REGISTER.replace("Mắm ba khía", "Mắm ba khía Rạch Gốc").replace("mặn", "rất mặn")
    _send(office, again + "T-9,Cua biển,HTX Năm Căn,Cà Mau,4,,,\n")
    _look(house, office)
    page = office.page.get_data(as_text=True) if office.page else ""
    assert "<del>Mắm ba khía</del>" in page
    assert "<ins>Mắm ba khía Rạch Gốc</ins>" in page
    assert _figures(office)["Changed"] == 1
    assert _figures(office)["New"] == 1
    office.submit("/confirm")
    assert "Changed: 1" in office.text()
    with house.looking() as session:
        product = session.scalars(select(Product).where(Product.code == "T-1")).one()
        assert product.name == "Mắm ba khía Rạch Gốc"


def test_what_a_column_means_is_said_once_for_a_sender(house: House) -> None:
    office = _officer(house)
    content = REGISTER.replace("Số sao", "Danh vị")
    _send(office, content)
    assert _figures(office)["New"] >= 1
    form = next(f for f in office.forms() if f.action.endswith("/columns"))
    names = {v[0]: k for k, v in form.fields.items() if k.startswith("heading-")}
    star_column = names["Danh vị"].replace("heading", "means")
    office.submit("/columns", 200, **{star_column: "stars", "source": ""})
    assert "Say who sends such files" in office.text()
    office.submit("/columns", 200, **{star_column: "stars", "source": "Sở  Công thương"})
    _look(house, office)
    assert _figures(office)["Refused"] == 2
    with house.looking() as session:
        assert "stars" in find_mapping(session, "Sở Công thương").values()
    _send(office, content, source="Sở Công thương")
    assert _figures(office)["Refused"] == 2
    office.submit("/confirm")
    with house.looking() as session:
        product = session.scalars(select(Product).where(Product.code == "T-1")).one()
        stars = session.scalars(
            select(Certificate.stars).where(Certificate.product_id == product.id)
        ).all()
        assert stars == [4]


def test_the_chosen_province_counts_where_the_file_names_none(house: House) -> None:
    office = _officer(house)
    content = "Tên sản phẩm,Chủ thể,Số sao\nMật ong hoa tràm,HTX Ong,4\n"
    office.get("/office/import")
    page = office.page.get_data(as_text=True) if office.page else ""
    code = re.search(r'<option value="(\d+)"[^>]*>Cà Mau<', page)
    assert code is not None
    _send(office, content, province=code[1])
    office.submit("/confirm")
    with house.looking() as session:
        maker = session.scalars(select(Producer).where(Producer.name == "HTX Ong")).one()
        assert maker.province_code == code[1]


def test_storing_says_how_far_it_is_and_goes_on(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "PATIENCE", 0.0)
    lines = [f"Mắm số {n} của Cà Mau,HTX {n},Cà Mau,3" for n in range(300)]
    office = _officer(house)
    _send(office, "Tên sản phẩm,Chủ thể,Tỉnh,Số sao\n" + "\n".join(lines) + "\n")
    assert "Show all 300" in office.text()
    office.submit("/confirm")
    _look(house, office)
    assert "250 of 300 lines are stored" in office.text()
    for _press in range(3):
        if "lines are stored" in office.text():
            office.submit("/confirm")
    assert "Account of an import" in office.text()
    with house.looking() as session:
        run = session.scalars(select(ImportRun)).one()
        assert run.finished_at is not None
        assert len(session.scalars(select(ImportLine.id)).all()) == 300
    assert _uploads(house) == []


def test_the_account_tells_what_became_of_every_line(house: House) -> None:
    office = _officer(house)
    _send(office, REGISTER)
    office.submit("/confirm")
    _look(house, office)
    for name in ("Mắm ba khía", "Tôm khô Năm Căn", "Mật ong U Minh"):
        assert name in office.text()
    assert office.text().count("Line ") >= 4
    run = office.path
    assert "Mắm ba khía" not in office.get(f"{run}?status=review")
    office.get("/office/import")
    assert "ds.csv" in office.text()
    _look(house, office)


def test_the_workbook_of_what_to_mend_holds_no_formula(house: House) -> None:
    office = _officer(house)
    _send(office, REGISTER)
    link = next(one for one in office.links() if one.endswith("mend.xlsx"))
    answer = office.client.get(link)
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    rows = list(book.worksheets[0].iter_rows())
    assert rows[0][-1].value == "Cần sửa gì"
    assert "3, 4" in str(rows[2][-1].value)
    assert all(cell.data_type != "f" for row in rows for cell in row)


def test_an_officer_stores_a_waiting_line_with_corrections(house: House) -> None:
    office = _officer(house)
    _send(office, REGISTER)
    office.submit("/confirm")
    office.get("/office/import")
    assert "1 line waits for your decision" in office.text()
    office.get("/office/import/waiting")
    _look(house, office)
    line = next(one for one in office.links() if re.search(r"/waiting/\d+$", one))
    office.get(line)
    _look(house, office)
    office.submit(line, 422, name="", stars="3")
    _look(house, office)
    assert "The product has no name" in office.text()
    office.submit(line, name="Mật ong rừng U Minh", stars="3", decision_date="")
    with house.looking() as session:
        row = session.get_one(ImportLine, int(line.rsplit("/", 1)[1]))
        assert (row.status, row.product_id is not None) == ("import", True)
        product = session.get_one(Product, row.product_id)
        assert (product.name, product.state) == ("Mật ong rừng U Minh", "draft")
        entry = session.scalars(
            select(audit.AuditEntry).where(audit.AuditEntry.action == "import.line_accepted")
        ).one()
        assert entry.details["values"]["stars"] == "3"
        assert entry.person_id == house.people["office"]
    assert "Nothing waits" in office.get("/office/import/waiting")


def test_a_line_is_left_out_with_a_reason_and_only_once(house: House) -> None:
    first, second = _officer(house), _officer(house)
    _send(first, REGISTER)
    first.submit("/confirm")
    first.get("/office/import/waiting")
    line = next(one for one in first.links() if re.search(r"/waiting/\d+$", one))
    first.get(line)
    second.get(line)
    first.submit("/leave", 422, reason=" ")
    assert "Write the reason" in first.text()
    first.submit("/leave", reason="Chỉ là đề nghị, chưa công nhận")
    second.submit(line, stars="3")
    assert "decided this line already" in second.text()
    trail = first.get(f"/office/audit?subject=import_line:{line.rsplit('/', 1)[1]}")
    assert "Chỉ là đề nghị" in trail
    _send(first, REGISTER)
    assert "This very file was stored" in first.text()
    assert not [form for form in first.forms() if form.action.endswith("/confirm")]
    assert "Nothing waits" in first.get("/office/import/waiting")


def test_only_the_officer_who_sent_a_file_reaches_it(house: House) -> None:
    office = _officer(house)
    _send(office, REGISTER)
    address = office.path
    stolen = re.sub(r"/import/\d+-", "/import/99-", address)
    assert "not here any more" in office.get(stolen)
    producer = house.browser("producer")
    for path in (address, f"{address}/mend.xlsx", "/office/import/waiting", "/office/import"):
        assert producer.client.get(path).status_code == 403


def test_uploads_nobody_confirms_are_gone_after_a_day(house: House) -> None:
    office = _officer(house)
    _send(office, REGISTER)
    data_dir = house.app.config["OCOP"].data_dir
    now = clock.now()
    assert uploads.sweep(data_dir, now=now) == 0
    old = time.time() - timedelta(hours=25).total_seconds()
    for path in _uploads(house):
        os.utime(path, (old, old))
    assert uploads.sweep(data_dir, now=now) == 2
    assert "not here any more" in office.get(office.path)


def test_every_meaning_offered_is_one_the_importer_knows() -> None:
    assert set(import_words.FIELD_NAMES) <= known_fields()
