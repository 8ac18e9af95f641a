"""The ledger in the database: who may enter, check, suspend and revoke, and what follows on sale and on pages."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from catalog import papers, protected_names, standing
from catalog.errors import (
    AlreadyRecorded,
    InvalidFields,
    LedgerEntryNotFound,
)
from catalog.models import Paper, ProtectedName
from catalog.publishing import list_problems, refresh_listings
from catalog.queries.endings import list_endings
from catalog.queries.ledger import list_scheme_codes
from catalog.queries.products import get_product_page
from core.actor import Actor, Role
from core.errors import Forbidden
from core.facts import Fact
from tests.factories import rights as make
from tests.factories.catalog import make_paper, make_producer, make_product

SYSTEM = Actor.system("test")
OFFICER = Actor(person_id=None, name="Cán bộ", roles=frozenset({Role.OFFICE}))
VIETGAP: dict[str, Any] = {
    "kind": "vietgap",
    "number": "VietGAP-TS-01",
    "issued_on": date(2026, 1, 10),
    "valid_to": date(2028, 1, 9),
    "issuer": "Quacert",
}


def member_of(producer_id: int) -> Actor:
    return Actor(
        person_id=None,
        name="Thành viên",
        roles=frozenset({Role.PRODUCER}),
        producer_ids=frozenset({producer_id}),
    )


def facts(session: Session) -> list[str]:
    return list(session.scalars(select(Fact.name).order_by(Fact.id.desc()).limit(4)))


def codes(session: Session, product: Any, on: date) -> tuple[str, ...]:
    return list_scheme_codes(session, [product.id], on=on).get(product.id, ())


def test_what_a_producer_enters_gives_no_badge_before_the_office_has_checked_it(
    session: Session, now: datetime, on: date
) -> None:
    product = make_product(session)
    paper = papers.record_paper(
        session,
        product.producer_id,
        product_id=product.id,
        actor=member_of(product.producer_id),
        on=on,
        now=now,
        **VIETGAP,
    )
    assert codes(session, product, on) == ()
    with pytest.raises(Forbidden):
        papers.check_paper(session, paper.id, actor=member_of(product.producer_id), on=on, now=now)
    papers.check_paper(session, paper.id, actor=OFFICER, on=on, now=now)
    assert codes(session, product, on) == ("vietgap",)
    assert {"paper.recorded", "paper.checked"} <= set(facts(session))


def test_nobody_enters_papers_for_another_producer(
    session: Session, now: datetime, on: date
) -> None:
    mine, theirs = make_product(session), make_product(session)
    with pytest.raises(Forbidden):
        papers.record_paper(
            session,
            theirs.producer_id,
            product_id=theirs.id,
            actor=member_of(mine.producer_id),
            on=on,
            now=now,
            **VIETGAP,
        )
    with pytest.raises(InvalidFields) as refused:
        papers.record_paper(
            session,
            mine.producer_id,
            product_id=theirs.id,
            actor=member_of(mine.producer_id),
            on=on,
            now=now,
            **VIETGAP,
        )
    assert refused.value.mistakes == {"product_id": "not_of_this_producer"}


@pytest.mark.parametrize(
    ("changes", "mistakes"),
    [
        ({"product_id": None}, {"product_id": "missing"}),
        ({"number": " ", "issuer": ""}, {"number": "missing", "issuer": "missing"}),
        ({"valid_to": None}, {"valid_to": "missing"}),
        ({"valid_to": date(2025, 1, 1)}, {"valid_to": "before_issued_on"}),
        ({"issued_on": date(2027, 1, 1)}, {"issued_on": "in_future"}),
        ({"kind": "ocop"}, {"kind": "unknown_kind"}),
        ({"kind": "rural_industrial", "year": 2031}, {"year": "out_of_range"}),
        (
            {"kind": "gold_brand", "issued_on": None, "number": None},
            {"number": "missing", "year": "missing"},
        ),
    ],
)
def test_an_incomplete_paper_is_refused_with_every_mistake(
    session: Session, now: datetime, on: date, changes: dict[str, Any], mistakes: dict[str, str]
) -> None:
    product = make_product(session)
    values = {"product_id": product.id, **VIETGAP, **changes}
    with pytest.raises(InvalidFields) as refused:
        papers.record_paper(session, product.producer_id, actor=SYSTEM, on=on, now=now, **values)
    assert refused.value.mistakes == mistakes


def test_the_same_paper_is_not_entered_twice(session: Session, now: datetime, on: date) -> None:
    product = make_product(session)

    def enter() -> Paper:
        return papers.record_paper(
            session,
            product.producer_id,
            product_id=product.id,
            actor=SYSTEM,
            on=on,
            now=now,
            **VIETGAP,
        )

    first = enter()
    with pytest.raises(AlreadyRecorded):
        enter()
    standing.revoke(
        session, "paper", first.id, reason="Nhập nhầm ngày", actor=OFFICER, on=on, now=now
    )
    assert enter().id != first.id


def test_a_suspended_facility_certificate_takes_the_goods_off_sale_until_it_is_lifted(
    session: Session, now: datetime, on: date
) -> None:
    producer = make_producer(session, papers=False)
    paper = make_paper(session, producer)
    product = make_product(session, producer=producer)
    row = standing.suspend(
        session,
        "paper",
        paper.id,
        starts_on=on,
        ends_on=None,
        reason="Kiểm tra đột xuất",
        actor=OFFICER,
        on=on,
        now=now,
    )
    session.refresh(product)
    assert product.withheld
    assert [p.code for p in list_problems(session, product.id, on=on)] == ["food_safety_expired"]
    later = on + timedelta(days=5)
    standing.lift(session, row.id, actor=OFFICER, on=later, now=now)
    assert list_problems(session, product.id, on=later) == []
    assert list_problems(session, product.id, on=later - timedelta(days=1))


def test_a_suspension_to_come_ends_the_listing_the_day_before(
    session: Session, now: datetime, on: date
) -> None:
    producer = make_producer(session, papers=False)
    paper = make_paper(session, producer)
    product = make_product(session, producer=producer)
    start = on + timedelta(days=10)
    make.make_suspension(session, start, start + timedelta(days=3), paper_id=paper.id)
    refresh_listings(session, [product.id], on=on)
    assert product.listed_until == start - timedelta(days=1)


def test_a_revoked_paper_keeps_nothing_on_sale_and_stays_readable(
    session: Session, now: datetime, on: date
) -> None:
    producer = make_producer(session, papers=False)
    paper = make_paper(session, producer)
    product = make_product(session, producer=producer)
    with pytest.raises(InvalidFields):
        standing.revoke(session, "paper", paper.id, reason=" ", actor=OFFICER, on=on, now=now)
    with pytest.raises(Forbidden):
        standing.revoke(
            session, "paper", paper.id, reason="x", actor=member_of(producer.id), on=on, now=now
        )
    standing.revoke(session, "paper", paper.id, reason="Đóng cửa", actor=OFFICER, on=on, now=now)
    standing.revoke(
        session,
        "paper",
        paper.id,
        reason="Lần hai",
        actor=OFFICER,
        on=on + timedelta(days=1),
        now=now,
    )
    session.refresh(product)
    assert product.withheld
    assert (paper.revoked_on, paper.revoked_reason) == (on, "Đóng cửa")
    entries = session.execute(
        text("SELECT action FROM audit_entry WHERE subject = :s"), {"s": f"paper:{paper.id}"}
    ).all()
    assert [entry.action for entry in entries] == ["paper.revoke"]


def test_the_database_refuses_a_suspension_of_two_things(session: Session) -> None:
    product = make_product(session)
    paper, right = make.make_scheme_paper(session, product), make.make_right(session)
    with pytest.raises(IntegrityError), session.begin_nested():
        make.make_suspension(
            session, date(2026, 1, 1), None, paper_id=paper.id, protected_name_id=right.id
        )


def test_known_rights_are_loaded_once_and_two_of_them_share_a_name(
    session: Session, now: datetime, on: date
) -> None:
    assert protected_names.load_known_names(session, actor=SYSTEM, on=on, now=now) == 3
    assert protected_names.load_known_names(session, actor=SYSTEM, on=on, now=now) == 0
    names = session.execute(
        select(ProtectedName.number, ProtectedName.goods).where(ProtectedName.name == "Cà Mau")
    ).all()
    assert {row.number: row.goods["vi"] for row in names} == {"00110": "Tôm sú", "00116": "Cua"}


def test_a_licence_covers_only_the_products_it_names(
    session: Session, now: datetime, on: date
) -> None:
    crab = make_product(session, "Cua Cà Mau")
    honey = make_product(session, "Mật ong", session.get_one(type(crab.producer), crab.producer_id))
    right = make.make_right(session)
    values: dict[str, Any] = {
        "number": "01/GCN",
        "issued_on": date(2025, 1, 1),
        "valid_to": date(2027, 1, 1),
        "issuer": None,
        "actor": OFFICER,
        "on": on,
        "now": now,
    }
    with pytest.raises(InvalidFields) as refused:
        protected_names.grant_licence(session, right.id, crab.producer_id, product_ids=[], **values)
    assert refused.value.mistakes == {"product_ids": "missing"}
    protected_names.grant_licence(
        session, right.id, crab.producer_id, product_ids=[crab.id], **values
    )
    assert codes(session, crab, on) == ("gi",)
    assert codes(session, honey, on) == ()
    with pytest.raises(AlreadyRecorded):
        protected_names.grant_licence(
            session, right.id, crab.producer_id, product_ids=[crab.id], **values
        )
    with pytest.raises(LedgerEntryNotFound):
        protected_names.grant_licence(
            session, 10**9, crab.producer_id, product_ids=[crab.id], **values
        )


def test_a_suspended_right_silences_every_licence_and_tells_every_producer(
    session: Session, now: datetime, on: date
) -> None:
    one, two = make_product(session), make_product(session)
    right = make.make_right(session)
    for product in (one, two):
        make.make_licence(session, right, product)
    assert codes(session, one, on) == ("gi",)
    standing.suspend(
        session,
        "right",
        right.id,
        starts_on=on,
        ends_on=on,
        reason="Cục SHTT tạm dừng",
        actor=OFFICER,
        on=on,
        now=now,
    )
    assert codes(session, one, on) == codes(session, two, on) == ()
    assert codes(session, two, on + timedelta(days=1)) == ("gi",)
    told = session.scalars(select(Fact).where(Fact.name == "producer.changed")).all()
    assert {one.producer_id, two.producer_id} <= {fact.payload.get("producer_id") for fact in told}


def test_badges_of_a_page_of_products_need_one_statement(
    session: Session, on: date, statements: list[str]
) -> None:
    goods = [make_product(session, f"Sản phẩm {n}") for n in range(24)]
    for product in goods[::2]:
        paper = make.make_scheme_paper(session, product)
        make.make_suspension(session, date(2026, 3, 1), date(2026, 3, 9), paper_id=paper.id)
        make.make_suspension(session, date(2026, 5, 1), date(2026, 5, 9), paper_id=paper.id)
    make.make_licence(session, make.make_right(session), goods[0])
    make.make_scheme_paper(session, goods[1], kind="haccp", product_id=None)
    session.flush()
    statements.clear()
    found = list_scheme_codes(session, [product.id for product in goods], on=on)
    assert len(statements) == 1
    assert found[goods[0].id] == ("gi", "vietgap")
    assert found[goods[1].id] == ("haccp",)
    assert goods[3].id not in found
    assert codes(session, goods[0], date(2026, 5, 9)) == ("gi",)


def test_the_product_page_reads_badges_with_its_certificates_in_one_statement(
    session: Session, on: date, statements: list[str]
) -> None:
    product = make_product(session)
    make.make_scheme_paper(session, product)
    make.make_scheme_paper(session, product, kind="halal", checked_on=None)
    make.make_licence(session, make.make_right(session), product)
    session.flush()
    statements.clear()
    page = get_product_page(session, product.slug, locale="ja", on=on)
    assert len([sql for sql in statements if "FROM paper" in sql]) == 1
    assert [claim.code for claim in page.marks] == ["gi", "vietgap"]
    assert [paper.kind for paper in page.food_safety] == ["facility_certificate"]
    assert page.allergens.contains == ("FIS",)


def test_a_paper_that_was_renewed_is_not_named_among_those_that_end(
    session: Session, on: date
) -> None:
    product = make_product(session)
    old = make.make_scheme_paper(session, product, valid_to=on + timedelta(days=20))
    assert [e.subject_id for e in _own(session, product, on)] == [old.id]
    make.make_scheme_paper(session, product)
    assert _own(session, product, on) == []


def test_a_licence_ends_for_its_producer_when_the_right_does(session: Session, on: date) -> None:
    product = make_product(session)
    last = on + timedelta(days=33)
    right = make.make_right(session, kind="collective_mark", valid_to=last)
    make.make_licence(session, right, product)
    [ending] = _own(session, product, on)
    assert (ending.code, ending.name, ending.last_day, ending.days_left) == (
        "collective_mark",
        "Cà Mau",
        last,
        33,
    )


def _own(session: Session, product: Any, on: date) -> list[Any]:
    return list_endings(session, on=on, producer_ids=[product.producer_id])
