"""Public pages of certificates, papers, licences and protected names: on any day, small, without scripts."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from catalog.models import Product
from core import clock
from core.db import write_session
from i18n.locales import ENABLED
from tests.factories import rights as make
from tests.web.page_client import H, PageClient
from tests.web.shop.conftest import HOSTILE, Stalls

KB = 1024


@dataclass(frozen=True)
class Book:
    """Ids of what is in the ledger, all about the starred product."""

    paper: int
    unchecked: int
    hostile: int
    unseen: int
    licence: int
    right: str


@pytest.fixture
def book(client: PageClient, stalls: Stalls) -> Book:
    today = clock.today()
    assert stalls.engine is not None
    with write_session(stalls.engine) as session:
        product = session.scalars(select(Product).where(Product.slug == stalls.starred)).one()
        draft = session.scalars(select(Product).where(Product.slug == stalls.lapsed)).one()
        begun = {"issued_on": today - timedelta(days=300), "valid_to": today + timedelta(days=300)}
        paper = make.make_scheme_paper(session, product, number="VG-7", **begun)
        make.make_suspension(
            session,
            today - timedelta(days=60),
            today - timedelta(days=51),
            paper_id=paper.id,
        )
        unchecked = make.make_scheme_paper(session, product, kind="halal", checked_on=None, **begun)
        hostile = make.make_scheme_paper(
            session, product, kind="organic_eu", number=HOSTILE[:80], issuer=HOSTILE, scope=HOSTILE,
            facility=HOSTILE, revoked_on=today, revoked_reason=HOSTILE, **begun,
        )  # fmt: skip
        draft.published_at, draft.state = None, "draft"
        unseen = make.make_scheme_paper(session, draft, **begun)
        right = make.make_right(session)
        licence = make.make_licence(session, right, product, **begun)
        session.commit()
        return Book(paper.id, unchecked.id, hostile.id, unseen.id, licence.id, right.number)


def addresses(book: Book, stalls: Stalls, locale: str = "en") -> list[str]:
    return [
        f"/{locale}/certificates/{stalls.certificate}",
        f"/{locale}/papers/{book.paper}",
        f"/{locale}/papers/{book.unchecked}",
        f"/{locale}/papers/{book.hostile}",
        f"/{locale}/licences/{book.licence}",
        f"/{locale}/rights/gi/{book.right}",
    ]


@pytest.mark.parametrize("locale", ENABLED)
def test_each_page_is_sound_and_small_and_needs_no_script(
    client: PageClient, app: Flask, stalls: Stalls, book: Book, locale: str, sent: list[str]
) -> None:
    style = app.test_client().get(
        app.jinja_env.globals["asset"]("css/site.css"),
        headers={"Accept-Encoding": "gzip"},
        buffered=True,
    )
    for path in addresses(book, stalls, locale):
        sent.clear()
        page = client.get(path)
        assert len(sent) <= 6, (path, sent)
        assert not page.all("script"), path
        assert "font" not in {link.get("as") for link in page.all("link")}, path
        weight = len(gzip.compress(page.html.encode(), 5)) + len(style.get_data())
        assert weight <= 25 * KB, (path, weight)
        assert len(page.html.encode()) <= 25 * KB, (path, len(page.html.encode()))


def test_a_day_of_suspension_shows_no_right_and_the_day_after_does(
    client: PageClient, book: Book
) -> None:
    today = clock.today()
    for days, words in ((51, "Suspended"), (50, "Valid"), (301, "Not yet in force")):
        day = today - timedelta(days=days)
        page = client.get(f"/en/papers/{book.paper}?as_of={day}")
        assert words in page.text, days
        assert page.one("input", name="as_of").get("value") == day.isoformat()


def test_the_languages_of_a_scanned_page_are_folded_into_one_line(
    client: PageClient, stalls: Stalls
) -> None:
    page = client.get(f"/ja/certificates/{stalls.certificate}")
    folded = page.one("nav", class_="languages").iter(f"{H}details")
    (details,) = folded
    assert details.get("open") is None
    assert len(list(details.iter(f"{H}a"))) == len(ENABLED)
    assert "日本語" in "".join(next(details.iter(f"{H}summary")).itertext())


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("2025-02-30", "There is no such day"),
        ("yesterday", "There is no such day"),
        ("9999-01-01", "has not come yet"),
        ("1066-10-14", "do not go back"),
        ("\"><script>alert('x')</script>", "There is no such day"),
        ("٣٣/٤/٢٠٢٥", "There is no such day"),
    ],
)
def test_an_impossible_day_gets_a_sentence_on_every_page(
    client: PageClient, stalls: Stalls, book: Book, asked: str, sentence: str
) -> None:
    for path in addresses(book, stalls):
        page = client.get(path, 422, query_string={"as_of": asked})
        assert sentence in page.text, path
        assert page.one("input", name="as_of").get("aria-invalid") == "true"


def test_a_day_may_be_written_as_people_in_vietnam_write_it(
    client: PageClient, stalls: Stalls
) -> None:
    issued_on = date(clock.today().year - 1, 3, 1)
    page = client.get(
        f"/vi/certificates/{stalls.certificate}?as_of={issued_on.day}/{issued_on.month}/{issued_on.year}"
    )
    assert page.one("input", name="as_of").get("value") == issued_on.isoformat()
    before = issued_on - timedelta(days=1)
    page = client.get(f"/en/certificates/{stalls.certificate}?as_of={before}")
    assert "Not yet in force" in page.text
    assert "★" not in page.text


def test_a_paper_nobody_has_compared_says_so_and_gives_no_badge(
    client: PageClient, stalls: Stalls, book: Book
) -> None:
    assert "not yet compared" in client.get(f"/en/papers/{book.unchecked}").text
    assert "Halal" not in client.get(f"/en/products/{stalls.starred}").text


def test_papers_of_goods_never_on_sale_and_odd_numbers_are_not_there(
    client: PageClient, book: Book
) -> None:
    for path in (
        f"/en/papers/{book.unseen}",
        "/en/papers/999999999999999999999999",
        "/en/licences/0",
        "/en/rights/gi/00000",
        "/en/rights/star/00110",
        "/en/certificates/99999999999999999999",
    ):
        client.get(path, 404)


def test_a_printed_address_without_a_language_finds_the_scanners(
    app: Flask, stalls: Stalls, book: Book
) -> None:
    browser = app.test_client()
    for path in (f"/papers/{book.paper}", f"/rights/gi/{book.right}", f"/licences/{book.licence}"):
        answer = browser.get(f"{path}?as_of=2026-01-01", headers={"Accept-Language": "ja"})
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/ja{path}?as_of=2026-01-01"


def test_product_page_and_structured_data_say_exactly_what_holds(
    client: PageClient, stalls: Stalls, book: Book, sent: list[str]
) -> None:
    sent.clear()
    page = client.get(f"/en/products/{stalls.starred}")
    assert len([sql for sql in sent if "FROM paper" in sql or "FROM licence" in sql]) == 1
    graph: list[Any] = json.loads(
        "".join(page.one("script", type="application/ld+json").itertext())
    )["@graph"]
    certifications = graph[0]["hasCertification"]
    names = [each["name"].split(":")[0] for each in certifications]
    assert names == ["OCOP 4/5", "Geographical indication", "VietGAP"]
    for path in (f"/en/papers/{book.paper}", f"/en/licences/{book.licence}"):
        assert path in page.links()
    assert f"/en/papers/{book.hostile}" not in page.links()


def test_a_certificate_shows_the_other_badges_of_its_product(
    client: PageClient, stalls: Stalls, book: Book
) -> None:
    page = client.get(f"/en/certificates/{stalls.certificate}")
    assert f"/en/papers/{book.paper}" in page.links()
