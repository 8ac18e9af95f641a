"""A page of 24 products takes at most three statements, in every language, with names, prices and stars."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.orm import Session

from catalog.queries import BrowseRequest, browse
from catalog.queries.facets.keeping import _KNOWN
from core.facts import newest_fact
from i18n.locales import LOCALES
from tests.conftest import Databases
from tests.factories.catalog import make_certificate, make_producer, make_product, make_translation

MOST = 3


def furnish(session: Session) -> None:
    maker = make_producer(session)
    for number in range(30):
        product = make_product(session, f"Muối {number:02}", maker)
        make_certificate(session, product)
        for tag in ("en", "ja", "zh-hans"):
            make_translation(session, product, tag, "name", f"{tag} {number}")


def test_a_page_of_24_products_takes_at_most_three_statements_in_any_language(
    databases: Databases, tmp_path: Path, on: date
) -> None:
    with databases.copy(tmp_path, databases.filled(furnish)[0]) as engine:
        sent: list[str] = []
        event.listen(engine, "before_cursor_execute", lambda *told: sent.append(told[2]))
        for locale in LOCALES:
            _KNOWN.pop(engine, None)
            with Session(engine) as session:
                # Asked once for every page of the shop; others may be writing on the same server.
                newest = replace(newest_fact(session), is_settled=True)
                sent.clear()
                page = browse(session, BrowseRequest(), locale=locale, on=on, newest=newest)
                assert len(page.cards) == 24
                assert all(card.claim and card.package.price for card in page.cards)
                assert len(sent) <= MOST, (locale, "where nothing was counted before")
                sent.clear()
                second = BrowseRequest(page=2, sort="name")
                again = browse(session, second, locale=locale, on=on, newest=newest)
                assert len(again.cards) == 6
                assert len(sent) <= MOST, (locale, "where the counts are known")


def test_a_list_by_name_is_in_the_order_of_the_reader(session: Session, on: date) -> None:
    maker = make_producer(session)
    named = {
        "de": ["Ätherisches Öl", "Austern", "Zimt"],
        "zh-hans": ["爱尔兰", "丹麦", "龙眼"],
    }
    for number in (2, 0, 1):
        product = make_product(session, ("Ớt", "Đào", "Dừa")[number], maker)
        for tag, names in named.items():
            make_translation(session, product, tag, "name", names[number])
    session.flush()
    for locale, names in {**named, "vi": ["Dừa", "Đào", "Ớt"]}.items():
        page = browse(session, BrowseRequest(sort="name"), locale=locale, on=on)
        assert [card.name.value for card in page.cards] == names
