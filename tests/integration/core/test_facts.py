"""What the newest fact says, and when it is certain that no older one can still appear."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from core.facts import announce, newest_fact
from tests.factories.postgres import PostgresServer


@pytest.fixture
def told(engine: Engine) -> Engine:
    """A database with many writers in which three things have happened."""
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    with Session(engine) as session:
        for name in ("price.changed", "stock.changed", "price.changed"):
            announce(session, name, product_id=1)
        session.commit()
    return engine


@pytest.fixture
def neighbour(told: Engine, postgres: PostgresServer) -> Iterator[Engine]:
    """Another database of the same server."""
    name = postgres.create()
    engine = create_engine(postgres.url(name))
    yield engine
    engine.dispose()
    postgres.drop(name)


def test_a_change_under_way_may_still_bring_an_older_fact(told: Engine) -> None:
    with Session(told) as reader, Session(told) as slow, Session(told) as quick:
        quick.execute(text("SELECT pg_current_xact_id()"))  # begins first, tells of itself last
        announce(slow, "star.changed", product_id=2)
        slow.flush()
        announce(quick, "price.changed", product_id=1)
        quick.commit()

        known = newest_fact(reader)
        assert (known.fact_id, known.is_settled) == (5, False)

        slow.commit()
        assert newest_fact(reader) == replace(known, is_settled=True)


def test_work_in_another_database_of_the_server_keeps_nothing_unsettled(
    told: Engine, neighbour: Engine
) -> None:
    with neighbour.connect() as busy, Session(told) as reader, Session(told) as writer:
        busy.execute(text("CREATE TABLE anything (id integer)"))
        assert busy.scalar(text("SELECT pg_current_xact_id_if_assigned() IS NOT NULL"))

        assert newest_fact(reader).is_settled is True

        announce(writer, "star.changed", product_id=2)
        writer.flush()
        assert newest_fact(reader).is_settled is False, "that one is here"
