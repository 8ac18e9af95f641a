"""Counts and prices from a producer's sales software: looked at first, taken over once, every change in the journal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.importing.profiles import NoKnownColumns, save_columns
from catalog.importing.report import UnusableFile
from catalog.models import Package
from core.audit import AuditEntry
from core.money import Money
from core.people.permissions import NotAllowed
from orders import stock
from orders.models import StockItem
from orders.sales_software.planning import Plan, plan_file
from orders.sales_software.reading import read_counts, read_sales_file, sales_profile
from orders.sales_software.taking import ShopChangedMeanwhile, take_file
from orders.sales_software.writing import write_goods
from tests.factories.catalog import make_package, make_producer, make_product
from tests.factories.orders import NOW, OFFICE, TESTER, TODAY, make_order, make_stocked

HANBAI = sales_profile("hanbai")


@pytest.fixture
def fish_sauce(session: Session) -> Package:
    """Ten bottles on the shelf, at 120 000 đồng."""
    return make_stocked(session, name="Nước mắm Rạch Gốc")


def _maker(package: Package) -> int:
    return package.product.producer_id


def _read(path: Path, text: str, **more: Any) -> Any:
    path.write_text(text, encoding="utf-8")
    return read_sales_file(path, HANBAI, **more)


def _shelf(session: Session, package: Package) -> int:
    return session.scalars(
        select(StockItem.on_hand).where(StockItem.package_id == package.id)
    ).one()


def _take(session: Session, producer_id: int, file: Any, **more: Any) -> Plan:
    doing = {"source": HANBAI.name, "actor": TESTER, "on": TODAY, "now": NOW, **more}
    return take_file(session, producer_id, file, **doing)


def test_a_count_and_a_price_are_taken_over_and_the_second_time_nothing_changes(
    session: Session, fish_sauce: Package, tmp_path: Path
) -> None:
    old = fish_sauce.price_minor
    file = _read(
        tmp_path / "ton.csv",
        f"BÁO CÁO TỒN KHO\nMã hàng;Tên hàng;Tồn kho;Giá bán;Kho\n"
        f"{fish_sauce.sku};Nước mắm;1.250;99.000đ;Kho 1\n",
    )
    assert file.unknown == ("Kho",)
    plan = _take(session, _maker(fish_sauce), file)
    assert [(one.stock, one.price) for one in plan.changes] == [(1250, Money(99_000, "VND"))]
    assert (_shelf(session, fish_sauce), fish_sauce.price_minor) == (1250, 99_000)
    again = _take(session, _maker(fish_sauce), file)
    assert (again.changes, again.count("same")) == ([], 1)
    told = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(3)).all()
    assert [one.action for one in reversed(told)] == [
        "stock.counted", "package.edit", "stock.import",
    ]  # fmt: skip
    counted, priced, imported = reversed(told)
    assert (counted.details["before"], counted.details["after"]) == (10, 1250)
    assert priced.details["price"] == [old, 99_000]
    assert imported.details == {"source": "Hanbai", "changed": 1, "refused": 0}


def test_what_goes_out_comes_in_again_and_changes_nothing(
    session: Session, fish_sauce: Package, tmp_path: Path
) -> None:
    maker = _maker(fish_sauce)
    make_product(session, "=HYPERLINK(1)", fish_sauce.product.producer)
    for ending in (".csv", ".xlsx"):
        out = tmp_path / f"hanbai{ending}"
        assert write_goods(session, out, HANBAI, maker, on=TODAY) == 2
        plan = plan_file(session, maker, read_sales_file(out, HANBAI))
        assert [one.outcome for one in plan.lines] == ["same", "same"]
        assert (plan.unknown_columns, plan.missing) == ((), ())
    assert "'=HYPERLINK" in (tmp_path / "hanbai.csv").read_text("utf-8-sig")
    again = tmp_path / "again.xlsx"
    write_goods(session, again, HANBAI, maker, on=TODAY)
    assert again.read_bytes() == (tmp_path / "hanbai.xlsx").read_bytes()


def test_every_bad_line_is_named_and_the_good_ones_are_kept(
    session: Session, fish_sauce: Package, tmp_path: Path
) -> None:
    producer = fish_sauce.product.producer
    shrimp = make_package(session, make_product(session, "Tôm khô", producer, packages=0))
    stranger = make_stocked(session, name="Gạo của người khác")
    file = _read(
        tmp_path / "ton.csv",
        "Mã hàng,Tên hàng,Tồn kho,Giá bán\n"
        f"{fish_sauce.sku},,15,\n"
        f"{shrimp.sku},,-3,50000\n"
        f",Tôm khô,4,\n"
        f"{stranger.sku},,99,\n"
        "KHAC,,,5000\n",
    )
    plan = _take(session, producer.id, file)
    assert [(one.line, one.outcome, one.problems) for one in plan.lines] == [
        (2, "change", ()),
        (3, "refused", (("sku", "named_twice"),)),
        (4, "refused", (("sku", "named_twice"),)),
        (5, "refused", (("sku", "unknown_goods"),)),
        (6, "refused", (("sku", "unknown_goods"),)),
    ]
    assert (_shelf(session, fish_sauce), _shelf(session, stranger)) == (15, 10)


@pytest.mark.parametrize(
    ("stock_cell", "price_cell", "problem"),
    [
        ("-3", "", ("stock", "count_negative")),
        ("2,5", "", ("stock", "count_not_whole")),
        ("2.000", "", ("stock", "count_ambiguous")),
        ("hết", "", ("stock", "not_a_count")),
        ("1", "", ("stock", "below_promises")),
        ("", "85", ("price", "not_a_price")),
        ("", "10 USD", ("price", "not_a_price")),
    ],
)
def test_nothing_of_a_doubtful_line_is_kept(
    session: Session,
    fish_sauce: Package,
    tmp_path: Path,
    stock_cell: str,
    price_cell: str,
    problem: tuple[str, str],
) -> None:
    make_order(session, (fish_sauce, 3))
    head = "Mã hàng;Tồn kho;Giá bán\n"
    file = _read(
        tmp_path / "ton.csv",
        f"{head}{fish_sauce.sku};{stock_cell or '20'};{price_cell or '70.000'}\n",
    )
    plan = _take(session, _maker(fish_sauce), file)
    assert plan.lines[0].problems == (problem,)
    assert _shelf(session, fish_sauce) == 10
    assert fish_sauce.price_minor != 70_000


def test_counts_with_marks_are_read_by_what_the_whole_column_says() -> None:
    def counts(*cells: str) -> list[tuple[int | None, str]]:
        return [(one.count, one.error) for one in read_counts(cells)]

    assert counts("1.250", "12", "") == [(1250, ""), (12, ""), (None, "")]
    assert counts("1,250", "12", "৩") == [(1250, ""), (12, ""), (3, "")]
    assert counts("12,00", "1.250,00") == [(12, ""), (1250, "")]
    assert counts("12.000", "3.000") == [(None, "count_ambiguous")] * 2
    assert counts("12.000", "0.500") == [(None, "count_ambiguous")] * 2


def test_goods_are_known_by_barcode_and_by_a_name_only_they_have(
    session: Session, fish_sauce: Package, tmp_path: Path
) -> None:
    fish_sauce.gtin = "8938500001239"
    session.flush()
    file = _read(
        tmp_path / "ton.csv",
        "Mã hàng;Mã vạch;Tên hàng;Tồn kho\nHB01;8938500001239;Mắm;11\n",
    )
    assert plan_file(session, _maker(fish_sauce), file).changes[0].stock == 11
    file = _read(tmp_path / "ten.csv", "Mã hàng;Tên hàng;Tồn kho\nHB01;NUOC MAM RACH GOC;12\n")
    assert plan_file(session, _maker(fish_sauce), file).changes[0].stock == 12
    make_package(session, fish_sauce.product)
    assert plan_file(session, _maker(fish_sauce), file).lines[0].problems == (
        ("name", "several_goods"),
    )


def test_a_sale_between_looking_and_confirming_asks_to_look_again(
    session: Session, fish_sauce: Package, tmp_path: Path
) -> None:
    file = _read(tmp_path / "ton.csv", f"Mã hàng;Tồn kho\n{fish_sauce.sku};8\n")
    seen = plan_file(session, _maker(fish_sauce), file).digest
    stock.set_on_hand(session, fish_sauce.id, 9, actor=TESTER, now=NOW)
    with pytest.raises(ShopChangedMeanwhile):
        _take(session, _maker(fish_sauce), file, seen=seen)
    assert _shelf(session, fish_sauce) == 9
    seen = plan_file(session, _maker(fish_sauce), file).digest
    assert _take(session, _maker(fish_sauce), file, seen=seen).count("change") == 1


def test_a_price_three_times_as_high_and_the_last_bottle_are_pointed_at(
    session: Session, fish_sauce: Package, tmp_path: Path
) -> None:
    high = fish_sauce.price_minor * 4
    file = _read(tmp_path / "ton.csv", f"Mã hàng;Tồn kho;Giá bán\n{fish_sauce.sku};0;{high}\n")
    line = plan_file(session, _maker(fish_sauce), file).changes[0]
    assert line.warnings == (("price", "price_jump"), ("stock", "sold_out"))


def test_goods_on_sale_that_the_file_leaves_out_are_named_and_stay(
    session: Session, fish_sauce: Package, tmp_path: Path
) -> None:
    other = make_product(session, "Tôm khô", fish_sauce.product.producer, packages=0)
    package = make_package(session, other)
    file = _read(tmp_path / "ton.csv", f"Mã hàng;Tồn kho\n{fish_sauce.sku};10\n")
    plan = _take(session, _maker(fish_sauce), file)
    assert [one.package_id for one in plan.missing] == [package.id]


def test_a_heading_the_profile_does_not_know_is_explained_once(
    session: Session, fish_sauce: Package, tmp_path: Path
) -> None:
    text = f"Mã hàng;Còn lại trong kho\n{fish_sauce.sku};7\n"
    with pytest.raises(NoKnownColumns) as refusal:
        _read(tmp_path / "ton.csv", text)
    assert refusal.value.facts["headings"] == ["Mã hàng", "Còn lại trong kho"]
    said = {"Còn lại trong kho": "stock"}
    save_columns(session, _maker(fish_sauce), HANBAI, said, actor=TESTER, now=NOW)
    from catalog.importing.profiles import find_columns

    kept = find_columns(session, _maker(fish_sauce), "hanbai")
    assert _read(tmp_path / "ton.csv", text, said=kept).rows[0].cell("stock") == "7"
    assert find_columns(session, make_producer(session).id, "hanbai") == {}


def test_files_that_are_too_long_and_people_who_may_not(
    session: Session, fish_sauce: Package, tmp_path: Path
) -> None:
    text = "Mã hàng;Tồn kho\n" + f"{fish_sauce.sku};7\n" * 4
    with pytest.raises(UnusableFile):
        _read(tmp_path / "ton.csv", text, most_rows=3)
    from core.actor import Actor, Role

    neighbour = Actor(1, "Hàng xóm", frozenset({Role.PRODUCER}), producer_ids=frozenset({10**6}))
    with pytest.raises(NotAllowed):
        _take(session, _maker(fish_sauce), _read(tmp_path / "x.csv", text), actor=neighbour)
    _take(session, _maker(fish_sauce), _read(tmp_path / "x.csv", text), actor=OFFICE)


def test_the_profile_is_honest_about_the_vendor() -> None:
    assert "unverified" in HANBAI.verified
