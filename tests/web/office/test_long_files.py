"""A file too long for a request: the worker looks through it and stores it, and the officer sees how far it is."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import func, select

from catalog.importing import use_case
from catalog.models import Certificate, ImportLine, ImportRun, Producer, Product
from core import clock
from core.people.models import Person
from core.tasks import BACK_OFF, Task
from storefront import import_work, uploads
from storefront.office import importing
from storefront.reactions import WorkerContext
from storefront.worker import REACTIONS, Worker
from tests.factories.browser import Browser
from tests.factories.house import House
from tests.web.page_client import check

ROWS = 600
HEADS = "Tên sản phẩm,Chủ thể,Tỉnh,Số sao,Mùi vị\n"
LINES = [f"Mắm số {n} của Cà Mau,HTX {n % 30},Cà Mau,3,mặn" for n in range(ROWS)]
LINES[300] = "Mật ong U Minh,HTX U Minh,Cà Mau,6,ngọt"
LINES[400] = "Mật ong U Minh,HTX U Minh,Cà Mau,2-3,ngọt"
FILE = HEADS + "\n".join(LINES) + "\n"


@pytest.fixture(autouse=True)
def _few_rows_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "MOST_ROWS", ROWS - 100)


def _officer(house: House) -> Browser:
    office = house.browser("office")
    office.client.set_cookie("locale", "en", domain="localhost")
    return office


def _send(office: Browser, content: str | bytes, name: str = "ds.csv", **said: str) -> str:
    office.get("/office/import")
    data = content.encode() if isinstance(content, str) else content
    files = {"file": (io.BytesIO(data), name)}
    return office.submit("/office/import", 200, files, **said)


def _work(house: House) -> int:
    context = WorkerContext(house.app.config["OCOP"], house.engine)
    own = {name: does if name.startswith("import.") else () for name, does in REACTIONS.items()}
    return Worker(context, "test", reactions=own, timers=()).work_off()


def _look(house: House, office: Browser) -> None:
    assert office.page is not None
    check(house.app, office.page, office.path)


def _folder(house: House) -> Path:
    folder: Path = house.app.config["OCOP"].data_dir / "uploads"
    return folder


def _counts(house: House) -> tuple[int, int, int]:
    with house.looking() as session:
        lines = session.scalar(select(func.count()).select_from(ImportLine)) or 0
        runs = session.scalar(select(func.count()).select_from(ImportRun)) or 0
        mine = select(func.count()).select_from(Product).where(Product.name.like("Mắm số %"))
        return runs, lines, session.scalar(mine) or 0


def test_a_long_file_is_looked_through_and_stored_by_the_worker(house: House) -> None:
    office = _officer(house)
    _send(office, FILE, source="Sở Nông nghiệp")
    _look(house, office)
    assert "The file is being looked through" in office.text()
    assert office.page is not None
    assert office.page.headers["Refresh"] == str(importing.LOOK_AGAIN_SECONDS)
    progress = office.path
    office.get(f"{progress}?renew=no")
    assert office.page.headers.get("Refresh") is None
    _look(house, office)
    assert "being looked through" in office.get("/office/import")
    _look(house, office)
    _work(house)
    assert _counts(house) == (0, 0, 0)

    office.get(progress)
    _look(house, office)
    assert "What would change" in office.text()
    assert f"New: {ROWS - 2}" in office.text()
    assert "Show the first 200" in office.text()
    assert "Mùi vị" in office.text()
    preview = office.path
    shown = office.get(f"{preview}?show=rejected")
    assert "Mật ong U Minh" in shown
    office.get(f"{preview}?show=created")
    assert "Only the first 200 are shown" in office.text()
    office.get(preview)
    office.submit("/confirm")
    _look(house, office)
    assert "Storing is under way" in office.text()
    assert [one for one in office.forms() if one.action.endswith("/discard")] == []
    _work(house)
    office.get(progress)
    _look(house, office)
    assert "Account of an import" in office.text()
    assert _counts(house) == (1, ROWS, ROWS - 2)
    assert list(_folder(house).iterdir()) == []
    link = next(one for one in office.links() if one.endswith("mend.xlsx"))
    sheet = openpyxl.load_workbook(io.BytesIO(office.client.get(link).data)).worksheets[0]
    rows = [[str(cell.value or "") for cell in row] for row in sheet.iter_rows()]
    assert rows[0][-1] == "Cần sửa gì"
    assert [row[rows[0].index("Số sao")] for row in rows[1:]] == ["6", "2-3"]
    assert all(row[-1].startswith("Dòng ") and len(row[-1]) > 20 for row in rows[1:])
    assert "not here any more" in office.get(progress)


def test_the_workbook_of_a_long_file_holds_every_line(house: House) -> None:
    office = _officer(house)
    _send(office, FILE)
    _work(house)
    office.get(office.path)
    link = next(one for one in office.links() if one.endswith("mend.xlsx"))
    book = openpyxl.load_workbook(io.BytesIO(office.client.get(link).data), read_only=True)
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert len(rows) == ROWS + 1
    assert rows[0][-1] == "Cần sửa gì"
    mend = [number for number, row in enumerate(rows[1:]) if len(row) == len(rows[0]) and row[-1]]
    assert {300, 400} <= set(mend)


def test_an_interrupted_storing_goes_on_and_nothing_is_there_twice(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = _officer(house)
    _send(office, FILE)
    _work(house)
    office.get(office.path)
    office.submit("/confirm")
    progress = office.path

    def fail(_job: object, done: int, _total: int) -> None:
        if done > use_case.CHUNK:
            raise OSError("the power went")

    with monkeypatch.context() as broken:
        broken.setattr(import_work._Job, "tell_progress", fail)
        _work(house)
    assert _counts(house)[:2] == (1, 2 * use_case.CHUNK)
    assert "Storing is under way" in office.get(progress)
    with house.changing() as session:
        for task in session.scalars(select(Task).where(Task.state == "queued")):
            task.run_at = clock.now() - BACK_OFF[0]
    _work(house)
    assert _counts(house) == (1, ROWS, ROWS - 2)
    with house.looking() as session:
        assert session.scalars(select(ImportRun)).one().finished_at is not None
        stars = session.scalar(
            select(func.count()).select_from(Certificate).join(Product).where(Product.name.like("Mắm số %"))
        )  # fmt: skip
        assert stars == ROWS - 2
        makers = select(func.count()).select_from(Producer).where(Producer.code.like("reg:%"))
        assert session.scalar(makers) == 30
    office.get(progress)
    assert "Account of an import" in office.text()


def test_a_worker_killed_just_before_it_told_does_not_store_again(house: House) -> None:
    office = _officer(house)
    _send(office, FILE)
    _work(house)
    office.get(office.path)
    office.submit("/confirm")
    token = office.path.split("/")[-2]
    _work(house)
    path = _folder(house) / token
    said = uploads.said_of(path)
    assert said.state == "done"
    uploads.tell(path, replace(said, state="storing", run_id=0))
    context = WorkerContext(house.app.config["OCOP"], house.engine)
    payload = {"token": token, "person_id": house.people["office"]}
    import_work.store_import(context, [payload], clock.now() + timedelta(seconds=5))
    assert uploads.said_of(path) == said
    assert _counts(house) == (1, ROWS, ROWS - 2)


def test_what_a_column_means_is_said_and_the_long_file_looked_at_again(house: House) -> None:
    office = _officer(house)
    _send(office, FILE.replace("Số sao", "Danh vị"), source="Sở")
    _work(house)
    office.get(office.path)
    form = next(one for one in office.forms() if one.action.endswith("/columns"))
    names = {value[0]: name for name, value in form.fields.items() if name.startswith("heading-")}
    column = names["Danh vị"].replace("heading", "means")
    office.submit("/columns", 200, **{column: "stars", "source": "Sở"})
    assert "The file is being looked through" in office.text()
    _work(house)
    office.get(office.path)
    assert "Refused: 1" in office.text()


def test_a_long_file_that_cannot_be_read_says_why_and_one_nobody_wants_is_gone(
    house: House,
) -> None:
    office = _officer(house)
    _send(office, b"PK\x03\x04" + os.urandom(importing.MOST_BYTES[".xlsx"] + 1), "ds.xlsx")
    assert "being looked through" in office.text()
    progress = office.path
    _work(house)
    office.get(progress)
    _look(house, office)
    assert "Import a register" in office.text()
    assert "damaged" in office.text()
    assert list(_folder(house).iterdir()) == []

    _send(office, FILE)
    office.submit("/discard")
    assert list(_folder(house).iterdir()) == []
    _work(house)
    assert _counts(house) == (0, 0, 0)


def test_the_worker_does_nothing_for_somebody_who_may_not_any_more(house: House) -> None:
    office = _officer(house)
    _send(office, FILE)
    with house.changing() as session:
        session.get_one(Person, house.people["office"]).disabled_at = clock.now()
    _work(house)
    (said,) = [uploads.said_of(path) for path in _folder(house).glob("*.csv")]
    assert (said.state, said.done) == ("reading", 0)
