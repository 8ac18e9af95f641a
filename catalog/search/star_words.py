"""Knows how people ask for goods of an OCOP class: "5 sao", "4-star", "5つ星", "五星"."""

from catalog.search.scripts import Run, fold

_STAR_WORDS = frozenset(["sao", "star", "stars", "etoile", "etoiles", "stern", "sterne", "sternen"])
_STAR_SIGNS = ("つ星", "星级", "星級", "星", "성급", "성", "스타", "তারকা", "তারা")
_NUMBERS = {"3": 3, "4": 4, "5": 5, "ba": 3, "bon": 4, "nam": 5, "three": 3, "four": 4, "five": 5}
_NUMBERS |= {"trois": 3, "quatre": 4, "cinq": 5, "drei": 3, "vier": 4, "funf": 5}
_NUMBERS |= {"三": 3, "四": 4, "五": 5, "৩": 3, "৪": 4, "৫": 5, "삼": 3, "사": 4, "오": 5}


def read_stars(query: list[Run]) -> tuple[list[Run], frozenset[int]]:
    """Return a query without what asks for a class, and the classes it asks for.

    The word OCOP is dropped beside other words, because everything here is OCOP.
    """
    kept: list[Run] = []
    stars: set[int] = set()
    at = 0
    while at < len(query):
        run = query[at]
        follower = query[at + 1] if at + 1 < len(query) else None
        number = _NUMBERS.get(fold(run.text))
        if number and follower is not None and _is_star(follower):
            stars.add(number)
            rest = _after_star(follower)
            kept += [Run(follower.script, rest)] if rest else []
            at += 2
            continue
        if run.script == "cjk" and run.text[0] in _NUMBERS and _is_star(Run("cjk", run.text[1:])):
            stars.add(_NUMBERS[run.text[0]])
            rest = _after_star(Run("cjk", run.text[1:]))
            kept += [Run("cjk", rest)] if rest else []
        elif fold(run.text) != "ocop":
            kept.append(run)
        at += 1
    if not kept and not stars:
        return query, frozenset()
    return kept, frozenset(stars)


def _is_star(run: Run) -> bool:
    if run.script == "word":
        return fold(run.text) in _STAR_WORDS
    return run.text.startswith(_STAR_SIGNS)


def _after_star(run: Run) -> str:
    if run.script == "word":
        return ""
    for sign in _STAR_SIGNS:
        if run.text.startswith(sign):
            return run.text[len(sign) :]
    return run.text
