"""Rows written in bulk are the rows the ORM would have written: types, defaults and refusals included."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Table, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from catalog.bulk import insert_rows
from catalog.models import ImportLine, ImportRun, Package
from core.audit import AuditEntry
from tests.conftest import NOW
from tests.factories.catalog import make_product


def _table(model: type) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table


def _package(product_id: int, sku: str, **values: object) -> dict[str, object]:
    said = {"net_content": Decimal("12.5"), "unit": "g", "label": "Hu\u031b\u0300 mu\u00f4\u0301i"}
    return {"product_id": product_id, "sku": sku, **said, "price_minor": 85_000, **values}


def test_rows_are_stored_as_sqlalchemy_stores_them(session: Session) -> None:
    product = make_product(session)
    session.execute(insert(_table(Package)), [_package(product.id, "ORM")])
    insert_rows(session, _table(Package), [_package(product.id, f"BULK-{n}") for n in range(3)])
    columns = [c for c in _table(Package).columns if c.name not in {"id", "sku"}]
    query = select(*columns).where(_table(Package).c.sku.in_(("ORM", "BULK-0", "BULK-2")))
    rows = session.execute(query).all()
    assert len(rows) == 3
    assert len(set(rows)) == 1
    assert (rows[0].active, rows[0].currency, rows[0].net_content) == (True, "VND", Decimal("12.5"))


def test_moments_and_structured_values_come_back(session: Session) -> None:
    moments = [NOW + timedelta(hours=n) for n in (0, 0, 7)]
    entry = {"person_id": None, "actor_name": "Sở", "acting_for": None, "action": "bulk.test"}
    rows = [
        {**entry, "at": at, "subject": f"bulk:{n}", "details": {"số": [n, None, "đ"]}}
        for n, at in enumerate(moments)
    ]
    insert_rows(session, _table(AuditEntry), rows)
    query = select(AuditEntry).where(AuditEntry.action == "bulk.test").order_by(AuditEntry.subject)
    found = session.scalars(query).all()
    assert [one.at for one in found] == moments
    assert [one.details for one in found] == [{"số": [n, None, "đ"]} for n in range(3)]


def test_a_constant_default_counts_where_no_row_names_the_column(session: Session) -> None:
    run = ImportRun(digest="0" * 64, file_name="a.csv", kind="register", actor_name="x", started_at=NOW)  # fmt: skip
    session.add(run)
    session.flush()
    line = {"run_id": run.id, "status": "review", "product_id": None, "raw": {}, "errors": ["a"]}
    insert_rows(session, _table(ImportLine), [{**line, "line": n} for n in (2, 3)])
    insert_rows(session, _table(ImportLine), [])
    query = select(ImportLine).where(ImportLine.run_id == run.id).order_by(ImportLine.line)
    assert [(one.sheet, one.line) for one in session.scalars(query)] == [("", 2), ("", 3)]


def test_what_the_database_refuses_is_refused_and_unequal_rows_too(session: Session) -> None:
    product = make_product(session)
    with pytest.raises(IntegrityError), session.begin_nested():
        insert_rows(session, _table(Package), [_package(product.id, "SAME")] * 2)
    with pytest.raises(KeyError):
        insert_rows(
            session,
            _table(Package),
            [_package(product.id, "A"), _package(product.id, "B", gtin="8930000000017")],
        )
    assert session.scalars(select(Package.sku).where(Package.sku.in_(("SAME", "A")))).all() == []
