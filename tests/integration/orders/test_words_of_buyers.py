"""Reviews, questions and wholesale requests from the first word to the last, on both engines."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Product
from core.facts import Fact, newest_fact_id
from core.people.permissions import NotAllowed
from orders.errors import NoSuchStep
from orders.models import Question, Review, WholesaleRequest
from orders.rules.voices import KEEP_EMAIL_UNANSWERED, KEEP_ENDED_REQUEST, KEEP_REFUSED
from orders.voices import desks, questions, reviews, wholesale
from orders.voices.errors import (
    AnsweredAlready,
    NotDeliveredYet,
    TextChanged,
    VoiceNotFound,
    WrongVoice,
)
from orders.voices.forgetting import forget_what_served
from orders.voices.pages import FEW, PER_PAGE, list_questions, list_reviews, product_voices
from tests.factories.catalog import make_product
from tests.factories.orders import NOW, make_order, make_stocked
from tests.factories.voices import (
    OFFICER,
    draft,
    make_delivered,
    make_question,
    make_request,
    make_review,
    producer_of,
)

LATER = NOW + timedelta(days=1)
Statements = list[str]


def product_of(session: Session, review: Review) -> Product:
    return session.get_one(Product, review.product_id)


def test_a_buyer_reviews_what_arrived_and_nobody_reads_it_before_the_office(
    session: Session,
) -> None:
    other = make_review(session, text="Hàng khác")
    order, (line,) = make_delivered(session)
    review = reviews.write_review(session, order.public_token, line, draft(), now=NOW)
    assert product_voices(session, review.product_id).reviews == ()
    reviews.show_review(session, review.id, version=1, actor=OFFICER, now=NOW)
    seen = product_voices(session, review.product_id)
    assert [(one.points, one.shown_name, one.locale) for one in seen.reviews] == [(4, "Lan", "vi")]
    assert (seen.rating.mean, seen.rating.count) == ("4.0", 1)
    assert review.product_id != other.product_id


def test_only_the_buyer_of_a_parcel_that_arrived_may_review(session: Session) -> None:
    package = make_stocked(session, 20)
    on_its_way = make_order(session, (package, 1), payment_method="cod")
    line = on_its_way.sub_orders[0].lines[0].id
    with pytest.raises(NotDeliveredYet):
        reviews.write_review(session, on_its_way.public_token, line, draft(), now=NOW)
    arrived, (own,) = make_delivered(session, package)
    with pytest.raises(VoiceNotFound):  # another order's address opens no line of this one
        reviews.write_review(session, on_its_way.public_token, own, draft(), now=NOW)
    with pytest.raises(VoiceNotFound):
        reviews.withdraw_review(session, on_its_way.public_token, own)
    assert reviews.write_review(session, arrived.public_token, own, draft(), now=NOW).id


def test_each_line_has_one_review_and_a_change_is_looked_at_again(session: Session) -> None:
    review = make_review(session)
    product = product_of(session, review)
    reviews.answer_review(
        session, review.id, "Cảm ơn chị.", locale="vi", version=1,
        actor=producer_of(product), now=NOW,
    )  # fmt: skip
    order_token = _token(session, review)
    before = newest_fact_id(session)
    changed = reviews.write_review(
        session, order_token, _line(review), draft("Lần sau hỏng.", 1), now=LATER
    )
    assert changed.id == review.id
    assert (changed.state, changed.answer, changed.version) == ("held", None, 2)
    assert newest_fact_id(session) > before, "a page that still shows the old text is kept"
    assert product_voices(session, product.id).reviews == ()
    with pytest.raises(TextChanged):
        reviews.show_review(session, review.id, version=1, actor=OFFICER, now=LATER)


def test_a_withdrawn_review_is_gone_with_all_it_said(session: Session) -> None:
    kept = make_review(session, text="Ở lại")
    review = make_review(session, text="Biến mất")
    token, line, number = _token(session, review), _line(review), review.id
    before = newest_fact_id(session)
    reviews.withdraw_review(session, token, line)
    assert newest_fact_id(session) > before
    assert session.scalar(select(Review).where(Review.id == number)) is None
    assert product_voices(session, kept.product_id).rating.count == 1
    reviews.withdraw_review(session, token, line)  # twice is once


def test_a_bad_review_is_refused_only_for_a_reason_of_the_list(session: Session) -> None:
    review = make_review(session, text="Không ngon", points=1, state="held")
    with pytest.raises(WrongVoice):
        reviews.refuse_review(session, review.id, "negative", version=1, actor=OFFICER, now=NOW)
    with pytest.raises(NotAllowed):
        reviews.refuse_review(
            session, review.id, "insult", version=1,
            actor=producer_of(product_of(session, review)), now=NOW,
        )  # fmt: skip
    reviews.refuse_review(session, review.id, "insult", version=1, actor=OFFICER, now=NOW)
    assert (review.state, review.refusal) == ("refused", "insult")
    assert desks.own_reviews(session, _order_id(session, review))[_line(review)].refusal == "insult"
    reviews.show_review(session, review.id, version=1, actor=OFFICER, now=NOW)
    assert (review.state, review.refusal) == ("shown", None)
    assert desks.refusals_by_points(session)[1] == (1, 0)


def test_only_the_own_producer_answers_a_shown_review_and_only_once(session: Session) -> None:
    held = make_review(session, state="held")
    review = make_review(session)
    own, other = producer_of(product_of(session, review)), producer_of(product_of(session, held))

    def say(review_id: int, actor: Any) -> None:
        reviews.answer_review(
            session, review_id, "Cảm ơn.", locale="vi", version=1, actor=actor, now=NOW
        )

    with pytest.raises(NotAllowed):
        say(review.id, other)
    with pytest.raises(VoiceNotFound):
        say(held.id, other)
    say(review.id, own)
    with pytest.raises(AnsweredAlready):
        say(review.id, own)
    with pytest.raises(NotAllowed):
        reviews.remove_answer(session, review.id, actor=own, now=NOW)
    assert product_voices(session, review.product_id).reviews[0].answer == "Cảm ơn."
    reviews.remove_answer(session, review.id, actor=OFFICER, now=NOW)
    assert product_voices(session, review.product_id).reviews[0].answer is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"points": 0}, "points"),
        ({"points": 6}, "points"),
        ({"text": " \n "}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"shown_name": "x" * 41}, "shown_name"),
        ({"locale": "tlh"}, "locale"),
    ],
)
def test_a_review_that_says_nothing_or_too_much_is_not_kept(
    session: Session, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(WrongVoice) as refusal:
        reviews.write_review(session, "x" * 22, 1, draft(**values), now=NOW)
    assert set(refusal.value.mistakes) == {field}


def test_the_product_page_takes_one_statement_however_much_was_said(
    session: Session, statements: Statements
) -> None:
    package = make_stocked(session, 50)
    product = session.get_one(Product, package.product_id)
    said = [make_review(session, package, f"Lần {n}", points=n % 5 + 1) for n in range(FEW + 2)]
    asked = [make_question(session, product, f"Hỏi {n}?", answer="Có.") for n in range(FEW + 1)]
    make_question(session, product, "Chưa ai trả lời?")
    make_review(session, package, "Chưa duyệt", state="held")
    session.flush()
    product_id = product.id
    statements.clear()
    seen = product_voices(session, product_id)
    assert len(statements) == 1
    assert [one.id for one in seen.reviews] == [one.id for one in reversed(said)][:FEW]
    assert [one.id for one in seen.questions] == [one.id for one in reversed(asked)][:FEW]
    assert (seen.rating.counts, seen.question_count) == ((1, 1, 1, 1, 1), FEW + 1)
    assert seen.reviews[0].written_at == NOW
    assert seen.questions[0].answered_at == NOW


def test_a_product_of_which_nobody_spoke_has_no_mean(session: Session) -> None:
    make_review(session)
    silent = make_product(session)
    seen = product_voices(session, silent.id)
    assert (seen.rating.count, seen.rating.mean, seen.reviews, seen.questions) == (0, "", (), ())


def test_older_reviews_and_questions_are_read_page_by_page(session: Session) -> None:
    package = make_stocked(session, 50)
    product = session.get_one(Product, package.product_id)
    ids = [
        make_review(session, package, f"Lần {n}", points=5 - n % 2).id for n in range(PER_PAGE + 2)
    ]
    first = list_reviews(session, product.id)
    assert [one.id for one in first.reviews] == ids[:1:-1]
    last = list_reviews(session, product.id, before_id=first.older)
    assert ([one.id for one in last.reviews], last.older) == (ids[1::-1], None)
    fours = list_reviews(session, product.id, points=4)
    assert {one.points for one in fours.reviews} == {4}
    assert fours.rating.count == PER_PAGE + 2
    asked = [make_question(session, product, f"{n}?", answer="Có.").id for n in range(PER_PAGE + 1)]
    page = list_questions(session, product.id)
    assert ([one.id for one in page.questions], page.older) == (asked[:0:-1], asked[1])


def test_a_question_is_read_with_its_answer_and_never_before(session: Session) -> None:
    product, other = make_product(session), make_product(session)
    question = make_question(session, product, email="hoi@example.vn")
    assert product_voices(session, product.id).question_count == 0
    with pytest.raises(NotAllowed):
        questions.answer(
            session, question.id, "Được.", locale="vi", actor=producer_of(other), now=NOW
        )
    with pytest.raises(WrongVoice):
        questions.answer(session, question.id, " ", locale="vi", actor=OFFICER, now=NOW)
    questions.answer(session, question.id, "Được.", locale="vi", actor=OFFICER, now=NOW)
    (seen,) = product_voices(session, product.id).questions
    assert (seen.text, seen.answer, seen.by_office) == (question.text, "Được.", True)
    questions.answer(
        session, question.id, "Được ạ.", locale="vi", actor=producer_of(product), now=LATER
    )
    (seen,) = product_voices(session, product.id).questions
    assert (seen.answer, seen.by_office) == ("Được ạ.", False)


def test_a_refused_question_keeps_no_address_and_gets_no_answer(session: Session) -> None:
    product = make_product(session)
    question = make_question(session, product, email="hoi@example.vn", answer="Không.")
    with pytest.raises(NotAllowed):
        questions.refuse(session, question.id, "insult", actor=producer_of(product), now=NOW)
    questions.refuse(session, question.id, "advertising", actor=OFFICER, now=NOW)
    assert (question.state, question.email) == ("refused", None)
    assert product_voices(session, product.id).question_count == 0
    with pytest.raises(NoSuchStep):
        questions.answer(session, question.id, "Nữa.", locale="vi", actor=OFFICER, now=NOW)


def test_a_wholesale_request_goes_from_new_to_answered_to_closed(session: Session) -> None:
    product, other = make_product(session), make_product(session)
    make_request(session, other)
    asked = make_request(session, product, needed_by=date(2027, 1, 5), wishes=" Nhãn tiếng Nhật ")
    seller = producer_of(product)
    mine = desks.list_requests_for(session, seller.producer_ids)
    assert [(row.company, row.wishes, about.name) for row, about in mine] == [
        ("Umeda Foods", "Nhãn tiếng Nhật", product.name)
    ]
    assert desks.count_waiting(session, seller.producer_ids) == desks.Waiting(0, 0, 1)
    with pytest.raises(NoSuchStep):
        wholesale.close(session, asked.id, actor=seller, now=NOW)
    with pytest.raises(NotAllowed):
        wholesale.reply(session, asked.id, "answer", "Được.", actor=producer_of(other), now=NOW)
    wholesale.reply(session, asked.id, "answer", "Có đủ 40 thùng.", actor=seller, now=NOW)
    wholesale.close(session, asked.id, actor=seller, now=LATER)
    assert (asked.state, asked.reply, asked.ended_at) == ("closed", "Có đủ 40 thùng.", LATER)
    with pytest.raises(NoSuchStep):
        wholesale.reply(session, asked.id, "answer", "Thêm.", actor=seller, now=LATER)


def test_a_producer_declines_only_with_a_reason(session: Session) -> None:
    product = make_product(session)
    asked = make_request(session, product)
    seller = producer_of(product)
    with pytest.raises(WrongVoice):
        wholesale.reply(session, asked.id, "decline", "", actor=seller, now=NOW)
    assert asked.state == "new"
    wholesale.reply(session, asked.id, "decline", "Hết mùa.", actor=seller, now=NOW)
    session.flush()
    assert (asked.state, asked.ended_at) == ("declined", NOW)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"person": " "}, "person"),
        ({"company": "x" * 201}, "company"),
        ({"country": "jp"}, "country"),
        ({"quantity": 0}, "quantity"),
        ({"quantity": 10**9}, "quantity"),
        ({"unit": "ton"}, "unit"),
        ({"needed_by": date(2026, 11, 21)}, "needed_by"),
        ({"needed_by": date(2030, 1, 1)}, "needed_by"),
        ({"wishes": "x" * 2001}, "wishes"),
    ],
)
def test_a_request_nobody_could_answer_is_not_kept(
    session: Session, values: dict[str, Any], field: str
) -> None:
    product = make_product(session)
    with pytest.raises(WrongVoice) as refusal:
        make_request(session, product, **values)
    assert set(refusal.value.mistakes) == {field}


def test_personal_data_go_when_they_have_served(session: Session) -> None:
    product = make_product(session)
    fresh = make_question(session, product, email="moi@example.vn")
    waiting = make_question(
        session, product, email="cu@example.vn", now=NOW - KEEP_EMAIL_UNANSWERED - timedelta(1)
    )
    refused = make_question(session, product, now=NOW - KEEP_REFUSED - timedelta(1))
    answered = make_question(session, product, now=NOW - timedelta(3000), answer="Có.")
    questions.refuse(session, refused.id, "insult", actor=OFFICER, now=NOW)
    open_request, ended = make_request(session, product), make_request(session, product)
    long_ago = NOW - KEEP_ENDED_REQUEST - timedelta(1)
    wholesale.reply(
        session, ended.id, "decline", "Không.", actor=producer_of(product), now=long_ago
    )
    session.flush()
    forget_what_served(session, now=NOW)
    session.expire_all()
    left = session.execute(
        select(Question.id, Question.email).where(Question.product_id == product.id)
    ).all()
    assert {*map(tuple, left)} == {
        (fresh.id, "moi@example.vn"), (waiting.id, None), (answered.id, None),
    }  # fmt: skip
    requests = session.scalars(
        select(WholesaleRequest.id).where(WholesaleRequest.product_id == product.id)
    )
    assert list(requests) == [open_request.id]


def test_no_fact_holds_what_somebody_typed_about_themselves(session: Session) -> None:
    product = make_product(session)
    make_question(session, product, email="rieng@example.vn", answer="Có.")
    wholesale.reply(
        session, make_request(session, product).id, "answer", "Có.",
        actor=producer_of(product), now=NOW,
    )  # fmt: skip
    session.flush()
    told = session.scalars(
        select(Fact).where(Fact.name.like("%question%") | Fact.name.like("whole%"))
    )
    assert {key for fact in told for key in fact.payload} == {
        "question_id", "product_id", "request_id", "at",
    }  # fmt: skip


def _line(review: Review) -> int:
    assert review.order_line_id is not None
    return review.order_line_id


def _token(session: Session, review: Review) -> str:
    from orders.models import CustomerOrder

    return session.get_one(CustomerOrder, _order_id(session, review)).public_token


def _order_id(session: Session, review: Review) -> int:
    from orders.models import OrderLine

    return session.get_one(OrderLine, review.order_line_id).sub_order.order_id
