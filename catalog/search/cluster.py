"""Knows the cluster that an address names: its two indexes, how they are written, and how it is asked.

``opensearch://user:password@host:port,host:port/prefix?tls=yes``. Of each generation there are two
indexes behind two aliases: products with the terms of `document.impacts`, and words, from which every
process learns what it can suggest and which terms there are. Documents carry an external version (when
their product was read), so whatever is written twice, late or in the wrong order does no harm.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from catalog.search.cluster_query import FIELD, SCALE
from catalog.search.document import TERMS_VERSION, ProductDocument
from catalog.search.errors import IndexMissing, IndexUnhealthy

if TYPE_CHECKING:
    from catalog.search.cluster_view import Reader

PATIENCE_SECONDS = 20.0
"""How long a write is repeated while a node is lost and another takes over."""
READER_PATIENCE_SECONDS = 4.0
"""How long a question is: somebody waits for the page, and the database can answer too."""
_ANSWER_WITHIN = 4.0
_WRITTEN_WITHIN = 60.0
"""A busy node is not asked to write the same once more."""
_REST_SECONDS = 5.0
"""After a question in vain, nobody asks for so long: all others would wait as well."""
_MOST_HITS = 100_000
_KEPT_GENERATIONS = 2
_SHARDS = 3

Request = Mapping[str, Any]


class Cluster:
    """A cluster, by its address; nothing is asked of it before a method is called."""

    def __init__(self, url: str, directory: Path, *, prefix: str = "") -> None:
        """``directory`` is that of the settings; ``prefix`` takes the place of the one in the address."""
        self.directory = directory
        parts = urlsplit(url)
        place, _, hosts = parts.netloc.rpartition("@")
        user, _, password = place.partition(":")
        options = parse_qs(parts.query)
        self._hosts = [f"{self._scheme(options)}://{host}" for host in hosts.split(",")]
        self._auth = (unquote(user), unquote(password)) if user else None
        self.prefix = f"{prefix or parts.path.strip('/') or 'ocop'}-v{TERMS_VERSION}"
        self._client: Any = None
        self._owner = 0
        self._lost_until = 0.0

    @cached_property
    def reader(self) -> Reader:
        """What searches it in this process."""
        from catalog.search.cluster_view import Reader

        return Reader(self)

    @staticmethod
    def _scheme(options: Mapping[str, Sequence[str]]) -> str:
        return "https" if options.get("tls", ["no"])[0] in ("yes", "true", "1") else "http"

    @property
    def client(self) -> Any:
        """The client of this process; a child process makes its own."""
        if self._client is None or self._owner != os.getpid():
            from opensearchpy import OpenSearch

            self._owner = os.getpid()
            self._client = OpenSearch(
                self._hosts,
                http_auth=self._auth,
                timeout=PATIENCE_SECONDS,
                retry_on_timeout=True,
                max_retries=len(self._hosts),
                retry_on_status=(502, 503, 504),
                verify_certs=True,
            )
        return self._client

    def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def alias(self, kind: str, *, building: bool = False) -> str:
        """Return the name by which ``products`` or ``words`` are read, or written during a rebuild."""
        return f"{self.prefix}-{kind}" + ("-building" if building else "")

    def generations(self) -> list[str]:
        """Return the numbers of all generations, the oldest first."""
        start = f"{self.prefix}-products-0"
        found = self._trying(lambda: self.client.indices.get(index=f"{start}*", params=_NAMES))
        return sorted(name.rpartition("-")[2] for name in found)

    def targets(self) -> list[bool]:
        """Say which generations must be written: the current one (False), one being built (True).

        Raises `IndexMissing` when there is none of this version.
        """
        every = f"{self.prefix}-products-0*"
        found = self._trying(lambda: self.client.indices.get_alias(index=every))
        names = {
            alias for own in found.values() if isinstance(own, dict) for alias in own["aliases"]
        }
        ready = [flag for flag in (False, True) if self.alias("products", building=flag) in names]
        if not ready:
            raise IndexMissing(directory=self.prefix, why="no index of this version")
        return ready

    def is_empty(self) -> bool:
        """Say whether there is no index of this version to search in."""
        name = self.alias("products")
        return not self._trying(lambda: self.client.indices.exists_alias(name=name))

    def create_generation(self) -> str:
        """Create the two empty indexes of the next generation and return its number."""
        number = f"{int(max(self.generations(), default='0')) + 1:06d}"
        for kind, body in (("products", _PRODUCTS), ("words", _WORDS)):
            created = {**body, "aliases": {self.alias(kind, building=True): {}}}
            name = f"{self.prefix}-{kind}-{number}"
            self._create(name, created)
        return number

    def _create(self, name: str, body: Mapping[str, Any]) -> None:
        self._trying(lambda: self.client.indices.create(index=name, body=body))

    def switch(self, number: str) -> None:
        """Make a generation the current one in one step once it has its copies; drop the oldest."""
        names = {kind: f"{self.prefix}-{kind}-{number}" for kind in ("products", "words")}
        every = ",".join(names.values())
        self._trying(lambda: self.client.indices.refresh(index=every))
        self._await_copies(every)
        actions: list[Any] = []
        for kind, name in names.items():
            own = self.alias(kind)
            actions += [
                {
                    "remove": {
                        "index": f"{self.prefix}-{kind}-0*",
                        "alias": own,
                        "must_exist": False,
                    }
                },
                {"remove": {"index": name, "alias": self.alias(kind, building=True)}},
                {"add": {"index": name, "alias": own}},
            ]
        self._trying(lambda: self.client.indices.update_aliases(body={"actions": actions}))
        for old in self.generations()[:-_KEPT_GENERATIONS]:
            self.drop(old)

    def _await_copies(self, names: str) -> None:
        """Wait until every shard has its copy, if the cluster has room for one."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            status = self._trying(lambda: self.client.cluster.health(index=names))["status"]
            if status == "green" or (status == "yellow" and time.monotonic() > until):
                return
            if time.monotonic() > until:
                raise IndexUnhealthy(directory=names, why="a part of the index is on no node")
            time.sleep(0.1)

    def drop(self, number: str) -> None:
        """Delete a generation."""
        names = ",".join(f"{self.prefix}-{kind}-{number}" for kind in ("products", "words"))
        params = {"ignore_unavailable": "true"}
        self._trying(lambda: self.client.indices.delete(index=names, params=params))

    def drop_all(self) -> None:
        """Delete everything under this prefix; for tests and evaluations."""
        for number in self.generations():
            self.drop(number)

    def write(self, lines: Iterable[Request]) -> None:
        """Write documents; returns when every one is on its shard and on the copies in sync.

        ``lines`` are actions on an alias, those that index followed by their source. A document that a
        newer one has overtaken counts as written. Raises `IndexMissing` for an alias that is gone and
        `IndexUnhealthy` for a document that was refused.
        """
        body = list(lines)
        if not body:
            return
        params = {**_ALIASES, "request_timeout": _WRITTEN_WITHIN}
        answer = self._trying(lambda: _accepted(self.client.bulk(body=body, params=params)))
        for item in answer["items"]:
            own = next(iter(item.values()))
            if "error" in own and own["status"] != 409:
                kind = IndexMissing if own["status"] == 404 else IndexUnhealthy
                raise kind(directory=self.prefix, why=str(own["error"])[:300])

    def ask(self, index: str, bodies: Sequence[Request]) -> list[dict[str, Any]]:
        """Answer several questions at once, each by all shards or not at all; raises `IndexUnhealthy`."""
        if time.monotonic() < self._lost_until:
            raise IndexUnhealthy(directory=self.prefix, why="no answer a moment ago")
        head = {"index": index, "allow_partial_search_results": False}
        body = [line for own in bodies for line in (head, own)]
        params = {"request_timeout": _ANSWER_WITHIN}

        def call() -> Any:
            return _answered(self.client.msearch(body=body, params=params))

        try:
            return list(self._trying(call, READER_PATIENCE_SECONDS)["responses"])
        except IndexMissing:
            raise
        except IndexUnhealthy:
            self._lost_until = time.monotonic() + _REST_SECONDS
            raise

    def every(self, index: str, fields: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        """Yield the kept values of fields of every product, by their number."""
        after: list[int] = [-1]
        while after:
            body = {
                "size": 5_000,
                "sort": ["product_id"],
                "search_after": after,
                "_source": False,
                "docvalue_fields": list(fields),
            }
            hits = self.ask(index, [body])[0]["hits"]["hits"]
            yield from (hit["fields"] for hit in hits)
            after = hits[-1]["sort"] if hits else []

    def make_findable(self) -> None:
        """Make everything written findable now; otherwise it is after a second."""
        names = f"{self.alias('products')},{self.alias('words')}"
        self._trying(lambda: self.client.indices.refresh(index=names))

    def size_bytes(self) -> int:
        """Return how much disk the current generation takes, without copies."""
        names = f"{self.alias('products')},{self.alias('words')}"
        found = self._trying(lambda: self.client.indices.stats(index=names))
        return int(found["_all"]["primaries"]["store"]["size_in_bytes"])

    def _trying(self, call: Callable[[], Any], patience: float = PATIENCE_SECONDS) -> Any:
        """Repeat a call while nodes come and go; raises `IndexUnhealthy` in the end."""
        from opensearchpy.exceptions import ConnectionError as NoConnection
        from opensearchpy.exceptions import NotFoundError, OpenSearchException, TransportError

        until = time.monotonic() + patience
        while True:
            try:
                return call()
            except NotFoundError as error:
                raise IndexMissing(directory=self.prefix, why="no index of this version") from error
            except (NoConnection, _Later) as error:
                cause: Exception = error
            except TransportError as error:
                if error.status_code not in (429, 502, 503, 504):
                    raise IndexUnhealthy(directory=self.prefix, why=str(error)[:300]) from error
                cause = error
            except OpenSearchException as error:
                raise IndexUnhealthy(directory=self.prefix, why=str(error)[:300]) from error
            if time.monotonic() > until:
                raise IndexUnhealthy(directory=self.prefix, why=str(cause)[:300]) from cause
            time.sleep(0.1)


class _Later(Exception):  # noqa: N818  # nothing is wrong yet
    """A part of the cluster cannot answer now; another part will take over."""


def _answered(answer: Any) -> Any:
    for own in answer["responses"]:
        status = own.get("status", 200)
        if status == 404:
            raise IndexMissing(directory="", why="no index of this version")
        if status in (429, 500, 502, 503, 504):
            raise _Later(str(own.get("error"))[:300])
        if status >= 300:
            raise IndexUnhealthy(directory="", why=str(own.get("error"))[:300])
    return answer


def _accepted(answer: Any) -> Any:
    if answer["errors"]:
        for item in answer["items"]:
            own = next(iter(item.values()))
            if own["status"] in (429, 500, 502, 503, 504):
                raise _Later(str(own.get("error"))[:300])
    return answer


def upsert(
    index: str, document: ProductDocument, weights: Mapping[str, float], version: int
) -> list[Request]:
    """Return the lines that write a product: its terms, each with what it says as a frequency."""
    terms = " ".join(f"{t}|{max(1, round(w * SCALE))}" for t, w in weights.items() if " " not in t)
    source = {"product_id": document.product_id, "digest": document.digest, FIELD: terms}
    return [action("index", index, document.product_id, version), source]


def action(what: str, index: str, key: object, version: int) -> Request:
    """Return the line that says what to do with a document, unless a newer one is there."""
    own = {"_index": index, "_id": str(key), "version": version, "version_type": "external_gte"}
    return {what: own}


_ALIASES = {"require_alias": "true"}
"""So that a name which is gone is an error and does not become an index."""
_NAMES = {"expand_wildcards": "all"}
_PRODUCTS: Mapping[str, Any] = {
    "settings": {
        "number_of_shards": _SHARDS,
        "number_of_replicas": 1,
        "refresh_interval": "1s",
        "max_result_window": _MOST_HITS,
        # How long a deletion is remembered against an older write that comes later.
        "gc_deletes": "1h",
        "unassigned.node_left.delayed_timeout": "0",
        "similarity": {
            "said": {
                "type": "scripted",
                "script": {"source": f"return query.boost * doc.freq / {SCALE}.0;"},
            }
        },
        "analysis": {
            "filter": {"said": {"type": "delimited_term_freq", "delimiter": "|"}},
            "analyzer": {"said": {"type": "custom", "tokenizer": "whitespace", "filter": ["said"]}},
        },
    },
    "mappings": {
        "dynamic": "strict",
        "_source": {"excludes": [FIELD]},
        "properties": {
            "product_id": {"type": "long"},
            "digest": {"type": "keyword", "index": False},
            FIELD: {
                "type": "text",
                "analyzer": "said",
                "index_options": "freqs",
                "norms": False,
                "similarity": "said",
            },
        },
    },
}
_WORDS: Mapping[str, Any] = {
    "settings": {
        "number_of_shards": 1,
        "auto_expand_replicas": "0-2",
        "refresh_interval": "500ms",
        "gc_deletes": "1h",
    },
    "mappings": {
        "dynamic": "strict",
        "properties": {"kind": {"type": "keyword"}, "content": {"type": "binary"}},
    },
}
