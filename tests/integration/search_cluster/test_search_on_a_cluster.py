"""The same search on a real cluster of three nodes: same answers, nothing lost when a node is."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from catalog.search import cluster_index
from catalog.search.cluster import Cluster
from catalog.search.document import ProductDocument
from catalog.search.errors import IndexUnhealthy
from catalog.search.evaluation import evaluate, report
from catalog.search.home import document_count
from catalog.search.index import check, rebuild
from catalog.search.indexing import apply_pending, keep_words, rebuild_if_wanted
from catalog.search.query import SearchRequest, search, search_index
from catalog.search.suggest import suggest
from core.settings import Settings
from tests.cluster.nodes import Nodes
from tests.factories.catalog import make_producer, make_product
from tests.search_eval.judging import HERE

pytestmark = pytest.mark.slow

FISH_SAUCE, TEA = "Nước mắm Phú Quốc", "Trà shan tuyết"
NEAR = 0.01


def _document(number: int, name: str) -> ProductDocument:
    return ProductDocument(
        product_id=number, names={"vi": name}, slug=f"product-{number}", published=number
    )


def _found(cluster: Cluster, text: str, on: date) -> set[int]:
    """What the next reader finds once everything written can be read."""
    cluster.make_findable()
    cluster.reader.forget()
    return {*search_index(cluster, SearchRequest(text, per_page=100), on=on).ids}


def _until(is_so: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 120
    while not is_so():
        assert time.monotonic() < deadline, f"in vain: {what}"
        time.sleep(0.1)


@pytest.fixture
def shop(session: Session, cluster: Cluster, on: date, now: datetime) -> dict[str, int]:
    """Three products on sale, indexed on the cluster."""
    maker = make_producer(session, "HTX Đất Mũi")
    names = (FISH_SAUCE, TEA, "Mật ong rừng tràm")
    found = {
        name: make_product(session, name, maker, summary=None, ingredients=None).id
        for name in names
    }
    rebuild(session, cluster, on=on, now=now)
    return found


def test_a_cluster_ranks_as_the_embedded_engine_does(nodes: Nodes) -> None:
    products, queries = HERE / "products.jsonl", HERE / "queries.jsonl"
    embedded = report(evaluate(products, queries))
    clustered = report(evaluate(products, queries, url=nodes.url))

    for part in ("all", *(name for name in embedded if name.startswith("lang"))):
        assert clustered[part].ndcg == pytest.approx(embedded[part].ndcg, abs=NEAR), part
        assert clustered[part].zero == embedded[part].zero, part
    assert clustered["all"].ndcg >= 0.93


def test_the_worker_brings_a_product_to_the_cluster_and_takes_it_away(
    session: Session,
    cluster: Cluster,
    settings: Settings,
    shop: dict[str, int],
    now: datetime,
    on: date,
) -> None:
    fresh = make_product(session, "Rượu trái giác")
    apply_pending(session, settings, [fresh.id], on=on, now=now + timedelta(seconds=1))
    cluster.make_findable()
    cluster.reader.forget()

    assert fresh.id in search(session, cluster, SearchRequest("ruou trai giac"), on=on).ids
    assert check(session, cluster) == []

    fresh.state = "withdrawn"
    session.flush()
    apply_pending(session, settings, [fresh.id], on=on, now=now + timedelta(seconds=2))
    cluster.make_findable()
    cluster.reader.forget()

    assert fresh.id not in search(session, cluster, SearchRequest("ruou trai giac"), on=on).ids
    assert check(session, cluster) == []
    assert document_count(cluster) == len(shop)


def test_facets_and_prices_come_from_the_database_and_a_typing_slip_is_understood(
    session: Session, cluster: Cluster, shop: dict[str, int], on: date
) -> None:
    result = search(session, cluster, SearchRequest("nuoc mma phu quoc"), on=on)

    assert result.ids == (shop[FISH_SAUCE],)
    assert result.did_you_mean == "nuoc mắm phu quoc"
    assert not result.degraded
    assert result.total == 1


def test_suggestions_know_what_came_after_the_last_rebuild(
    session: Session,
    cluster: Cluster,
    settings: Settings,
    shop: dict[str, int],
    now: datetime,
    on: date,
) -> None:
    fresh = make_product(session, "Trà hoa vàng")
    apply_pending(session, settings, [fresh.id, shop[TEA]], on=on, now=now + timedelta(seconds=1))
    cluster.make_findable()
    cluster.reader.forget()

    found = suggest(session, cluster, "tra", locale="vi", on=on)

    assert not found.degraded
    labels = [one.label for one in found.found if one.kind == "product"]
    assert sorted(labels[:2]) == ["Trà hoa vàng", TEA]
    assert len(labels) == len(set(labels))


def test_what_the_office_teaches_reaches_every_reader(
    session: Session,
    cluster: Cluster,
    settings: Settings,
    shop: dict[str, int],
    now: datetime,
    on: date,
) -> None:
    from catalog.models import SearchWords

    assert shop[FISH_SAUCE] not in _found(cluster, "garumfish", on)

    session.add(SearchWords(spellings="garumfish | nước mắm", added_at=now))
    session.flush()

    assert keep_words(session, settings, now=now + timedelta(seconds=1))
    assert shop[FISH_SAUCE] in _found(cluster, "garumfish", on)
    assert not keep_words(session, settings, now=now + timedelta(seconds=2))


def test_without_an_index_the_database_answers_and_the_worker_builds_one(
    session: Session,
    cluster: Cluster,
    settings: Settings,
    shop: dict[str, int],
    now: datetime,
    on: date,
) -> None:
    cluster.drop_all()
    cluster.reader.forget()

    lost = search(session, cluster, SearchRequest("mật ong"), on=on)

    assert lost.degraded
    assert lost.ids == (shop["Mật ong rừng tràm"],)
    assert [one.kind for one in check(session, cluster)] == ["damaged"]

    assert rebuild_if_wanted(session, settings, on=on, now=now)
    assert not rebuild_if_wanted(session, settings, on=on, now=now)
    assert not search(session, cluster, SearchRequest("mật ong"), on=on).degraded


def test_an_older_state_that_arrives_late_overwrites_nothing(
    cluster: Cluster, now: datetime, on: date
) -> None:
    cluster_index.build(cluster, [[_document(1, TEA)]], now=now)
    later, latest = now + timedelta(seconds=1), now + timedelta(seconds=2)
    cluster_index.apply(cluster, [_document(1, FISH_SAUCE)], [2], now=latest)
    cluster_index.apply(cluster, [_document(1, TEA), _document(2, TEA)], [], now=later)

    assert _found(cluster, "nước mắm", on) == {1}
    assert _found(cluster, "trà", on) == set()


def test_a_rebuild_keeps_what_is_written_while_it_runs(
    cluster: Cluster, now: datetime, on: date
) -> None:
    cluster_index.build(cluster, [[_document(1, TEA), _document(2, TEA)]], now=now)

    def batches() -> Iterator[list[ProductDocument]]:
        yield [_document(1, TEA)]
        moment = now + timedelta(minutes=2)
        cluster_index.apply(cluster, [_document(1, FISH_SAUCE)], [2], now=moment)
        assert _found(cluster, "nước mắm", on) == {1}
        yield [_document(2, TEA), _document(3, TEA)]

    assert cluster_index.build(cluster, batches(), now=now + timedelta(minutes=1)) == 3
    assert _found(cluster, "nước mắm", on) == {1}
    assert _found(cluster, "trà", on) == {3}
    assert {*cluster_index.digests(cluster)} == {1, 3}


def test_a_rebuild_that_fails_leaves_the_old_index_in_use(
    cluster: Cluster, now: datetime, on: date
) -> None:
    cluster_index.build(cluster, [[_document(1, TEA)]], now=now)

    def batches() -> Iterator[list[ProductDocument]]:
        yield [_document(2, TEA)]
        raise OSError("the database went away")

    with pytest.raises(OSError, match="went away"):
        cluster_index.build(cluster, batches(), now=now)
    assert len(cluster.generations()) == 1
    assert _found(cluster, "trà", on) == {1}


def test_no_text_disturbs_the_cluster(
    session: Session, cluster: Cluster, shop: dict[str, int], on: date
) -> None:
    odd = [
        "*:*",
        '"',
        "\\",
        "a" * 2_000,
        "{}|~!()",
        "🙂",
        "trà || (mắm && *)",
        "\x00\x01",
        "茶ข้าว đ",
        "-+",
    ]
    many = " ".join(f"{word}{number}" for number in range(12) for word in ("tra", "mam", "nuoc"))

    for text in [*odd, many, "nước mắm " * 22, "富国岛鱼露" * 40]:
        assert not search(session, cluster, SearchRequest(text), on=on).degraded, text


def test_no_node_at_all_is_no_error_for_who_searches(
    session: Session, tmp_path: Path, on: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.search.cluster.READER_PATIENCE_SECONDS", 0.2)
    product = make_product(session, "Chè lam")
    nobody = Cluster("opensearch://127.0.0.1:9/none", tmp_path)

    assert search(session, nobody, SearchRequest("che lam"), on=on).ids == (product.id,)
    assert suggest(session, nobody, "che", locale="vi", on=on).degraded


def test_a_killed_node_loses_no_search_and_no_acknowledged_write(
    cluster: Cluster, nodes: Nodes, now: datetime, on: date
) -> None:
    goods = [_document(number, f"{TEA} {number}") for number in range(1, 61)]
    cluster_index.build(cluster, [goods], now=now)
    nodes.wait(3, green=True)
    traffic = _Traffic(cluster, now, on)
    with traffic:
        traffic.await_more("before the loss")
        nodes.kill(nodes.leader())
        traffic.await_more("after the loss")
        nodes.wait(2)
        traffic.await_more("with two nodes")

    assert traffic.failures == []
    assert len(traffic.acknowledged) > 3
    kept = cluster_index.digests(cluster)
    for number, document in traffic.acknowledged.items():
        assert kept[number] == document.digest, f"product {number} is not as it was acknowledged"
    assert _found(cluster, "trà", on) == set(range(1, 61)) - traffic.acknowledged.keys()
    assert _found(cluster, "nước mắm", on) == traffic.acknowledged.keys()


class _Traffic:
    """One thread that searches and one that writes, until the end of a ``with``."""

    def __init__(self, cluster: Cluster, now: datetime, on: date) -> None:
        self._cluster, self._now, self._on = cluster, now, on
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=own) for own in (self._search, self._write)]
        self.searches = 0
        self.acknowledged: dict[int, ProductDocument] = {}
        self.writes = 0
        self.failures: list[str] = []

    def __enter__(self) -> None:
        for thread in self._threads:
            thread.start()

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def await_more(self, when: str) -> None:
        """Wait until five more searches were answered and three more writes were acknowledged."""
        searches, writes = self.searches + 5, self.writes + 3
        _until(
            lambda: bool(self.failures) or (self.searches >= searches and self.writes >= writes),
            f"searches and writes {when}",
        )

    def _search(self) -> None:
        while not self._ended.is_set():
            try:
                result = search_index(self._cluster, SearchRequest("shan tuyết"), on=self._on)
            except Exception as error:  # noqa: BLE001 # any is one too many
                self.failures.append(f"search: {error!r}")
                return
            if not result.total:
                self.failures.append("a search found nothing")
            self.searches += 1

    def _write(self) -> None:
        while not self._ended.is_set():
            number = self.writes % 30 + 1
            document = _document(number, f"{FISH_SAUCE} {self.writes}")
            moment = self._now + timedelta(seconds=self.writes + 1)
            try:
                cluster_index.apply(self._cluster, [document], [], now=moment)
            except IndexUnhealthy:
                continue  # not acknowledged: the worker would come back with it
            self.acknowledged[number] = document
            self.writes += 1
