"""Search learns from what became of questions: opened or not, asked by many or by one; never who asked."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from catalog.queries.facets.keeping import get_table
from catalog.search import teaching
from catalog.search.index import Index, rebuild
from catalog.search.popular import find_popular, is_safe, popular, write_file
from catalog.search.query import OnSale
from catalog.search.suggest import suggest
from core import clock
from storefront import search_log
from storefront.extensions import db
from tests.web.page_client import PageClient
from tests.web.shop.conftest import Stalls

NEXT_DAY = timedelta(days=1)


@pytest.fixture
def directory(app: Flask, stalls: Stalls) -> Iterator[Path]:
    """An index of the goods on the stalls."""
    path: Path = app.config["OCOP"].search_dir
    with app.app_context(), Session(db.engine) as session:
        rebuild(session, path, on=clock.today(), now=clock.now())
    yield path
    Index.open(path).forget()


def notes(app: Flask) -> list[list[str]]:
    """Every line noted so far."""
    files = sorted((app.config["OCOP"].data_dir / "search-questions").glob("*.log"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def test_a_product_opened_from_a_search_is_noted_by_its_words_alone(
    client: PageClient, app: Flask, stalls: Stalls, directory: Path
) -> None:
    client.get("/vi/search?q=nước+mắm")
    visitor = app.test_client()
    before = "http://localhost/vi/search?q=n%C6%B0%E1%BB%9Bc+m%E1%BA%AFm&province=ca-mau"
    for referrer in (before, "http://elsewhere.example/vi/search?q=spam", "http://localhost/vi/"):
        answer = visitor.get(f"/vi/products/{stalls.starred}", headers={"Referer": referrer})
        assert answer.status_code == 200

    assert notes(app) == [["vi", "nước mắm", "found"], ["vi", "nước mắm", "opened"]]


def test_a_kept_page_of_results_is_a_question_all_the_same(
    app: Flask, stalls: Stalls, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storefront.rendering.is_keeping_allowed", lambda: True)
    visitor = app.test_client()
    for _ in range(3):
        assert visitor.get("/vi/search?q=muối").status_code == 200
    visitor.get("/vi/search?q=muối&stock=in")
    visitor.get("/vi/search?q=muối&page=2")

    assert notes(app) == [["vi", "muối", "found"]] * 3


def ask(session: Session, words: str, *, found: int, opened: int, vain: int = 0) -> None:
    day = clock.today() - NEXT_DAY
    each: dict[teaching.Outcome, int] = {"found": found, "opened": opened, "in_vain": vain}
    outcomes = Counter(each).elements()
    teaching.keep_questions(session, [(day, "vi", words, outcome) for outcome in outcomes])


def test_what_many_found_and_nobody_opened_is_proposed(app: Flask, stalls: Stalls) -> None:
    with app.app_context(), Session(db.engine) as session:
        ask(session, "quà tết", found=12, opened=1)
        ask(session, "mật ong", found=12, opened=4)
        ask(session, "bánh pía", found=1, opened=0, vain=2)
        ask(session, "nguyễn thị hoa", found=1, opened=1)
        session.flush()

        proposed = teaching.propose(session, on=clock.today())

        assert [(q.words, q.asked, q.in_vain, q.opened) for q in proposed] == [
            ("quà tết", 12, 0, 1),
            ("bánh pía", 3, 2, 0),
        ]


def test_what_many_search_and_find_is_suggested_while_it_finds_something(
    app: Flask, stalls: Stalls, directory: Path
) -> None:
    on = clock.today()
    with app.app_context(), Session(db.engine) as session:
        ask(session, "nước mắm cá cơm", found=9, opened=3)
        ask(session, "nước mắm bà tư hoa", found=9, opened=3)
        ask(session, "muối tôm", found=4, opened=3)
        ask(session, "rượu", found=9, opened=3)
        session.flush()
        found = find_popular(session, directory, OnSale(get_table(session, on)), on=on)
        assert [words for _, words, _ in found] == ["nước mắm cá cơm"]
        assert write_file(found, directory)
        assert not write_file(found, directory)

        def suggested(text: str, locale: str = "vi") -> list[str]:
            answer = suggest(session, directory, text, locale=locale, on=on)
            return [one.label for one in answer.found if one.kind == "query"]

        assert suggested("nước m") == suggested("nuoc") == suggested("com") == ["nước mắm cá cơm"]
        assert suggested("nước m", "ja") == suggested("dua") == []
        Index.open(directory).apply([], found[0][2])
        Index.open(directory).forget()
        assert suggested("nuoc") == []


@pytest.mark.parametrize(
    "words", ["nguyễn văn an", "mật ong của bà tư", "xyz", "0912 345", "đồ khốn"]
)
def test_words_outside_our_own_lists_are_never_suggested(words: str) -> None:
    assert not is_safe(words, "vi")


def test_a_torn_list_of_popular_words_suggests_nothing(tmp_path: Path) -> None:
    (tmp_path / "popular.json").write_text('[["vi", "mu', encoding="utf-8")

    assert popular(tmp_path) == ()


def test_notes_of_the_release_before_are_still_counted(app: Flask, stalls: Stalls) -> None:
    folder = app.config["OCOP"].data_dir / "search-questions"
    folder.mkdir()
    (folder / "2026-11-16.log").write_text('["vi", "trà", 0]\n["vi", "trà", 0]\n["vi"', "utf-8")
    with app.app_context(), Session(db.engine) as session:
        search_log.count_past_days(session, app.config["OCOP"].data_dir, today=date(2026, 11, 17))
        session.flush()

        assert [q.words for q in teaching.propose(session, on=date(2026, 11, 22))] == ["trà"]
