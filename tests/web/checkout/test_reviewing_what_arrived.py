"""The buyer's own reviews on the page of the order, without scripts and without an account."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core.db import write_session
from orders.models import CustomerOrder, Review
from orders.voices import reviews
from tests.factories.orders import NOW, make_order, make_stocked
from tests.factories.voices import OFFICER, make_delivered
from tests.web.checkout.conftest import Visitor
from tests.web.page_client import PageClient

TYPED = {"points": "2", "text": "Chai bị <b>vỡ</b>.", "locale": "vi", "shown_name": "Bưởi"}


@pytest.fixture
def arrived(engine: Engine) -> tuple[str, int]:
    """The page of an order that arrived, and its one line."""
    with write_session(engine) as session:
        order, (line,) = make_delivered(session)
        session.commit()
        return f"/vi/orders/{order.public_token}", line


def _review(engine: Engine) -> Review:
    with Session(engine) as session:
        return session.scalars(select(Review)).one()


def test_a_buyer_writes_changes_and_withdraws_a_review(
    app: Flask, visitor: Visitor, arrived: tuple[str, int], engine: Engine
) -> None:
    order, line = arrived
    path = f"{order}/reviews/{line}"
    assert path in visitor.get(order).get_data(as_text=True)
    checked = PageClient(app)
    assert "Nguyễn Thị Bưởi" not in checked.get(path).html, "the full name is offered to be shown"
    assert visitor.post(path, **TYPED).headers["Location"].endswith(order)
    said = _review(engine)
    assert (said.points, said.text, said.shown_name, said.state) == (
        2, "Chai bị <b>vỡ</b>.", "Bưởi", "held",
    )  # fmt: skip
    form = visitor.get(path).get_data(as_text=True)
    assert "Chai bị &lt;b&gt;vỡ&lt;/b&gt;." in form
    chosen = checked.get(path).all("input", name="points", checked="")
    assert [choice.get("value") for choice in chosen] == ["2"]
    with write_session(engine) as session:
        reviews.refuse_review(session, said.id, "insult", version=1, actor=OFFICER, now=NOW)
        session.commit()
    reason = "Your review is not shown: It insults somebody."
    assert reason in visitor.get(order.replace("/vi/", "/en/")).get_data(as_text=True)
    visitor.post(path, **{**TYPED, "text": "Chai vỡ.", "shown_name": ""})
    said = _review(engine)
    assert (said.text, said.shown_name, said.state, said.version) == ("Chai vỡ.", None, "held", 2)
    visitor.post(f"{path}/delete")
    with Session(engine) as session:
        assert not session.scalars(select(Review)).all()
    checked.get(order)


@pytest.mark.parametrize(
    "changed", [{"points": "6"}, {"points": ""}, {"text": " "}, {"locale": "xx"}]
)
def test_a_review_with_a_mistake_is_shown_again_and_not_kept(
    visitor: Visitor, arrived: tuple[str, int], engine: Engine, changed: dict[str, str]
) -> None:
    order, line = arrived
    answer = visitor.post(f"{order}/reviews/{line}", **{**TYPED, **changed})
    assert answer.status_code == 422
    assert 'class="error"' in answer.get_data(as_text=True)
    with Session(engine) as session:
        assert not session.scalars(select(Review)).all()


def test_nobody_reviews_what_has_not_arrived_or_belongs_to_another_order(
    visitor: Visitor, arrived: tuple[str, int], engine: Engine
) -> None:
    _order, line = arrived
    with write_session(engine) as session:
        waiting = make_order(session, (make_stocked(session), 1), payment_method="cod")
        own_line, token = waiting.sub_orders[0].lines[0].id, waiting.public_token
        session.commit()
    assert "/reviews/" not in visitor.get(f"/vi/orders/{token}").get_data(as_text=True)
    for path in (
        f"{token}/reviews/{own_line}",
        f"{token}/reviews/{line}",
        f"{token[:-1]}/reviews/{line}",
    ):
        assert visitor.get(f"/vi/orders/{path}").status_code == 404
        assert visitor.post(f"/vi/orders/{path}", **TYPED).status_code == 404
    with Session(engine) as session:
        assert not session.scalars(select(Review)).all()


def test_an_order_that_is_over_asks_for_no_money(
    visitor: Visitor, arrived: tuple[str, int], engine: Engine
) -> None:
    address = arrived[0].replace("/vi/", "/en/")
    with write_session(engine) as session:
        order = session.scalars(select(CustomerOrder)).one()
        order.state = "confirmed"
        session.commit()
    assert "Total to pay" in visitor.get(address).get_data(as_text=True)
    with write_session(engine) as session:
        session.scalars(select(CustomerOrder)).one().state = "completed"
        session.commit()
    page = visitor.get(address).get_data(as_text=True)
    assert "Total to pay" not in page
    assert '<dt class="sum">Total</dt>' in page
