"""``make search-compare``: our search beside other engines as they come, on the same judged queries and the same goods.

nDCG@10 on tests/search_eval; speed on 20,000 products in nine languages, the twenty best of three words. A part that
is missing is named and left out: OCOP_TEST_OPENSEARCH_JARS and OCOP_TEST_POSTGRES_URL (make peers), and the package
tantivy, which only this needs. OCOP_BENCH_DIR keeps data and indexes between runs. Minutes; prints, never fails.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import statistics
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from bench.data import PRODUCTS
from bench.nine_languages import fill_nine_languages, names_of, text_of
from bench.search import DATABASE, FOLDER, Missing, request_of
from catalog.search import home, index
from catalog.search.errors import IndexUnhealthy
from catalog.search.evaluation import evaluate, mean, ndcg
from catalog.search.query import SearchRequest, search
from core import clock
from core.db import make_engine
from i18n.locales import LOCALES
from tests.cluster.nodes import cluster_of_three
from tests.search_eval.judging import HERE, read

ASKED = 180
_GIVEN = HERE / "products.jsonl", HERE / "queries.jsonl"

Ask = Callable[[str], list[str]]


class Good(NamedTuple):
    """A product as an engine gets it that knows nothing of ours: its names and texts in all languages."""

    key: str
    name: str
    text: str


class Line(NamedTuple):
    """A row of the table: relevance, and milliseconds of half and of nearly all questions."""

    ndcg: float
    half: float
    most: float


def main(wanted: Sequence[str] = ()) -> None:
    """Print the table, a line as soon as it is measured; ``wanted`` are parts of the names of some engines.

    ``--speed`` prints the speed of the other engines alone, as `bench.search` reads it.
    """
    if list(wanted) == ["--speed"]:
        _tell_speeds()
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    fill_nine_languages(make_engine(DATABASE))
    print(f"{PRODUCTS} products in {len(LOCALES)} languages for the speed, ms by the clock")
    print(f"{'engine':58}{'nDCG@10':>9}{'p50':>8}{'p95':>8}", flush=True)
    for title, measured in _LINES:
        if wanted and not any(part.lower() in title.lower() for part in wanted):
            continue
        try:
            line = measured()
        except Missing as why:
            print(f"{title:58}  not measured: {why}", flush=True)
            continue
        print(f"{title:58}{line.ndcg:9.3f}{line.half:8.1f}{line.most:8.1f}", flush=True)


def _tell_speeds() -> None:
    _many()
    for title, engine in _OTHERS:
        started = time.perf_counter()
        try:
            with engine(_many()) as ask:
                built = time.perf_counter() - started
                half, most = _speed(lambda request: ask(request.text))
        except Missing as why:
            told: dict[str, Any] = {"missing": str(why)}
        else:
            told = {"p50": half, "p95": most, "rebuild": built}
        print(json.dumps({"title": title} | told), flush=True)


def _ours() -> Line:
    return _our_line("")


def _ours_on_a_cluster() -> Line:
    jars = os.environ.get("OCOP_TEST_OPENSEARCH_JARS", "")
    if not jars:
        raise Missing('OCOP_TEST_OPENSEARCH_JARS is not set (eval "$(.ci/opensearch)")')
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ocop-bench-")))
        return _our_line(stack.enter_context(cluster_of_three(Path(jars), folder)).url)


def _our_line(url: str) -> Line:
    own, on = home.home_of(FOLDER / "index", url), clock.today()
    with Session(make_engine(DATABASE)) as session:
        if not _is_built(own):
            index.rebuild(session, own, on=on, now=clock.now())

        def ask(request: SearchRequest) -> None:
            if search(session, own, request, on=on).degraded:
                raise SystemExit("the index did not answer")

        speed = _speed(ask)
    return Line(mean(evaluate(*_GIVEN, url=url)).ndcg, *speed)


def _is_built(own: home.Home) -> bool:
    try:
        return home.document_count(own) == PRODUCTS
    except IndexUnhealthy:
        return False


def _other(engine: Callable[[Sequence[Good]], Any]) -> Line:
    with engine(_given()) as ask:
        gained = [ndcg(ask(line["query"]), line["judgments"]) for line in read(_GIVEN[1])]
    with engine(_many()) as ask:
        speed = _speed(lambda request: ask(request.text))
    return Line(statistics.fmean(gained), *speed)


def _speed(ask: Callable[[SearchRequest], object]) -> tuple[float, float]:
    """Return how long half and nearly all of the questions take, each asked for the first time."""
    taken = []
    for number in range(ASKED + 20):
        request = request_of(number, LOCALES[number % len(LOCALES)])
        started = time.perf_counter()
        ask(request)
        taken.append(1_000 * (time.perf_counter() - started))
    asked = sorted(taken[20:])  # the first ones open files and compile
    return statistics.median(asked), asked[int(0.95 * len(asked))]


def _given() -> list[Good]:
    found = []
    for line in _GIVEN[0].read_text(encoding="utf-8").splitlines():
        own = json.loads(line)
        texts = (own.get("description") or {}).values()
        found.append(Good(own["id"], " ".join(own["name"].values()), " ".join(texts)))
    return found


@cache
def _many() -> list[Good]:
    return [
        Good(
            str(number),
            " ".join(names_of(number).values()),
            " ".join(text_of(number, locale, 5) for locale in LOCALES),
        )
        for number in range(1, PRODUCTS + 1)
    ]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFC", text))


@contextmanager
def _fts5(tokenizer: str, goods: Sequence[Good]) -> Iterator[Ask]:
    with tempfile.TemporaryDirectory(prefix="ocop-bench-") as folder:
        connection = sqlite3.connect(Path(folder) / "fts.db")
        connection.execute(
            f"CREATE VIRTUAL TABLE goods USING fts5(key UNINDEXED, name, text, tokenize='{tokenizer}')"
        )
        connection.executemany("INSERT INTO goods VALUES (?, ?, ?)", goods)
        connection.commit()

        def ask(text: str) -> list[str]:
            wanted = " OR ".join(f'"{word}"' for word in _words(text))
            rows = connection.execute(
                "SELECT key FROM goods WHERE goods MATCH ? ORDER BY bm25(goods, 0, 3, 1) LIMIT 20",
                (wanted or '""',),
            )
            return [key for (key,) in rows]

        yield ask
        connection.close()


@contextmanager
def _postgresql(with_trigrams: bool, goods: Sequence[Good]) -> Iterator[Ask]:  # noqa: FBT001
    url = os.environ.get("OCOP_TEST_POSTGRES_URL", "")
    if not url:
        raise Missing("OCOP_TEST_POSTGRES_URL is not set (make peers)")
    import psycopg

    with psycopg.connect(url) as connection:  # nothing is committed, so nothing stays
        connection.execute("CREATE EXTENSION IF NOT EXISTS unaccent")
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        connection.execute("CREATE TEMP TABLE goods (key text, name text, words tsvector)")
        weighted = "setweight(to_tsvector('simple', unaccent(%s)), '{}')"
        row = f"(%s, lower(unaccent(%s)), {weighted.format('A')} || {weighted.format('C')})"
        with connection.cursor() as cursor:
            values = [(own.key, own.name, own.name, own.text) for own in goods]
            cursor.executemany(f"INSERT INTO goods VALUES {row}", values)
        connection.execute("CREATE INDEX ON goods USING gin (words)")
        connection.execute("CREATE INDEX ON goods USING gin (name gin_trgm_ops)")
        connection.execute("ANALYZE goods")
        near = "OR lower(unaccent(%(text)s)) <%% name" if with_trigrams else ""
        nearness = "+ word_similarity(lower(unaccent(%(text)s)), name)" if with_trigrams else ""
        question = (
            "SELECT key FROM goods, to_tsquery('simple', unaccent(%(wanted)s)) AS wanted "
            f"WHERE words @@ wanted {near} ORDER BY ts_rank(words, wanted) {nearness} DESC, key LIMIT 20"
        )

        def ask(text: str) -> list[str]:
            wanted = " | ".join(_words(text))
            return [
                key for (key,) in connection.execute(question, {"wanted": wanted, "text": text})
            ]

        yield ask
        connection.rollback()


@contextmanager
def _tantivy(goods: Sequence[Good]) -> Iterator[Ask]:
    try:
        import tantivy
    except ImportError:
        raise Missing("the package tantivy is not installed") from None
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", stored=True, tokenizer_name="raw")
    builder.add_text_field("name")
    builder.add_text_field("text")
    made = tantivy.Index(builder.build())
    writer = made.writer(50_000_000, 1)
    for own in goods:
        writer.add_document(tantivy.Document(key=own.key, name=own.name, text=own.text))
    writer.commit()
    made.reload()
    searcher = made.searcher()

    def ask(text: str) -> list[str]:
        wanted = made.parse_query(
            " ".join(_words(text)).lower(), ["name", "text"], field_boosts={"name": 3.0}
        )
        return [searcher.doc(place)["key"][0] for _, place in searcher.search(wanted, 20).hits]

    yield ask


_OTHERS = (
    ("SQLite FTS5", partial(_fts5, "unicode61 remove_diacritics 2")),
    ("PostgreSQL, trigrams", partial(_postgresql, True)),
    ("tantivy", _tantivy),
)
_LINES: Sequence[tuple[str, Callable[[], Line]]] = (
    ("ours, embedded (Whoosh), with facets", _ours),
    ("ours, cluster of three (OpenSearch), with facets", _ours_on_a_cluster),
    (
        "SQLite FTS5, unicode61 without marks",
        partial(_other, partial(_fts5, "unicode61 remove_diacritics 2")),
    ),
    ("SQLite FTS5, trigrams", partial(_other, partial(_fts5, "trigram"))),
    ("PostgreSQL, simple and unaccent", partial(_other, partial(_postgresql, False))),
    (
        "PostgreSQL, simple, unaccent and trigrams",
        partial(_other, partial(_postgresql, True)),
    ),
    ("tantivy as it comes", partial(_other, _tantivy)),
)


if __name__ == "__main__":
    main(sys.argv[1:])
