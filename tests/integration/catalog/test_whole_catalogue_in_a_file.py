"""Everything the catalogue holds goes into one file and comes back the same; a damaged file changes nothing."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import models
from catalog.archive.reading import BadArchive, is_archive, read_archive
from catalog.archive.records import KEPT_OUT, RECORDS
from catalog.archive.storing import store_archive
from catalog.archive.writing import (
    FORMATS,
    TooLongForSheet,
    UnknownFormat,
    rows_of,
    write_archive,
)
from catalog.models import Product, ProductIngredient
from core.actor import Actor
from core.db import Base
from core.facts import Fact
from tests.conftest import NOW, TODAY, Databases
from tests.factories.catalog import (
    make_certificate,
    make_package,
    make_paper,
    make_producer,
    make_product,
    make_translation,
)

OPERATOR = Actor.system("test")
AWKWARD = '=1+1\n\tnó\'i \\x0041 \\\\ "a";b\r\nMắm – 鱼露'


@pytest.fixture
def full(session: Session) -> Session:
    """A catalogue whose texts are as awkward as texts can be."""
    for name in ("HTX Đất Mũi", "'Hộ Năm Căn"):
        maker = make_producer(session, name, story=AWKWARD, papers=False)
        make_paper(session, maker, number="-12/ATTP")
        for kind in ("Nước mắm", "@Tôm khô"):
            product = make_product(
                session, f"{kind} {name}", maker, summary="", description=AWKWARD,
                storage_min_c=Decimal(-18), season_months=(1, 2, 12),
            )  # fmt: skip
            make_package(session, product, sku=f"+{product.code}", count=6)
            make_translation(session, product, "ja", "name", "ヌクマム")
            session.add(
                ProductIngredient(
                    product_id=product.id, position=1, name="cá cơm", percent=Decimal("62.5"),
                    allergens=("FSH",),
                )
            )  # fmt: skip
            old = make_certificate(session, product, issued_on=date(2024, 1, 5), stars=3)
            new = make_certificate(session, product, issued_on=date(2025, 6, 1), stars=4)
            old.superseded_by_id = new.id
    session.flush()
    return session


def contents(session: Session) -> dict[str, list[tuple[object, ...]]]:
    return {record.name: list(rows_of(session, record)) for record in RECORDS}


@pytest.fixture
def empty(databases: Databases, tmp_path: Path) -> Iterator[Session]:
    """A second database in which something else has been counted already."""
    folder = tmp_path / "other"
    folder.mkdir()
    with databases.copy(folder) as engine, Session(engine) as session:
        yield session


def store(session: Session, path: Path) -> tuple[int, int, int]:
    done = store_archive(session, read_archive(path), actor=OPERATOR, on=TODAY, now=NOW)
    return done.new.total(), done.changed.total(), done.same.total()


@pytest.mark.parametrize("ending", FORMATS)
def test_an_empty_shop_filled_from_the_file_is_the_same(
    full: Session, empty: Session, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"all{ending}"
    count = write_archive(full, path)
    assert is_archive(path)
    assert store(empty, path) == (count, 0, 0)
    assert contents(empty) == contents(full)
    assert store(empty, path) == (0, 0, count)
    product = empty.scalars(select(Product).limit(1)).one()
    assert product.summary == ""
    assert product.price_from_minor == product.packages[0].price_minor
    assert product.search_fold.startswith("nuoc mam")
    assert make_product(empty, "Muối").id > product.id, "the database counts on"


@pytest.mark.parametrize("ending", FORMATS)
def test_no_cell_begins_a_formula(full: Session, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"all{ending}"
    write_archive(full, path)
    if ending == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert any(cell.startswith("'=1+1") for cell in cells)
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    elif ending == ".xlsx":
        from openpyxl import load_workbook

        book = load_workbook(path)
        assert not [c for sheet in book for row in sheet for c in row if c.data_type == "f"]


def test_a_changed_line_changes_one_row_and_tells_of_it(full: Session, tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    count = write_archive(full, path)
    product = full.scalars(select(Product).order_by(Product.id)).first()
    assert product is not None
    seen, old = product.version, product.name
    path.write_text(
        path.read_text().replace(
            f'"name":{json.dumps(old, ensure_ascii=False)}', '"name":"Mắm nhĩ"'
        )
    )
    full.query(Fact).delete()
    assert store(full, path) == (0, 1, count - 1)
    full.refresh(product)
    assert (product.name, product.version) == ("Mắm nhĩ", seen + 1)
    assert product.search_fold == "mam nhi"
    told = [fact.payload for fact in full.scalars(select(Fact)) if fact.name == "product.changed"]
    assert told == [{"product_id": product.id}]


def test_rows_that_are_not_in_the_file_stay(full: Session, tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    count = write_archive(full, path)
    added = make_product(full, "Muối ba khía")
    assert store(full, path) == (0, 0, count)
    assert full.get(Product, added.id) is not None


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda text: text.replace('"ocop_record":"package"', '"ocop_record":"pack"'), "unknown_record"),
        (lambda text: text.replace('"product_id":', '"product_id":9', 1), "refers_to_nothing"),
        (lambda text: text.replace('"price_minor":', '"price_minor":-', 1), "CHECK"),
        (lambda text: text.replace('"sku":', '"colour":', 1), "unknown_column"),
        (lambda text: text[: len(text) * 3 // 4], "no_json"),
        (lambda text: text.replace('"issued_on":"2', '"issued_on":"3-', 1), "is no date"),
    ],
)  # fmt: skip
def test_a_damaged_file_says_where_and_stores_nothing(
    full: Session, empty: Session, tmp_path: Path, damage: object, reason: str
) -> None:
    path = tmp_path / "all.jsonl"
    write_archive(full, path)
    path.write_text(damage(path.read_text()))  # type: ignore[operator]
    with pytest.raises(BadArchive) as refusal:
        store(empty, path)
    assert reason.lower() in str(refusal.value.facts["reason"]).lower()
    assert str(refusal.value.facts["place"]).startswith("line ")
    empty.rollback()
    assert not any(contents(empty).values())


def test_a_text_too_long_for_a_cell_is_refused_not_cut(full: Session, tmp_path: Path) -> None:
    full.scalars(select(Product)).first().description = "á" * 40_000  # type: ignore[union-attr]
    full.flush()
    with pytest.raises(TooLongForSheet):
        write_archive(full, tmp_path / "all.xlsx")
    with pytest.raises(UnknownFormat):
        write_archive(full, tmp_path / "all.doc")
    assert not list(tmp_path.glob("all.*"))
    write_archive(full, tmp_path / "all.csv")


def test_every_table_of_the_catalogue_is_in_the_file_or_kept_out_for_a_reason() -> None:
    mapped = {mapper.local_table: mapper.class_.__module__ for mapper in Base.registry.mappers}
    own = {
        table.name
        for table in Base.metadata.tables.values()
        if mapped.get(table, models.__name__).startswith(models.__name__)
    }
    assert own == {record.name for record in RECORDS} | KEPT_OUT
