"""Measures search on judged queries: nDCG@10, MRR, Recall@20 and how often nothing is found.

Products and queries are JSON lines; the index is a temporary one made from them alone.
"""

import json
import math
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from catalog.search import store
from catalog.search.document import Claim, ProductDocument
from catalog.search.home import Home
from catalog.search.index import Index, build
from catalog.search.query import SearchRequest, search_index
from catalog.search.taxonomy import (
    concepts,
    find_nodes,
    names_of,
    nodes,
    place_key,
    place_names,
    places,
    with_parents,
)

ON = date(2026, 11, 22)
_LOCALES = {"zhs": "zh-hans", "zht": "zh-hant"}


@dataclass(frozen=True, slots=True)
class Judged:
    """How one query fared; all figures between 0 and 1."""

    query: str
    lang: str
    tag: str
    ndcg: float
    mrr: float
    recall: float
    zero: float
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gate:
    """What search must reach: nDCG@10 over all, in each language, and how often nothing is found."""

    overall: float = 0.86
    each_language: float = 0.80
    zero: float = 0.02


@dataclass(frozen=True, slots=True)
class Mean:
    """The means over some queries."""

    queries: int
    ndcg: float
    mrr: float
    recall: float
    zero: float


def evaluate(
    products: Path, queries: Path, *, untranslated: bool = False, url: str = ""
) -> list[Judged]:
    """Index the products of one file and answer the queries of the other.

    With ``untranslated``, the index only knows the Vietnamese texts of the products. ``url`` names a
    cluster that is to be judged in place of the embedded engine.
    """
    goods = _lines(products)
    if untranslated:
        goods = [_only_vietnamese(good) for good in goods]
    numbers = {number: good["id"] for number, good in enumerate(goods, start=1)}
    documents = [document_of(good, number) for number, good in enumerate(goods, start=1)]
    with _index_of(documents, url) as home:
        return [_judge(home, numbers, query) for query in _lines(queries)]


@contextmanager
def _index_of(documents: list[ProductDocument], url: str) -> Iterator[Home]:
    """Lend an index of these documents alone, on a cluster where ``url`` names one."""
    now = datetime(2026, 11, 22, tzinfo=UTC)
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        if not url:
            store.switch(directory, build(directory, [documents], on=ON, now=now))
            yield directory
            Index.open(directory).forget()
            return
        from catalog.search import cluster_index
        from catalog.search.cluster import Cluster

        cluster = Cluster(url, directory, prefix=f"evaluation-{uuid4().hex}")
        try:
            cluster_index.build(cluster, [documents], now=now)
            yield cluster
        finally:
            cluster.drop_all()
            cluster.close()


def document_of(good: Mapping[str, Any], number: int) -> ProductDocument:
    """Return the document of a product of an evaluation file, as the catalogue would make it.

    Only ``id`` and a name are needed; ``name`` and ``description`` are texts by language, or one
    Vietnamese text.
    """
    names = _by_locale(good.get("name") or good.get("product_name_vi") or "")
    found = find_nodes(names.get("vi", ""))
    family = good.get("category") or ""
    main = [key for key in (good.get("type"),) if key in nodes()] + list(found.main)
    other = [*(key for key in good.get("attrs") or () if key in nodes()), *found.other]
    own_places = [
        _place(good[part])
        for part in ("province", "former_province", "province_2025")
        if good.get(part)
    ]
    spoken = ". ".join([names.get("vi", ""), *own_places])
    taxonomy = names_of(with_parents([*main, family]))
    for locale, more in place_names(spoken).items():
        taxonomy.setdefault(locale, []).extend(more)
    return ProductDocument(
        product_id=number,
        names=names,
        descriptions=_by_locale(good.get("description") or ""),
        taxonomy={tag: tuple(dict.fromkeys(found)) for tag, found in taxonomy.items()},
        minor_taxonomy={tag: tuple(found) for tag, found in names_of(dict.fromkeys(other)).items()},
        concepts=concepts(
            main, other, [place_key(place) for place in own_places], spoken, family=family
        ),
        producer=good.get("producer") or good.get("producer_name") or "",
        places=tuple(dict.fromkeys(own_places)),
        province=good.get("province") or "",
        claims=(Claim(int(good["stars"]), ON, ON),) if good.get("stars") else (),
        price=int(good.get("price") or 0),
        published=date.fromisoformat(good["created"]).toordinal() if good.get("created") else 0,
    )


def _only_vietnamese(good: Mapping[str, Any]) -> dict[str, Any]:
    texts = {part: good[part] for part in ("name", "description") if part in good}
    kept = {
        part: {"vi": text["vi"]} if isinstance(text, Mapping) and "vi" in text else text
        for part, text in texts.items()
    }
    return {**good, **kept}


def _by_locale(texts: Mapping[str, str] | str) -> dict[str, str]:
    if isinstance(texts, str):
        return {"vi": texts} if texts else {}
    return {_LOCALES.get(tag, tag): text for tag, text in texts.items() if text}


def _place(name: str) -> str:
    """Return the Vietnamese name of a place, which files may also give as a key (``phu_quoc``)."""
    place = places().get(place_key(name))
    return place.names["vi"][0] if place is not None else name.replace("_", " ").strip()


def _judge(home: Home, numbers: Mapping[int, str], query: Mapping[str, Any]) -> Judged:
    locale = _LOCALES.get(query["lang"], query["lang"])
    result = search_index(home, SearchRequest(query["query"], locale, per_page=20), on=ON)
    found = [numbers[number] for number in (*result.ids, *result.related)][:20]
    grades: Mapping[str, int] = query["judgments"]
    relevant = {key for key, grade in grades.items() if grade >= 2} or set(grades)
    first = next((n for n, key in enumerate(found[:10], start=1) if key in relevant), 0)
    return Judged(
        query=query["query"],
        lang=query["lang"],
        tag=query.get("tag", ""),
        ndcg=ndcg(found, grades),
        mrr=1 / first if first else 0.0,
        recall=len(relevant & set(found)) / len(relevant) if relevant else 1.0,
        zero=float(not found),
        found=tuple(found[:10]),
    )


def ndcg(found: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """Return the gain of an order against the best order; gain is 2^grade - 1, by log2 of rank."""

    def gain(values: Iterable[int]) -> float:
        return math.fsum(
            (2**value - 1) / math.log2(rank) for rank, value in enumerate(values, start=2)
        )

    best = gain(sorted(grades.values(), reverse=True)[:depth])
    return gain(grades.get(key, 0) for key in found[:depth]) / best if best else 1.0


def mean(judged: Sequence[Judged]) -> Mean:
    """Return the means over queries; raises ``ZeroDivisionError`` without a query."""
    count = len(judged)
    return Mean(
        count,
        sum(one.ndcg for one in judged) / count,
        sum(one.mrr for one in judged) / count,
        sum(one.recall for one in judged) / count,
        sum(one.zero for one in judged) / count,
    )


def report(judged: Sequence[Judged]) -> dict[str, Mean]:
    """Return the means over all queries, by language and by tag."""
    parts = {"all": mean(judged)}
    for lang in sorted({one.lang for one in judged}):
        parts[f"lang {lang}"] = mean([one for one in judged if one.lang == lang])
    for tag in sorted({one.tag for one in judged}):
        parts[f"tag {tag}"] = mean([one for one in judged if one.tag == tag])
    return parts


def failures(parts: Mapping[str, Mean], gate: Gate) -> list[str]:
    """Return what a report fails a gate by, in words for a terminal; nothing where it passes."""
    found = []
    for name, part in parts.items():
        least = gate.overall if name == "all" else gate.each_language
        if (name == "all" or name.startswith("lang")) and part.ndcg < least:
            found.append(f"{name}: nDCG@10 {part.ndcg:.3f} is under {least}")
    if parts["all"].zero > gate.zero:
        found.append(f"all: {parts['all'].zero:.3f} found nothing, over {gate.zero}")
    return found


def table(parts: Mapping[str, Mean]) -> str:
    """Return a report as lines of a table."""
    head = f"{'':14}{'n':>5}{'nDCG@10':>9}{'MRR':>7}{'R@20':>7}{'zero':>7}"
    rows = [
        f"{name:14}{m.queries:5}{m.ndcg:9.3f}{m.mrr:7.3f}{m.recall:7.3f}{m.zero:7.3f}"
        for name, m in parts.items()
    ]
    return "\n".join([head, *rows])


def _lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as handle:
        return [json.loads(line) for line in handle if line.strip()]
