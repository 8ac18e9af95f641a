"""Knows the product types and places of these goods and their names in every language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from catalog.search.analysis import tokens
from catalog.search.scripts import fold

Names = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Node:
    """A product type: its parents, the Vietnamese phrases that mark it, its names by locale."""

    key: str
    parents: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]
    names: Names = field(hash=False)


@dataclass(frozen=True, slots=True)
class Found:
    """The nodes of a product: what it is, and what else its name speaks of (parts and marks)."""

    main: tuple[str, ...]
    other: tuple[str, ...]


def find_nodes(name_vi: str) -> Found:
    """Return the nodes that a Vietnamese product name speaks of, without their parents.

    The first phrase of a Vietnamese name is the thing itself, later ones are what goes into it.
    """
    words = tuple(tokens("exact", name_vi))
    hits = _longest(_matches(words))
    first = min((hit[0] for hit in hits if hit[2] not in MARKS), default=None)
    main = [key for start, _, key in hits if start == first and key not in MARKS]
    # A narrower word for the same thing comes later: "giỏ lục bình" is a basket of water hyacinth.
    main += [key for _, _, key in hits if set(nodes()[key].parents) & set(main)]
    other = [key for _, _, key in hits if key not in main]
    return Found(tuple(dict.fromkeys(main)), tuple(dict.fromkeys(other)))


MARKS = frozenset({"organic", "gift", "premium", "spicy", "vegan"})
"""Nodes that say how a product is; they hold wherever they stand in a name."""


def _matches(words: tuple[str, ...]) -> list[tuple[int, int, str]]:
    found = []
    for start in range(len(words)):
        for phrase, keys in _phrases_by_first_word().get(words[start], ()):
            end = start + len(phrase)
            if words[start:end] == phrase:
                found += [(start, end, key) for key in keys]
    return found


def _longest(hits: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Drop a hit that lies inside a longer one."""
    return [
        hit
        for hit in hits
        if not any(
            other[0] <= hit[0] and hit[1] <= other[1] and other[1] - other[0] > hit[1] - hit[0]
            for other in hits
        )
    ]


def with_parents(keys: Iterable[str]) -> list[str]:
    """Return known keys and all their ancestors, each once, nearest first."""
    line = [key for key in keys if key in nodes()]
    for key in line:  # grows while it is read
        line += [p for p in nodes()[key].parents if p in nodes() and p not in line]
    return list(dict.fromkeys(line))


def names_of(keys: Iterable[str]) -> dict[str, list[str]]:
    """Return the names of nodes by locale."""
    found: dict[str, list[str]] = {}
    for key in keys:
        for locale, names in nodes()[key].names.items():
            found.setdefault(locale, []).extend(names)
    return found


def place_of_key(key: str) -> str:
    """Return the Vietnamese name of a place from a key such as ``phu_quoc``, else the plain key."""
    plain = key.replace("_", " ").strip()
    for listed in _places().values():
        for phrase, _ in listed:
            if plain == " ".join(fold(word) for word in phrase):
                return " ".join(phrase)
    return plain


def place_names(text_vi: str) -> dict[str, list[str]]:
    """Return the foreign names, by locale, of the places that a Vietnamese text speaks of."""
    words = tuple(tokens("exact", text_vi))
    found: dict[str, list[str]] = {}
    for start in range(len(words)):
        for phrase, names in _places().get(words[start], ()):
            if words[start : start + len(phrase)] == phrase:
                for locale, own in names.items():
                    found.setdefault(locale, []).extend(own)
    return found


@cache
def nodes() -> dict[str, Node]:
    """Return all product types by key."""
    found: dict[str, Node] = {}
    head = ""
    names: dict[str, tuple[str, ...]] = {}
    for line in [*_lines("taxonomy.txt"), "end"]:
        if line.startswith(" "):
            locale, _, listed = line.strip().partition(":")
            names["zh-hans" if locale == "zh" else locale] = _split(listed)
            continue
        if head:
            node = _node(head, names)
            found[node.key] = node
        head, names = line, {}
    return found


def _node(head: str, names: dict[str, tuple[str, ...]]) -> Node:
    left, _, phrases = head.partition("=")
    key, _, parents = left.partition("<")
    listed = [] if phrases.strip() == "-" else (_split(phrases) or names.get("vi", ()))
    return Node(
        key=key.strip(),
        parents=tuple(parents.split()),
        phrases=tuple(tuple(tokens("exact", phrase)) for phrase in listed),
        names=names,
    )


@cache
def _phrases_by_first_word() -> dict[str, list[tuple[tuple[str, ...], list[str]]]]:
    keys: dict[tuple[str, ...], list[str]] = {}
    for node in nodes().values():
        for phrase in node.phrases:
            keys.setdefault(phrase, []).append(node.key)
    found: dict[str, list[tuple[tuple[str, ...], list[str]]]] = {}
    for phrase, named in keys.items():
        found.setdefault(phrase[0], []).append((phrase, named))
    return found


@cache
def _places() -> dict[str, list[tuple[tuple[str, ...], Names]]]:
    found: dict[str, list[tuple[tuple[str, ...], Names]]] = {}
    for line in _lines("places.txt"):
        vietnamese, *foreign = (_split(part) for part in line.split("|"))
        names = dict(zip(("ja", "ko", "zh-hans", "bn"), foreign, strict=False))
        phrase = tuple(tokens("exact", vietnamese[0]))
        found.setdefault(phrase[0], []).append((phrase, names))
    return found


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _lines(file: str) -> list[str]:
    text = resources.files("catalog.search").joinpath(file).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
