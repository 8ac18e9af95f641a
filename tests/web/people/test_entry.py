"""A11 open redirects, A13 fixation and hijack, A14 brute force and enumeration, and the ways in."""

from __future__ import annotations

import re
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from sqlalchemy import select, text

from core.actor import Actor
from core.people import registration, sign_in_links
from core.people.models import Person, SignInLink
from storefront.account.next_page import is_safe
from tests.conftest import NOW, Databases
from tests.factories.application import application
from tests.factories.browser import Browser
from tests.factories.house import House, house_in

SYSTEM = Actor.system("test")
PASSWORD = "ba con tôm càng"


def _email(house: House, who: str, password: str | None = PASSWORD) -> str:
    with house.changing() as session:
        person = session.get_one(Person, house.people[who])
        if password:
            registration.set_password(session, person.id, password, actor=SYSTEM, now=NOW)
        return str(person.email)


def _link(house: House, who: str) -> str:
    from datetime import UTC, datetime

    with house.changing() as session:
        return sign_in_links.issue_link(
            session, house.people[who], actor=SYSTEM, now=datetime.now(UTC)
        )


def _sign_in(browser: Browser, email: str, password: str, status: int = 200, **more: str) -> str:
    browser.get("/vi/account/sign-in")
    return browser.submit("/sign-in", status, identifier=email, password=password, **more)


def _cookie(browser: Browser) -> str:
    kept = browser.client.get_cookie("sign-in", domain="localhost")
    return kept.value if kept is not None else ""


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "https://evil.example",
        "http:///evil.example",
        "/\t/evil.example",
        "\n//evil.example",
        "/\n/evil.example",
        "/portal/\r\nSet-Cookie: a=b",
        "/portal\\..\\",
        "javascript:alert(1)",
        " /portal/",
        "",
        "/" + "a" * 600,
    ],
)
def test_signing_in_never_leads_out_of_the_shop(house: House, address: str) -> None:
    assert not is_safe(address)
    browser = house.browser()
    email = _email(house, "producer")
    browser.get("/vi/account/sign-in")
    form = browser.forms()[0].fields
    answer = browser.client.post(
        "/vi/account/sign-in",
        data={**form, "identifier": email, "password": PASSWORD, "next": address},
    )
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/portal/"


def test_signing_in_leads_back_to_where_somebody_was_going(house: House) -> None:
    browser = house.browser()
    wanted = f"/portal/products/{house.products['producer']}/package?sku=a%20b"
    browser.get(wanted)
    assert "/account/sign-in" in browser.path
    browser.submit("/sign-in", identifier=_email(house, "producer"), password=PASSWORD)
    assert browser.path == wanted


def test_a_token_brought_along_is_never_adopted(house: House) -> None:
    browser = Browser(house.app, "chosen-by-an-attacker")
    _sign_in(browser, _email(house, "producer"), PASSWORD)
    assert browser.path == "/portal/"
    assert _cookie(browser) not in ("", "chosen-by-an-attacker")


def test_a_new_sign_in_ends_the_session_this_browser_had(house: House) -> None:
    old = house.tokens["producer"]
    browser = house.browser("producer")
    _sign_in(browser, _email(house, "producer"), PASSWORD)
    assert _cookie(browser) != old
    assert "/account/sign-in" in _landing(Browser(house.app, old))


def test_signing_out_kills_the_token_itself(house: House) -> None:
    browser = house.browser("producer")
    browser.get("/vi/account/sessions")
    browser.submit("/sign-out")
    assert _cookie(browser) == ""
    assert "/account/sign-in" in _landing(house.browser("producer"))


def test_the_form_token_of_before_does_not_work_after_signing_in(house: House) -> None:
    browser = house.browser()
    email = _email(house, "producer")
    browser.get("/vi/account/sign-in")
    before = browser.forms()[0].fields["csrf_token"]
    browser.submit("/sign-in", identifier=email, password=PASSWORD)
    answer = browser.client.post("/vi/account/sessions/end-others", data={"csrf_token": before})
    assert answer.status_code == 400


def test_one_device_ends_another_at_once(house: House) -> None:
    email = _email(house, "producer")
    phone, lost = house.browser(), house.browser()
    _sign_in(lost, email, PASSWORD)
    _sign_in(phone, email, PASSWORD)
    lost.get("/portal/")
    phone.get("/vi/account/sessions")
    phone.submit("/end-others")
    assert "/account/sign-in" in _landing(lost)
    phone.get("/portal/")


def test_a_disabled_person_is_out_on_the_next_click(house: House) -> None:
    producer, office = house.browser("producer"), house.browser("office")
    producer.get("/portal/")
    office.get("/office/people")
    office.submit(f"/people/{house.people['producer']}/disable")
    assert "/account/sign-in" in _landing(producer)


def test_a_changed_password_signs_every_other_device_out(house: House) -> None:
    email = _email(house, "producer")
    here, there = house.browser(), house.browser()
    for browser in (here, there):
        _sign_in(browser, email, PASSWORD)
    old = _cookie(here)
    here.get("/vi/account/password")
    refused = here.submit(
        "/password", 422, current_password="falsches", new_password="bốn con cua gạch"
    )
    assert "falsches" not in refused
    here.submit("/password", current_password=PASSWORD, new_password="bốn con cua gạch")
    assert "/account/sign-in" in _landing(there)
    assert _cookie(here) != old
    here.get("/portal/")
    again = house.browser()
    _sign_in(again, email, PASSWORD, 422)
    _sign_in(again, email, "bốn con cua gạch")


@pytest.mark.parametrize("password", ["ngắn", "matkhau123", "x" * 300])
def test_an_unfit_password_is_explained_and_not_kept(house: House, password: str) -> None:
    token = _link(house, "producer")
    browser = house.browser()
    browser.get(f"/vi/account/link/{token}")
    browser.submit()
    assert browser.path == "/vi/account/password"
    page = browser.submit("/password", 422, new_password=password)
    assert 'class="error"' in page
    assert password not in page


def test_the_eleventh_try_waits_even_at_another_worker(house: House) -> None:
    email = _email(house, "producer")
    with application(house.app.config["OCOP"]) as second:
        browsers = [house.browser(), Browser(second)]
        for number in range(10):
            _sign_in(browsers[number % 2], email, "not the password", 422)
        for browser in browsers:
            page = _sign_in(browser, email, PASSWORD, 429)
            assert browser.page is not None
            assert 0 < int(browser.page.headers["Retry-After"]) <= 901
            assert email in page  # what was typed is kept
            assert PASSWORD not in page


def test_known_and_unknown_people_get_the_same_answer(house: House) -> None:
    email = _email(house, "producer")
    answers = []
    for identifier in (email, "nobody@example.test"):
        browser = house.browser()
        page = _sign_in(browser, identifier, "not the password", 422)
        answers.append(_without_what_varies(page, identifier))
    assert answers[0] == answers[1]


def test_asking_for_a_link_tells_nobody_who_is_known(house: House) -> None:
    email = _email(house, "producer", None)
    answers = []
    for identifier in (email, "nobody@example.test"):
        browser = house.browser()
        browser.get("/vi/account/link")
        answers.append(
            _without_what_varies(browser.submit("/link", identifier=identifier), identifier)
        )
    assert answers[0] == answers[1]
    with house.looking() as session:
        mails = session.execute(text("SELECT recipient, body_text FROM outgoing_mail")).all()
    assert [mail.recipient for mail in mails] == [email]
    link = re.search(r"http://localhost(/vi/account/link/\S+)", mails[0].body_text)
    assert link is not None
    browser = house.browser()
    browser.get(link.group(1))
    browser.submit()
    assert browser.path == "/vi/account/password"


def test_opening_a_link_does_not_use_it_up(house: House) -> None:
    token = _link(house, "producer")
    for _ in range(2):
        browser = house.browser()
        browser.get(f"/vi/account/link/{token}")
        assert "Người producer" in browser.text()
        assert _cookie(browser) == ""
    browser.submit()
    assert browser.path == "/vi/account/password"
    house.browser().get(f"/vi/account/link/{token}", 410)
    with house.looking() as session:
        assert session.scalars(select(SignInLink.used_at)).one() is not None


def test_the_cookie_is_out_of_reach_of_scripts_and_foreign_forms(
    databases: Databases, tmp_path: Path, data_dir: Path
) -> None:
    with house_in(
        databases, tmp_path, data_dir=data_dir, env="production", base_url="https://localhost"
    ) as house:
        token = _link(house, "producer")
        client = house.app.test_client()
        options = {"base_url": "https://localhost"}
        page = client.get(f"/vi/account/link/{token}", **options).get_data(as_text=True)
        form = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert form is not None
        answer = client.post(
            f"/vi/account/link/{token}", data={"csrf_token": form.group(1)}, **options
        )
        assert answer.status_code == 303
        cookies: SimpleCookie = SimpleCookie()
        for header in answer.headers.getlist("Set-Cookie"):
            cookies.load(header)
        cookie = cookies["__Host-sign-in"]
        assert cookie["secure"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        assert not cookie["domain"]
        assert answer.headers["Cache-Control"]


def test_private_pages_are_not_kept_by_any_cache(house: House) -> None:
    for who, address in (
        ("producer", "/portal/"),
        ("office", "/office/"),
        (None, "/vi/account/sign-in"),
    ):
        browser = house.browser(who)
        browser.get(address)
        assert browser.page is not None
        assert "no-store" in browser.page.headers["Cache-Control"]


def _landing(browser: Browser) -> str:
    browser.get("/portal/")
    return browser.path


def _without_what_varies(page: str, identifier: str) -> str:
    page = page.replace(identifier, "…")
    page = re.sub(r'name="csrf_token" value="[^"]*"', "", page)
    return re.sub(r'nonce="[^"]*"', "", page)


def test_the_desk_speaks_the_persons_language_on_a_borrowed_phone(house: House) -> None:
    email = _email(house, "producer")
    browser = house.browser()
    browser.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    _sign_in(browser, email, PASSWORD)
    assert "Sản phẩm của tôi" in browser.text()
    chosen = house.browser()
    chosen.client.set_cookie("locale", "en", domain="localhost")
    _sign_in(chosen, email, PASSWORD)
    assert "My products" in chosen.text()
