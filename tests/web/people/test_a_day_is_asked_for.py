"""A visitor asks for a day without an account, the producer answers at the desk, both read it in their mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from catalog.models import Package, Producer, Product, VisitTerms
from core import clock
from core.mail import OutgoingMail
from core.settings import Settings
from orders.models import CartLine, VisitEnquiry
from storefront.reactions import WorkerContext
from storefront.visit_mail import mail_visit_asked, mail_visit_moved
from tests.factories.around import make_visit
from tests.factories.browser import AS_BROWSERS_DO, Browser
from tests.factories.catalog import make_translation
from tests.factories.house import House


@pytest.fixture
def visit(house: House) -> str:
    """The address of a visit of the first producer, open all year."""
    with house.changing() as session:
        maker = session.get_one(Producer, house.producers["producer"])
        product, _ = make_visit(session, producer=maker, months=None)
        return product.slug


def send(house: House, slug: str, status: int = 200, **form: str) -> Browser:
    """Fill in the form of a visit as a family from France would."""
    browser = house.browser()
    browser.get(f"/en/visits/{slug}")
    wished_on = clock.today() + timedelta(days=30)
    typed = {
        "wished_on": wished_on.strftime("%d/%m/%Y"),
        "people": "4",
        "name": "Emma",
        "email": "emma@example.fr",
        "message": "<b>Two children</b>",
        "consent": "y",
        **form,
    }
    browser.submit(f"/en/visits/{slug}", status, **typed)  # type: ignore[arg-type]
    return browser


def mails(house: House, reaction: Callable[..., None], data_dir: Path) -> list[OutgoingMail]:
    """What has gone out after the newest enquiry's step, the newest last."""
    settings = Settings(
        data_dir=data_dir,
        database_url=house.engine.url.render_as_string(hide_password=False),
        secret_key="k" * 48,
        base_url="http://localhost",
    )
    context = WorkerContext(settings, house.engine)
    with context.write() as session:
        asked = session.scalars(select(VisitEnquiry).order_by(VisitEnquiry.id.desc())).first()
        assert asked is not None
        payload = {"enquiry_id": asked.id, "step": asked.steps}
        for _ in range(2):  # a reaction may run twice
            reaction(session, payload, now=clock.now(), context=context)
        session.commit()
        return list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def test_a_day_is_asked_for_answered_and_agreed(house: House, visit: str, data_dir: Path) -> None:
    browser = send(house, visit)
    assert browser.path.startswith("/en/visits/asked/")
    assert "has your enquiry" in browser.text()
    first = mails(house, mail_visit_asked, data_dir)
    assert [mail.recipient for mail in first][-1] == "emma@example.fr"
    assert "Two children" not in first[-1].body_text  # a stranger may have typed the address
    assert len(first) == 2

    desk = house.browser("producer")
    desk.get("/portal/visits")
    assert "Emma" in desk.text()
    with house.looking() as session:
        number = session.scalars(select(VisitEnquiry.id)).one()
    page = desk.get(f"/portal/visits/{number}")
    assert "&lt;b&gt;Two children&lt;/b&gt;" in page
    desk.submit(f"/portal/visits/{number}", 422, event="answer", words="")
    desk.submit(f"/portal/visits/{number}", event="answer", words="Welcome at seven.")
    answered = mails(house, mail_visit_moved, data_dir)
    assert "Welcome at seven." in answered[-1].body_text
    desk.submit(f"/portal/visits/{number}", event="agree", words="")
    browser.get(browser.path)
    assert "Agreed" in browser.text()
    house.browser("other").get(f"/portal/visits/{number}", 403)


def test_an_enquiry_names_the_visit_in_the_language_of_the_page(house: House, visit: str) -> None:
    with house.changing() as session:
        product = session.scalars(select(Product).where(Product.slug == visit)).one()
        make_translation(session, product, "en", "name", "A day at the cape")
        own = product.name
    browser = send(house, visit)
    assert "A day at the cape" in browser.text()
    browser.get(browser.path.replace("/en/", "/vi/"))
    assert own in browser.text()


def test_a_refused_enquiry_says_why_and_keeps_what_was_typed(house: House, visit: str) -> None:
    browser = send(house, visit, 422, people="40")
    assert "more people than they receive" in browser.text()
    typed = next(form.fields for form in browser.forms() if form.action.endswith(visit))
    assert typed["name"] == ["Emma"]
    browser = send(house, visit, 422, email="")
    assert "Give an e-mail address or a telephone number" in browser.text()
    with house.looking() as session:
        assert session.scalars(select(VisitEnquiry)).all() == []


def test_a_machine_that_fills_in_everything_is_thanked_and_ignored(
    house: House, visit: str
) -> None:
    browser = send(house, visit, website="https://spam.example")
    assert browser.path == f"/en/visits/{visit}"
    with house.looking() as session:
        assert session.scalars(select(VisitEnquiry)).all() == []


def test_a_visit_is_not_put_into_the_cart_and_the_page_leads_to_the_form(
    house: House, visit: str
) -> None:
    browser = house.browser()
    browser.get(f"/en/products/{visit}")
    assert f"/en/visits/{visit}" in browser.links()
    assert not [form for form in browser.forms() if form.action.endswith("/cart/add")]
    with house.looking() as session:
        package = session.scalars(
            select(Package.id).join(Product).where(Product.slug == visit)
        ).one()
    browser.get(f"/en/visits/{visit}")
    token = next(
        form.fields["csrf_token"] for form in browser.forms() if "csrf_token" in form.fields
    )
    answer = browser.client.post(
        "/en/cart/add",
        data={"csrf_token": token, "package_id": str(package)},
        headers=AS_BROWSERS_DO,
    )
    assert answer.status_code == 409
    assert "cannot go into a parcel" in answer.get_data(as_text=True)
    with house.looking() as session:
        assert session.scalars(select(CartLine)).all() == []


def test_the_producer_says_how_guests_are_received(house: House, visit: str) -> None:
    with house.looking() as session:
        number = session.scalars(select(VisitTerms.product_id)).one()
    desk = house.browser("producer")
    desk.get(f"/portal/products/{number}/visit")
    desk.submit(f"/portal/products/{number}/visit", 422, least_people="9", most_people="3")
    desk.submit(
        f"/portal/products/{number}/visit",
        least_people="3",
        most_people="9",
        meeting_place="Chợ nổi",
        meeting_place_en="Floating market",
    )
    browser = house.browser()
    browser.get(f"/en/visits/{visit}")
    assert "Floating market" in browser.text()
    assert "3–9" in browser.text()


def test_the_desk_leads_on_to_older_enquiries(house: House, visit: str) -> None:
    with house.changing() as session:
        product = session.scalars(select(Product).where(Product.slug == visit)).one()
        session.add_all(
            VisitEnquiry(
                public_token=f"token-{n}", form_token=f"form-{n}", product_id=product.id,
                producer_id=product.producer_id, product_name=product.name, people=2,
                wished_on=clock.today(), name=f"Guest {n}", email="guest@example.test",
                locale="en", state="declined" if n == 30 else "new",
                created_at=clock.now(), updated_at=clock.now(),
            )
            for n in range(52)
        )  # fmt: skip
    desk = house.browser("producer")
    desk.get("/portal/visits")
    first = desk.text()
    (older,) = [link for link in desk.links() if "before=" in link]
    desk.get(older)
    second = desk.text()
    assert "Guest 51" in first
    assert "Guest 30" not in first, "what is settled comes last"
    assert "Guest 30" in second
    assert "Guest 0" in second
    assert "Guest 51" not in second
    assert not [link for link in desk.links() if "before=" in link]
    desk.get("/portal/visits?before=²&open=1")
    assert "Guest 51" in desk.text()
