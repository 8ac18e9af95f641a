"""What buyers say, as the office and the producers handle it; nobody touches what is another's."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from catalog.models import Product
from orders.models import Question, Review, WholesaleRequest
from tests.factories.browser import Browser
from tests.factories.house import House
from tests.factories.orders import NOW
from tests.factories.voices import make_question, make_request

HOSTILE = '"><b>1</b>{{7*7}}'


@pytest.fixture
def said(house: House) -> dict[str, int]:
    """A held review, a question and a wholesale request to each of two producers; those of the first."""
    house.app.config["WTF_CSRF_ENABLED"] = False  # what is sent here comes from no page
    found: dict[str, int] = {}
    with house.changing() as session:
        for who in ("other", "producer"):
            product = session.get_one(Product, house.products[who])
            review = Review(
                product_id=product.id, producer_id=product.producer_id, points=1, text=HOSTILE,
                shown_name=HOSTILE[:40], locale="en", written_at=NOW, is_illustrative=True,
            )  # fmt: skip
            session.add(review)
            session.flush()
            found = {
                "review": review.id,
                "question": make_question(session, product, HOSTILE).id,
                "request": make_request(
                    session, product, company=HOSTILE, person=HOSTILE, wishes=HOSTILE
                ).id,
            }
    return found


def test_the_office_shows_what_buyers_wrote_and_refuses_only_for_a_reason(
    house: House, said: dict[str, int]
) -> None:
    office = house.browser("office")
    assert "office/voices" in office.get("/office/")
    page = office.get("/office/voices")
    assert page.count("&lt;b&gt;1") >= 4
    assert "<b>1<" not in page
    path = f"/office/reviews/{said['review']}"
    _post(office, f"{path}/refuse", {"reason": "negative", "version": "1"})
    _post(office, f"{path}/show", {"version": "0"})
    assert _review(house, said).state == "held"
    _post(office, f"{path}/refuse", {"reason": "insult", "version": "1"})
    assert (_review(house, said).state, _review(house, said).refusal) == ("refused", "insult")
    _post(office, f"{path}/show", {"version": "1"})
    assert _review(house, said).state == "shown"
    _post(office, f"/office/questions/{said['question']}/refuse", {"reason": "advertising"})
    with house.looking() as session:
        assert session.get_one(Question, said["question"]).state == "refused"


def test_a_producer_answers_own_questions_and_reviews_and_no_others(
    house: House, said: dict[str, int]
) -> None:
    _post(house.browser("office"), f"/office/reviews/{said['review']}/show", {"version": "1"})
    other, own = house.browser("other"), house.browser("producer")
    answer = {"answer": "Cảm ơn <b>bạn</b>.", "version": "1"}
    for path in (f"/portal/questions/{said['question']}", f"/portal/reviews/{said['review']}"):
        assert _post(other, path, answer) == 403
        assert _post(own, path, answer) == 303
    assert _post(own, f"/portal/questions/{said['question']}", {"answer": " "}) == 303
    with house.looking() as session:
        assert session.get_one(Question, said["question"]).answer == "Cảm ơn <b>bạn</b>."
        assert session.get_one(Review, said["review"]).answer == "Cảm ơn <b>bạn</b>."
    page = own.get("/portal/voices")
    assert "Cảm ơn &lt;b&gt;bạn" in page
    assert page.count("<form") < 6, "the other producer's are listed too, or answered twice"
    _post(house.browser("office"), f"/office/reviews/{said['review']}/answer", {})
    with house.looking() as session:
        assert session.get_one(Review, said["review"]).answer is None


def test_a_producer_takes_a_wholesale_request_to_its_end(
    house: House, said: dict[str, int]
) -> None:
    own, path = house.browser("producer"), f"/portal/wholesale/{said['request']}"
    assert "wholesale" in own.get("/portal/")
    assert own.get("/portal/wholesale").count("own-item") == 1
    assert "<b>1<" not in own.get(path)
    house.browser("other").get(path, 403)
    assert _post(house.browser("other"), f"{path}/decline", {"reply": "Không."}) == 403
    _post(own, f"{path}/close", {})
    _post(own, f"{path}/answer", {"reply": ""})
    assert _request(house, said).state == "new"
    _post(own, f"{path}/answer", {"reply": "Có đủ."})
    _post(own, f"{path}/close", {})
    assert (_request(house, said).state, _request(house, said).reply) == ("closed", "Có đủ.")
    assert "<textarea" not in own.get(path)


def test_the_voices_of_buyers_are_nobody_elses_business(house: House, said: dict[str, int]) -> None:
    for who in ("partner", "producer"):
        house.browser(who).get("/office/voices", 403)
        show = f"/office/reviews/{said['review']}/show"
        assert _post(house.browser(who), show, {"version": "1"}) == 403
    house.browser("partner").get("/portal/voices", 403)
    with house.looking() as session:
        assert set(session.scalars(select(Review.state))) == {"held"}


def _review(house: House, said: dict[str, int]) -> Review:
    with house.looking() as session:
        return session.get_one(Review, said["review"])


def _request(house: House, said: dict[str, int]) -> WholesaleRequest:
    with house.looking() as session:
        return session.get_one(WholesaleRequest, said["request"])


def _post(browser: Browser, path: str, typed: dict[str, str]) -> int:
    """What the server answers to a form that is sent."""
    return browser.client.post(path, data=typed).status_code
