"""Every text somebody else may write is hostile; no page anybody can reach does anything with it but show it."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import pytest
from sqlalchemy.orm import Session

from catalog.models import Product
from core.actor import Actor
from core.db import write_session
from core.people import registration, sign_in_links
from feeds import batches, profiles
from i18n.locales import ENABLED
from orders import stock
from orders.voices import reviews
from orders.voices.reviews import ReviewDraft
from tests.browser.conftest import DESKTOP, LiveShop
from tests.conftest import NOW, TODAY
from tests.factories.around import make_gift_set, make_place, make_visit
from tests.factories.campaigns import make_article, make_collection, make_fair
from tests.factories.catalog import (
    make_certificate,
    make_paper,
    make_producer,
    make_product,
    make_translation,
)
from tests.factories.live import make_checked
from tests.factories.orders import TESTER, make_order
from tests.factories.people import make_member, make_officer, make_partner_user
from tests.factories.rights import make_licence, make_right
from tests.factories.voices import (
    OFFICER,
    make_delivered,
    make_question,
    make_request,
    producer_of,
)

pytestmark = pytest.mark.slow

BAD = (
    "\"'><svg onload=alert(1)></script></textarea><img src=x onerror=alert(2)>{{7*191}}${7*191}=1+1"
)
SHORT = '"><svg onload=alert(3)>'
LINK = "javascript:alert(4)"
ALIKE = 2
"""How many pages of one kind are opened: two products, two orders, two choices of a filter.

At a desk one is: its pages take minutes, and every one of them is read without a browser elsewhere.
"""
DESKS = ("/portal/", "/office/", "/partners/")

_DEAD = """() => [...document.querySelectorAll('*')].flatMap(element => [...element.attributes]
    .filter(a => a.name.startsWith('on') || /^\\s*javascript:/i.test(a.value) && a.name != 'value')
    .map(a => element.tagName + ' ' + a.name + '=' + a.value))"""


@dataclass
class Trap:
    """Where the hostile texts lie, and the links that sign each kind of person in."""

    product: Product
    order: str
    arrived: str
    links: dict[str, str]


@pytest.fixture
def trap(shop: LiveShop) -> Trap:
    """A catalogue, orders, people and a batch whose every text is hostile."""
    shop.set_day(TODAY)
    with write_session(shop.engine) as session:
        maker = make_producer(
            session,
            BAD,
            commune=SHORT,
            former_unit=BAD,
            address=BAD,
            phone="+84912345678",
            email='"><b>@example.test',
            story=BAD,
            source=LINK,
            papers=False,
        )
        make_paper(session, maker, number=SHORT, issuer=BAD)
        product = make_product(
            session,
            BAD,
            maker,
            summary=BAD,
            description=BAD,
            ingredients=f"<b>{BAD}, muối</b>",
            usage=BAD,
            storage_note=BAD,
            season=SHORT,
            source=LINK,
            package_sku=SHORT,
            package_label=SHORT,
        )
        draft = make_product(session, BAD, maker, state="draft", published_at=None, source=LINK)
        for decided in (date(2025, 3, 1), TODAY - timedelta(days=1060)):
            make_certificate(
                session, product, decision_number=SHORT + str(decided), issuer=BAD,
                issued_on=decided, source=LINK,
            )  # fmt: skip
        make_certificate(
            session, draft, decision_number=SHORT, issuer=BAD, revoked_on=TODAY, revoked_reason=BAD
        )
        for locale in ("en", "ja"):
            for field in ("name", "summary", "description", "ingredients", "usage", "storage_note"):
                make_translation(session, product, locale, field, f"{locale} {BAD}")
            make_translation(session, maker, locale, "story", f"{locale} {BAD}")
        package = product.packages[0]
        stock.set_on_hand(session, package.id, 50, actor=TESTER, now=NOW)
        order = make_order(
            session, (package, 2), recipient=BAD[:120], commune=SHORT, street=BAD, note=BAD,
            email="buyer@example.test", payment_method="cod",
        )  # fmt: skip
        arrived = _speak_ill(session, product)
        _tell_of_it(session, product)
        people = {
            "producer": make_member(session, maker.id, name=BAD),
            "office": make_officer(session, name=BAD),
            "partner": make_partner_user(session, name=BAD),
        }
        gone = make_partner_user(session, name=SHORT)
        registration.disable_person(session, gone.id, actor=TESTER, now=NOW)
        session.flush()
        links = {
            who: "/vi/account/link/"
            + sign_in_links.issue_link(
                session, person.id, actor=Actor.system(BAD), now=NOW, valid_for=timedelta(days=1)
            )
            for who, person in people.items()
        }
        profile = profiles.load("demo-supermarket", shop.settings.partners_dir)
        batches.build(session, profile, on=TODAY, now=NOW, actor=TESTER)
        session.commit()
    shop.work()
    return Trap(product, order.public_token, arrived, links)


def _speak_ill(session: Session, product: Product) -> str:
    """A review, a question and a request of hostile words, each answered in kind; the order that arrived."""
    arrived, lines = make_delivered(session, product.packages[0], email="buyer@example.test")
    said = ReviewDraft(points=1, text=BAD, shown_name=SHORT, locale="en")
    review = reviews.write_review(session, arrived.public_token, lines[0], said, now=NOW)
    reviews.show_review(session, review.id, version=1, actor=OFFICER, now=NOW)
    seller = producer_of(product)
    reviews.answer_review(session, review.id, BAD, locale="ja", version=1, actor=seller, now=NOW)
    make_question(session, product, BAD, answer=BAD, email="asker@example.test")
    make_question(session, product, BAD)
    make_request(session, product, person=BAD, company=BAD, wishes=BAD)
    return arrived.public_token


def _tell_of_it(session: Session, product: Product) -> None:
    """Everything of the programme around the goods, told in hostile words too."""
    make_fair(session, product, on=TODAY, now=NOW, name=BAD, description=BAD, organiser=SHORT)
    make_collection(session, product.slug, now=NOW, name=BAD, description=BAD)
    make_article(
        session, on=TODAY, now=NOW, name=BAD, summary=BAD, body=f"# {BAD}\n\n- [{BAD}]({LINK})"
    )
    make_place(
        session, BAD, slug="mui", commune=SHORT, story=BAD, directions=BAD,
        products=[product], producers=[product.producer],
    )  # fmt: skip
    make_gift_set(session, product.packages[0], name=BAD, slug="qua", summary=BAD)
    make_visit(session, BAD, producer=product.producer, summary=BAD, meeting_place=BAD)
    make_licence(session, make_right(session, name=BAD, goods={"vi": BAD, "en": BAD}), product)
    make_checked(
        session, (product.packages[0], 1000, 1), title=BAD, summary=BAD, host_name=SHORT
    )  # fmt: skip


def _kind(path: str) -> str:
    """Pages that differ only in number, name, filter or foreign language are alike.

    In the shop a name comes third.
    """
    parts = urlsplit(_FOREIGN.sub("/*/", path))
    place = re.sub(r"\d+|(?<=products/)[^/]+|(?<=producers/)[a-z][^/]+", "*", parts.path)
    if not place.startswith(DESKS):
        place = re.sub(r"^(/[^/]+/[^/]+/)[^/]+", r"\1*", place)
    return place + ("?" if parts.query else "")


_FOREIGN = re.compile(rf"^/(?:{'|'.join(tag for tag in ENABLED if tag != 'vi')})/")
_FILES = re.compile(r"/files/|\.(?:xlsx|csv|jsonld|jsonl?|pdf|zip)(?:\?|$)")
"""What a browser saves instead of showing; the writers of files have tests of their own."""


def _own_links(visitor: Any) -> Iterator[str]:
    base = visitor.base_url
    for href in visitor.page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)"):
        address = urljoin(base, href)
        path = address.removeprefix(base).partition("#")[0]
        if address.startswith(base) and not _FILES.search(path):
            yield path


def _is_calm(visitor: Any, path: str) -> None:
    visitor.refusals_expected = True
    assert visitor.grievances() == [], path
    assert visitor.page.evaluate(_DEAD) == [], path
    body = visitor.page.content()
    assert "1337" not in body, f"{path}: a template ran what somebody typed"
    assert not re.search(r"<svg[^>]*onload|<img[^>]*src=\"x\"", body), path


def _crawl(
    visitor: Any, *starts: str, within: tuple[str, ...] = ("/",), alike: int = ALIKE
) -> Counter[str]:
    """Open everything reachable that begins so; at most some pages of one kind."""
    seen: Counter[str] = Counter()
    met, waiting = {*starts}, deque(starts)
    while waiting:
        path = waiting.popleft()
        if seen[_kind(path)] >= alike:
            continue
        seen[_kind(path)] += 1
        answer = visitor.page.goto(visitor.base_url + path)
        assert answer.status < 500, path
        # the foot of every page leads to all desks, also those of others
        refused = path in starts or (path in DESKS and answer.status == 403)
        assert refused or answer.status < 400, f"a link leads to {path}: {answer.status}"
        _is_calm(visitor, path)
        fresh = [a for a in _own_links(visitor) if a not in met and a.startswith(within)]
        met.update(fresh)
        waiting.extend(fresh)
    return seen


def test_a_visitor_meets_hostile_texts_only_as_texts(
    shop: LiveShop, trap: Trap, visit: Any
) -> None:
    buyer = visit(DESKTOP)
    hostile = quote(BAD)
    seen = _crawl(
        buyer,
        *(f"/{locale}/products/{trap.product.slug}" for locale in ("vi", "ja", "zh-hant", "bn")),
        *(f"/{locale}/search?q={hostile}" for locale in ("vi", "ja", "zh-hant", "bn")),
        f"/vi/orders/{trap.order}",
        f"/en/orders/{trap.order}",
        f"/ja/orders/{trap.arrived}",
        f"/vi/products?province={hostile}&stars={hostile}&sort={hostile}",
        f"/vi/account/sign-in?next={quote(LINK)}",
        f"/vi/account/sign-in?next={hostile}",
    )
    assert len(seen) > 20, sorted(seen)
    assert any(kind.endswith("/orders/*/reviews/*") for kind in seen), sorted(seen)
    around = {
        "events",
        "booths",
        "collections",
        "news",
        "places",
        "gift-sets",
        "visits",
        "marks",
        "live",
    }
    met = {kind.split("/")[2] for kind in seen if kind.count("/") > 2}
    assert around <= met, sorted(around - met)
    for part in ("", "/reviews", "/questions"):
        text = buyer.go(f"/vi/products/{trap.product.slug}{part}").inner_text("main")
        assert "<svg onload=alert(1)>" in text, part


def test_what_buyers_say_stays_words_wherever_it_is_read(
    shop: LiveShop, trap: Trap, visit: Any
) -> None:
    buyer = visit(DESKTOP)
    goods = f"/en/products/{trap.product.slug}"
    for path in (goods, f"{goods}/reviews", f"{goods}/questions", f"{goods}/wholesale"):
        buyer.go(path)
        _is_calm(buyer, path)
    page = buyer.go(f"/en/orders/{trap.arrived}")
    page.locator('a[href*="/reviews/"]').click()
    assert page.input_value('[name="text"]') == BAD
    _is_calm(buyer, "review")
    for who, paths in (
        ("producer", ("/portal/voices", "/portal/wholesale", "/portal/wholesale/1")),
        ("office", ("/office/voices",)),
    ):
        member = visit(DESKTOP, locale="vi-VN")
        member.go(trap.links[who])
        member.page.locator("main form button").click()
        for path in paths:
            assert "<svg onload=alert(1)>" in member.go(path).inner_text("main"), path
            _is_calm(member, path)


def test_a_buyer_orders_with_hostile_texts(shop: LiveShop, trap: Trap, visit: Any) -> None:
    buyer = visit(DESKTOP)
    page = buyer.go(f"/en/products/{trap.product.slug}")
    page.locator('form[action="/en/cart/add"] button').first.click()
    _is_calm(buyer, "cart")
    buyer.go("/en/checkout")
    page.fill('[name="recipient"]', SHORT)
    page.fill('[name="phone"]', "0912345678")
    page.fill('[name="street"]', BAD)
    page.fill('[name="commune"]', SHORT)
    page.fill('[name="note"]', BAD)
    page.locator("main form button").last.click()
    assert page.input_value('[name="note"]') == BAD, "what was typed is lost"
    _is_calm(buyer, "refused checkout")
    page.select_option('[name="province"]', "96")
    page.locator('input[value="cod"]').check()
    buyer.context.clear_cookies(name="form")
    page.locator("main form button").last.click()
    _is_calm(buyer, "stale form")
    page.locator("main form button").last.click()
    assert BAD in page.inner_text("main"), "what was typed is lost"
    _is_calm(buyer, "review")
    page.locator('form[action="/en/checkout/place"] button').click()
    assert "/orders/" in page.url
    _is_calm(buyer, "order")


@pytest.mark.parametrize(
    ("who", "start", "least"),
    [("producer", "/portal/", 15), ("office", "/office/", 10), ("partner", "/partners/", 3)],
)
def test_each_desk_shows_hostile_texts_only_as_texts(
    shop: LiveShop, trap: Trap, visit: Any, who: str, start: str, least: int
) -> None:
    member = visit(DESKTOP, locale="vi-VN")
    member.go(trap.links[who])
    _is_calm(member, "link")
    member.page.locator("main form button").click()
    starts = [start, "/vi/account/sessions"]
    if who == "office":
        starts += [f"/office/certificates?q={quote(BAD)}", f"/office/audit?subject={quote(BAD)}"]
        starts += [f"/portal/products/{trap.product.id}", "/partners/demo-supermarket"]
    seen = _crawl(
        member, *starts, within=("/portal", "/office", "/partners", "/vi/account"), alike=1
    )
    assert len(seen) > least, sorted(seen)


def test_an_officer_reads_a_hostile_register(shop: LiveShop, trap: Trap, visit: Any) -> None:
    officer = visit(DESKTOP, locale="vi-VN")
    officer.go(trap.links["office"])
    officer.page.locator("main form button").click()
    quoted = '"' + BAD.replace('"', '""') + '"'
    rows = f"Mã,Tên sản phẩm,Chủ thể,Tỉnh,Số sao,{quoted}\n" + f"{','.join([quoted] * 6)}\n" * 3
    for name in ('"><svg onload=alert(5)>.csv', "../../../etc/passwd.csv", "a\r\nb;c.csv", "x.exe"):
        officer.go("/office/import")
        officer.page.set_input_files(
            'input[type="file"]',
            files=[{"name": name, "mimeType": "text/csv", "buffer": rows.encode()}],
        )
        officer.page.locator("main form button").last.click()
        _is_calm(officer, name)
