"""Batches in the database: numbers, immutability, answers late and lost, and builds that race."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from core.actor import Actor
from core.audit import AuditEntry
from core.db import write_session
from core.facts import Fact
from feeds import checking, delivery
from feeds.acknowledgements import AcknowledgementReport, apply_file, list_overdue
from feeds.batches import BuildReport, build, make_plan
from feeds.models import (
    FeedAcknowledgement,
    FeedBatch,
    FeedBatchLine,
    FeedHeldItem,
    FeedItem,
)
from feeds.queries import get_batch_page, get_file, list_batches, partner_status
from feeds.rules.completeness import Lack
from tests.factories.catalog import make_certificate, make_package, make_product
from tests.factories.feeds import profile
from tests.integration.feeds.conftest import Goods, in_house, make_goods

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = NOW.date()
ACTOR = Actor.system("test")
PARTNER = profile()
SAUCE = in_house(1).zfill(14)
FROZEN = in_house(2).zfill(14)


@pytest.fixture
def shop(session: Session) -> Iterator[Session]:
    make_goods(session)
    return session


def _build(session: Session, now: datetime = NOW, *, full: bool = False) -> BuildReport:
    report = build(session, PARTNER, now=now, on=now.date(), actor=ACTOR, full=full)
    if report.batch_id is not None:
        faults = checking.check_files(checking.load_files(session, report.batch_id), schemas=None)
        checking.record_check(session, report.batch_id, faults, now=now)
        session.flush()
    return report


def _send(session: Session, now: datetime = NOW) -> int:
    batch_id = delivery.next_due(session, PARTNER.code, now=now)
    assert batch_id is not None
    parcel = delivery.claim(session, batch_id, now=now)
    assert parcel is not None
    delivery.mark_sent(session, parcel, [], PARTNER, now=now)
    return parcel.number


def _answer(
    session: Session, *rows: str, name: str = "a.csv", now: datetime = NOW
) -> AcknowledgementReport:
    raw = "\n".join(["batch,line,item,state,code,text", *rows]).encode()
    return apply_file(session, PARTNER.code, name=name, raw=raw, now=now)


def _states(session: Session, number: int) -> dict[str, str]:
    rows = session.execute(
        select(FeedBatchLine.item_key, FeedBatchLine.state)
        .join(FeedBatch)
        .where(FeedBatch.number == number)
    )
    return {key: state for key, state in rows}  # noqa: C416 - typed rows


def _rename(session: Session, name: str) -> None:
    session.execute(
        text("UPDATE product SET name = :name WHERE name LIKE 'Nước mắm%'"), {"name": name}
    )
    session.expire_all()


def test_a_batch_is_announced_and_audited(shop: Session) -> None:
    report = _build(shop)

    facts = shop.scalars(select(Fact).where(Fact.name == "feed.batch_built")).all()
    assert [fact.payload for fact in facts] == [{"batch_id": report.batch_id}]
    [entry] = shop.scalars(select(AuditEntry).where(AuditEntry.action == "feed.build"))
    assert entry.details == {"partner": PARTNER.code, "number": 1, "lines": 2}


def test_held_items_are_kept_with_reasons_and_the_day_they_began(shop: Session) -> None:
    _build(shop)
    _build(shop, NOW + timedelta(hours=5))

    [held] = shop.scalars(select(FeedHeldItem))
    assert (held.sku, held.since) == ("MC-1", NOW)
    assert held.problems == [{"code": "gtin_missing", "field": "gtin", "facts": {}}]


def test_a_number_on_two_packages_holds_both_and_nothing_else(shop: Session) -> None:
    twin = make_product(shop, name="Nước mắm khác", packages=0)
    make_package(shop, twin, sku="NM-TWIN", gtin=in_house(1))

    report = _build(shop)

    assert dict(report.actions) == {"add": 1, "change": 0, "withdraw": 0}
    held = {h.sku: h.problems for h in report.held}
    facts = {"gtin": SAUCE, "skus": ["NM-500", "NM-TWIN"]}
    assert held["NM-500"] == held["NM-TWIN"] == (Lack("gtin_doubled", "gtin", facts),)


def test_goods_of_other_groups_are_not_offered(shop: Session) -> None:
    make_product(shop, name="Vườn du lịch", subgroup_code="T01", package_gtin=in_house(9))

    assert {line.gtin for line in make_plan(shop, PARTNER, on=TODAY).lines} == {SAUCE, FROZEN}


def test_withheld_and_unlisted_goods_are_not_offered(shop: Session) -> None:
    for number, values in enumerate(
        ({"withheld": True}, {"listed_until": TODAY - timedelta(days=1)}, {"state": "draft"}), 20
    ):
        make_product(shop, package_gtin=in_house(number), **values)

    assert {line.gtin for line in make_plan(shop, PARTNER, on=TODAY).lines} == {SAUCE, FROZEN}


def test_the_recognition_is_the_claim_of_the_day(shop: Session) -> None:
    [first, _] = make_plan(shop, PARTNER, on=TODAY).lines
    [day_after, _] = make_plan(shop, PARTNER, on=TODAY + timedelta(days=1)).lines

    assert first.payload["recognition"]["valid_to"] == "2026-11-22"
    assert day_after.payload["recognition"] is None
    assert first.content_hash != day_after.content_hash


def test_a_built_batch_cannot_be_changed_or_removed(shop: Session) -> None:
    _build(shop)
    _send(shop)
    _answer(shop, "1,1,,accepted,,")
    for statement in (
        "UPDATE feed_batch_file SET content = 'x'",
        "DELETE FROM feed_batch_file",
        "UPDATE feed_batch_line SET payload = '{}'",
        "UPDATE feed_batch_line SET item_key = '1'",
        "DELETE FROM feed_batch_line",
        "UPDATE feed_batch SET number = 9",
        "UPDATE feed_acknowledgement SET outcome = 'applied'",
    ):
        with pytest.raises(DatabaseError, match="only ever added"), shop.begin_nested():
            shop.execute(text(statement))


def test_an_unsent_batch_that_says_the_same_is_not_built_twice(shop: Session) -> None:
    _build(shop)

    report = _build(shop)

    assert (report.number, report.waiting) == (None, 1)


def test_a_newer_batch_supersedes_an_unsent_one_and_says_all_of_it(shop: Session) -> None:
    _build(shop)
    _rename(shop, "Nước mắm mới")

    report = _build(shop)

    assert (report.number, report.superseded) == (2, (1,))
    assert _states(shop, 1) == {SAUCE: "superseded", FROZEN: "superseded"}
    assert _states(shop, 2) == {SAUCE: "pending", FROZEN: "pending"}
    assert _send(shop) == 2


def test_an_unsent_batch_is_dropped_when_everything_is_as_it_was(shop: Session) -> None:
    _build(shop)
    _send(shop)
    _answer(shop, "1,1,,accepted,,", "1,2,,accepted,,")
    _rename(shop, "Nước mắm mới")
    _build(shop)
    _rename(shop, "Nước mắm OCOP cá cơm")

    report = _build(shop)

    assert (report.number, report.superseded) == (None, (2,))


def test_a_newer_line_supersedes_an_unanswered_one_when_it_is_sent(shop: Session) -> None:
    _build(shop)
    _send(shop)
    _rename(shop, "Nước mắm mới")
    report = _build(shop)

    assert dict(report.actions) == {"add": 1, "change": 0, "withdraw": 0}
    assert _states(shop, 1)[SAUCE] == "sent"
    _send(shop)
    assert _states(shop, 1) == {SAUCE: "superseded", FROZEN: "sent"}


def test_a_late_answer_is_booked_to_its_own_batch_and_never_overwrites_a_newer_one(
    shop: Session,
) -> None:
    _build(shop)
    _send(shop)
    _rename(shop, "Nước mắm mới")
    _build(shop)
    _send(shop)
    _answer(shop, "2,1,,accepted,,", name="second.csv")
    newest = shop.scalars(select(FeedItem.accepted_hash).where(FeedItem.item_key == SAUCE)).one()

    _answer(shop, "1,1,,accepted,,", "1,2,,accepted,,", name="first.csv")

    item = shop.scalars(select(FeedItem).where(FeedItem.item_key == SAUCE)).one()
    assert (item.accepted_batch, item.accepted_hash) == (2, newest)
    assert _states(shop, 1) == {SAUCE: "accepted", FROZEN: "accepted"}


def test_an_answer_for_an_unknown_batch_is_kept_and_booked_to_none(shop: Session) -> None:
    _build(shop)
    _send(shop)

    report = _answer(shop, "9,1,,accepted,,")

    assert report.outcome == "unknown_batch"
    assert [m.code for m in report.reported] == ["unknown_batch"]
    assert set(_states(shop, 1).values()) == {"sent"}
    assert [a.batch_number for a in shop.scalars(select(FeedAcknowledgement))] == [9]
    status = partner_status(shop, PARTNER.code, now=NOW)
    assert [a.outcome for a in status.stray_answers] == ["unknown_batch"]


def test_an_answer_before_the_batch_left_is_not_believed(shop: Session) -> None:
    _build(shop)

    assert [m.code for m in _answer(shop, "1,1,,accepted,,").reported] == ["batch_not_sent"]
    assert set(_states(shop, 1).values()) == {"pending"}


def test_the_same_answer_twice_is_booked_once(shop: Session) -> None:
    _build(shop)
    _send(shop)
    _answer(shop, "1,1,,accepted,,", "1,2,,rejected,E05,Hạn ngắn")

    again = _answer(shop, "1,1,,accepted,,", "1,2,,rejected,E05,Hạn ngắn", name="b.csv")
    told_again = _answer(shop, "1,1,,accepted,,", name="c.csv")

    assert again.outcome == "received_before"
    assert told_again.outcome == "nothing_new"
    assert len(shop.scalars(select(FeedAcknowledgement)).all()) == 2
    names = [f.name for f in shop.scalars(select(Fact)) if f.name == "feed.acknowledged"]
    assert len(names) == 1


def test_an_unreadable_answer_is_kept(shop: Session) -> None:
    report = apply_file(shop, PARTNER.code, name="x.csv", raw=b"\x00\xff", now=NOW)

    assert report.outcome == "unreadable"


def test_an_answer_proves_that_a_batch_of_unknown_fate_arrived(shop: Session) -> None:
    _build(shop)
    batch_id = delivery.next_due(shop, PARTNER.code, now=NOW)
    parcel = delivery.claim(shop, batch_id or 0, now=NOW)
    assert parcel is not None
    delivery.mark_failed(shop, parcel, "cut", arrived=True)

    _answer(shop, "1,0,,received,,")

    [row] = list_batches(shop, PARTNER.code)
    assert (row.state, row.counts) == ("sent", {"received": 2})


def test_a_missing_answer_raises_an_alarm_until_it_comes(shop: Session) -> None:
    _build(shop)
    _send(shop)
    late = NOW + timedelta(hours=PARTNER.ack_deadline_hours, seconds=1)

    assert list_overdue(shop, now=NOW) == []
    [overdue] = list_overdue(shop, now=late)
    assert (overdue.number, overdue.unanswered) == (1, 2)

    _answer(shop, "1,1,,accepted,,", name="half.csv")
    [overdue] = list_overdue(shop, now=late)
    assert overdue.unanswered == 1
    _answer(shop, "1,2,,rejected,E08,Thiếu", name="rest.csv")
    assert list_overdue(shop, now=late) == []


def test_a_batch_is_carried_by_one_at_a_time_and_again_after_the_lease(shop: Session) -> None:
    report = _build(shop)
    batch_id = report.batch_id or 0

    assert delivery.claim(shop, batch_id, now=NOW) is not None
    assert delivery.claim(shop, batch_id, now=NOW) is None
    assert delivery.next_due(shop, PARTNER.code, now=NOW) is None

    later = NOW + delivery.LEASE + timedelta(seconds=1)
    assert delivery.next_due(shop, PARTNER.code, now=later) == batch_id
    parcel = delivery.claim(shop, batch_id, now=later)
    assert parcel is not None
    assert parcel.was == "unknown"  # the first carrier may have left anything behind


def test_only_a_batch_that_is_out_can_be_sent_again(shop: Session) -> None:
    _build(shop)

    with pytest.raises(delivery.NotResendable):
        delivery.sent_before(shop, PARTNER.code, 1)
    with pytest.raises(delivery.BatchNotFound):
        delivery.sent_before(shop, PARTNER.code, 2)
    _send(shop)
    assert len(delivery.sent_before(shop, PARTNER.code, 1).files) == 2


def test_a_full_batch_says_everything_once_more(shop: Session) -> None:
    _build(shop)
    _send(shop)
    _answer(shop, "1,1,,accepted,,", "1,2,,rejected,E08,Thiếu")

    report = _build(shop, full=True)

    assert dict(report.actions) == {"add": 1, "change": 1, "withdraw": 0}
    content = get_file(shop, PARTNER.code, 2, "demo-supermarket-000002.xml")
    assert content.count(b"<isReload>true</isReload>") == 2


def test_a_page_shows_lines_files_and_answers(shop: Session) -> None:
    _build(shop)
    _send(shop)
    _answer(shop, "1,1,,accepted,,", "1,2,,rejected,E08,Thiếu quy cách")

    page = get_batch_page(shop, PARTNER.code, 1)

    assert [(n.name, n.stars, n.state) for n in page.lines] == [
        ("Nước mắm cá cơm 500 ml", 4, "accepted"),
        ("Chả tôm 500 ml", None, "rejected"),
    ]
    assert page.lines[1].reason_text == "Thiếu quy cách"
    assert [f.format for f in page.files] == ["xlsx", "cin31"] or [
        f.format for f in page.files
    ] == ["cin31", "xlsx"]
    assert [dict(a.booked) for a in page.answers] == [{"accepted": 1, "rejected": 1}]
    assert page.batch.counts == {"accepted": 1, "rejected": 1}


def test_builds_that_race_never_double_or_skip_a_number(engine: Engine, goods: Goods) -> None:
    with write_session(engine) as session:
        build(session, PARTNER, now=NOW, on=TODAY, actor=ACTOR)
        session.commit()
    reports: list[BuildReport] = []
    errors: list[Exception] = []
    gate = threading.Barrier(4)

    def race(number: int) -> None:
        gate.wait()
        try:
            with write_session(engine) as session:
                # Each racer changes something, so that each has something to say.
                product = make_product(session, name=f"Mắm {number}", packages=0)
                make_package(session, product, gtin=in_house(100 + number))
                make_certificate(session, product)
                later = NOW + timedelta(minutes=number)
                reports.append(build(session, PARTNER, now=later, on=TODAY, actor=ACTOR))
                session.commit()
        except Exception as error:  # noqa: BLE001 - told by the test
            errors.append(error)

    threads = [threading.Thread(target=race, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert sorted(r.number or 0 for r in reports) == [2, 3, 4, 5]
    with Session(engine) as session:
        rows = {row.number: row.state for row in list_batches(session, PARTNER.code)}
        assert rows == {
            1: "superseded",
            2: "superseded",
            3: "superseded",
            4: "superseded",
            5: "built",
        }
        assert get_batch_page(session, PARTNER.code, 5).batch.item_count == 6


def test_idle_builds_that_race_make_no_second_batch(engine: Engine, goods: Goods) -> None:
    gate = threading.Barrier(3)
    reports: list[BuildReport] = []

    def race() -> None:
        gate.wait()
        with write_session(engine) as session:
            reports.append(build(session, PARTNER, now=NOW, on=TODAY, actor=ACTOR))
            session.commit()

    threads = [threading.Thread(target=race) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted((r.number, r.waiting) for r in reports if r.number) == [(1, None)]
    assert [r.waiting for r in reports if not r.number] == [1, 1]
