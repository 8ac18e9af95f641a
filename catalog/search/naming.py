"""Knows which part of a text names a product type, a quality or a place, in whatever language."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from catalog.search.analysis import bengali_key, bengali_stem, exact, ideographs, word_key
from catalog.search.scripts import Run, Script, fold, runs
from catalog.search.sounds import LEAST_KEY, forget_syllables, heard_key, spoken_keys
from catalog.search.taxonomy import MARK_SIGN, PLACE_SIGN, TYPE_SIGN, nodes, places

Kind = Literal["type", "mark", "place"]
_KINDS: dict[str, Kind] = {TYPE_SIGN: "type", MARK_SIGN: "mark", PLACE_SIGN: "place"}
LONGEST = 6
LONGEST_HEARD = 12
HEARD = 0.9
OF, AT = "ের", "ে"
"""Bengali endings that even a short name may have."""
OTHER_TONES = 0.8
ONE_SYLLABLE_WITHOUT_TONES = 0.6
_STRAY = frozenset({"の", "と", "や", "に", "で", "が", "を", "は", "的", "和", "与", "之"})
_SMALL_WORDS = """the of and with for from in de du des d la le les et au aux en a l der die das den dem und aus von mit fur im zum"""


@dataclass(frozen=True, slots=True)
class Named:
    """A part of a query that names something: runs ``start`` to ``end`` of the query.

    In a row of CJK signs, ``first`` to ``last`` bound the signs. ``terms`` are index terms of what
    is named, ``boost`` how sure that is.
    """

    start: int
    end: int
    terms: tuple[str, ...]
    kind: Kind
    boost: float = 1.0
    first: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True)
class _Name:
    term: str
    spelling: tuple[str, ...] | None
    """The words with their tones where the name is Vietnamese, else None."""
    folded: tuple[str, ...]


def find_names(
    query: Sequence[Run],
    keys: Sequence[tuple[str, ...]],
    is_sold: Callable[[str], bool] = lambda _term: True,
) -> list[Named]:
    """Return what a query names, longest names first, none over another.

    ``keys`` gives for each run the keys that it may stand for (its own, a better spelling). Where
    nothing ``is_sold`` of what a long name names, a shorter one that begins there goes before it: who
    asks for fruit wine where there is none is shown wine.
    """
    found: list[Named] = []
    at = 0
    while at < len(query):
        if query[at].script in ("cjk", "ko"):
            found += _in_signs(query[at], at, is_sold)
            at += 1
            continue
        named = _longest_at(query, keys, at, is_sold)
        found += named
        at = named[0].end if named else at + 1
    return found


def _longest_at(
    query: Sequence[Run],
    keys: Sequence[tuple[str, ...]],
    start: int,
    is_sold: Callable[[str], bool],
) -> list[Named]:
    script = query[start].script
    end = start
    while end < len(query) and end - start < LONGEST and query[end].script == script:
        end += 1
    longest: list[Named] = []
    for stop in range(end, start, -1):
        for boost, key in _spellings(keys[start:stop]):
            names = _by_words().get(key)
            found = _named(query, start, stop, names, boost) if names else []
            if any(is_sold(term) for named in found for term in named.terms):
                if boost < 1 and script == "bn":  # a better spelling may hide a longer name
                    heard = _heard_words(query[start:end], start)
                    return heard if heard and heard[0].end > stop else found
                return found
            longest = longest or found
    return longest or _heard_words(query[start:end], start)


def _heard_words(words: Sequence[Run], start: int) -> list[Named]:
    """Return what Bengali words name by their sound, of the most words."""
    if words[0].script != "bn":
        return []
    for length in range(len(words), 0, -1):
        row, last = "".join(run.text for run in words[: length - 1]), words[length - 1].text
        for own in (last, bengali_stem(last), last.removesuffix(OF), last.removesuffix(AT)):
            terms = heard_terms("bn", row + own)
            if terms:
                named = _of_kinds(terms, start, 0, 0)
                return [replace(n, end=start + length, boost=HEARD) for n in named]
    return []


def _spellings(keys: Sequence[tuple[str, ...]]) -> Iterator[tuple[float, tuple[str, ...]]]:
    own = tuple(key[0] for key in keys)
    yield 1.0, own
    if len(own) > 1:
        yield 0.95, ("".join(own),)
        yield 0.9, ("", *sorted(own))
    for at, others in enumerate(keys):
        for other in others[1:]:
            parts = tuple(other.split(" "))
            yield 0.9, (*own[:at], *parts, *own[at + 1 :])
    best = tuple(part for key in keys for part in key[-1].split(" "))
    if best != own:
        yield 0.85, best
        yield 0.8, ("", *sorted(best))


def _named(
    query: Sequence[Run], start: int, stop: int, names: Iterable[_Name], boost: float
) -> list[Named]:
    terms: dict[Kind, dict[str, float]] = {}
    typed = tuple(exact(run.text) for run in query[start:stop])
    marked = any(fold(word) != word for word in typed)
    folded = tuple(fold(word) for word in typed)
    # "épices" are spices, although they share their key with "épicé".
    names = [name for name in names if name.folded == folded] or names
    for name in names:
        sure = boost
        if name.spelling is not None and len(name.spelling) == len(typed):
            if marked and name.spelling != typed:
                if len(typed) == 1 or boost < 1:
                    continue
                sure *= OTHER_TONES
            elif not marked and len(typed) == 1 and fold(name.spelling[0]) != name.spelling[0]:
                sure *= ONE_SYLLABLE_WITHOUT_TONES
        own = terms.setdefault(_KINDS[name.term[0]], {})
        own[name.term] = max(sure, own.get(name.term, 0.0))
    found = []
    for kind, sureness in terms.items():
        best = max(sureness.values())
        kept = tuple(term for term, sure in sureness.items() if sure == best)
        found.append(Named(start, stop, kept, kind, best))
    return found


def _in_signs(run: Run, at: int, is_sold: Callable[[str], bool]) -> list[Named]:
    row = ideographs(run.text) if run.script == "cjk" else run.text
    longest, table = _by_signs()
    found: list[Named] = []
    place = 0
    while place < len(row):
        lengths = [
            length
            for length in range(min(longest, len(row) - place), 0, -1)
            if row[place : place + length] in table
            and (length > 1 or _stands_alone(run, row, place, found))
        ]
        sold = (n for n in lengths if any(map(is_sold, table[row[place : place + n]])))
        length = next(sold, lengths[0] if lengths else 0)
        if length:
            found += _of_kinds(table[row[place : place + length]], at, place, place + length)
        elif place == (found[-1].last if found else 0) or row[place - 1] in _STRAY:
            heard = _heard_at(run.script, row, place, at)
            found += heard
            length = heard[0].last - place if heard else 0
        place += length or 1
    return found


def _heard_at(script: Script, row: str, place: int, at: int) -> list[Named]:
    """Return what the longest part of a row from here on names by its sound."""
    for stop in range(min(len(row), place + LONGEST_HEARD), place + 1, -1):
        terms = heard_terms(script, row[place:stop])
        if terms:
            return [replace(n, boost=HEARD) for n in _of_kinds(terms, at, place, stop)]
    return []


def heard_terms(script: Script, row: str) -> tuple[str, ...]:
    """Return the terms of the Vietnamese names that a row of signs sounds like."""
    key = heard_key(script, row)
    return _by_sounds(script).get(key, ()) if len(key) >= LEAST_KEY else ()


@cache
def _by_sounds(script: Script) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for locale, name, term in _all_names():
        if locale == "vi" and " " in name and name.count(" ") < 4 and term[0] != MARK_SIGN:
            for key in spoken_keys(script, name):
                if len(key) >= LEAST_KEY:
                    found.setdefault(key, {})[term] = None
    forget_syllables()
    once: dict[tuple[str, ...], tuple[str, ...]] = {}
    return {key: once.setdefault(tuple(terms), tuple(terms)) for key, terms in found.items()}


def _stands_alone(run: Run, row: str, place: int, found: list[Named]) -> bool:
    """Say whether one sign is a word here: alone, behind a name, or the head of a Han row."""
    if len(row) == 1 or (found and found[-1].last == place):
        return True
    if run.script == "ko":
        return False
    return place == len(row) - 1 or (place > 0 and row[place - 1] in _STRAY)


def _of_kinds(terms: Iterable[str], at: int, first: int, last: int) -> list[Named]:
    by_kind: dict[Kind, list[str]] = {}
    for term in terms:
        by_kind.setdefault(_KINDS[term[0]], []).append(term)
    return [
        Named(at, at + 1, tuple(own), kind, first=first, last=last) for kind, own in by_kind.items()
    ]


def is_name(run: Run) -> bool:
    """Say whether a whole row of signs is a name."""
    row = ideographs(run.text) if run.script == "cjk" else run.text
    return row in _by_signs()[1]


def stray_signs(signs: str) -> bool:
    """Say whether signs between names are only particles."""
    return all(sign in _STRAY for sign in signs)


def name_key(name: str) -> tuple[str, ...]:
    """Return the keys of the words of a name, without small words of European languages."""
    found = runs(name)
    keys = [bengali_key(r.text) if r.script == "bn" else word_key(r.text) for r in found]
    kept = [key for key in keys if key not in _SMALL_WORDS.split()]
    return tuple(kept or keys)


def _all_names() -> Iterator[tuple[str, str, str]]:
    """Yield locale, name and term of everything that has a name."""
    for node in nodes().values():
        for locale, names in node.names.items():
            for name in names:
                yield locale, name, node.term
        for phrase in node.phrases:
            yield "vi", " ".join(phrase), node.term
    for place in places().values():
        for locale, names in place.names.items():
            for name in names:
                yield locale, name, place.term


def near_bengali(key: str) -> tuple[str, ...]:
    """Return the words of names that one slip makes of an unknown Bengali word, or that go on."""
    words = _bengali_words()
    if key in words or len(key) < 3:
        return ()
    from rapidfuzz.distance import OSA

    slips = [word for word in words if OSA.distance(word, key, score_cutoff=1) <= 1]
    if len(key) == 3:  # of so short a word the beginning and the length must be right
        return tuple(word for word in slips if word[0] == key[0] and len(word) == 3)[:3]
    return tuple(slips or [word for word in words if word.startswith(key)])[:3]


@cache
def _bengali_words() -> frozenset[str]:
    return frozenset(
        word for key in _by_words() for word in key if word and "\u0980" <= word[0] <= "\u09ff"
    )


@cache
def _by_words() -> dict[tuple[str, ...], tuple[_Name, ...]]:
    found: dict[tuple[str, ...], list[_Name]] = {}
    for locale, name, term in _all_names():
        row = runs(name)
        if not row or any(run.script in ("cjk", "ko") for run in row):
            continue
        vietnamese = locale == "vi"
        words = tuple(exact(run.text) for run in row) if vietnamese else None
        key = tuple(word_key(run.text) for run in row) if vietnamese else name_key(name)
        own = _Name(term, words, tuple(fold(run.text) for run in row))
        spellings = [key]
        if len(key) > 1:
            spellings.append(("".join(key),))
            if not vietnamese:
                spellings.append(("", *sorted(key)))
        for spelling in spellings:
            known = found.setdefault(spelling, [])
            if own not in known:
                known.append(own)
    return {key: tuple(names) for key, names in found.items()}


@cache
def _by_signs() -> tuple[int, dict[str, tuple[str, ...]]]:
    found: dict[str, dict[str, None]] = {}
    for _, name, term in _all_names():
        row = runs(name)
        if not row or any(run.script not in ("cjk", "ko") for run in row):
            continue
        whole = "".join(ideographs(r.text) if r.script == "cjk" else r.text for r in row)
        found.setdefault(whole, {})[term] = None
    longest = max((len(row) for row in found), default=0)
    return longest, {row: tuple(terms) for row, terms in found.items()}
