"""Knows what search keeps of one product and which terms it is found by."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import lru_cache

from catalog.search.analysis import word_tokens
from catalog.search.scripts import cut, fold

CHAIN_SIGN = {
    "fold": "f",
    "exact": "x",
    "en": "e",
    "fr": "r",
    "de": "d",
    "cjk": "c",
    "ko": "k",
    "bn": "b",
    "concept": "n",
}
"""The first letter of a term names its chain, so that one index field holds all chains."""
PAIR_SIGN = "2"
"""Terms of two neighbouring words of a name: what a phrase query would need positions for."""
TERMS_VERSION = 6
"""Raised when a change here, in the analysis or in the schema needs a rebuild."""

K1 = 1.2
TIE = 0.2
_PARTS = {"name": (3.0, 0.0, 60), "taxonomy": (2.0, 0.0, 1), "text": (0.8, 0.4, 220)}
"""Of each part of a document: weight, how much length matters, usual number of terms."""
_COUNTED = 12
"""Beyond so many times, a term that occurs once more says nothing more."""
_STEMMED = ("en", "fr", "de")


@dataclass(frozen=True, slots=True)
class Claim:
    """Stars that a product may show from one day to another, both inclusive."""

    stars: int
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class ProductDocument:
    """One product as search knows it; texts are by locale, ``taxonomy`` in all locales.

    ``concepts`` are terms of types, qualities and places with their weights (`taxonomy.concepts`).
    ``price`` is in minor units, ``published`` in seconds since 1970, ``listed_until`` the last day
    on which the product may be listed (None: no end known). ``types`` are keys of the taxonomy; they
    and the slugs are for suggestions.
    """

    product_id: int
    names: Mapping[str, str]
    descriptions: Mapping[str, str] = field(default_factory=dict)
    taxonomy: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    minor_taxonomy: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    concepts: Mapping[str, float] = field(default_factory=dict)
    producer: str = ""
    places: tuple[str, ...] = ()
    province: str = ""
    group: str = ""
    subgroup: str = ""
    claims: tuple[Claim, ...] = ()
    price: int = 0
    published: int = 0
    listed_until: date | None = None
    slug: str = ""
    producer_slug: str = ""
    types: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Sixteen hex digits that change whenever anything here changes."""
        content = json.dumps(
            [TERMS_VERSION, *(getattr(self, own.name) for own in fields(self))],
            sort_keys=True,
            default=str,
            ensure_ascii=False,
        )
        return hashlib.sha256(content.encode()).hexdigest()[:16]


def impacts(document: ProductDocument) -> dict[str, float]:
    """Return the index terms of a product and how much each says about it (0 to about 6).

    A word in the name weighs most, then the names of its type and place, then descriptions; the
    best of them counts, with a tenth of the others. Frequencies are saturated as in BM25.
    """
    weights: dict[str, float] = {}
    several: dict[str, list[float]] = {}
    for part, listed in _terms(document).items():
        boost, share, usual = _PARTS[part]
        norm = K1 * (1 - share + share * len(listed) / usual)
        scale = [boost * often * (K1 + 1) / (often + norm) for often in range(_COUNTED)]
        for term, often in Counter(listed).items():
            weight = scale[min(often, _COUNTED - 1)]
            if term in weights:
                several.setdefault(term, [weights[term]]).append(weight)
            else:
                weights[term] = weight
    for term, own in several.items():
        weights[term] = (1 - TIE) * max(own) + TIE * sum(own)
    return weights | {
        CHAIN_SIGN["concept"] + term: weight for term, weight in document.concepts.items()
    }


def _terms(document: ProductDocument) -> dict[str, list[str]]:
    name: list[str] = []
    taxonomy: list[str] = []
    text: list[str] = []
    for locale, value in document.names.items():
        name += text_terms(value, locale, with_pairs=True)
    for locale, values in document.taxonomy.items():
        # A word that many names of a node share is no more important for that.
        taxonomy += _once(t for v in values for t in _name_terms(v, locale))
    for place in document.places:
        taxonomy += text_terms(place, "vi", with_pairs=True)
    taxonomy += text_terms(document.producer, "vi", with_pairs=True)
    for locale, values in document.minor_taxonomy.items():
        text += _once(t for v in values for t in _name_terms(v, locale))
    for locale, value in document.descriptions.items():
        text += text_terms(value, locale)
    return {"name": name, "taxonomy": _once(taxonomy), "text": text}


@lru_cache(maxsize=8192)
def _name_terms(name: str, locale: str) -> tuple[str, ...]:
    """Return the terms of a name that many products share."""
    return tuple(text_terms(name, locale, with_pairs=True))


def text_terms(text: str, locale: str, *, with_pairs: bool = False) -> list[str]:
    """Return the terms of a text in one language; a word in Latin letters is folded in any.

    Spellings with tones and stems are terms only where they differ from the folded word.
    """
    found: list[str] = []
    before = ""
    for word, cjk, ko, bn in cut(text):
        if not word:
            found += _sign_terms("cjk", cjk) if cjk else _sign_terms("ko" if ko else "bn", ko or bn)
            before = ""
            continue
        terms = _word_terms(word, locale)
        found += terms
        if with_pairs:
            plain = terms[0][1:]
            if before:
                found.append(pair_term(before, plain))
            before = plain
    return found


@lru_cache(maxsize=4096)
def _sign_terms(script: str, row: str) -> tuple[str, ...]:
    """Return the terms of a row of signs or of a Bengali word."""
    sign = CHAIN_SIGN[script]
    return tuple(sign + token for token in word_tokens(script, row))


@lru_cache(maxsize=65_536)
def _word_terms(text: str, locale: str) -> tuple[str, ...]:
    """Return the terms of one word, the folded word first."""
    word = fold(text)
    found = ["f" + word]
    if locale == "vi":
        found += ["x" + own for own in word_tokens("exact", text) if own != word]
    elif locale in _STEMMED:
        sign = CHAIN_SIGN[locale]
        found += [sign + stem for stem in word_tokens(locale, text) if stem != word]
    return tuple(found)


def pair_term(first: str, second: str) -> str:
    """Return the term of two neighbouring folded words."""
    return f"{PAIR_SIGN}{first}_{second}"


def _once(found: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(found))
