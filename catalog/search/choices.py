"""Knows how what a query names becomes choices and units of a plan."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from catalog.search.analysis import bengali_key, ideographs, pairs, word_key, word_tokens
from catalog.search.document import CHAIN_SIGN
from catalog.search.naming import Named
from catalog.search.plan import Choice, Leaf, Unit, Word
from catalog.search.scripts import Run
from catalog.search.taxonomy import TYPE_SIGN, wider_terms

NAMED_BOOST = 1.0
WIDER_BOOST = 0.7
"""Of a family that shares its name with one of its own kinds: "phở" stands for noodles, too."""
BESIDE_TYPE = 0.6
"""What the typed words themselves count where they name a type: a text may speak of other things."""
STEM_BOOST = {True: 0.95, False: 0.7}
SURE_SHARE = 0.19
"""How much of a type counts only for what is of it; what only speaks of it stays a hit (`STRICT_SHARE`)."""


def sure(units: Iterable[Unit]) -> list[Unit]:
    """Return units with a share of each that names a type only for what is of that type.

    The texts of other goods speak of it, too ("goes with tea"); they match without that share. Words of
    one name share one unit for it, which scoring makes up once.
    """
    sign = CHAIN_SIGN["concept"] + TYPE_SIGN
    found: list[Unit] = []
    shares: dict[tuple[Choice, ...], float] = {}
    for unit in units:
        of_type = tuple(
            choice
            for choice in unit.choices[1:]
            if all(leaf.term.startswith(sign) for word in choice.words for leaf in word)
        )
        if unit.choices[0].boost == BESIDE_TYPE and of_type:
            share = SURE_SHARE * unit.weight
            shares[of_type] = shares.get(of_type, 0.0) + share
            unit = replace(unit, weight=unit.weight - share)  # noqa: PLW2901
        found.append(unit)
    return found + [Unit(of_type, weight) for of_type, weight in shares.items()]


def phrase_keys(run: Run) -> tuple[str, ...]:
    """Return the keys by which names are looked up for a word of a phrase."""
    return (bengali_key(run.text) if run.script == "bn" else word_key(run.text),)


@lru_cache(maxsize=1024)
def named_choice(named: Named) -> Choice:
    """Return the choice of everything that is what was named; what is wider counts less."""
    wider = wider_terms(named.terms)
    leaves = (
        Leaf(CHAIN_SIGN["concept"] + t, WIDER_BOOST if t in wider else 1.0) for t in named.terms
    )
    return Choice((tuple(leaves),), NAMED_BOOST * named.boost)


def bengali_forms(run: Run) -> Word:
    """Return a Bengali word and its stem, which counts a little less."""
    found = word_tokens("bn", run.text)
    return tuple(
        Leaf(CHAIN_SIGN["bn"] + form, 1.0 if at == 0 else STEM_BOOST[True])
        for at, form in enumerate(found)
    )


def sign_terms(run: Run) -> Sequence[str]:
    """Return the terms of a row of signs that was typed: its pairs, or the one sign."""
    sign = CHAIN_SIGN[run.script]
    row = ideographs(run.text) if run.script == "cjk" else run.text
    return [sign + pair for pair in pairs(row)] or [sign + row]
