"""Full listings are stored a chunk at a time, their translations by the rules of the ledger."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.importing import ImportReport, import_file
from catalog.models import Package, Product, Translation
from catalog.models.translation import TranslationEntry
from catalog.publishing import list_problems
from catalog.rules.translation import digest
from catalog.translating import list_translations, set_translation
from core.actor import Actor
from core.audit import AuditEntry
from core.facts import Fact
from tests.factories.catalog import make_producer, make_product

OPERATOR = Actor.system("operator")
HEADS = ("code", "producer_code", "producer_name", "province", "subgroup", "name_vi", "name_en", "summary_vi",
         "summary_ja", "net_content", "price_vnd", "shelf_life_storage", "allergens", "stars")  # fmt: skip


def row(number: int, **cells: str) -> list[str]:
    said = {
        "code": f"L-{number}", "producer_code": f"m-{number % 3}", "producer_name": f"HTX {number % 3}",
        "province": "Cà Mau", "subgroup": "F09", "name_vi": f"Mắm {number % 5}", "name_en": f"Sauce {number}",
        "summary_vi": "Mặn mà", "summary_ja": "塩辛い", "net_content": "500 ml", "price_vnd": "85000",
        "shelf_life_storage": "12m amb", "allergens": "FIS CRU?", "stars": "4",
    }  # fmt: skip
    return [{**said, **cells}[name] for name in HEADS]


def write(path: Path, rows: Sequence[Sequence[str]], heads: Sequence[str] = HEADS) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heads, *rows])
    return path


@pytest.fixture
def load(session: Session, tmp_path: Path, now: datetime):
    make_product(session, "Mắm 1", make_producer(session, "HTX 1"))

    def run(rows: Sequence[Sequence[str]], heads: Sequence[str] = HEADS) -> ImportReport:
        path = write(tmp_path / "hang.csv", rows, heads)
        return import_file(session, path, actor=OPERATOR, now=now)

    return run


def product(session: Session, number: int) -> Product:
    return session.scalars(select(Product).where(Product.code == f"L-{number}")).one()


def test_a_chunk_takes_few_statements_however_many_rows(load, statements: list[str]) -> None:
    rows = [row(n, name_vi=f"Muối hầm {n}") for n in range(200)]
    assert dict(load(rows).outcomes) == {"created": 200}
    assert len(statements) < 60
    statements.clear()
    assert dict(load(rows).outcomes) == {"same": 200}
    assert len(statements) < 40


def test_a_new_listing_is_what_the_forms_would_have_made(load, session: Session, on) -> None:
    load([row(n) for n in range(3)])
    one = product(session, 1)
    assert (one.name, one.state, one.price_from_minor) == ("Mắm 1", "draft", 85_000)
    assert (one.search_fold, one.shelf_life_days, one.allergens_state) == ("mam 1", 360, "declared")
    assert {a.code: a.containment for a in one.allergens} == {
        "FIS": "contains",
        "CRU": "may_contain",
    }
    assert [(p.sku, p.price_minor, p.vat_rate_bp) for p in one.packages] == [("L-1", 85_000, 800)]
    assert [(c.stars, c.decision_number) for c in one.certificates] == [(4, None)]
    assert one.slug.startswith("mam-1")
    assert {problem.code for problem in list_problems(session, one.id, on=on)}
    told = {
        fact.name
        for fact in session.scalars(select(Fact))
        if fact.payload.get("product_id") == one.id
    }
    assert told == {"product.changed", "certificate.recorded"}
    noted = session.scalars(
        select(AuditEntry.action).where(AuditEntry.subject == f"product:{one.id}")
    )
    assert set(noted) == {"product.create", "package.edit", "product.allergens", "translation.edit"}


def test_translations_come_with_their_source_and_where_they_are_from(
    load, session: Session
) -> None:
    load([row(1)])
    one = product(session, 1)
    rows = session.scalars(select(Translation).where(Translation.entity_id == one.id)).all()
    said = {(r.field, r.locale): (r.text, r.status, r.source_digest, r.is_stale) for r in rows}
    assert said == {
        ("name", "en"): ("Sauce 1", "reviewed", digest(one.name), False),
        ("summary", "ja"): ("塩辛い", "reviewed", digest("Mặn mà"), False),
    }
    entries = session.scalars(
        select(TranslationEntry).where(TranslationEntry.entity_id == one.id)
    ).all()
    assert {(e.origin, e.author) for e in entries} == {("import", "operator")}
    assert {e.source_text for e in entries} == {"Mắm 1", "Mặn mà"}


def test_only_what_differs_is_changed(load, session: Session) -> None:
    load([row(n) for n in range(5)])
    changed = [row(0), row(1, price_vnd="90000"), row(2, name_en="Better sauce"), row(3, allergens="–"),
               row(4, summary_vi="Ngọt")]  # fmt: skip
    versions = {n: product(session, n).version for n in range(5)}
    assert dict(load(changed).outcomes) == {"same": 1, "updated": 4}
    assert product(session, 0).version == versions[0]
    assert product(session, 1).price_from_minor == 90_000
    assert product(session, 3).allergens_state == "none_declared"
    texts = {
        (t.field, t.locale): t
        for t in list_translations(session, "product", product(session, 4).id)
    }
    # The file says both anew, so its Japanese was made from the new Vietnamese.
    assert not texts["summary", "ja"].is_stale
    entries = session.scalars(
        select(TranslationEntry).where(TranslationEntry.entity_id == product(session, 2).id)
    ).all()
    assert [e.text for e in entries if e.locale == "en"] == ["Sauce 2", "Better sauce"]
    assert dict(load(changed).outcomes) == {"same": 5}


def test_new_prices_of_many_goods_are_noted_each_with_few_statements(
    load, session: Session, statements: list[str]
) -> None:
    load([row(n) for n in range(100)])
    before = product(session, 7)
    version, told = before.version, count_facts(session, before.id)
    statements.clear()
    dearer = [row(n, price_vnd="90000", name_vi=f"Mắm {n % 5}{'!' * (n == 8)}") for n in range(100)]
    assert dict(load(dearer).outcomes) == {"updated": 100}
    assert len(statements) < 60
    for number in (7, 8):  # the second has a new name too
        one = product(session, number)
        assert (one.price_from_minor, one.packages[0].price_minor) == (90_000, 90_000)
        assert count_facts(session, one.id) == told + 1
        assert one.version == version + 1 if number == 7 else one.version > version
        noted = select(AuditEntry.details).where(AuditEntry.subject == f"product:{one.id}")
        newest = session.scalars(noted.order_by(AuditEntry.id.desc())).first()
        assert newest == {
            "sku": f"L-{number}",
            "fields": ["price_minor"],
            "price": [85_000, 90_000],
        }


def count_facts(session: Session, product_id: int) -> int:
    return sum(
        fact.payload.get("product_id") == product_id for fact in session.scalars(select(Fact))
    )


def test_a_file_may_say_that_its_translations_are_drafts(load, session: Session, now) -> None:
    heads = (*HEADS, "translation_status")
    load([[*row(1), "machine"], [*row(2), "finished"]], heads)
    one = product(session, 1)
    rows = session.scalars(select(Translation).where(Translation.entity_id == one.id)).all()
    assert {r.status for r in rows} == {"machine"}
    assert session.scalar(select(Product).where(Product.code == "L-2")) is None
    set_translation(
        session, entity_kind="product", entity_id=one.id, field="name", locale="en", text="Fine sauce",
        status="reviewed", actor=OPERATOR, now=now,
    )  # fmt: skip
    assert dict(load([[*row(1), "draft"]], heads).outcomes) == {"updated": 1}
    row_ = session.scalars(select(Translation).where(Translation.field == "name")).one()
    assert (row_.text, row_.status) == ("Fine sauce", "reviewed"), (
        "a draft waits beside what buyers read"
    )
    assert dict(load([[*row(1), "draft"]], heads).outcomes) == {"same": 1}


def test_a_bad_row_among_many_stays_out_alone(load, session: Session) -> None:
    rows = [row(n) for n in range(50)]
    rows[7] = row(7, net_content="?")
    rows[20] = row(20, code="L-20b")
    rows[21] = row(21, name_vi="x" * 301)
    heads = (*HEADS, "sku")
    rows = [[*one, f"S-{5 if n == 20 else n}"] for n, one in enumerate(rows)]
    report = load(rows, heads)
    assert dict(report.outcomes) == {"created": 47, "rejected": 3}
    assert {(p.line, p.reason) for p in report.problems} == {
        (9, "unreadable_net_content"),
        (22, "taken"),
        (23, "too_long"),
    }
    assert (
        session.scalar(select(Package.product_id).where(Package.sku == "S-5"))
        == product(session, 5).id
    )


def test_a_file_without_a_column_leaves_what_is_known(load, session: Session) -> None:
    load([row(1)])
    heads = tuple(
        name for name in HEADS if name not in {"allergens", "shelf_life_storage", "stars"}
    )
    cells = dict(zip(HEADS, row(1), strict=True))
    assert dict(load([[cells[name] for name in heads]], heads).outcomes) == {"same": 1}
    one = product(session, 1)
    assert (one.allergens_state, one.shelf_life_days) == ("declared", 360)


def test_an_unknown_code_of_a_producer_without_a_name_is_refused(load) -> None:
    report = load([row(1, producer_name=""), row(2)])
    assert dict(report.outcomes) == {"created": 1, "rejected": 1}
    assert [(p.field, p.facts["why"]) for p in report.problems] == [
        ("producer_code", "no_such_producer")
    ]
