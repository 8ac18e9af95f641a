"""Files that are not as they should be stay in the house, and somebody hears why."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.actor import Actor
from core.db import write_session
from feeds import checking, delivery
from feeds.batches import BuildReport, build
from feeds.profiles import Profile
from feeds.queries import BatchMissing, BatchRow, get_batch_page, get_file, list_batches
from storefront import feeds
from storefront.readiness import faulty_feeds
from tests.factories.feeds import profile
from tests.integration.feeds.conftest import Goods, Sshd

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ACTOR = Actor.system("test")
GOOD = profile()
NOT_A_GLN = "1234567890123"


def _mistaken(partner: Profile) -> Profile:
    """The supplier's own number with a digit wrong: every message would carry it."""
    return replace(partner, supplier_gln=NOT_A_GLN)


def _build(
    engine: Engine, partner: Profile, now: datetime = NOW, schemas: Path | None = None
) -> BuildReport:
    return feeds.build_batch(engine, partner, actor=ACTOR, now=now, schemas=schemas)


def _due(engine: Engine) -> int | None:
    with Session(engine) as session:
        return delivery.next_due(session, GOOD.code, now=LATER)


def _batches(engine: Engine) -> list[BatchRow]:
    with Session(engine) as session:
        return list_batches(session, GOOD.code)


def test_a_batch_with_a_faulty_file_stays_and_says_why(engine: Engine, goods: Goods) -> None:
    report = _build(engine, _mistaken(GOOD))

    assert {fault.code for fault in report.faults} == {"gln_invalid"}
    assert {fault.line for fault in report.faults} == {1, 2}
    assert _due(engine) is None
    with write_session(engine) as session:
        assert delivery.claim(session, report.batch_id or 0, now=NOW) is None
        said = faulty_feeds(session)
    assert said is not None
    assert said.startswith("1 batch")
    with Session(engine) as session:
        page = get_batch_page(session, GOOD.code, 1)
    assert (page.batch.fate, page.batch.state) == ("faulty", "built")
    assert [fault.found for fault in page.batch.faults] == [f.found for f in report.faults]
    assert {line.state for line in page.lines} == {"pending"}


def test_building_again_takes_no_new_number_before_something_is_mended(
    engine: Engine, goods: Goods
) -> None:
    first = _build(engine, _mistaken(GOOD))
    again = _build(engine, _mistaken(GOOD), LATER)

    assert (again.number, again.waiting) == (None, 1)
    assert again.faults == first.faults
    assert len(_batches(engine)) == 1


def test_after_mending_the_next_batch_says_the_same_and_is_due(
    engine: Engine, goods: Goods
) -> None:
    _build(engine, _mistaken(GOOD))
    mended = _build(engine, GOOD, LATER)

    assert (mended.number, mended.superseded, mended.faults) == (2, (1,), ())
    assert mended.actions["add"] == 2
    assert _due(engine) == mended.batch_id
    new, old = _batches(engine)
    assert (new.fate, old.fate) == ("built", "superseded")
    with Session(engine) as session:
        assert faulty_feeds(session) is None


def test_schemas_that_cannot_be_read_keep_the_batch_until_they_can(
    engine: Engine, goods: Goods, tmp_path: Path
) -> None:
    kept = _build(engine, GOOD, schemas=tmp_path / "nowhere")
    assert [fault.code for fault in kept.faults] == ["schemas_unreadable"]
    assert _due(engine) is None

    again = _build(engine, GOOD, LATER, schemas=None)
    assert (again.number, again.waiting, again.faults) == (None, 1, ())
    assert _due(engine) == kept.batch_id


def test_a_schema_that_refuses_the_message_keeps_it(
    engine: Engine, goods: Goods, tmp_path: Path
) -> None:
    (tmp_path / checking.DRIVER).write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="other"/></xs:schema>'
    )
    report = _build(engine, GOOD, schemas=tmp_path)

    assert {fault.code for fault in report.faults} == {"schema"}
    assert _due(engine) is None


def test_only_a_file_that_was_found_good_may_be_fetched(engine: Engine, goods: Goods) -> None:
    with write_session(engine) as session:
        report = build(session, GOOD, now=NOW, on=NOW.date(), actor=ACTOR)
        session.commit()
    with Session(engine) as session:
        name = get_batch_page(session, GOOD.code, 1).files[0].name
        with pytest.raises(BatchMissing):
            get_file(session, GOOD.code, 1, name, only_fit=True)
        assert get_file(session, GOOD.code, 1, name)
    with write_session(engine) as session:
        checking.record_check(session, report.batch_id or 0, [], now=NOW)
        session.commit()
    with Session(engine) as session:
        assert get_file(session, GOOD.code, 1, name, only_fit=True)


def test_a_batch_whose_builder_died_before_looking_is_looked_at_by_the_carrier(
    engine: Engine, goods: Goods, partner: Profile, sshd: Sshd
) -> None:
    with write_session(engine) as session:
        build(session, partner, now=NOW, on=NOW.date(), actor=ACTOR)
        session.commit()
    assert _due(engine) is None

    assert [pushed.number for pushed in feeds.push(engine, partner)] == [1]


def test_nothing_of_a_faulty_batch_reaches_the_partner(
    engine: Engine, goods: Goods, partner: Profile, sshd: Sshd
) -> None:
    with write_session(engine) as session:
        build(session, _mistaken(partner), now=NOW, on=NOW.date(), actor=ACTOR)
        session.commit()

    assert feeds.push(engine, partner) == []
    assert list(sshd.inbox.iterdir()) == []
    [batch] = _batches(engine)
    assert (batch.fate, batch.attempts) == ("faulty", 0)
