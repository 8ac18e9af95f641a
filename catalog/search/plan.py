"""Knows how a search text becomes a plan of units, choices and words, for any engine.

User text never reaches a query parser: quotes, stars and operators are not letters and vanish.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from catalog.search.analysis import ideographs, pairs, word_tokens
from catalog.search.document import CHAIN_SIGN, pair_term
from catalog.search.scripts import Run, fold, runs
from catalog.search.synonyms import Phrase, find_spans

MAX_CHARACTERS = 200
MAX_UNITS = 12
EXACT_BOOST = 1.35
STEM_BOOST = {True: 0.95, False: 0.7}
SYNONYM_BOOST = 0.85
MAX_SYNONYMS = 5
"""The first of a concept are Vietnamese, and every product has a Vietnamese name."""
_STOP = {
    "en": ["a", "an", "and", "the", "of", "for", "in", "from", "with", "to", "by", "on", "or"],
    "fr": [
        "de",
        "du",
        "des",
        "la",
        "le",
        "les",
        "et",
        "a",
        "au",
        "aux",
        "en",
        "un",
        "une",
        "pour",
        "avec",
        "dans",
    ],
    "de": [
        "der",
        "die",
        "das",
        "den",
        "dem",
        "des",
        "und",
        "aus",
        "von",
        "mit",
        "fur",
        "im",
        "in",
        "ein",
        "eine",
        "zu",
        "zum",
    ],
}


class Vocabulary(Protocol):
    """What a plan needs to know of the index it will run on."""

    def frequency(self, term: str) -> int:
        """Return in how many documents' names, taxonomy or text a term occurs, roughly."""
        ...

    def starting_with(self, term: str, limit: int) -> list[str]:
        """Return the most frequent terms that begin with ``term``."""
        ...

    def similar(self, word: str, limit: int) -> list[tuple[str, int]]:
        """Return folded words near a folded word, with their distance."""
        ...

    def followers(self, first: str, second: str) -> list[str]:
        """Return folded words near ``second`` that stand after ``first`` in some name."""
        ...


@dataclass(frozen=True, slots=True)
class Leaf:
    """One index term and its weight."""

    term: str
    boost: float = 1.0


Word = tuple[Leaf, ...]
"""Forms of one word; the best one counts."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Words that must all be in a document."""

    words: tuple[Word, ...]
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing the searcher asked for; the best of its choices counts.

    ``strict`` are the choices that count when only exact matches are wanted (tones were typed).
    """

    choices: tuple[Choice, ...]
    weight: float = 1.0
    strict: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What to look for, and the pairs of neighbouring words that earn a bonus."""

    units: tuple[Unit, ...]
    pairs: tuple[str, ...] = ()
    corrections: tuple[tuple[str, str], ...] = ()


def make_plan(text: str, locale: str, vocabulary: Vocabulary) -> Plan:
    """Return the plan of a search text; an empty plan for a text without a letter or digit."""
    query = _limited(text, locale)
    maker = _Maker(query, locale, vocabulary)
    return maker.plan()


def _limited(text: str, locale: str) -> list[Run]:
    query = runs(text[:MAX_CHARACTERS])[:MAX_UNITS]
    kept = [r for r in query if r.script != "word" or fold(r.text) not in _STOP.get(locale, ())]
    return kept or query


class _Maker:
    def __init__(self, query: list[Run], locale: str, vocabulary: Vocabulary) -> None:
        self.query = query
        self.locale = locale
        self.known = vocabulary
        self.choices: list[list[Choice]] = [[] for _ in query]
        self.in_rows: list[tuple[int, int, int, Choice]] = []
        self.pairs: list[str] = []
        self.corrections: list[tuple[str, str]] = []

    def plan(self) -> Plan:
        self._join_and_split()
        self._synonyms()
        units: list[Unit] = []
        for at, run in enumerate(self.query):
            units += [self._word_unit(at)] if run.script == "word" else self._sign_units(at)
        self._neighbours()
        return Plan(tuple(units[:MAX_UNITS]), tuple(self.pairs), tuple(self.corrections))

    def _word_unit(self, at: int) -> Unit:
        word = self.query[at].text
        plain, marked = fold(word), word_tokens("exact", word)[0]
        own = self._forms(word)
        choices = [Choice((own,)), *self.choices[at]]
        if not any(self.known.frequency(leaf.term) for leaf in own) and not self.choices[at]:
            choices += self._guesses(at, plain)
        elif marked != plain and not self.known.frequency("x" + marked):
            choices += self._by_neighbour(at, plain)
        is_last = at == len(self.query) - 1
        if is_last and len(plain) >= 3:
            longer = [t for t in self.known.starting_with("f" + plain, 12) if t != "f" + plain]
            if longer:
                choices.append(Choice((tuple(Leaf(t, 0.5) for t in longer),)))
        strict: tuple[Choice, ...] = ()
        if self.locale == "vi" and marked != plain and self.known.frequency("x" + marked):
            strict = (Choice((tuple(f for f in own if f.term[0] == "x"),)), *self.choices[at])
        return Unit(tuple(choices), strict=strict)

    def _forms(self, word: str) -> Word:
        """Return the terms that a word may stand under, each once with its best weight."""
        plain, marked = fold(word), word_tokens("exact", word)[0]
        forms = {"f" + plain: 1.0}
        if marked != plain:
            forms["x" + marked] = EXACT_BOOST
        for language in ("en", "fr", "de"):
            boost = STEM_BOOST[language == self.locale]
            for at, stem in enumerate(word_tokens(language, word)):
                own = boost if at == 0 or language == "fr" else boost / 2
                terms = [CHAIN_SIGN[language] + stem]
                if len(stem) >= 3:
                    terms.append("f" + stem)
                for term in terms:
                    forms[term] = max(own, forms.get(term, 0.0))
        known = [Leaf(term, boost) for term, boost in forms.items() if self.known.frequency(term)]
        return tuple(known) or (Leaf("f" + plain),)

    def _guesses(self, at: int, plain: str) -> list[Choice]:
        """Return what an unknown word may have meant: a typing slip, or a word cut short."""
        near = self._by_neighbour(at, plain)
        if near:
            return near
        if len(plain) < 4:
            return []
        similar = self.known.similar(plain, 6)
        if not similar:
            starts = self.known.starting_with("f" + plain, 12)
            return [Choice((tuple(Leaf(t, 0.7) for t in starts),))] if starts else []
        best = min(distance for _, distance in similar)
        self.corrections.append((self.query[at].text, similar[0][0]))
        return [
            Choice((tuple(Leaf("f" + w, 0.8 if d == best else 0.4) for w, d in similar),)),
        ]

    def _by_neighbour(self, at: int, plain: str) -> list[Choice]:
        if at == 0 or self.query[at - 1].script != "word":
            return []
        before = fold(self.query[at - 1].text)
        if self.known.frequency(pair_term(before, plain)):
            return []
        found = [word for word in self.known.followers(before, plain) if word != plain][:3]
        if not found:
            return []
        self.corrections.append((self.query[at].text, found[0]))
        self.pairs += [pair_term(before, word) for word in found]
        return [Choice((tuple(Leaf("f" + word, 0.9) for word in found),))]

    def _join_and_split(self) -> None:
        for at in range(len(self.query) - 1):
            left, right = self.query[at], self.query[at + 1]
            if left.script == right.script == "word":
                joined = left.text + right.text
                if self.known.frequency("f" + fold(joined)):
                    for place in (at, at + 1):
                        self.choices[place].append(Choice((self._forms(joined),), 0.95))
        for at, run in enumerate(self.query):
            if run.script == "word" and not self.known.frequency("f" + fold(run.text)):
                self._split(at, run.text)

    def _split(self, at: int, word: str) -> None:
        for cut in range(2, len(word) - 1):
            left, right = word[:cut], word[cut:]
            if self.known.frequency(pair_term(fold(left), fold(right))):
                self.choices[at].append(Choice((self._forms(left), self._forms(right)), 0.95))
                self.pairs.append(pair_term(fold(left), fold(right)))
                return

    def _synonyms(self) -> None:
        for span in find_spans(self.query):
            choices = [c for c in map(self._phrase, span.others) if c is not None]
            for choice in choices[:MAX_SYNONYMS]:
                if span.last:
                    self.in_rows.append((span.start, span.first, span.last, choice))
                    continue
                for at in range(span.start, span.end):
                    self.choices[at].append(choice)

    def _phrase(self, phrase: Phrase) -> Choice | None:
        words: list[Word] = []
        for run in phrase.runs:
            if run.script == "word":
                words.append(self._listed_forms(run.text))
            elif run.script == "bn":
                words.append(_bengali_forms(run))
            else:
                words += [(Leaf(term),) for term in _sign_terms(run)]
        known = all(any(self.known.frequency(leaf.term) for leaf in word) for word in words)
        return Choice(tuple(words), SYNONYM_BOOST) if known else None

    def _listed_forms(self, word: str) -> Word:
        """Return the forms of a synonym: a Vietnamese word with tones is meant with its tones."""
        plain, marked = fold(word), word_tokens("exact", word)[0]
        if marked != plain and self.known.frequency("x" + marked):
            return (Leaf("x" + marked),)
        return self._forms(word)

    def _sign_units(self, at: int) -> list[Unit]:
        """Return a unit for each known pair of signs; single signs only when no pair is known."""
        run = self.query[at]
        if run.script == "bn":
            return [Unit((Choice((_bengali_forms(run),)), *self._in_row(at, 0, len(run.text))))]
        found = list(enumerate(_sign_terms(run)))
        known = [(place, term) for place, term in found if self.known.frequency(term)]
        meant = [(place, term) for place, term in found if self._in_row(at, place, 2)]
        if not known and not meant:
            row = ideographs(run.text) if run.script == "cjk" else run.text
            sign = CHAIN_SIGN[run.script]
            single = [sign + s for s in row if self.known.frequency(sign + s)]
            units = [Unit((Choice(((Leaf(term, 0.25),),)),)) for term in single]
            return units or [Unit((Choice(((Leaf(found[0][1]),),)),))]
        used = sorted({*known, *meant})
        weight = 1.0 if len(used) <= 2 else 1.43 / len(used) ** 0.5
        return [
            Unit((Choice(((Leaf(term),),)), *self._in_row(at, place, 2)), weight)
            for place, term in used
        ]

    def _in_row(self, at: int, place: int, length: int) -> list[Choice]:
        """Return the other names of the concept that the signs at a place belong to."""
        return [
            choice
            for run, first, last, choice in self.in_rows
            if run == at and first <= place and (place + length <= last or last - first == 1)
        ]

    def _neighbours(self) -> None:
        for left, right in zip(self.query, self.query[1:], strict=False):
            if left.script == right.script == "word":
                self.pairs.append(pair_term(fold(left.text), fold(right.text)))


def _bengali_forms(run: Run) -> Word:
    """Return a Bengali word and its stem, which counts a little less."""
    found = word_tokens("bn", run.text)
    return tuple(
        Leaf(CHAIN_SIGN["bn"] + form, 1.0 if at == 0 else STEM_BOOST[True])
        for at, form in enumerate(found)
    )


def _sign_terms(run: Run) -> Sequence[str]:
    sign = CHAIN_SIGN[run.script]
    row = ideographs(run.text) if run.script == "cjk" else run.text
    return [sign + pair for pair in pairs(row)] or [sign + row]
