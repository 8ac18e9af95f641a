"""From one letter on, in every script, with and without marks, and never something that is not there."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from catalog.models import Producer, Product
from catalog.search import store
from catalog.search.index import Index, rebuild
from catalog.search.loading import load_documents
from catalog.search.suggest import MOST, Suggestion, suggest
from tests.factories.catalog import make_producer, make_product, make_translation

Type = Callable[..., tuple[Suggestion, ...]]


@pytest.fixture
def typing(
    session: Session, directory: Path, products: dict[str, int], on: date, now: datetime
) -> Type:
    """Type letters into the box of a shop with ten products and a translated one."""
    salt = make_product(session, "Muối tôm Tây Ninh")
    for locale, name in (
        ("ja", "エビ塩"),
        ("ko", "새우 소금"),
        ("bn", "চিংড়ি লবণ"),
        ("zh-hans", "虾盐"),
        ("en", "Shrimp salt"),
    ):
        make_translation(session, salt, locale, "name", name)
    rebuild(session, directory, on=on, now=now)

    def answer(text: str, locale: str = "vi", day: date = on) -> tuple[Suggestion, ...]:
        found = suggest(session, directory, text, locale=locale, on=day)
        assert not found.degraded
        return found.found

    return answer


def labels(found: tuple[Suggestion, ...], kind: str = "") -> list[str]:
    return [one.label for one in found if kind in ("", one.kind)]


@pytest.mark.parametrize("text", ["m", "mu", "muoi", "muối", "MUỐI b", "muoi bien bac l", "bien b"])
def test_one_letter_is_enough_with_marks_and_without(typing: Type, text: str) -> None:
    assert "Muối biển Bạc Liêu" in labels(typing(text), "product")


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("エ", "ja"),
        ("え", "ja"),
        ("ｴﾋﾞ", "ja"),
        ("塩", "ja"),
        ("ㅅ", "ko"),
        ("새", "ko"),
        ("소", "ko"),
        ("চ", "bn"),
        ("লব", "bn"),
        ("虾", "zh-hans"),
        ("蝦", "zh-hant"),
        ("s", "en"),
        ("salt", "en"),
    ],
)
def test_every_script_is_completed(typing: Type, text: str, locale: str) -> None:
    wanted = {"ja": "エビ塩", "ko": "새우 소금", "bn": "চিংড়ি লবণ", "en": "Shrimp salt"}
    wanted["zh-hant"] = "蝦鹽"
    assert wanted.get(locale, "虾盐") in labels(typing(text, locale), "product")


def test_a_kind_and_its_family_of_one_name_are_offered_once(
    session: Session, directory: Path, typing: Type, on: date, now: datetime
) -> None:
    make_product(session, "Mật ong rừng tràm")
    rebuild(session, directory, on=on, now=now)
    assert labels(typing("Hon", "de"), "type") == ["Honig"]
    assert labels(typing("mật", "vi"), "type").count("Mật ong") == 1


def test_nobody_who_reads_traditional_signs_is_shown_simplified_ones(typing: Type) -> None:
    """The salt of the shop had a name in simplified signs alone, and so had its kind (盐)."""
    found = typing("鹽", "zh-hant")

    assert {"海鹽", "蝦鹽"} <= set(labels(found))
    assert not any("盐" in one.label for one in found)
    assert {one.language for one in found} == {"zh-hant"}


def test_a_syllable_that_is_still_being_typed_is_found(typing: Type) -> None:
    """Between 소 and 소금 the box holds 속: the ㄱ of the next syllable stands below the first."""
    assert "새우 소금" in labels(typing("새우 속", "ko"))


def test_typed_marks_come_first(typing: Type) -> None:
    assert labels(typing("dứa"), "product")[0] == "Mứt dứa Tắc Cậu"
    assert labels(typing("dừa"), "product")[0] == "Kẹo dừa Bến Tre"


def test_words_are_found_in_any_order(typing: Type) -> None:
    assert labels(typing("gia mắm"), "product") == ["Nước mắm Rạch Giá"]


def test_kinds_provinces_and_producers_are_suggested_beside_products(typing: Type) -> None:
    assert ("type", "Nước mắm".casefold()) in [(s.kind, s.label.casefold()) for s in typing("nuoc")]
    assert [s.slug for s in typing("ca m") if s.kind == "province"] == ["ca-mau"]
    assert [s.slug for s in typing("カマウ", "ja") if s.kind == "province"] == ["ca-mau"]
    assert "HTX Đất Mũi" in labels(typing("htx"), "producer")
    assert labels(typing("dat mui"), "producer") == ["HTX Đất Mũi"]


def test_a_name_falls_back_and_says_its_language(typing: Type) -> None:
    found = typing("muoi bien", "ja")[-1]

    assert (found.label, found.language) == ("Muối biển Bạc Liêu", "vi")


def test_there_are_never_more_than_eight_and_none_twice(typing: Type) -> None:
    for text in "abcdehklmnrstxđ":
        found = typing(text)
        assert len(found) <= MOST
        assert len({(s.kind, s.slug) for s in found}) == len(found)


@pytest.mark.parametrize(
    "text", ["", " ", "'", "%", "\x00", "🐟", "(" * 500, "x" * 2000, "\ud7a3" * 99]
)
def test_any_text_gets_an_answer(typing: Type, text: str) -> None:
    assert typing(text) == ()


def test_what_is_withdrawn_or_no_longer_listed_is_not_suggested(
    session: Session, directory: Path, typing: Type, products: dict[str, int], on: date
) -> None:
    """The last product takes its producer and its province with it."""
    maker = make_producer(session, "Xưởng Zeta", province_code="04")
    product = make_product(session, "Zimbabwe", maker, listed_until=on)
    index = Index.open(directory)
    index.apply(load_documents(session, [product.id]), [])
    index.forget()

    assert labels(typing("zimb")) == ["Zimbabwe"]
    assert labels(typing("xuong z")) == ["Xưởng Zeta"]
    assert labels(typing("cao b"), "province") == ["Cao Bằng"]
    assert typing("zimb", day=on + timedelta(days=1)) == ()

    index.apply([], [product.id])
    index.forget()
    assert typing("zimb") == typing("xuong z") == ()
    assert labels(typing("cao b"), "province") == []


def test_a_renamed_producer_has_only_its_new_name(
    session: Session, directory: Path, typing: Type, products: dict[str, int]
) -> None:
    maker = session.query(Producer).filter_by(name="HTX Đất Mũi").one()
    maker.name = "HTX Mũi Cà Mau"
    session.flush()
    own = [p.id for p in session.query(Product).filter_by(producer_id=maker.id)]
    index = Index.open(directory)
    index.apply(load_documents(session, own), [])
    index.forget()

    found = labels(typing("htx"), "producer")
    assert "HTX Mũi Cà Mau" in found
    assert "HTX Đất Mũi" not in found


def test_suggesting_sends_no_statement(
    engine: Engine, session: Session, typing: Type, statements: list[str]
) -> None:
    statements.clear()
    typing("m")

    assert statements == []


def test_without_an_index_the_database_suggests(
    session: Session, directory: Path, products: dict[str, int], on: date
) -> None:
    found = suggest(session, directory, "bơ sá", locale="vi", on=on)

    assert found.degraded
    assert labels(found.found) == ["Trái bơ sáp"]
    assert store.rebuild_wanted(directory)


@pytest.mark.parametrize("content", [b"", b"[[", b"[[1]]\n", None])
def test_a_damaged_file_of_names_is_noticed_and_survived(
    session: Session,
    directory: Path,
    products: dict[str, int],
    on: date,
    now: datetime,
    content: bytes | None,
) -> None:
    rebuild(session, directory, on=on, now=now)
    path = next(store.current(directory).glob("*.names"))
    path.unlink() if content is None else path.write_bytes(content)
    Index.open(directory).forget()

    assert suggest(session, directory, "m", locale="vi", on=on).degraded
    assert store.rebuild_wanted(directory)
