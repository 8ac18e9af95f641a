"""Reviews, questions and wholesale requests as a visitor of the shop meets them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from catalog.models import Product, ProductAddress
from catalog.price_list_offers import set_offer
from catalog.price_lists import create_price_list, wholesale_list
from catalog.rules.pricing import Tier
from core import clock
from core.actor import Actor
from core.db import write_session
from core.people.throttle import Limit
from core.settings import Settings
from orders.models import Question, Review, WholesaleRequest
from orders.voices import questions, reviews
from orders.voices.pages import PER_PAGE
from storefront import limits
from tests.factories.application import application
from tests.factories.browser import AS_BROWSERS_DO
from tests.factories.orders import NOW
from tests.factories.voices import OFFICER, make_question, producer_of
from tests.web.page_client import PageClient
from tests.web.shop.conftest import HOSTILE, Stalls

SYSTEM = Actor.system("test")


def say(session: Session, product: Product, text: str, points: int = 4, **values: Any) -> Review:
    """A shown review, illustrative so that it needs no order."""
    review = Review(
        product_id=product.id, producer_id=product.producer_id, points=points, text=text,
        is_illustrative=True,
        **{"locale": "ja", "state": "shown", "shown_name": None, "written_at": NOW, **values},
    )  # fmt: skip
    session.add(review)
    session.flush()
    return review


def _engine(stalls: Stalls) -> Engine:
    assert stalls.engine is not None
    return stalls.engine


def starred(session: Session, stalls: Stalls) -> Product:
    return session.scalars(select(Product).where(Product.slug == stalls.starred)).one()


@pytest.fixture
def spoken_of(stalls: Stalls) -> str:
    """The fish sauce with reviews of 2 and 4 points and an answered question; its address."""
    with write_session(_engine(stalls)) as session:
        product = starred(session, stalls)
        say(session, product, "塩がきつい。", 2, shown_name="ゆき")
        review = say(session, product, "Đậm đà", 4, locale="vi")
        reviews.answer_review(
            session, review.id, "Cảm ơn bạn.", locale="vi", version=1,
            actor=producer_of(product), now=NOW,
        )  # fmt: skip
        say(session, product, "Nobody reads this", 5, state="held")
        make_question(session, product, "Is it vegan?", locale="en", answer="Không, có cá.")
        make_question(session, product, "Not answered yet?", locale="en")
        session.commit()
    return f"/products/{stalls.starred}"


@pytest.mark.parametrize("locale", ["vi", "ja", "en"])
def test_the_product_page_shows_what_was_said_in_its_own_language(
    client: PageClient, spoken_of: str, locale: str, sent: list[str]
) -> None:
    sent.clear()
    page = client.get(f"/{locale}{spoken_of}")
    assert len(sent) <= 6, sent
    said = {
        " ".join(p.itertext()): p.get("lang") for p in page.all("p") if "said" in p.get("class", "")
    }
    assert said == {
        "塩がきつい。": "ja", "Đậm đà": "vi", "Cảm ơn bạn.": "vi",
        "Is it vegan?": "en", "Không, có cá.": "vi",
    }  # fmt: skip
    assert "Nobody reads this" not in page.html
    assert "Not answered yet" not in page.html


def test_points_are_drawn_and_named_otherwise_than_stars(
    client: PageClient, spoken_of: str
) -> None:
    html = client.get(f"/en{spoken_of}").html
    part = html[html.index('id="reviews"') : html.index('id="questions"')]
    assert "3 of 5 points · 2 reviews" in part
    assert "●●○○○" in part
    assert "★" not in part
    assert "star" not in part.lower()


def test_machines_are_told_of_reviews_only_when_there_are_any(
    client: PageClient, stalls: Stalls, spoken_of: str
) -> None:
    product = _graph(client, f"/en{spoken_of}")
    assert product["aggregateRating"] == {
        "@type": "AggregateRating", "ratingValue": "3.0", "bestRating": 5, "worstRating": 1,
        "reviewCount": 2,
    }  # fmt: skip
    assert [one["reviewBody"] for one in product["review"]] == ["Đậm đà", "塩がきつい。"]
    silent = _graph(client, f"/en/products/{stalls.lapsed}")
    assert not {"aggregateRating", "review"} & set(silent)


def _graph(client: PageClient, path: str) -> Any:
    script = client.get(path).one("script", type="application/ld+json")
    return json.loads(script.text)["@graph"][0]


def test_hostile_words_of_buyers_stay_words(client: PageClient, stalls: Stalls) -> None:
    with write_session(_engine(stalls)) as session:
        product = starred(session, stalls)
        review = say(session, product, HOSTILE, shown_name='"><svg onload=alert(1)>')
        reviews.answer_review(
            session, review.id, HOSTILE, locale="vi", version=1, actor=producer_of(product), now=NOW
        )
        make_question(session, product, HOSTILE, answer=HOSTILE)
        session.commit()
    for path in ("", "/reviews", "/questions"):
        page = client.get(f"/vi/products/{stalls.starred}{path}")
        assert len([p for p in page.all("p") if "<svg onload" in "".join(p.itertext())]) >= 2, path
        assert not [s for s in page.all("svg") if s.get("onload")]
        assert "49" not in "".join(p.text or "" for p in page.all("p", lang="vi"))


def test_a_newly_shown_review_and_answer_are_seen_at_once_on_kept_pages(
    settings: Settings, stalls: Stalls
) -> None:
    from dataclasses import replace

    with application(replace(settings, kept_pages=True)) as app:
        client = PageClient(app)
        path = f"/vi/products/{stalls.starred}"
        assert "Vừa được duyệt" not in client.get(path).html
        with write_session(_engine(stalls)) as session:
            product = starred(session, stalls)
            review = say(session, product, "Vừa được duyệt", state="held")
            asked = make_question(session, product, "Vừa được hỏi?")
            session.commit()
            assert "Vừa được duyệt" not in client.get(path).html
            reviews.show_review(session, review.id, version=1, actor=OFFICER, now=NOW)
            session.commit()
            assert "Vừa được duyệt" in client.get(path).html
            questions.answer(session, asked.id, "Có.", locale="vi", actor=OFFICER, now=NOW)
            session.commit()
            assert "Vừa được hỏi?" in client.get(path).html
            reviews.refuse_review(session, review.id, "insult", version=1, actor=OFFICER, now=NOW)
            session.commit()
            assert "Vừa được duyệt" not in client.get(path).html


def test_all_reviews_are_read_page_by_page_and_by_points(
    client: PageClient, stalls: Stalls, sent: list[str]
) -> None:
    with write_session(_engine(stalls)) as session:
        product = starred(session, stalls)
        for number in range(PER_PAGE + 3):
            say(session, product, f"Lần thứ {number}.", 1 if number < 2 else 5)
        session.commit()
    first = client.get(f"/vi/products/{stalls.starred}/reviews")
    assert "Lần thứ 12." in first.text
    assert "Lần thứ 1." not in first.text
    older = next(a for a in first.links() if "before=" in a)
    sent.clear()
    rest = client.get(older)
    assert len(sent) <= 6
    assert "Lần thứ 1." in rest.text
    bad = client.get(f"/vi/products/{stalls.starred}/reviews?points=1")
    assert "Lần thứ 0." in bad.text
    assert "Lần thứ 12." not in bad.text
    for odd in ("points=9", "before=x", "before=999999999999999", "points=-1&before="):
        client.get(f"/vi/products/{stalls.starred}/reviews?{odd}")
    client.get("/vi/products/nowhere/reviews", 404)


def _form(app: Flask, path: str, **typed: str) -> Any:
    client = app.test_client()
    page = client.get(path).get_data(as_text=True)
    token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    return client.post(
        path,
        data={"csrf_token": token, **typed},
        follow_redirects=True,
        headers=AS_BROWSERS_DO,
    )


def test_anybody_asks_without_an_account(app: Flask, stalls: Stalls) -> None:
    path = f"/ja/products/{stalls.starred}/questions"
    answer = _form(app, path, text="冷蔵ですか？", email="YUKI@example.jp", website="")
    assert answer.status_code == 200
    assert "冷蔵ですか" not in answer.get_data(as_text=True), "shown before there is an answer"
    with Session(_engine(stalls)) as session:
        (question,) = session.scalars(select(Question))
    assert (question.text, question.locale, question.state) == ("冷蔵ですか？", "ja", "held")
    assert question.email == "yuki@example.jp"


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"text": "", "email": ""}, 422),
        ({"text": "Ngon không?", "email": "khong phai"}, 422),
        ({"text": "x" * 2001, "email": ""}, 422),
        ({"text": "Buy cheap pills", "email": "", "website": "http://spam.example"}, 200),
    ],
)
def test_a_question_nobody_can_answer_and_one_of_a_program_are_not_kept(
    app: Flask, stalls: Stalls, typed: dict[str, str], status: int
) -> None:
    answer = _form(app, f"/vi/products/{stalls.starred}/questions", **typed)
    assert answer.status_code == status
    with Session(_engine(stalls)) as session:
        assert not session.scalars(select(Question)).all()


def test_too_many_questions_from_one_address_wait(
    app: Flask, stalls: Stalls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "TEXTS", Limit(2, limits.TEXTS.window))
    app.config["WTF_CSRF_ENABLED"] = False
    path = f"/en/products/{stalls.starred}/questions"
    for number in range(4):
        app.test_client().post(
            path, data={"text": f"Question {number}?"},
            environ_base={"REMOTE_ADDR": "203.0.113.9"},
        )  # fmt: skip
    with Session(_engine(stalls)) as session:
        assert len(session.scalars(select(Question)).all()) == 2


WANTED = {
    "person": "Tanaka Yuki", "company": "Umeda Foods", "country": "JP", "email": "t@example.jp",
    "phone": "+81 6 6345 1000", "quantity": "40", "unit": "case", "needed_by": "",
    "wishes": "Japanese labels", "website": "",
}  # fmt: skip


def test_a_trade_buyer_asks_for_an_offer(app: Flask, stalls: Stalls) -> None:
    answer = _form(app, f"/en/products/{stalls.starred}/wholesale", **WANTED, consent="y")
    assert answer.request.path == f"/en/products/{stalls.starred}"
    with Session(_engine(stalls)) as session:
        (asked,) = session.scalars(select(WholesaleRequest))
    assert (asked.company, asked.country, asked.quantity, asked.unit, asked.phone) == (
        "Umeda Foods", "JP", 40, "case", "+81663451000",
    )  # fmt: skip


@pytest.mark.parametrize(
    "changed",
    [{}, {"consent": "y", "country": "XX"}, {"consent": "y", "quantity": "nhiều"},
     {"consent": "y", "email": ""}, {"consent": "y", "needed_by": "01/01/2020"}],
)  # fmt: skip
def test_nothing_is_passed_on_without_consent_or_with_a_mistake(
    app: Flask, stalls: Stalls, changed: dict[str, str]
) -> None:
    answer = _form(app, f"/en/products/{stalls.starred}/wholesale", **{**WANTED, **changed})
    assert answer.status_code == 422
    assert "Umeda Foods" in answer.get_data(as_text=True), "what was typed is lost"
    with Session(_engine(stalls)) as session:
        assert not session.scalars(select(WholesaleRequest)).all()


def test_open_wholesale_prices_are_told_and_those_of_a_partner_are_not(
    client: PageClient, stalls: Stalls
) -> None:
    path = f"/en/products/{stalls.starred}/wholesale"
    doing: dict[str, Any] = {"actor": SYSTEM, "now": clock.now()}
    since = date(2020, 1, 1)
    with write_session(_engine(stalls)) as session:
        product = starred(session, stalls)
        package, maker = product.packages[0], product.producer_id
        secret = create_price_list(
            session,
            maker,
            "rieng",
            name="Riêng",
            kind="wholesale",
            partner_code="demo-supermarket",
            **doing,
        )
        set_offer(
            session, secret.id, package.id, tiers=[Tier(24, 61_234), Tier(96, 60_001)],
            valid_from=since, min_order=24, **doing,
        )  # fmt: skip
        session.commit()
        seen = client.get(path).text
        assert "24 packages" in seen
        assert "61,234" not in seen
        assert "96 packages" not in seen
        listed = wholesale_list(session, maker, name="Giá sỉ", **doing)
        set_offer(
            session, listed.id, package.id, tiers=[Tier(12, 80_000)], valid_from=since, **doing
        )
        session.commit()
    seen = client.get(path).text
    assert "12 packages" in seen
    assert "80,000" in seen
    assert "24 packages" not in seen


@pytest.mark.parametrize("part", ["reviews", "questions", "wholesale"])
def test_each_page_about_a_product_has_the_products_own_address_in_each_language(
    client: PageClient, stalls: Stalls, part: str
) -> None:
    with write_session(_engine(stalls)) as session:
        product_id = starred(session, stalls).id
        session.add(ProductAddress(product_id=product_id, locale="en", slug="anchovy-sauce"))
        session.commit()
    vietnamese = f"/vi/products/{stalls.starred}/{part}"
    page = client.get(vietnamese)
    assert "/en/products/anchovy-sauce/" + part in page.links()
    sent_on = client.get(f"/en/products/{stalls.starred}/{part}?before=9", 301).response
    assert sent_on.headers["Location"] == f"/en/products/anchovy-sauce/{part}?before=9"


def test_a_place_stands_in_the_order_of_the_reader(client: PageClient, stalls: Stalls) -> None:
    origins = {
        "fr": "Đất Mũi, Ca Mau, Vietnam",
        "ja": "ベトナム カマウ省 Đất Mũi",
        "zh-hant": "越南 金甌省 Đất Mũi",
    }
    for locale, origin in origins.items():
        page = client.get(f"/{locale}/products/{stalls.starred}", follow_redirects=True)
        assert f"<dd>{origin}</dd>" in page.html.replace(
            '<span lang="vi">Đất Mũi</span>', "Đất Mũi"
        )
    province = 'カマウ省</a> <span lang="vi">Đất Mũi</span></dd>'
    assert province in client.get(f"/ja/producers/{stalls.producer}").html
