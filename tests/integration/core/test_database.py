import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, bindparam, event, select, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.db import write_session
from core.people.models import Person
from core.statements import FixedStatement, bare_row
from migrations import runner


def test_the_migrations_say_the_same_as_the_models(engine: Engine) -> None:
    assert runner.is_current(engine)
    assert runner.differences(engine) == []


def test_upgrading_twice_changes_nothing(engine: Engine) -> None:
    runner.upgrade(engine)

    assert runner.revision_of(engine) == runner.head()


def test_text_is_stored_composed(session: Session, now: datetime) -> None:
    decomposed = "Nước mắm"
    session.add(Person(full_name=decomposed, email="a@example.vn", created_at=now))
    session.flush()

    assert (
        session.scalar(select(Person.full_name).where(Person.full_name == "Nước mắm")) is not None
    )


def test_a_moment_without_a_zone_is_refused(session: Session) -> None:
    session.add(Person(full_name="An", email="a@example.vn", created_at=datetime(2026, 1, 1)))  # noqa: DTZ001

    with pytest.raises(StatementError, match="time zone"):
        session.flush()


def test_moments_come_back_aware(session: Session) -> None:
    session.add(
        Person(full_name="An", email="a@example.vn", created_at=datetime(2026, 1, 1, tzinfo=UTC))
    )
    session.flush()
    session.expire_all()

    assert session.scalar(select(Person.created_at)) == datetime(2026, 1, 1, tzinfo=UTC)


def test_foreign_keys_are_kept(session: Session, now: datetime) -> None:
    session.add(
        AuditEntry(at=now, person_id=987, actor_name="", action="a", subject="s", details={})
    )

    with pytest.raises(IntegrityError):
        session.flush()


def test_two_writers_that_read_first_both_succeed(engine: Engine, now: datetime) -> None:
    """Without BEGIN IMMEDIATE the second of them fails at once with "database is locked"."""
    with write_session(engine) as session:
        session.add(Person(full_name="0", email="a@example.vn", created_at=now))
        session.commit()
    barrier = threading.Barrier(2)
    failures: list[BaseException] = []

    def add_one() -> None:
        try:
            barrier.wait()
            for _ in range(20):
                with write_session(engine) as session:
                    person = session.scalars(select(Person).with_for_update()).one()
                    person.full_name = str(int(person.full_name) + 1)
                    session.commit()
        except BaseException as failure:  # noqa: BLE001 # shown by the assertion below
            failures.append(failure)

    threads = [threading.Thread(target=add_one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with Session(engine) as session:
        assert failures == []
        assert session.scalar(text("SELECT full_name FROM person")) == "40"


def test_fixed_statements_see_what_was_just_added_and_are_not_taken_for_each_other(
    session: Session, now: datetime
) -> None:
    for name in ("An", "Bình"):
        session.add(Person(full_name=name, email=f"{name}@example.vn", created_at=now))
    person = Person.__table__
    by_name = select(person.c.email).where(person.c.full_name == bindparam("asked"))
    by_email = select(person.c.full_name).where(person.c.email == bindparam("asked"))
    first, second = FixedStatement(by_name), FixedStatement(by_email)

    for _ in range(2):
        assert [tuple(row) for row in first.rows(session, asked="An")] == [("An@example.vn",)]
        assert [tuple(row) for row in second.rows(session, asked="Bình@example.vn")] == [("Bình",)]
        assert first.rows(session, asked="Nobody") == []


def test_one_row_in_the_drivers_words_is_heard_of_and_holds_no_connection(
    engine: Engine, now: datetime
) -> None:
    with write_session(engine) as session:
        session.add(Person(full_name="An", email="an@example.vn", created_at=now))
        session.commit()
    heard: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *told: heard.append(told[2]))
    mark = "%s" if engine.dialect.name == "postgresql" else "?"
    query = f"SELECT full_name FROM person WHERE email = {mark}"  # noqa: S608
    for _ in range(30):  # more often than the pool has connections
        assert tuple(bare_row(engine, query, ("an@example.vn",))) == ("An",)
        with pytest.raises(Exception, match="nothing_of_that_name"):
            bare_row(engine, "SELECT * FROM nothing_of_that_name", ())
    assert heard.count(query) == 30
    with write_session(engine) as session:  # nobody reads any more, nobody is locked out
        session.add(Person(full_name="Bình", email="binh@example.vn", created_at=now))
        session.commit()
