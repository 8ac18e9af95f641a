"""The table of what is on sale follows facts: after any change it says what the database says."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, update
from sqlalchemy.orm import Session

from catalog.markets import judge_products
from catalog.models import MarketVerdict, Producer, Product
from catalog.price_list_offers import set_offer
from catalog.price_lists import create_price_list
from catalog.queries import BrowseRequest, browse
from catalog.queries.facets.keeping import get_table
from catalog.queries.facets.loading import load_goods
from catalog.queries.facets.table import Good
from catalog.rules.pricing import Tier
from core.actor import Actor
from core.db import write_session
from core.facts import announce, newest_fact
from orders import stock
from orders.models import StockItem
from tests.factories.catalog import make_certificate, make_paper, make_producer, make_product

SYSTEM = Actor.system("test")


@pytest.fixture
def sent(engine: Engine) -> list[str]:
    """The statements sent to this database."""
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().startswith("SELECT"):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    return seen


@pytest.fixture
def ids(engine: Engine, now: datetime) -> list[int]:
    """Six products of two producers, some with stars."""
    with write_session(engine) as session:
        makers = [make_producer(session), make_producer(session, "Cơ sở Ba", province_code="01")]
        made = [make_product(session, f"Muối {n}", makers[n % 2]) for n in range(5)]
        made.append(make_product(session, "Khăn lụa", makers[1], subgroup_code="C02"))
        for product in made[:3]:
            make_certificate(session, product, stars=4)
        found = [product.id for product in made]
        announce(session, "product.published", product_id=found[0])
        session.commit()
    return found


def told(engine: Engine, on: date) -> dict[int, Good]:
    """What the kept table says."""
    with Session(engine) as session:
        table = get_table(session, on)
        return {good.product_id: good for good in table.goods if good is not None}


def true(engine: Engine, on: date) -> dict[int, Good]:
    """What the database says."""
    with Session(engine) as session:
        return {good.product_id: good for good in load_goods(session, None, on=on)[0]}


def price_in_yen(session: Session, ids: list[int], on: date, now: datetime) -> None:
    """One product at a price in yen from now on, another for today only."""
    product = session.get_one(Product, ids[2])
    listed = create_price_list(
        session, product.producer_id, "japan", name="Nhật Bản", kind="retail",
        currency="JPY", actor=SYSTEM, now=now,
    )  # fmt: skip
    for product_id, yen, last in ((ids[2], 1_480, None), (ids[0], 380, on)):
        package = session.get_one(Product, product_id).packages[0]
        set_offer(
            session, listed.id, package.id, tiers=[Tier(1, yen)], valid_from=on,
            valid_to=last, actor=SYSTEM, now=now,
        )  # fmt: skip


def test_each_change_is_followed(engine: Engine, ids: list[int], on: date, now: datetime) -> None:
    def dearer(session: Session) -> None:
        session.get_one(Product, ids[0]).packages[0].price_minor = 777_000
        announce(session, "product.changed", product_id=ids[0])

    def withdrawn(session: Session) -> None:
        session.get_one(Product, ids[1]).state = "withdrawn"
        announce(session, "product.withdrawn", product_id=ids[1])

    def moved(session: Session) -> None:
        maker = session.get_one(Product, ids[2]).producer
        maker.province_code, maker.commune = "79", "Cần Giờ"
        announce(session, "producer.changed", producer_id=maker.id)

    def certified(session: Session) -> None:
        product = session.get_one(Product, ids[3])
        make_paper(
            session,
            product.producer,
            kind="vietgap",
            product_id=product.id,
            valid_to=on,
            checked_on=on,
        )
        announce(session, "paper.checked", producer_id=product.producer_id)

    def declared(session: Session) -> None:
        product = session.get_one(Product, ids[4])
        product.allergens_state, product.season_months = "none_declared", (on.month,)
        announce(session, "product.changed", product_id=ids[4])

    def added(session: Session) -> None:
        product = make_product(session, "Trà mới", session.query(Producer).first())
        announce(session, "product.published", product_id=product.id)

    def back(session: Session) -> None:
        session.get_one(Product, ids[1]).state = "published"
        announce(session, "product.published", product_id=ids[1])

    def judged(session: Session) -> None:
        judge_products(session, ids, on=on, now=now)  # it tells of new verdicts by itself
        session.execute(
            update(MarketVerdict)
            .where(MarketVerdict.product_id == ids[5], MarketVerdict.market == "JP")
            .values(allowed=True)
        )

    before = told(engine, on)
    assert before == true(engine, on)
    for change in (
        dearer,
        withdrawn,
        moved,
        certified,
        declared,
        added,
        back,
        judged,
    ):
        with write_session(engine) as session:
            change(session)
            session.commit()
        after = told(engine, on)
        assert after == true(engine, on), change.__name__
        assert after != before, change.__name__
        before = after
    with write_session(engine) as session:
        price_in_yen(session, ids, on, now)
        session.commit()
    assert told(engine, on) == true(engine, on)
    assert told(engine, on)[ids[5]].ships_to == ("JP",)
    assert told(engine, on)[ids[3]].certificates == ("vietgap",)
    assert told(engine, on)[ids[0]].abroad == "JPY:380"
    tomorrow = told(engine, on + timedelta(days=1))
    assert tomorrow[ids[3]].certificates == ()
    assert (tomorrow[ids[0]].abroad, tomorrow[ids[2]].abroad) == ("", "JPY:1480")


def test_an_order_makes_nobody_read_the_goods_again(
    engine: Engine, ids: list[int], on: date, sent: list[str]
) -> None:
    before = told(engine, on)
    with write_session(engine) as session:
        announce(session, "order.placed", order_id=1)
        session.commit()
    sent.clear()

    assert told(engine, on) == before
    assert len(sent) == 2
    assert all("fact" in statement and "product" not in statement for statement in sent)


def test_only_what_a_fact_is_about_is_read_again(
    engine: Engine, ids: list[int], on: date, sent: list[str]
) -> None:
    told(engine, on)
    with write_session(engine) as session:
        announce(session, "product.changed", product_id=ids[5])
        session.commit()
    sent.clear()
    told(engine, on)

    assert len([s for s in sent if "FROM product" in s or "JOIN product" in s]) <= 2
    sent.clear()
    told(engine, on)
    assert len(sent) == 1


def test_a_fact_that_commits_late_is_not_missed(
    engine: Engine, ids: list[int], on: date, database_kind: str
) -> None:
    if database_kind == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    told(engine, on)
    with Session(engine) as slow, Session(engine) as quick:
        slow.get_one(Product, ids[0]).packages[0].price_minor = 555_000
        announce(slow, "product.changed", product_id=ids[0])
        slow.flush()
        announce(quick, "product.changed", product_id=ids[1])
        quick.commit()
        assert told(engine, on)[ids[0]].price != 555_000
        slow.commit()

    assert told(engine, on)[ids[0]].price == 555_000


def test_what_sells_out_leaves_the_goods_in_stock_at_once(
    engine: Engine, ids: list[int], on: date
) -> None:
    with write_session(engine) as session:
        packages = [session.get_one(Product, number).packages[0].id for number in ids]
        session.add_all(StockItem(package_id=n, on_hand=2, reserved=0) for n in packages[:4])
        announce(session, "stock.changed", package_id=packages[0])
        session.commit()

    def in_stock() -> set[int]:
        with Session(engine) as session:
            newest = newest_fact(session)
            held = stock.in_stock(session, newest)
            request = BrowseRequest({"stock": ("in",)})
            page = browse(session, request, locale="vi", on=on, newest=newest, in_stock=held)
            assert page.total == len(page.cards) == page.facets["stock"][0].count
            return {card.product_id for card in page.cards}

    assert in_stock() == set(ids[:4])
    with write_session(engine) as session:
        stock.reserve(session, {packages[0]: 2})
        announce(session, "order.placed", order_id=1)
        session.commit()
    assert in_stock() == set(ids[1:4])


def test_the_last_page_of_many_costs_what_the_first_does(
    engine: Engine, on: date, sent: list[str]
) -> None:
    with write_session(engine) as session:
        maker = make_producer(session)
        for number in range(60):
            make_product(session, f"Muối {number}", maker)
        session.commit()
    with Session(engine) as session:
        newest = newest_fact(session)
        for sort in ("newest", "price", "-price", "name"):
            browse(session, BrowseRequest(sort=sort), locale="en", on=on, newest=newest)
            seen: list[int] = []
            for page in range(1, 7):
                sent.clear()
                request = BrowseRequest(sort=sort, page=page, per_page=10)
                found = browse(session, request, locale="en", on=on, newest=newest)
                seen += [card.product_id for card in found.cards]
                assert len(sent) == 1
            assert len(seen) == len(set(seen)) == 60
