"""Knows the product types and places of these goods and their names in every language."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from catalog.search.analysis import tokens
from catalog.search.scripts import fold

Names = Mapping[str, tuple[str, ...]]
TYPE_SIGN = "t"
MARK_SIGN = "m"
PLACE_SIGN = "p"
"""First letters of the index terms of types, of qualities and of places."""
MAIN, PARENT, GRANDPARENT, PART = 3.0, 1.8, 1.3, 0.9
MARKED, LIES_IN, SHARED_PLACE = 2.4, 2.4, 1.2
"""Weights of those terms: what a product is weighs most, what goes into it least."""


@dataclass(frozen=True, slots=True)
class Node:
    """A product type: its parents, the Vietnamese phrases that mark it, its names by locale.

    A wish is a quality that no name of a product speaks of: what the goods below it are good for. Its
    names are found through its term only, so that "side dish for rice" makes nothing rice.
    """

    key: str
    parents: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]
    names: Names = field(hash=False)
    is_mark: bool = False
    is_wish: bool = False

    @property
    def term(self) -> str:
        """The index term of products of this type, or of this quality."""
        return (MARK_SIGN if self.is_mark else TYPE_SIGN) + self.key


@dataclass(frozen=True, slots=True)
class Place:
    """A place that goods come from: the one it lies in, its Vietnamese name, its names by locale."""

    key: str
    parent: str
    phrase: tuple[str, ...]
    names: Names = field(hash=False)

    @property
    def term(self) -> str:
        """The index term of goods from this place."""
        return PLACE_SIGN + self.key


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
    first = min((hit[0] for hit in hits if not nodes()[hit[2]].is_mark), default=None)
    main = [key for start, _, key in hits if start == first and not nodes()[key].is_mark]
    # A narrower word for the same thing comes later: "giỏ lục bình" is a basket of water hyacinth.
    main += [key for _, _, key in hits if set(nodes()[key].parents) & set(main)]
    other = [key for _, _, key in hits if key not in main]
    return Found(tuple(dict.fromkeys(main)), tuple(dict.fromkeys(other)))


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


@cache
def wider_terms(terms: tuple[str, ...]) -> frozenset[str]:
    """Return those of some terms of nodes that are ancestors of another of them."""
    by_term = {node.term: key for key, node in nodes().items() if node.term in terms}
    above = {
        nodes()[far].term for key in by_term.values() for far in with_parents(nodes()[key].parents)
    }
    return frozenset(by_term.keys() & above) if len(terms) > 1 else frozenset()


def names_of(keys: Iterable[str]) -> dict[str, list[str]]:
    """Return the names of nodes by locale."""
    found: dict[str, list[str]] = {}
    for key in keys:
        if nodes()[key].is_wish:
            continue
        for locale, names in nodes()[key].names.items():
            found.setdefault(locale, []).extend(names)
    return found


def concepts(
    main: Iterable[str],
    other: Iterable[str],
    own_places: Iterable[str],
    text_vi: str = "",
    *,
    family: str = "",
) -> dict[str, float]:
    """Return index terms of what a product is, how it is and where it comes from, with weights.

    ``main`` and ``other`` are keys of nodes as in `Found`, ``own_places`` keys of places,
    ``text_vi`` a Vietnamese text that may speak of more places and ``family`` the node of the
    group that the product is filed under.
    """
    found: dict[str, float] = {}

    def add(term: str, weight: float) -> None:
        found[term] = max(weight, found.get(term, 0.0))

    mains = [key for key in main if key in nodes()]
    for key in mains:
        node = nodes()[key]
        add(node.term, MARKED if node.is_mark else MAIN)
        near = [parent for parent in node.parents if parent in nodes()]
        for parent in near:
            add(nodes()[parent].term, PARENT)
        for far in with_parents(near):
            add(nodes()[far].term, GRANDPARENT)
    for key in with_parents([family]):
        add(nodes()[key].term, GRANDPARENT)
    for key in _with_wishes(other):
        if key in nodes():
            add(nodes()[key].term, MARKED if nodes()[key].is_mark else PART)
    listed = [*own_places, *find_places(text_vi)]
    for key in listed:
        place = places().get(key)
        weight = LIES_IN
        while place is not None:
            add(place.term, weight)
            place, weight = places().get(place.parent), SHARED_PLACE
    return found


def _with_wishes(keys: Iterable[str]) -> Iterator[str]:
    """Yield keys and, of qualities, what they are wanted for: without sugar, for diabetics."""
    for key in keys:
        yield key
        if key in nodes() and nodes()[key].is_mark:
            yield from nodes()[key].parents


def find_places(text_vi: str) -> list[str]:
    """Return the keys of the places that a Vietnamese text speaks of, in its order."""
    words = tuple(tokens("exact", text_vi))
    return [
        place.key
        for start in range(len(words))
        for place in _places_by_first_word().get(words[start], ())
        if words[start : start + len(place.phrase)] == place.phrase
    ]


def place_names(text_vi: str) -> dict[str, list[str]]:
    """Return the names, by locale, of the places that a Vietnamese text speaks of."""
    found: dict[str, list[str]] = {}
    for key in find_places(text_vi):
        for locale, own in places()[key].names.items():
            found.setdefault(locale, []).extend(own)
    return found


def place_key(name: str) -> str:
    """Return the key of a place from its name or from a key such as ``phu_quoc``."""
    return "_".join(fold(word) for word in tokens("exact", name.replace("_", " ")))


_COLUMNS = ("vi", "en", "fr", "de", "ja", "ko", "zh-hans", "bn")


@cache
def nodes() -> dict[str, Node]:
    """Return all product types and marks by key."""
    heads: dict[str, str] = {}
    parents: dict[str, list[str]] = {}
    names: dict[str, dict[str, tuple[str, ...]]] = {}
    key = ""
    for line in _lines("taxonomy.txt"):
        if line.startswith(" "):
            locale, _, listed = line.strip().partition(":")
            names[key]["zh-hans" if locale == "zh" else locale] = _split(listed)
            continue
        head, *columns = line.split("|")
        key = re.split("[<=]", head.removeprefix("+"))[0].strip()
        if not line.startswith("+"):
            heads[key] = head
        key = key if key in heads else "~" + key
        if line.startswith("+") and "<" in head:
            parents.setdefault(key, []).extend(head.partition("<")[2].split())
        own = names.setdefault(key, {})
        for locale, listed in zip(_COLUMNS, columns, strict=False):
            own[locale] = tuple(dict.fromkeys([*own.get(locale, ()), *_split(listed)]))
    return {
        key.removeprefix("~"): _node(head, names[key], parents.get(key, ()))
        for key, head in heads.items()
    }


def _node(head: str, names: dict[str, tuple[str, ...]], more_parents: Iterable[str]) -> Node:
    left, _, phrases = head.partition("=")
    key, _, parents = left.partition("<")
    listed = [] if phrases.strip() == "-" else (_split(phrases) or names.get("vi", ()))
    return Node(
        key=key.strip().removeprefix("~"),
        parents=(*parents.split(), *more_parents),
        phrases=tuple(tuple(tokens("exact", phrase)) for phrase in listed),
        names=names,
        is_mark=key.startswith("~"),
        is_wish=key.startswith("~") and not listed,
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
def places() -> dict[str, Place]:
    """Return all places by key, which is the Vietnamese name without marks."""
    found: dict[str, Place] = {}
    for line in _lines("places.txt"):
        left, *foreign = line.split("|")
        own, _, parent = left.partition("<")
        spellings = _split(own)
        names = dict(zip(("ja", "ko", "zh-hans", "bn"), map(_split, foreign), strict=False))
        names["vi"] = spellings
        phrase = tuple(tokens("exact", spellings[0]))
        key = place_key(spellings[0])
        found[key] = Place(key, place_key(parent), phrase, names)
    return found


@cache
def _places_by_first_word() -> dict[str, Sequence[Place]]:
    found: dict[str, list[Place]] = {}
    for place in places().values():
        found.setdefault(place.phrase[0], []).append(place)
    return {word: tuple(listed) for word, listed in found.items()}


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _lines(file: str) -> list[str]:
    text = resources.files("catalog.search").joinpath(file).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
