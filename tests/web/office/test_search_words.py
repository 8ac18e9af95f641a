"""What the office teaches the search, and where its list of proposals comes from."""

from __future__ import annotations

from datetime import date

from catalog.search import teaching
from storefront import search_log
from storefront.shop.cards import Goods, marked
from tests.factories.house import House


def _ask(house: House, *texts: str) -> None:
    for text in texts:
        search_log.note(
            house.app.config["OCOP"].data_dir,
            day=date(2026, 11, 16),
            locale="de",
            text=text,
            outcome="in_vain",
        )
    with house.changing() as session:
        search_log.count_past_days(
            session, house.app.config["OCOP"].data_dir, today=date(2026, 11, 17)
        )


def test_an_officer_teaches_a_word_that_was_asked_in_vain(house: House) -> None:
    _ask(house, "Ochsenfilet", "ochsenfilet", "Einmal gefragt")
    office = house.browser("office")
    office.client.set_cookie("locale", "en", domain="localhost")

    assert "ochsenfilet" in office.get("/office/search-words")
    assert "einmal gefragt" not in office.text()

    office.submit("/teach", words="khô bò")

    assert "ochsenfilet | khô bò" in office.get("/office/search-words")
    with house.changing() as session:
        assert teaching.propose(session, on=date(2026, 11, 22)) == []
        assert teaching.write_file(session, house.app.config["OCOP"].search_dir)
        assert not teaching.write_file(session, house.app.config["OCOP"].search_dir)
        number = teaching.list_words(session)[0].id

    office.get("/office/search-words")
    office.submit(f"/{number}/take-back")

    assert "ochsenfilet | khô bò" not in office.get("/office/search-words")


def test_one_word_alone_teaches_nothing(house: House) -> None:
    office = house.browser("office")
    office.get("/office/search-words")
    office.submit("/teach", words="khô bò")

    with house.changing() as session:
        assert teaching.list_words(session) == []


def test_a_question_that_is_settled_leaves_the_list(house: House) -> None:
    _ask(house, "iphone", "iphone")
    office = house.browser("office")
    office.get("/office/search-words")
    office.submit("/settle")

    with house.changing() as session:
        assert teaching.propose(session, on=date(2026, 11, 22)) == []


def test_a_name_on_the_search_page_is_marked_and_still_escaped() -> None:
    plain = Goods(0, "x", "", "Trà <b>sen</b>", "", "", "", "", "", "", "", False, None)

    [shown] = marked([plain], "tra sen")

    assert str(shown.name) == "<mark>Trà</mark> &lt;b&gt;<mark>sen</mark>&lt;/b&gt;"
