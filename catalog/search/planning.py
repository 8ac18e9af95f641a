"""Knows how a search text becomes a plan of units, choices and words, for any engine.

User text never reaches a query parser: quotes, stars and operators are not letters and vanish.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from catalog.search.analysis import (
    bengali_key,
    german_parts,
    ideographs,
    pairs,
    without_umlaut_spelling,
    word_key,
    word_tokens,
)
from catalog.search.choices import (
    BESIDE_TYPE,
    STEM_BOOST,
    bengali_forms,
    named_choice,
    phrase_keys,
    sign_terms,
    sure,
)
from catalog.search.document import CHAIN_SIGN, pair_term
from catalog.search.keystrokes import decode_all
from catalog.search.naming import Named, find_names, near_bengali, stray_signs
from catalog.search.plan import Choice, Leaf, Plan, Unit, Vocabulary, Word
from catalog.search.reading import FILLERS, MAX_UNITS, STOP_WORDS, read_query
from catalog.search.scripts import Run, fold
from catalog.search.star_words import read_stars
from catalog.search.synonyms import Concepts, Phrase, Span, find_spans
from catalog.search.unwanted import is_unwanted, unwanted_words

EXACT_BOOST = 1.35
SYNONYM_BOOST = 0.85
MAX_SYNONYMS = 5
"""The first of a concept are Vietnamese, and every product has a Vietnamese name."""
KIND_WEIGHT: Mapping[str, float] = {"type": 1.0, "place": 0.55, "mark": 0.6}
"""Where a query names a type, it says what is wanted; the rest says which of them."""
REST_WEIGHT = 0.8
FILLER_WEIGHT = 0.12
UNKNOWN_SIGNS_WEIGHT = 0.3
HERE = "pviet_nam"


def make_plan(
    text: str, locale: str, vocabulary: Vocabulary, taught: Concepts | None = None
) -> Plan:
    """Return the plan of a search text; an empty plan for a text without a letter or digit.

    ``taught`` are spellings with one meaning that the office entered.
    """
    query, stars = read_stars(read_query(text, locale))
    if not query:
        return Plan((), stars=stars)
    maker = _Maker(query, locale, vocabulary, taught)
    return replace(maker.plan(), stars=stars)


class _Maker:
    def __init__(
        self, query: list[Run], locale: str, vocabulary: Vocabulary, taught: Concepts | None
    ) -> None:
        self.taught = taught
        self.query = query
        self.locale = locale
        self.known = vocabulary
        self.pairs: list[str] = []
        self.corrections: list[tuple[str, str]] = []
        self._typed_without_input_method()
        self.choices: list[list[Choice]] = [[] for _ in self.query]
        self.guessed: dict[int, list[Choice]] = {}
        self.better: list[tuple[str, ...]] = [() for _ in self.query]
        self.in_rows: list[tuple[int, int, int, Choice]] = []
        self.named: list[Named] = []

    def plan(self) -> Plan:
        self._join_and_split()
        for at, run in enumerate(self.query):
            if run.script == "word":
                self._guess(at, run.text)
        keys = [self._keys(at) for at in range(len(self.query))]
        self.named = find_names(self.query, keys, self._is_sold)
        has_type = any(named.kind == "type" for named in self.named)
        self._synonyms()
        units: list[Unit] = []
        unwanted = unwanted_words(self.query, self.named)
        for at, run in enumerate(self.query):
            if run.script in ("cjk", "ko"):
                units += self._sign_units(at, has_type)
                continue
            if at in unwanted:
                continue
            mark = self._mark_of_words(at)
            if mark is None:
                units.append(self._word_unit(at, has_type))
            elif mark.start == at:
                units.append(self._mark_unit(mark, has_type))
        self._neighbours()
        units = sure(units)
        return Plan(tuple(units[: 2 * MAX_UNITS]), tuple(self.pairs), tuple(self.corrections))

    def _typed_without_input_method(self) -> None:
        """Read the whole query as keystrokes when one word is unknown but spells a known one."""
        words = [run.text for run in self.query if run.script == "word"]
        meant = {w: m for w, m in decode_all(words).items() if self._is_word(m)}
        if not any(not self.known.frequency("f" + fold(word)) for word in meant):
            return
        self.query = [
            Run("word", meant.get(run.text, run.text)) if run.script == "word" else run
            for run in self.query
        ]
        self.corrections += meant.items()

    def _is_sold(self, term: str) -> bool:
        return bool(self.known.frequency(CHAIN_SIGN["concept"] + term))

    def _is_word(self, meant: str) -> bool:
        return bool(self.known.frequency("x" + word_tokens("exact", meant)[0]))

    def _keys(self, at: int) -> tuple[str, ...]:
        """Return what a run may stand for in a name: itself, its parts, a better spelling."""
        run = self.query[at]
        if run.script == "bn":
            own = bengali_key(run.text)
            return (own, *near_bengali(own))
        if run.script != "word":
            return (run.text,)
        plain = fold(run.text)
        found = [word_key(plain)]
        parts = german_parts(without_umlaut_spelling(plain))
        if parts:
            found.append(" ".join(word_key(part) for part in parts))
        found += [" ".join(map(word_key, better.split(" "))) for better in self.better[at]]
        return tuple(found)

    def _guess(self, at: int, word: str) -> None:
        """Note what a word may have meant where it is unknown, or unknown with these tones."""
        plain, marked = fold(word), word_tokens("exact", word)[0]
        if self.choices[at] or (len(self.query) > 1 and self._is_courtesy(word)):
            return
        stem = (
            CHAIN_SIGN[self.locale] + word_tokens(self.locale, word)[0]
            if self.locale in STOP_WORDS
            else ""
        )
        whole = ("f" + plain, "x" + marked, stem)
        if not any(self.known.frequency(term) for term in whole if term):
            self.guessed[at] = self._guesses(at, plain)
        elif marked != plain and not self.known.frequency("x" + marked):
            self.guessed[at] = self._by_neighbour(at, plain)

    def _word_unit(self, at: int, has_type: bool) -> Unit:
        run = self.query[at]
        named = [n for n in self.named if n.start <= at < n.end]
        if run.script == "bn":
            own: Word = bengali_forms(run)
        else:
            own = self._forms(run.text)
        typed = Choice((own,), BESIDE_TYPE if any(n.kind == "type" for n in named) else 1.0)
        choices = [typed, *map(named_choice, named), *self.choices[at]]
        choices += self.guessed.get(at, [])
        choices += self._cut_short(at)
        strict: tuple[Choice, ...] = ()
        if run.script == "word":
            plain, marked = fold(run.text), word_tokens("exact", run.text)[0]
            if self.locale == "vi" and marked != plain and self.known.frequency("x" + marked):
                exact = tuple(form for form in own if form.term[0] == "x")
                strict = (Choice((exact,)), *map(named_choice, named), *self.choices[at])
        weight = self._weight(named, has_type)
        if self._is_filler(run, named):
            weight *= FILLER_WEIGHT
        return Unit(tuple(choices), weight, strict)

    def _is_filler(self, run: Run, named: Sequence[Named]) -> bool:
        """Say whether a word says nothing beside the others: everything here is from Vietnam."""
        if len(self.query) == 1 or any(n.kind != "place" for n in named):
            return False
        if named:
            return all(term == HERE for n in named for term in n.terms)
        return self._is_courtesy(run.text)

    def _is_courtesy(self, word: str) -> bool:
        return word in FILLERS or (self.locale in STOP_WORDS and fold(word) in FILLERS)

    def _mark_of_words(self, at: int) -> Named | None:
        """Return the quality of several words ("without sugar") that a word belongs to."""
        named = [n for n in self.named if n.start <= at < n.end]
        if len(named) == 1 and named[0].kind == "mark" and named[0].end - named[0].start > 1:
            return named[0]
        return None

    def _mark_unit(self, mark: Named, has_type: bool) -> Unit:
        """Return one unit for such a quality: its words count only together."""
        words = tuple(
            bengali_forms(run) if run.script == "bn" else self._forms(run.text)
            for run in self.query[mark.start : mark.end]
        )
        weight = KIND_WEIGHT["mark"] if has_type else 1.0
        return Unit((Choice(words), named_choice(mark)), weight)

    def _cut_short(self, at: int) -> list[Choice]:
        """Return the longer words that the last word may be the beginning of."""
        run = self.query[at]
        if at != len(self.query) - 1 or run.script not in ("word", "bn"):
            return []
        sign, start = ("f", fold(run.text)) if run.script == "word" else ("b", run.text)
        if len(start) < 3:
            return []
        longer = [t for t in self.known.starting_with(sign + start, 12) if t != sign + start]
        return [Choice((tuple(Leaf(term, 0.5) for term in longer),))] if longer else []

    def _weight(self, named: Sequence[Named], has_type: bool) -> float:
        if not has_type:
            return 1.0
        if not named:
            return REST_WEIGHT
        length = max(n.end - n.start for n in named)
        if any(n.kind == "type" for n in named):
            return KIND_WEIGHT["type"] / math.sqrt(length)
        return max(KIND_WEIGHT[n.kind] for n in named) / length

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
        similar = self.known.similar(plain, 6) if len(plain) >= 3 else []
        if not similar:
            starts = self.known.starting_with("f" + plain, 12) if len(plain) >= 4 else []
            return [Choice((tuple(Leaf(t, 0.7) for t in starts),))] if starts else []
        best = min(distance for _, distance in similar)
        self.corrections.append((self.query[at].text, similar[0][0]))
        self.better[at] = tuple(word for word, distance in similar if distance == best)[:3]
        return [
            Choice((tuple(Leaf("f" + w, 0.8 if d == best else 0.4) for w, d in similar),)),
        ]

    def _by_neighbour(self, at: int, plain: str) -> list[Choice]:
        """Return words near a word that stand beside one of its neighbours in some name."""
        before, after = self._plain(at - 1), self._plain(at + 1)
        if before and self.known.frequency(pair_term(before, plain)):
            return []
        if after and self.known.frequency(pair_term(plain, after)):
            return []
        fitting: dict[str, int] = {}
        if before:
            fitting = {
                w: self.known.frequency(pair_term(before, w))
                for w in self.known.followers(before, plain)
            }
        if after:
            for word, _ in self.known.similar(plain, 12):
                often = self.known.frequency(pair_term(word, after))
                if often:
                    fitting[word] = fitting.get(word, 0) + often
        fitting.pop(plain, None)
        found = sorted(fitting, key=lambda word: -fitting[word])[:3]
        if not found:
            return []
        self.corrections.append((self.query[at].text, found[0]))
        self.better[at] = tuple(found)
        self.pairs += [pair_term(before, word) for word in found if before]
        self.pairs += [pair_term(word, after) for word in found if after]
        return [Choice((tuple(Leaf("f" + word, 0.9) for word in found),))]

    def _plain(self, at: int) -> str:
        """Return the folded word at a place, nothing where there is none."""
        if not 0 <= at < len(self.query) or self.query[at].script != "word":
            return ""
        return fold(self.query[at].text)

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
                self.better[at] = (f"{fold(left)} {fold(right)}",)
                return

    def _synonyms(self) -> None:
        for span in find_spans(self.query):
            if not self._is_named(span):
                choices = [c for c in map(self._phrase, span.others) if c is not None]
                self._offer(span, choices[:MAX_SYNONYMS])
        for span in self.taught.find_spans(self.query) if self.taught else ():
            choices = [c for c in map(self._phrase, span.others) if c is not None]
            choices += [
                named_choice(named)
                for phrase in span.others
                for named in find_names(phrase.runs, [phrase_keys(run) for run in phrase.runs])
                if named.kind == "type"
            ]
            self._offer(span, choices)

    def _offer(self, span: Span, choices: Iterable[Choice]) -> None:
        """Let choices stand for the words or signs of a concept."""
        for choice in choices:
            if span.last:
                self.in_rows.append((span.start, span.first, span.last, choice))
                continue
            for at in range(span.start, span.end):
                self.choices[at].append(choice)

    def _is_named(self, span: Span) -> bool:
        """Say whether a concept lies in the name of a type, which says all that it would.

        One word of a place of several ("nam" in Nam Định) is no word of its own either.
        """
        return any(
            (named.kind == "type" or named.end - named.start > span.end - span.start)
            and named.start <= span.start
            and span.end <= named.end
            and (not span.last or (named.first <= span.first and span.last <= named.last))
            for named in self.named
        )

    def _phrase(self, phrase: Phrase) -> Choice | None:
        words: list[Word] = []
        for run in phrase.runs:
            if run.script == "word":
                words.append(self._listed_forms(run.text))
            elif run.script == "bn":
                words.append(bengali_forms(run))
            else:
                words += [(Leaf(term),) for term in sign_terms(run)]
        known = all(any(self.known.frequency(leaf.term) for leaf in word) for word in words)
        return Choice(tuple(words), SYNONYM_BOOST) if known else None

    def _listed_forms(self, word: str) -> Word:
        """Return the forms of a synonym: a Vietnamese word with tones is meant with its tones."""
        plain, marked = fold(word), word_tokens("exact", word)[0]
        if marked != plain and self.known.frequency("x" + marked):
            return (Leaf("x" + marked),)
        return self._forms(word)

    def _sign_units(self, at: int, has_type: bool) -> list[Unit]:
        """Return a unit for each name in a row of signs, and units for what lies between them."""
        run = self.query[at]
        row = ideographs(run.text) if run.script == "cjk" else run.text
        sign = CHAIN_SIGN[run.script]
        units: list[Unit] = []
        done = 0
        named = [n for n in self.named if n.start == at]
        named = [n for n in named if not is_unwanted(row, n)] or named
        for first, last in dict.fromkeys((n.first, n.last) for n in named):
            units += self._gap_units(at, row, done, first, has_type)
            own = [n for n in named if n.first == first]
            literal = Choice(
                tuple(
                    (Leaf(sign + pair),) for pair in pairs(row[first:last]) or (row[first:last],)
                ),
                BESIDE_TYPE if any(n.kind == "type" for n in own) else 1.0,
            )
            weight = max(KIND_WEIGHT[n.kind] for n in own) if has_type else 1.0
            if last - first < len(row) and all(t == HERE for n in own for t in n.terms):
                weight *= FILLER_WEIGHT
            more = self._in_row(at, first, last - first)
            units.append(Unit((literal, *map(named_choice, own), *more), 1.4 * weight))
            self.pairs += [
                sign + row[edge - 1 : edge + 1] for edge in (first, last) if 0 < edge < len(row)
            ]
            done = last
        return units + self._gap_units(at, row, done, len(row), has_type)

    def _gap_units(self, at: int, row: str, first: int, last: int, has_type: bool) -> list[Unit]:
        """Return a unit for each known pair of signs; single signs only when no pair is known."""
        signs = row[first:last]
        if not signs or (self.named and stray_signs(signs)):
            return []
        sign = CHAIN_SIGN[self.query[at].script]
        found = [(first + n, sign + p) for n, p in enumerate(pairs(signs))]
        known = [(n, t) for n, t in found if self.known.frequency(t)]
        meant = [(n, t) for n, t in found if self._in_row(at, n, 2)]
        if not known and not meant:
            single = [sign + s for s in signs if self.known.frequency(sign + s)]
            weight = UNKNOWN_SIGNS_WEIGHT if self.named else 1.0
            units = [Unit((Choice(((Leaf(term, 0.25),),)),), weight) for term in single]
            return units or ([] if self.named else [Unit((Choice(((Leaf(sign + signs),),)),))])
        used = sorted({*known, *meant})
        weight = 1.0 if len(used) <= 2 else 1.43 / len(used) ** 0.5
        weight *= REST_WEIGHT if has_type else 1.0
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
