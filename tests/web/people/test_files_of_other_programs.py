"""Diaries, stock lists and journals at the producer's desk: looked at first, kept once, fetched by their owner."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from catalog.models import Lot, LotEvent, Package, ProfileColumns
from core import clock
from core.money import Money
from orders import ledger
from orders.models import StockItem
from tests.factories.house import House

DIARY = """Ngày thực hiện;Công việc;Cây trồng;Mã lô;Sản lượng;ĐVT;Từ lô;Khách hàng;Ghi chú riêng
15/06/2026;Thu hoạch;Lúa ST25;L2606;1.250;kg;;;ẩm
16/06/2026;Bón phân;Lúa ST25;;;;;;
20/06/2026;Xuất kho;Lúa ST25;L2606;50;kg;;;
21/06/2026;Xuất kho;Lúa ST25;L2606;50;kg;;=SUM(A1);
"""


def _file(text: str, name: str = "file.csv") -> dict[str, Any]:
    return {"file": (BytesIO(text.encode()), name)}


def _page(house: House) -> str:
    return f"/portal/producers/{house.producers['producer']}/software"


def _package(house: House) -> Package:
    with house.looking() as session:
        return session.scalars(
            select(Package).where(Package.product_id == house.products["producer"])
        ).first()  # type: ignore[return-value]


def _shelf(house: House) -> int | None:
    with house.looking() as session:
        return session.scalar(
            select(StockItem.on_hand).where(StockItem.package_id == _package(house).id)
        )


def _events(house: House) -> int:
    with house.looking() as session:
        return session.scalar(select(func.count()).select_from(LotEvent)) or 0


def test_a_diary_is_shown_line_by_line_and_kept_only_when_confirmed(
    house: House, data_dir: Path
) -> None:
    producer = house.browser("producer")
    producer.get("/portal/")
    assert _page(house) in producer.links()
    producer.get(_page(house))
    producer.submit("/software/diary", files=_file(DIARY, "nhật ký.csv"))
    shown = producer.text()
    assert "nhật ký.csv" in shown
    assert "Ghi chú riêng" in shown
    assert "L2606" in shown
    assert _events(house) == 0
    producer.submit("/take")
    assert producer.path == "/portal/lots"
    assert _events(house) == 2
    assert not list((data_dir / "software-uploads").iterdir())
    producer.get(_page(house))
    producer.submit("/software/diary", files=_file(DIARY))
    assert not [form for form in producer.forms() if form.action.endswith("/take")]
    producer.submit("/discard")
    assert _events(house) == 2


def test_a_column_explained_once_is_known_the_next_time(house: House) -> None:
    text = f"Mã hàng;Còn lại\n{_package(house).sku};7\n"
    producer = house.browser("producer")
    producer.get(_page(house))
    producer.submit("/software/stock", status=422, files=_file(text))
    assert "Còn lại" in producer.text()
    producer.submit("/columns", **{"means-1": "stock"})
    assert "7" in producer.text()
    producer.submit("/take")
    assert _shelf(house) == 7
    with house.looking() as session:
        assert session.scalars(select(ProfileColumns.columns)).all() == [{"con lai": "stock"}]
    producer.submit("/software/stock", files=_file(text))
    assert not [form for form in producer.forms() if form.action.endswith("/take")]


def test_what_was_sold_meanwhile_is_shown_before_anything_is_overwritten(house: House) -> None:
    from orders import stock
    from tests.factories.orders import NOW, TESTER

    package = _package(house)
    with house.changing() as session:
        stock.set_on_hand(session, package.id, 10, actor=TESTER, now=NOW)
    producer = house.browser("producer")
    producer.get(_page(house))
    producer.submit(
        "/software/stock", files=_file(f"Mã hàng;Tồn kho;Giá bán\n{package.sku};12;99000\n")
    )
    with house.changing() as session:
        stock.set_on_hand(session, package.id, 9, actor=TESTER, now=NOW)
    page = producer.submit("/take", status=409)
    assert 'role="alert"' in page
    assert _shelf(house) == 9
    producer.submit("/take")
    assert _shelf(house) == 12
    assert _package(house).price_minor == 99_000


def test_files_go_out_to_their_owner_and_the_office_and_to_nobody_else(house: House) -> None:
    addresses = (
        "/goods.xlsx", "/goods.csv", "/diary.csv", "/epcis.jsonld",
        "/journal?first=01/01/2026&last=31/12/2026", "/journal?first=1/1/26&last=2/1/26&format=csv",
    )  # fmt: skip
    producer, other = house.browser("producer"), house.browser("other")
    office = house.browser("office")
    for address in addresses:
        for browser in (producer, office):
            answer = browser.client.get(_page(house) + address)
            assert answer.status_code == 200, address
            assert answer.headers["Content-Disposition"].startswith("attachment"), address
        other.get(_page(house) + address, status=403)
    other.get(_page(house), status=403)
    producer.get(_page(house) + "/goods.exe", status=404)
    text = producer.client.get(_page(house) + "/goods.csv").get_data(as_text=True)
    assert _package(house).sku in text


def test_a_file_somebody_else_sent_is_nobodys(house: House) -> None:
    producer, other = house.browser("producer"), house.browser("other")
    producer.get(_page(house))
    producer.submit("/software/diary", files=_file(DIARY))
    address = producer.path
    other.get(address, status=403)
    swapped = address.replace(
        f"/producers/{house.producers['producer']}/", f"/producers/{house.producers['other']}/"
    )
    other.get(swapped)
    assert other.path.endswith("/software")
    office = house.browser("office")
    office.get(address)
    assert office.path.endswith("/software")


@pytest.mark.parametrize("kind", ["diary", "stock"])
@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("", "a.csv"),
        ("x;y\n1;2\n", "a.pdf"),
        ("PK not a workbook", "a.xlsx"),
        ("Mã hàng;Tồn kho;Ngày;Công việc;Mã lô\n" + "a;1;1/1/2026;Thu hoạch;b\n" * 501, "a.csv"),
    ],
)
def test_a_file_that_cannot_be_used_is_answered_with_a_sentence(
    house: House, data_dir: Path, kind: str, content: str, name: str
) -> None:
    producer = house.browser("producer")
    producer.get(_page(house))
    page = producer.submit(f"/software/{kind}", status=422, files=_file(content, name))
    assert 'role="alert"' in page
    folder = data_dir / "software-uploads"
    assert not folder.exists() or not list(folder.iterdir())


def test_the_journal_asks_for_days_and_accounts_are_confirmed_by_hand(house: House) -> None:
    producer = house.browser("producer")
    maker = house.producers["producer"]
    page = producer.get(_page(house) + "/journal?first=31/12/2026&last=abc", status=422)
    assert "abc" in page
    producer.get(_page(house))
    page = producer.submit("/accounts", status=422, vat="=1+1")
    assert 'aria-invalid="true"' in page
    producer.submit("/accounts", vat="33311", revenue="5111")
    assert "33311" in producer.page.get_data(as_text=True)  # type: ignore[union-attr]
    with house.changing() as session:
        money = Money(70_000, "VND")
        entries = [ledger.Entry("producer", money, maker), ledger.Entry("bank", -money)]
        ledger.post(session, "payout:9", "payout", entries, order_id=None, now=clock.now())
    day = f"{clock.today():%d/%m/%Y}"
    answer = producer.client.get(f"{_page(house)}/journal?first={day}&last={day}&format=csv")
    assert f"{day},,Thanh toán,112,131,70000,VND" in answer.get_data(as_text=True)


def test_all_events_of_a_producer_are_one_document(house: House) -> None:
    producer = house.browser("producer")
    producer.get(_page(house))
    producer.submit("/software/diary", files=_file(DIARY))
    producer.submit("/take")
    answer = producer.client.get(_page(house) + "/epcis.jsonld")
    kinds = [event["ocop:kind"] for event in json.loads(answer.data)["epcisBody"]["eventList"]]
    assert kinds == ["harvest", "ship"]
    with house.looking() as session:
        assert session.scalars(select(Lot.number)).all() == ["L2606"]
