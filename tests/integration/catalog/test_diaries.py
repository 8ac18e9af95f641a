"""A diary of other software becomes lots and events, once, and goes out again as it came in."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.lots.diary import (
    NoKnownColumns,
    UnknownProfile,
    export_diary,
    import_diary,
    load_profile,
)
from catalog.models import Lot, LotEvent
from catalog.queries.lots import lots_made_from
from tests.conftest import TODAY
from tests.factories.catalog import make_producer, make_product
from tests.factories.lots import NOW, TESTER

DIARY = """NHẬT KÝ SẢN XUẤT;;;;;;;;;
Ngày thực hiện;Công việc;Cây trồng;Mã lô;Sản lượng;ĐVT;Thửa đất;Từ lô;Khách hàng;Thời tiết
01/03/2026;Bón phân;Lúa ST25;;;;Thửa 12;;;Nắng
15/06/2026;Thu hoạch;Lúa ST25;L2606;1.250;kg;Thửa 12;;;Mưa
20/06/2026;Chế biến;Gạo ST25;G2606;812,5;kg;;L2606;;
25/06/2026;XUẤT KHO;Gạo ST25;G2606;100;kg;;;Co.opmart Cà Mau;
26/06/2026;Xuất kho;Gạo ST25;G2606;5;kg;;;;
32/06/2026;Thu hoạch;Lúa;X1;5;kg;;;;
27/06/2026;Thu hoạch;Lúa;X2;nhiều;kg;;;;
27/06/2026;Xuất kho;Lúa;X9;5;kg;;;Chợ;
"""


@pytest.fixture
def diary(tmp_path: Path) -> Path:
    path = tmp_path / "nhatky.csv"
    path.write_text(DIARY, encoding="utf-8")
    return path


def take(session: Session, path: Path, producer_id: int):  # type: ignore[no-untyped-def]
    profile = load_profile("facefarm")
    return import_diary(session, path, profile, producer_id, actor=TESTER, on=TODAY, now=NOW)


def test_harvest_processing_and_sale_become_a_chain(session: Session, diary: Path) -> None:
    producer = make_producer(session)
    make_product(session, "Gạo ST25", producer)
    maker = producer.id
    report = take(session, diary, maker)
    assert (report.rows, report.lots, report.events, report.other) == (8, 2, 3, 1)
    assert report.problems == [
        (7, "party", "party_missing"),
        (8, "day", "not_a_date"),
        (9, "quantity", "not_a_quantity"),
        (10, "lot", "unknown_lot"),
    ]
    assert report.unknown_columns == ["Thời tiết"]
    lots = {lot.number: lot for lot in session.scalars(select(Lot))}
    assert (lots["L2606"].quantity, lots["L2606"].place) == (1250, "Thửa 12")
    assert lots["G2606"].product_id is not None
    assert lots_made_from(session, lots["L2606"].id) == sorted(lot.id for lot in lots.values())
    harvest = session.scalars(select(LotEvent).where(LotEvent.kind == "harvest")).one()
    assert harvest.details["row"]["Thời tiết"] == "Mưa"  # kept, whatever it is good for


def test_reading_it_again_adds_nothing(session: Session, diary: Path) -> None:
    maker = make_producer(session).id
    take(session, diary, maker)
    again = take(session, diary, maker)
    assert (again.lots, again.events, again.same) == (0, 0, 3)
    assert session.scalar(select(func.count()).select_from(LotEvent)) == 3


def test_what_goes_out_comes_in_again(session: Session, diary: Path, tmp_path: Path) -> None:
    maker, other = make_producer(session).id, make_producer(session).id
    take(session, diary, maker)
    out, back = tmp_path / "out.csv", tmp_path / "back.csv"
    assert export_diary(session, out, load_profile("facefarm"), maker) == 3
    report = take(session, out, other)
    assert (report.lots, report.events, report.refused) == (2, 3, [])
    export_diary(session, back, load_profile("facefarm"), other)
    assert back.read_bytes() == out.read_bytes()


def test_a_file_that_is_no_diary_and_a_program_nobody_knows(
    session: Session, tmp_path: Path
) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b,c\n1,2,3\n", encoding="utf-8")
    with pytest.raises(NoKnownColumns):
        take(session, path, make_producer(session).id)
    with pytest.raises(UnknownProfile):
        load_profile("../facefarm")


def test_the_profile_is_honest_about_the_vendor() -> None:
    assert "unverified" in load_profile("facefarm").verified
