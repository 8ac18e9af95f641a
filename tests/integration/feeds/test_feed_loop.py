"""The whole way of a batch through a real OpenSSH server and back."""

import hashlib
import io
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core.actor import Actor
from feeds.batches import BuildReport
from feeds.demo_supermarket.clerk import answer_inbox
from feeds.models import FeedAcknowledgement, FeedBatch, FeedBatchFile, FeedBatchLine, FeedItem
from feeds.profiles import Profile
from feeds.transports import sftp
from storefront import feeds
from tests.integration.feeds.conftest import Goods, Sshd, change_product, in_house

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
ACTOR = Actor.system("test")
SAUCE = in_house(1).zfill(14)
FROZEN = in_house(2).zfill(14)


def _build(engine: Engine, partner: Profile, now: datetime = NOW, **options: bool) -> BuildReport:
    return feeds.build_batch(engine, partner, actor=ACTOR, now=now, **options)


def _clerk(sshd: Sshd, today: date = date(2026, 11, 22)) -> list[Path]:
    return answer_inbox(sshd.inbox, sshd.outbox, today=today)


def _loop(
    engine: Engine, partner: Profile, sshd: Sshd, now: datetime = NOW
) -> tuple[BuildReport, dict[str, tuple[str, str]]]:
    """Build, push, let the clerk answer, fetch; returns the report and the lines' action and state."""
    report = _build(engine, partner, now)
    feeds.push(engine, partner)
    _clerk(sshd)
    feeds.fetch_answers(engine, partner)
    return report, _lines(engine, report.number or 0)


def _lines(engine: Engine, number: int) -> dict[str, tuple[str, str]]:
    with Session(engine) as session:
        rows = session.scalars(
            select(FeedBatchLine).join(FeedBatch).where(FeedBatch.number == number)
        )
        return {line.item_key: (line.action, line.state) for line in rows}


def _state(engine: Engine, number: int) -> str:
    with Session(engine) as session:
        return session.scalars(select(FeedBatch.state).where(FeedBatch.number == number)).one()


def _rows(path: Path) -> list[dict[str, object]]:
    head, *rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        .get_sheet_by_index(0)
        .to_python()
    )
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def test_a_batch_goes_out_and_its_answers_come_back(
    engine: Engine, goods: Goods, partner: Profile, sshd: Sshd
) -> None:
    report, lines = _loop(engine, partner, sshd)

    assert (report.number, dict(report.actions)) == (1, {"add": 2, "change": 0, "withdraw": 0})
    assert [(h.sku, [p.code for p in h.problems]) for h in report.held] == [
        ("MC-1", ["gtin_missing"])
    ]
    assert lines == {SAUCE: ("add", "accepted"), FROZEN: ("add", "rejected")}
    assert _state(engine, 1) == "acknowledged"
    with Session(engine) as session:
        refused = session.scalars(
            select(FeedBatchLine).where(FeedBatchLine.item_key == FROZEN)
        ).one()
        assert refused.reason_code == "E08"
        assert "quy cách thùng" in (refused.reason_text or "")
        items = {
            i.item_key: (i.state, bool(i.accepted_hash)) for i in session.scalars(select(FeedItem))
        }
    assert items == {SAUCE: ("accepted", True), FROZEN: ("rejected", False)}


def test_what_arrived_is_what_was_stored(
    engine: Engine, goods: Goods, partner: Profile, sshd: Sshd
) -> None:
    _build(engine, partner)
    [pushed] = feeds.push(engine, partner)

    arrived = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sshd.inbox.iterdir()}
    with Session(engine) as session:
        stored = {f.name: f.sha256 for f in session.scalars(select(FeedBatchFile))}
    assert arrived == stored == {r.name: r.sha256 for r in pushed.receipts}
    assert set(arrived) == {"demo-supermarket-000001.xlsx", "demo-supermarket-000001.xml"}


def test_a_second_build_says_nothing_that_was_said(
    engine: Engine, goods: Goods, partner: Profile, sshd: Sshd
) -> None:
    _loop(engine, partner, sshd)

    report = _build(engine, partner)

    assert report.number is None
    assert (report.same, report.refused, report.awaiting) == (1, 1, 0)
    with Session(engine) as session:
        assert session.scalars(select(FeedBatch.number)).all() == [1]


def test_a_refused_item_is_sent_again_when_it_has_changed(
    engine: Engine, goods: Goods, partner: Profile, sshd: Sshd
) -> None:
    _loop(engine, partner, sshd)
    change_product(engine, goods.frozen, storage_kind="chilled")

    report, lines = _loop(engine, partner, sshd)

    assert report.number == 2
    assert lines == {FROZEN: ("add", "accepted")}


def test_the_day_after_expiry_the_item_changes_and_loses_stars_and_name_of_the_programme(
    engine: Engine, goods: Goods, partner: Profile, sshd: Sshd
) -> None:
    last_day = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)  # 23:30 in Vietnam
    _loop(engine, partner, sshd, last_day)
    first = sshd.inbox / "demo-supermarket-000001.xlsx"
    assert _rows(first)[0]["Công nhận"] == "OCOP 4 sao"
    assert b"OCOP" in first.with_suffix(".xml").read_bytes()

    report, lines = _loop(engine, partner, sshd, last_day + timedelta(hours=1))

    assert report.number == 2
    assert lines == {SAUCE: ("change", "accepted")}
    second = sshd.inbox / "demo-supermarket-000002.xlsx"
    [row] = _rows(second)
    assert row["Thao tác"] == "SỬA"
    assert row["Công nhận"] == row["Quyết định công nhận"] == ""
    assert not any("OCOP" in str(text) for text in row.values())
    message = second.with_suffix(".xml").read_bytes()
    assert b"OCOP" not in message
    assert b"certification" not in message.lower()


def test_an_incomplete_item_still_loses_an_ended_recognition(
    engine: Engine, goods: Goods, partner: Profile, sshd: Sshd
) -> None:
    _loop(engine, partner, sshd)
    change_product(engine, goods.sauce, ingredients=None)

    report, lines = _loop(engine, partner, sshd, NOW + timedelta(days=1))

    assert "NM-500" in {h.sku for h in report.held}
    assert lines == {SAUCE: ("change", "accepted")}
    assert b"OCOP" not in (sshd.inbox / "demo-supermarket-000002.xml").read_bytes()


def test_a_product_that_is_no_longer_sold_is_withdrawn_by_a_line_of_its_own(
    engine: Engine, goods: Goods, partner: Profile, sshd: Sshd
) -> None:
    _loop(engine, partner, sshd)
    change_product(engine, goods.sauce, state="withdrawn")
    change_product(engine, goods.frozen, state="withdrawn")

    report, lines = _loop(engine, partner, sshd)

    assert lines == {SAUCE: ("withdraw", "accepted")}  # what was never accepted is not withdrawn
    message = fromstring((sshd.inbox / "demo-supermarket-000002.xml").read_bytes())
    [header] = message.iter("documentCommandHeader")
    assert header.get("type") == "DELETE"
    assert [s.text for s in message.iter("catalogueItemStateCode")] == ["DISCONTINUED"]
    assert _build(engine, partner).number is None

    change_product(engine, goods.sauce, state="published")
    assert _loop(engine, partner, sshd)[1] == {SAUCE: ("add", "accepted")}


def test_a_final_name_never_shows_an_unfinished_file(
    engine: Engine, goods: Goods, partner: Profile, sshd: Sshd
) -> None:
    _build(engine, partner)
    with Session(engine) as session:
        sizes = {f.name: len(f.content) for f in session.scalars(select(FeedBatchFile))}
    seen: set[tuple[str, int]] = set()
    parts: set[str] = set()
    done = threading.Event()

    def poll() -> None:
        while not done.is_set():
            for path in sshd.inbox.iterdir():
                if path.name.endswith(".part"):
                    parts.add(path.name)
                else:
                    seen.add((path.name, path.stat().st_size))

    poller = threading.Thread(target=poll)
    poller.start()
    feeds.push(engine, partner, progress=lambda _n, _w, _s: time.sleep(0.05))
    done.set()
    poller.join()

    assert parts == {f"{name}.part" for name in sizes}
    assert seen == set(sizes.items())


def _cut(sshd: Sshd, after: int) -> Callable[[str, int, int], None]:
    calls = []

    def progress(name: str, written: int, size: int) -> None:
        calls.append(name)
        if len(calls) == after:
            sshd.kill()

    return progress


def test_after_a_cut_connection_the_same_bytes_are_sent_again(
    engine: Engine, goods: Goods, partner: Profile, sshd: Sshd
) -> None:
    _build(engine, partner)
    with pytest.raises(sftp.ConnectionBroken):
        feeds.push(engine, partner, progress=_cut(sshd, after=2))
    assert _state(engine, 1) == "unknown"
    before = {p.name for p in sshd.inbox.iterdir()}
    assert "demo-supermarket-000001.xml" not in before

    change_product(engine, goods.sauce, name="Nước mắm cá cơm loại khác")
    assert _build(engine, partner).number == 2  # never replaces what may have arrived
    sshd.start()
    first, second = feeds.push(engine, partner)

    assert [first.number, second.number] == [1, 2]
    with Session(engine) as session:
        stored = {f.name: f.sha256 for f in session.scalars(select(FeedBatchFile))}
    arrived = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sshd.inbox.iterdir()}
    assert arrived == stored
    assert {r.name: r.was_there for r in first.receipts}["demo-supermarket-000001.xlsx"]
    assert _state(engine, 1) == "sent"


def test_a_server_that_is_down_leaves_the_batch_as_it_was(
    engine: Engine, goods: Goods, partner: Profile, sshd: Sshd
) -> None:
    _build(engine, partner)
    sshd.kill()

    with pytest.raises(sftp.PartnerUnreachable):
        feeds.push(engine, partner)

    assert _state(engine, 1) == "built"
    sshd.start()
    assert [p.number for p in feeds.push(engine, partner)] == [1]


def test_an_unknown_host_key_stops_everything(
    engine: Engine, goods: Goods, partner: Profile, sshd: Sshd, tmp_path: Path
) -> None:
    _build(engine, partner)
    other = (sshd.root / "client.pub").read_text().split()[1]
    pinned = tmp_path / "known_hosts"
    pinned.write_text(f"[127.0.0.1]:{sshd.port} ssh-ed25519 {other}\n")
    for known_hosts in (pinned, tmp_path / "missing"):
        wrong = replace(partner, transport=replace(partner.transport, known_hosts=known_hosts))
        with pytest.raises(sftp.HostKeyRefused):
            feeds.push(engine, wrong)

    assert list(sshd.inbox.iterdir()) == []
    assert _state(engine, 1) == "built"


def test_a_key_the_server_does_not_know_is_refused(
    engine: Engine, goods: Goods, partner: Profile, sshd: Sshd
) -> None:
    _build(engine, partner)
    stranger = replace(partner.transport, client_key=sshd.root / "host")

    with pytest.raises(sftp.SignInRefused):
        feeds.push(engine, replace(partner, transport=stranger))


def test_a_name_that_is_taken_by_something_else_is_never_overwritten(
    engine: Engine, goods: Goods, partner: Profile, sshd: Sshd
) -> None:
    _build(engine, partner)
    taken = sshd.inbox / "demo-supermarket-000001.xlsx"
    taken.write_bytes(b"not ours")

    with pytest.raises(sftp.NameTaken):
        feeds.push(engine, partner)

    assert taken.read_bytes() == b"not ours"
    taken.unlink()
    assert [p.number for p in feeds.push(engine, partner)] == [1]


def test_sending_again_changes_nothing(
    engine: Engine, goods: Goods, partner: Profile, sshd: Sshd
) -> None:
    _loop(engine, partner, sshd)
    times = {p.name: p.stat().st_mtime_ns for p in sshd.inbox.iterdir()}

    again = feeds.resend(engine, partner, 1)

    assert all(receipt.was_there for receipt in again.receipts)
    assert {p.name: p.stat().st_mtime_ns for p in sshd.inbox.iterdir()} == times
    assert _state(engine, 1) == "acknowledged"


def test_an_answer_is_fetched_again_only_when_it_changed(
    engine: Engine, goods: Goods, partner: Profile, sshd: Sshd
) -> None:
    _loop(engine, partner, sshd)

    assert [r.outcome for r in feeds.fetch_answers(engine, partner)] == []

    [answer] = sshd.outbox.iterdir()
    answer.write_bytes(answer.read_bytes().replace(b"REJECTED", b"ACCEPTED"))
    [report] = feeds.fetch_answers(engine, partner)
    assert {m.code for m in report.reported} >= {"contradiction"}
    with Session(engine) as session:
        assert len(session.scalars(select(FeedAcknowledgement)).all()) == 2
    assert _lines(engine, 1)[FROZEN] == ("add", "rejected")
