from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from catalog.search.index import Index, rebuild
from catalog.search.query import SearchRequest, SearchResult, search
from tests.factories.catalog import make_certificate, make_producer, make_product, make_translation

NAMES = [
    "Nước mắm Rạch Giá",
    "Nước mầm đậu xanh",
    "Muối biển Bạc Liêu",
    "Kẹo dừa Bến Tre",
    "Mứt dứa Tắc Cậu",
    "Dưa bồn bồn Cái Nước",
    "Khô bò sợi",
    "Trái bơ sáp",
    "Tôm khô Rạch Gốc",
    "Chè xanh Tân Cương",
]

Ask = Callable[..., SearchResult]


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Path]:
    """An empty search directory."""
    path = tmp_path / "search"
    yield path
    Index.open(path).forget()


@pytest.fixture
def products(session: Session) -> dict[str, int]:
    """Ten products of two provinces by name; four have stars in 2026."""
    makers = [
        make_producer(session, "HTX Đất Mũi", province_code="96"),
        make_producer(session, "Cơ sở Ba Miền", province_code="86", former_unit="Bến Tre"),
    ]
    found = {}
    for number, name in enumerate(NAMES):
        product = make_product(
            session,
            name,
            makers[number % 2],
            summary=None,
            ingredients=None,
            package_price_minor=10_000 * (number + 1),
            subgroup_code=("F09", "F07", "F10")[number % 3],
        )
        if number < 4:
            make_certificate(session, product, stars=3 + number % 3)
        found[name] = product.id
    jam = make_product(session, "Mắm nêm pha sẵn", makers[0], summary=None, ingredients=None)
    make_translation(session, jam, "ja", "name", "ファンティエット産ニョクマム入りソース")
    found["jam"] = jam.id
    return found


@pytest.fixture
def ask(
    session: Session, directory: Path, products: dict[str, int], on: date, now: datetime
) -> Ask:
    """Ask a fresh index of the ten products."""
    rebuild(session, directory, on=on, now=now)

    def answer(text: str, locale: str = "vi", *, day: date = on, **values: object) -> SearchResult:
        request = SearchRequest(text, locale, **values)  # type: ignore[arg-type]
        return search(session, directory, request, on=day)

    return answer
