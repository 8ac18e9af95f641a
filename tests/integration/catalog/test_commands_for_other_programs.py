"""The commands for diaries, stock lists, journals and events of a whole producer, as an operator runs them."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from catalog.models import Lot, Package, Producer
from core.db import write_session
from orders.models import StockItem
from tests.conftest import missing
from tests.factories.catalog import make_package, make_product
from tests.factories.forked import Ocop
from tests.factories.lots import GTIN, happened, make_lot, make_material
from tests.factories.orders import NOW, TODAY, make_order, make_stocked, transfer

SCHEMA = Path(__file__).parents[4] / "shared/standards/epcis2/EPCIS-JSON-Schema.json"


def _code(session: Session, package: Package) -> str:
    return session.get_one(Producer, package.product.producer_id).code


def test_stock_goes_out_and_comes_back_by_command(
    engine: Engine, ocop: Ocop, tmp_path: Path
) -> None:
    with write_session(engine) as session:
        package = make_stocked(session, name="Nước mắm")
        code, sku, number = _code(session, package), package.sku, package.id
        session.commit()
    out = tmp_path / "hanbai.xlsx"
    sent = ocop("stock", "export", str(out), "--producer", code)
    assert (sent.returncode, "1 goods" in sent.stderr) == (0, True), sent.stderr
    assert "unverified" in sent.stderr
    back = tmp_path / "ton.csv"
    back.write_text(f"Mã hàng;Tồn kho\n{sku};42\nKHAC;1\n", encoding="utf-8")
    dry = ocop("stock", "import", str(back), "--producer", code, "--dry-run")
    assert dry.stdout.splitlines() == [f"2\t{sku}\tstock\t10\t42", "3\tKHAC\tsku\tunknown_goods"]
    with Session(engine) as session:
        assert session.get_one(StockItem, number).on_hand == 10
    assert ocop("stock", "import", str(back), "--producer", code).returncode == 1
    with Session(engine) as session:
        assert session.get_one(StockItem, number).on_hand == 42
    assert ocop("stock", "import", str(out), "--producer", "nobody").returncode == 1


def test_the_journal_of_producer_and_shop_by_command(
    engine: Engine, ocop: Ocop, tmp_path: Path
) -> None:
    with write_session(engine) as session:
        package = make_stocked(session)
        order = make_order(session, (package, 2))
        transfer(session, order, order.total_minor, "FT1")
        code, total = _code(session, package), order.total_minor
        session.commit()
    days = ["--from", f"{TODAY}", "--to", f"{TODAY}"]
    own = ocop("accounting", "export", str(tmp_path / "own.csv"), *days, "--producer", code)
    assert own.returncode == 0, own.stderr
    assert f"131\t{total}\t0" in own.stdout
    assert "no accountant" in own.stderr
    shop = ocop("accounting", "export", str(tmp_path / "shop.xlsx"), *days)
    assert f"112\t{total}\t0" in shop.stdout.splitlines()
    bad = ocop("accounting", "export", str(tmp_path / "x.pdf"), *days)
    assert (bad.returncode, "UnknownTableFormat" in bad.stderr) == (1, True)


def test_all_events_of_a_producer_are_valid_by_the_schema_of_the_standard(
    engine: Engine, ocop: Ocop, tmp_path: Path
) -> None:
    """Two products, one with a GTIN and one without, every kind of event, and a diary read in between."""
    if not SCHEMA.exists():
        missing("epcis", "the EPCIS 2.0 schema of GS1 is not beside the project")
    with write_session(engine) as session:
        product = make_product(session, "Nước mắm", packages=0)
        maker, code = product.producer_id, product.producer.code
        bottle = make_package(session, product, gtin=GTIN)
        bag = make_package(session, make_product(session, "Muối", product.producer, packages=0))
        bottles, bags = make_lot(session, bottle), make_lot(session, bag, "MUOI-1")
        fish, salt = make_material(session, maker), make_material(session, maker, "Muối hạt")
        landed = {"at": NOW - timedelta(days=60), "place": "Cửa biển Rạch Gốc"}
        happened(session, maker, "catch", outputs=((fish, 200),), **landed)
        happened(session, maker, "harvest", outputs=((salt, 200),), **landed)
        happened(session, maker, "process", inputs=((fish, 200),), outputs=((bottles, 200),))
        happened(session, maker, "pack", inputs=((salt, 100),), outputs=((bags, 200),))
        sold = happened(
            session, maker, "ship", inputs=((bottles, 5), (bags, 7)), party="Co.opmart",
            party_gln="8938500009990", document="PX-07",
        )  # fmt: skip
        happened(session, maker, "void", corrects_id=sold.event.id)
        happened(session, maker, "ship", inputs=((bottles, 5),), party="Chợ Cà Mau")
        other = make_material(session, make_product(session, "Của người khác").producer_id)
        happened(session, other.producer_id, "harvest", outputs=((other, 1),))
        session.commit()
    diary = tmp_path / "nhatky.csv"
    diary.write_text(
        "Ngày;Công việc;Nông sản;Mã lô;Sản lượng;ĐVT\n15/06/2026;Thu hoạch;Rong nho;R-1;12,5;kg\n",
        encoding="utf-8",
    )
    read = ocop("lots", "import", str(diary), "--producer", code)
    assert "1 lots and 1 events added" in read.stderr
    path = tmp_path / "events.jsonld"
    written = ocop("lots", "epcis", code, str(path))
    assert written.returncode == 0, written.stderr
    document = json.loads(path.read_text("utf-8"))
    events = document["epcisBody"]["eventList"]
    assert {event["ocop:kind"] for event in events} >= {
        "catch", "harvest", "process", "pack", "ship",
    }  # fmt: skip
    assert len(events) == 7
    with Session(engine) as session:
        foreign = session.scalars(select(Lot.code).where(Lot.producer_id != maker)).one()
    assert foreign not in path.read_text("utf-8")
    from jsonschema import Draft7Validator

    faults = list(Draft7Validator(json.loads(SCHEMA.read_text("utf-8"))).iter_errors(document))
    assert not faults, [f"{list(f.path)}: {f.message[:200]}" for f in faults]
