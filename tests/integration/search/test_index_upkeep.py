import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from catalog.search import store
from catalog.search.errors import IndexUnhealthy
from catalog.search.home import document_count
from catalog.search.index import Index, check, rebuild
from catalog.search.indexing import apply_pending, find_product_ids, rebuild_if_wanted
from catalog.search.loading import load_documents
from catalog.search.query import SearchRequest, search
from core.settings import Settings
from tests.factories.catalog import make_producer, make_product


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    made = Settings(data_dir=tmp_path)
    yield made
    Index.open(made.search_dir).forget()


def _react(
    session: Session, settings: Settings, payload: dict[str, int], on: date, now: datetime
) -> None:
    """What the worker does about a fact."""
    apply_pending(session, settings, find_product_ids(session, [payload]), on=on, now=now)


def _names(session: Session, directory: Path, text: str, on: date) -> list[int]:
    Index.open(directory).forget()
    return list(search(session, directory, SearchRequest(text), on=on).ids)


def test_a_published_product_is_found_and_a_withdrawn_one_is_not(
    session: Session, settings: Settings, products: dict[str, int], now: datetime, on: date
) -> None:
    rebuild(session, settings.search_dir, on=on, now=now)
    product = make_product(session, "Rượu trái giác")
    _react(session, settings, {"product_id": product.id}, on, now)

    assert product.id in _names(session, settings.search_dir, "rượu", on)

    product.state = "withdrawn"
    session.flush()
    _react(session, settings, {"product_id": product.id}, on, now)

    assert product.id not in _names(session, settings.search_dir, "rượu", on)
    assert check(session, settings.search_dir) == []


def test_a_change_of_a_producer_reaches_its_products(
    session: Session, settings: Settings, products: dict[str, int], now: datetime, on: date
) -> None:
    producer = make_producer(session, "Tên Cũ")
    product = make_product(session, "Đũa đước", producer)
    rebuild(session, settings.search_dir, on=on, now=now)
    producer.name = "Hợp tác xã Xyzzy"
    session.flush()

    assert [d.kind for d in check(session, settings.search_dir)] == ["stale"]

    _react(session, settings, {"producer_id": producer.id}, on, now)

    assert _names(session, settings.search_dir, "xyzzy", on) == [product.id]


def test_a_listing_that_ended_is_not_found_without_any_job(
    session: Session, directory: Path, now: datetime, on: date
) -> None:
    product = make_product(session, "Nem chua", listed_until=on)
    rebuild(session, directory, on=on, now=now)
    tomorrow = date.fromordinal(on.toordinal() + 1)

    request = SearchRequest("nem chua")
    assert product.id in search(session, directory, request, on=on).ids
    assert product.id not in search(session, directory, request, on=tomorrow).ids


def test_check_names_what_is_missing_extra_and_stale(
    session: Session, directory: Path, products: dict[str, int], now: datetime, on: date
) -> None:
    rebuild(session, directory, on=on, now=now)
    new = make_product(session, "Mật ong rừng")
    gone, changed = list(products.values())[:2]
    for number, state in ((gone, "withdrawn"), (changed, "published")):
        product = session.get_one(type(new), number)
        product.state = state
        product.summary = "Khác"
    session.flush()

    found = {(d.kind, d.subject) for d in check(session, directory)}

    assert found == {("missing", str(new.id)), ("extra", str(gone)), ("stale", str(changed))}


def _missing(path: Path) -> None:
    for file in path.iterdir():
        file.unlink()


def _truncated(path: Path) -> None:
    segment = next(path.glob("*.seg"))
    segment.write_bytes(segment.read_bytes()[:-100])


def _flipped(path: Path) -> None:
    segment = next(path.glob("*.seg"))
    content = bytearray(segment.read_bytes())
    content[len(content) // 2] ^= 0xFF
    segment.write_bytes(bytes(content))


def _no_manifest(path: Path) -> None:
    (path / store.MANIFEST).write_text("{")


def _deleted(path: Path) -> None:
    shutil.rmtree(path)


def _flipped_name(path: Path) -> None:
    names = next(path.glob("*.names"))
    content = bytearray(names.read_bytes())
    content[-9] ^= 0x10
    names.write_bytes(bytes(content))


def _truncated_name(path: Path) -> None:
    names = next(path.glob("*.names"))
    names.write_bytes(names.read_bytes()[:-9])


_DAMAGES = [
    _missing,
    _deleted,
    _flipped_name,
    _truncated_name,
    _truncated,
    _flipped,
    _no_manifest,
]


@pytest.mark.parametrize("damage", _DAMAGES)
def test_a_damaged_index_is_answered_by_the_database_and_heals(
    session: Session,
    settings: Settings,
    products: dict[str, int],
    now: datetime,
    on: date,
    damage: object,
) -> None:
    directory = settings.search_dir
    for product_id in products.values():
        product = session.get_one(type(make_product(session, "Tạm", state="draft")), product_id)
        product.search_fold = "nuoc mam" if "mắm" in product.name else ""
    session.flush()
    rebuild(session, directory, on=on, now=now)
    damage(store.current(directory))  # type: ignore[operator]
    Index.open(directory).forget()

    result = search(session, directory, SearchRequest("nước mắm"), on=on)

    assert result.degraded
    assert products["Nước mắm Rạch Giá"] in result.ids
    assert store.rebuild_wanted(directory)
    assert check(session, directory)[0].kind == "damaged"
    assert rebuild_if_wanted(session, settings, on=on, now=now)
    assert check(session, directory) == []
    assert not search(session, directory, SearchRequest("nước mắm"), on=on).degraded
    assert not rebuild_if_wanted(session, settings, on=on, now=now)


def test_the_first_fact_builds_the_index(
    session: Session, settings: Settings, products: dict[str, int], now: datetime, on: date
) -> None:
    with pytest.raises(IndexUnhealthy):
        document_count(settings.search_dir)

    apply_pending(session, settings, [products["jam"]], on=on, now=now)

    assert check(session, settings.search_dir) == []


def test_a_reader_sees_each_product_once_after_updates_and_merges(
    session: Session, directory: Path, products: dict[str, int], now: datetime, on: date
) -> None:
    """B1: the engine's refresh() returns deleted products and updated ones twice."""
    rebuild(session, directory, on=on, now=now)
    index = Index.open(directory)
    ids = sorted(products.values())
    for turn in range(12):
        gone = [ids[turn % len(ids)]]
        kept = load_documents(session, [n for n in ids if n not in gone])
        index.apply(kept, gone)
        index._checked = 0.0
        with index.snapshot() as snapshot:
            seen = sorted(row.product_id for _, row in snapshot.all_rows())
        assert seen == [n for n in ids if n not in gone]
        index.apply(load_documents(session, gone), [])


def test_an_open_snapshot_outlives_its_generation(
    session: Session, directory: Path, products: dict[str, int], now: datetime, on: date
) -> None:
    rebuild(session, directory, on=on, now=now)
    with Index.open(directory).snapshot() as old:
        for _ in range(3):
            rebuild(session, directory, on=on, now=now)
        assert len(old.postings("2muoi_bien")[0]) == 1
    assert len(list(directory.glob("v*"))) == store.KEPT_GENERATIONS


def test_a_rebuild_loses_nothing_that_is_applied_meanwhile(
    engine: Engine, tmp_path: Path, now: datetime, on: date
) -> None:
    settings = Settings(data_dir=tmp_path)
    directory = settings.search_dir
    with Session(engine) as session:
        producer = make_producer(session)
        first = [make_product(session, f"Muối {n}", producer).id for n in range(30)]
        session.commit()
        rebuild(session, directory, on=on, now=now)
    errors: list[BaseException] = []
    done = threading.Event()

    def rebuild_again_and_again() -> None:
        try:
            while not done.is_set():
                with Session(engine) as own:
                    rebuild(own, directory, on=on, now=now)
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    thread = threading.Thread(target=rebuild_again_and_again)
    thread.start()
    try:
        for turn in range(15):
            with Session(engine) as session:
                product = session.get_one(type(make_product(session)), first[turn])
                session.rollback()
                product = session.get_one(type(product), first[turn])
                if turn % 3 == 0:
                    product.state = "withdrawn"
                product.name = f"Đường {turn}"
                session.commit()
                apply_pending(session, settings, [first[turn]], on=on, now=now)
    finally:
        done.set()
        thread.join()
    assert errors == []
    with Session(engine) as session:
        assert check(session, directory) == []
    Index.open(directory).forget()


def test_two_writers_take_turns(
    session: Session, directory: Path, products: dict[str, int], now: datetime, on: date
) -> None:
    rebuild(session, directory, on=on, now=now)
    documents = load_documents(session, list(products.values()))
    index = Index.open(directory)
    errors: list[BaseException] = []

    def write(part: int) -> None:
        try:
            for document in documents[part::2]:
                index.apply([document], [])
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert check(session, directory) == []


_FIRST_CHANGE = """
import sys
from pathlib import Path
from catalog.search.document import ProductDocument
from catalog.search.index import Index
from catalog.search.indexing import look_for_index
from core.settings import Settings

settings = Settings(data_dir=Path(sys.argv[1]))
look_for_index(settings)
known = set(sys.modules)
names = {"vi": "Nước mắm", "en": "Fish sauce", "fr": "Sauce", "de": "Soße", "ja": "魚醤"}
Index.open(settings.search_dir).apply([ProductDocument(999_999, names)], ())
print(*(set(sys.modules) - known))
"""


def test_the_first_change_of_a_new_worker_waits_for_nothing_to_load(
    session: Session, settings: Settings, products: dict[str, int], now: datetime, on: date
) -> None:
    """Search engine and stemmers were loaded by the first change itself, half a second of CPU."""
    rebuild(session, settings.search_dir, on=on, now=now)
    command = [sys.executable, "-c", _FIRST_CHANGE, str(settings.data_dir)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert done.stdout.split() == []
    assert Index.open(settings.search_dir).apply([], [999_999]) == len(products)
