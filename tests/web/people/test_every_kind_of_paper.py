"""Every certificate, paper, right and award of the ledger can be entered at a desk and then stands on the product's page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from catalog.ending import warn_of
from catalog.models import Paper, Product, ProtectedName
from catalog.queries.endings import list_endings
from catalog.rules.ending import THRESHOLDS
from catalog.rules.marks import (
    FOOD_SAFETY,
    LISTED_PAPERS,
    MARKS,
    PRODUCT_SCHEMES,
    RECOGNITIONS,
    RIGHTS,
    SITE_SCHEMES,
)
from core import clock
from core.facts import Fact
from core.mail import OutgoingMail
from core.people.models import Person
from i18n.catalogue import speaking
from storefront import ledger_words
from storefront.ending_mail import mail_ending_papers
from storefront.producers.ledger_forms import SchemeForm
from storefront.reactions import WorkerContext
from storefront.shop.words import PAPER_KINDS
from tests.factories import rights as make
from tests.factories.house import House


def _day(offset: int) -> str:
    return f"{clock.today() + timedelta(days=offset):%d/%m/%Y}"


def _shop_page(house: House) -> str:
    with house.looking() as session:
        slug = session.get_one(Product, house.products["producer"]).slug
    return f"/en/products/{slug}"


def _check_all(house: House) -> None:
    """The office compares whatever waits."""
    office = house.browser("office")
    with house.looking() as session:
        waiting = session.scalars(select(Paper.id).where(Paper.checked_on.is_(None))).all()
    for paper in waiting:
        office.get(f"/office/ledger/paper/{paper}")
        office.submit(f"/papers/{paper}/check")


def test_every_scheme_and_award_is_entered_by_the_producer_and_shown_after_the_check(
    house: House,
) -> None:
    assert {*SchemeForm.KINDS} == {*PRODUCT_SCHEMES, *SITE_SCHEMES}
    producer, maker = house.browser("producer"), house.producers["producer"]
    product, shop = str(house.products["producer"]), house.browser()
    for kind in SchemeForm.KINDS:
        producer.get(f"/portal/producers/{maker}/papers/add/scheme")
        producer.submit(
            kind=kind, product_id=product, number=f"N-{kind}", issuer="Quacert",
            issued_on=_day(-9), valid_to=_day(400),
        )  # fmt: skip
    for kind in RECOGNITIONS:
        producer.get(f"/portal/producers/{maker}/papers/add/award")
        producer.submit(
            kind=kind, product_id=product, number=f"N-{kind}", year=str(clock.today().year - 1),
            level="province",
        )  # fmt: skip
    names = (*SchemeForm.KINDS, *RECOGNITIONS)
    page = shop.get(_shop_page(house))
    assert {kind for kind in names if f"N-{kind}" in page} <= set(LISTED_PAPERS)  # no badge yet
    _check_all(house)
    page = shop.get(_shop_page(house))
    with speaking("en"):
        missing = [kind for kind in names if str(ledger_words.KINDS[kind]) not in page]
    assert missing == []
    assert [kind for kind in names if f"N-{kind}" not in page] == []


def test_every_food_safety_paper_is_entered_by_the_producer_and_shown(house: House) -> None:
    producer, maker = house.browser("producer"), house.producers["producer"]
    shop = house.browser()
    for kind in FOOD_SAFETY:
        producer.get(f"/portal/producers/{maker}/papers/new")
        producer.submit(kind=kind, number=f"N-{kind}", issued_on=_day(-9), issuer="Sở Y tế")
    page = shop.get(_shop_page(house))
    with speaking("en"):
        missing = [k for k in FOOD_SAFETY if k in PAPER_KINDS and str(PAPER_KINDS[k]) not in page]
    assert missing == []


@pytest.mark.parametrize("kind", RIGHTS)
def test_every_right_is_entered_by_the_office_and_its_licence_shown(
    house: House, kind: str
) -> None:
    assert kind in MARKS
    office, shop = house.browser("office"), house.browser()
    office.get("/office/rights/new")
    office.submit(kind=kind, number="00999", name="Rạch Gốc", goods="Tôm khô")
    with house.looking() as session:
        right = session.scalars(select(ProtectedName).where(ProtectedName.number == "00999")).one()
    office.get(f"/office/producers/{house.producers['producer']}/licences/new")
    office.submit(
        right_id=str(right.id), number="07/GCN", issued_on="01/02/2025",
        product_ids=str(house.products["producer"]),
    )  # fmt: skip
    page = shop.get(_shop_page(house))
    with speaking("en"):
        assert str(ledger_words.KINDS[kind]) in page
    assert "00999" in page


@pytest.mark.parametrize("days", THRESHOLDS)
def test_on_the_day_of_each_warning_page_and_mail_say_how_many_days_are_left(
    house: House, days: int
) -> None:
    today, maker = clock.today(), house.producers["producer"]
    with house.changing() as session:
        product = session.get_one(Product, house.products["producer"])
        make.make_scheme_paper(session, product, valid_to=today + timedelta(days=days))
        person = session.get_one(Person, house.people["producer"])
        person.locale, person.email = "en", "lan@example.vn"
    producer = house.browser("producer")
    producer.get(f"/portal/producers/{maker}/papers")
    assert f"{days} " in producer.text()
    context = WorkerContext(house.app.config["OCOP"], house.engine)
    with context.write() as session:
        own = list_endings(session, on=today, producer_ids=[maker])
        assert warn_of(session, own, on=today) >= 1
        fact = session.scalars(select(Fact).where(Fact.name == "papers.ending")).one()
        mail_ending_papers(session, fact.payload, now=clock.now(), context=context)
        session.commit()
        mail = session.scalars(
            select(OutgoingMail).where(OutgoingMail.recipient == "lan@example.vn")
        ).one()
    assert f"{days} days left" in mail.body_text
    assert f"/portal/producers/{maker}/papers" in mail.body_text
