"""Knows how a cluster's indexes are brought up to the database: changes, a rebuild, a comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from catalog.search.cluster import Cluster, Request, action, upsert
from catalog.search.cluster_view import Gathered, change, tell_words
from catalog.search.document import ProductDocument, impacts
from catalog.search.errors import IndexMissing
from catalog.search.teaching import taught_words


def apply(
    cluster: Cluster,
    documents: Iterable[ProductDocument],
    deletes: Iterable[int],
    *,
    now: datetime,
) -> None:
    """Write products and deletions; what was read of them ``now`` never overwrites what was later.

    A generation that is being built is written too. Raises `IndexUnhealthy`; then nothing is sure, and
    the caller repeats it.
    """
    version = version_of(now)
    own = [(document, impacts(document)) for document in documents]
    gone = list(deletes)

    def lines(products: str, words: str) -> list[Request]:
        found: list[Request] = []
        for document, weights in own:
            found += upsert(products, document, weights, version)
            found += change(words, document.product_id, document, weights, version)
        for product_id in gone:
            found.append(action("delete", products, product_id, version))
            found += change(words, product_id, None, (), version)
        return found

    _write_everywhere(cluster, lines)


def _write_everywhere(cluster: Cluster, lines: Callable[[str, str], list[Request]]) -> None:
    """Write the current generation, and one being built; once more where it was switched meanwhile."""
    for is_last in (False, False, True):
        try:
            for building in cluster.targets():
                products = cluster.alias("products", building=building)
                cluster.write(lines(products, cluster.alias("words", building=building)))
        except IndexMissing:
            if is_last:
                raise
        else:
            return


def version_of(moment: datetime) -> int:
    """Return the version of what was read at a moment: microseconds since 1970."""
    return int(moment.timestamp() * 1_000_000)


def build(
    cluster: Cluster, batches: Iterable[list[ProductDocument]], *, now: datetime, taught: str = ""
) -> int:
    """Write documents into a new generation and switch to it; returns how many there were.

    From the moment its indexes exist, `apply` writes to them as well: nothing is missed. Documents
    must be read after that, so ``batches`` is asked for the first one only then.
    """
    version = version_of(now)
    number = cluster.create_generation()
    products, words = (cluster.alias(kind, building=True) for kind in ("products", "words"))
    try:
        gathered = Gathered()
        for batch in batches:
            lines: list[Request] = []
            for document in batch:
                weights = impacts(document)
                lines += upsert(products, document, weights, version)
                gathered.add(document, weights)
            cluster.write(lines)
        for part in gathered.lines(words, version):
            cluster.write(part)
        cluster.write(tell_words(words, taught, version))
        cluster.switch(number)
    except BaseException:
        cluster.drop(number)
        raise
    cluster.reader.forget()
    return gathered.size


def rebuild(
    session: Session,
    cluster: Cluster,
    *,
    now: datetime,
    batches: Callable[[Session], Iterable[list[ProductDocument]]],
) -> int:
    """Build a new generation from the database; searching and indexing go on meanwhile.

    ``batches`` reads in a transaction of its own, which begins after the new indexes exist.
    """
    with Session(session.get_bind()) as fresh:
        return build(cluster, batches(fresh), now=now, taught=taught_words(session))


def keep_words(session: Session, cluster: Cluster, *, now: datetime) -> bool:
    """Tell those who search what the office taught; False when they know it already."""
    text = taught_words(session)
    if cluster.reader.view().state.taught == text:
        return False
    version = version_of(now)
    _write_everywhere(cluster, lambda _products, words: tell_words(words, text, version))
    return True


def digests(cluster: Cluster) -> dict[int, str]:
    """Return the digest of every product on the cluster, by its id."""
    cluster.make_findable()
    found = cluster.every(cluster.alias("products"), ("product_id", "digest"))
    return {own["product_id"][0]: own["digest"][0] for own in found}
