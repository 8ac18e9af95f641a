"""Lots: one step back and one step forward always answer, and nothing written is ever changed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from catalog.errors import InvalidFields
from catalog.lots.errors import (
    AlreadyCorrected,
    AlreadyRecalled,
    EventRefused,
    LotNotFound,
    LotNumberTaken,
)
from catalog.lots.recalls import end_recall, open_recall
from catalog.lots.recording import NewLot, create_lot
from catalog.models import Lot, Package
from catalog.queries.lot_page import find_slug_by_gtin, get_lot_by_code, get_lot_by_gtin
from catalog.queries.lots import lots_made_from, steps_around, used_of
from core.actor import Actor, Role
from core.audit import list_entries
from core.people.permissions import NotAllowed
from tests.conftest import TODAY
from tests.factories.catalog import make_certificate, make_package, make_product
from tests.factories.lots import (
    GTIN,
    NOW,
    TESTER,
    happened,
    make_gtin_package,
    make_lot,
    make_material,
)
from tests.factories.pictures import make_picture


@pytest.fixture
def chain(session: Session) -> tuple[Package, Lot, Lot, Lot]:
    """Anchovies caught, fermented into sauce, bottled, and fifty bottles sold to a supermarket."""
    package = make_gtin_package(session)
    maker = package.product.producer_id
    fish = make_material(session, maker)
    sauce = make_material(session, maker, "Nước mắm cốt", unit="l", quantity=Decimal(120))
    bottles = make_lot(session, package)
    happened(session, maker, "catch", outputs=((fish, 200),), place="Cửa biển Rạch Gốc")
    happened(session, maker, "process", inputs=((fish, 200),), outputs=((sauce, 120),))
    happened(session, maker, "pack", inputs=((sauce, 100),), outputs=((bottles, 200),))
    happened(session, maker, "ship", inputs=((bottles, 50),), party="Co.opmart Cà Mau")
    return package, fish, sauce, bottles


Chain = tuple[Package, Lot, Lot, Lot]


def test_one_step_back_and_one_step_forward_answer(session: Session, chain: Chain) -> None:
    _package, fish, sauce, bottles = chain
    back, forward = steps_around(session, sauce.id)
    assert [(s.kind, [i.number for i in s.items if i.role == "input"]) for s in back] == [
        ("process", [fish.number])
    ]
    assert [(s.kind, [i.number for i in s.items if i.role == "output"]) for s in forward] == [
        ("pack", [bottles.number])
    ]
    assert steps_around(session, bottles.id)[1][0].party == "Co.opmart Cà Mau"


def test_everything_made_of_a_lot_is_found_however_far(session: Session, chain: Chain) -> None:
    _package, fish, sauce, bottles = chain
    assert lots_made_from(session, fish.id) == sorted([fish.id, sauce.id, bottles.id])
    assert lots_made_from(session, bottles.id) == [bottles.id]


def test_a_circle_of_mistaken_events_ends(session: Session) -> None:
    maker = make_product(session).producer_id
    one, two = make_material(session, maker), make_material(session, maker, "Khô")
    happened(session, maker, "process", inputs=((one, 9),), outputs=((two, 3),))
    happened(session, maker, "process", inputs=((two, 3),), outputs=((one, 1),))
    assert lots_made_from(session, one.id) == sorted([one.id, two.id])


def test_more_out_than_in_and_more_used_than_made_are_warnings(session: Session) -> None:
    maker = make_product(session).producer_id
    fish, dried = make_material(session, maker), make_material(session, maker, "Khô")
    recorded = happened(session, maker, "process", inputs=((fish, 100),), outputs=((dried, 150),))
    assert [w.code for w in recorded.warnings] == ["more_out_than_in"]
    recorded = happened(session, maker, "ship", inputs=((fish, 101),), party="Vựa")
    assert [w.code for w in recorded.warnings] == ["more_used_than_made"]


def test_a_correction_is_a_new_event_and_the_old_one_no_longer_counts(
    session: Session, chain: Chain
) -> None:
    package, _fish, _sauce, bottles = chain
    maker = package.product.producer_id
    wrong = steps_around(session, bottles.id)[1][0]
    right = happened(
        session, maker, "ship", inputs=((bottles, 40),), party="Co.opmart", corrects_id=wrong.id
    )
    assert [s.id for s in steps_around(session, bottles.id)[1]] == [right.event.id]
    assert used_of(session, [bottles.id]) == {bottles.id: 40}
    with pytest.raises(AlreadyCorrected):
        happened(session, maker, "void", corrects_id=wrong.id)
    happened(session, maker, "void", corrects_id=right.event.id)
    assert steps_around(session, bottles.id)[1] == []


@pytest.mark.parametrize("table", ["lot_event", "lot_event_item"])
@pytest.mark.parametrize("deed", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_nothing_written_is_ever_changed(
    session: Session, chain: Chain, table: str, deed: str
) -> None:
    with pytest.raises(DBAPIError, match="only ever added"), session.begin_nested():
        session.execute(text(deed.format(table)))


def test_a_lot_gets_its_number_from_the_day_and_its_end_from_the_shelf_life(
    session: Session,
) -> None:
    package = make_gtin_package(session)
    first = make_lot(session, package, "", produced_on=date(2026, 5, 1))
    second = make_lot(session, package, "", produced_on=date(2026, 5, 1))
    assert (first.number, second.number) == ("260501", "260501-2")
    assert first.expires_on == date(2028, 5, 1)  # 720 days are 24 months


def test_a_number_is_given_once_for_the_same_goods(session: Session) -> None:
    package = make_gtin_package(session)
    make_lot(session, package)
    with pytest.raises(LotNumberTaken):
        make_lot(session, package)
    make_lot(session, make_package(session, package.product))  # another size


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"quantity": Decimal(0)}, "quantity"),
        ({"number": "LÔ 1"}, "number"),
        ({"unit": "kg"}, "unit"),
        ({"produced_on": date(9999, 1, 1), "expires_on": date(9999, 2, 1)}, "produced_on"),
        ({"expires_on": date(2026, 4, 30)}, "expires_on"),
        ({"link": "javascript:alert(1)"}, "link"),
    ],
)
def test_what_cannot_be_right_is_refused(
    session: Session, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidFields) as refusal:
        make_lot(session, make_gtin_package(session), **values)
    assert list(refusal.value.mistakes) == [field]


def test_nobody_writes_about_the_goods_of_others(session: Session, chain: Chain) -> None:
    _package, fish, _sauce, _bottles = chain
    other = make_product(session).producer_id
    with pytest.raises(LotNotFound):
        happened(session, other, "ship", inputs=((fish, 1),), party="Vựa")
    stranger = Actor(1, frozenset({Role.PRODUCER}), frozenset({other}), frozenset(), None, "Lạ")
    with pytest.raises(NotAllowed):
        create_lot(
            session, fish.producer_id, NewLot(Decimal(1), "kg", material="Cá"),
            actor=stranger, on=TODAY, now=NOW,
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        open_recall(session, fish.id, reason="x", advice="y", actor=stranger, on=TODAY, now=NOW)


def test_an_event_without_its_other_side_is_refused_and_leaves_nothing(session: Session) -> None:
    maker = make_product(session).producer_id
    fish = make_material(session, maker)
    with pytest.raises(EventRefused) as refusal:
        happened(session, maker, "receive", outputs=((fish, 1),))
    assert [p.code for p in refusal.value.problems] == ["party_missing"]
    assert steps_around(session, fish.id) == ([], [])


def test_a_recall_covers_all_that_was_made_of_the_lot_until_it_ends(
    session: Session, chain: Chain
) -> None:
    _package, fish, sauce, bottles = chain
    recall = open_recall(
        session, fish.id, reason="Histamin", advice="Không dùng", actor=TESTER, on=TODAY, now=NOW
    )
    assert sorted(row.lot_id for row in recall.lots) == sorted([fish.id, sauce.id, bottles.id])
    page = get_lot_by_gtin(session, f"0{GTIN}", "NM2605A", locale="vi", on=TODAY)
    assert (page.state, page.recall and page.recall.reason) == ("recalled", "Histamin")
    with pytest.raises(AlreadyRecalled):
        open_recall(session, bottles.id, reason="x", advice="y", actor=TESTER, on=TODAY, now=NOW)
    end_recall(session, recall.id, reason="Kết quả âm tính", actor=TESTER, now=NOW)
    end_recall(session, recall.id, reason="noch einmal", actor=TESTER, now=NOW)
    assert get_lot_by_code(session, bottles.code, locale="vi", on=TODAY).state == "good"
    deeds = [e.action for e in list_entries(session, subject=f"recall:{recall.id}")]
    assert deeds == ["recall.end", "recall.start"]


def test_the_page_of_a_lot_says_what_may_be_claimed_today_and_on_the_day_it_was_made(
    session: Session, chain: Chain
) -> None:
    package, _fish, _sauce, _bottles = chain
    make_certificate(session, package.product, 4, issued_on=date(2023, 11, 1))
    page = get_lot_by_gtin(session, f"0{GTIN}", "NM2605A", locale="en", on=TODAY)
    assert page.claim is None  # ended on 1 November 2026
    assert page.claim_when_made is not None
    assert page.claim_when_made.stars == 4
    assert [s.kind for s in page.steps] == ["catch", "process", "pack", "ship"]
    assert page.link_path == f"/01/0{GTIN}/10/NM2605A?15=280501"


def test_the_page_of_a_lot_takes_few_statements(
    session: Session, chain: Chain, statements: list[str]
) -> None:
    statements.clear()
    get_lot_by_gtin(session, f"0{GTIN}", "NM2605A", locale="ja", on=TODAY)
    assert len(statements) == 4


def test_the_page_of_a_lot_shows_what_the_goods_look_like(session: Session, chain: Chain) -> None:
    package, _fish, _sauce, _bottles = chain
    page = get_lot_by_gtin(session, f"0{GTIN}", "NM2605A", locale="vi", on=TODAY)
    assert page.picture is None
    make_picture(session, package.product, NOW, removed_at=NOW)
    shown = make_picture(session, package.product, NOW)
    page = get_lot_by_gtin(session, f"0{GTIN}", "NM2605A", locale="vi", on=TODAY)
    assert page.picture is not None
    assert page.picture.digest == shown.digest


def test_an_in_house_number_is_found_by_its_own_address_only(session: Session) -> None:
    product = make_product(session, packages=0)
    package = make_package(session, product, gtin="2000000000015", gtin_is_internal=True)
    lot = make_lot(session, package)
    with pytest.raises(LotNotFound):
        get_lot_by_gtin(session, "02000000000015", lot.number, locale="vi", on=TODAY)
    page = get_lot_by_code(session, lot.code, locale="vi", on=TODAY)
    assert (page.gtin, page.link_path) == (None, f"/lots/{lot.code}")
    assert find_slug_by_gtin(session, "02000000000015", locale="vi", on=TODAY) is None


def test_a_case_leads_to_the_lot_of_what_is_inside(session: Session) -> None:
    package = make_gtin_package(session)
    package.case_gtin = "18938500001236"
    make_lot(session, package)
    page = get_lot_by_gtin(session, "18938500001236", "NM2605A", locale="vi", on=TODAY)
    assert page.gtin == GTIN
    assert (
        find_slug_by_gtin(session, "18938500001236", locale="vi", on=TODAY) == package.product.slug
    )
