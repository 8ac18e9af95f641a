"""Knows which part of a search text says what must not be in the goods: "coffee without sugar"."""

from collections.abc import Sequence

from catalog.search.naming import Named
from catalog.search.scripts import Run, prepare

_BEFORE = frozenset(prepare("without no non sans ohne kein keine keinen không chẳng").split())
_AFTER = frozenset(prepare("free frei freie freies ছাড়া মুক্ত বিহীন").split())
_SIGNS_BEFORE = ("无", "不含", "没有", "不加")
_SIGNS_AFTER = ("なし", "无し", "抜き", "不使用", "ふり", "ぜろ", "없는", "프리", "무첨가")
"""Signs as `ideographs` gives them."""


def unwanted_words(query: Sequence[Run], named: Sequence[Named]) -> set[int]:
    """Return the runs that say what must not be in it, with what says so; none if all would go."""
    found: set[int] = set()
    covered = {at for name in named for at in range(name.start, name.end)}
    for at, run in enumerate(query):
        if at in covered or run.script not in ("word", "bn"):
            continue
        if run.text in _BEFORE and at + 1 < len(query):
            found |= {at, *_thing_at(at + 1, named)}
        elif run.text in _AFTER and at:
            found |= {at, *_thing_at(at - 1, named)}
    return found if len(found) < len(query) else set()


def _thing_at(at: int, named: Sequence[Named]) -> range:
    own = [name for name in named if name.start <= at < name.end]
    return range(own[0].start, own[0].end) if own else range(at, at + 1)


def is_unwanted(row: str, named: Named) -> bool:
    """Say whether the signs beside a name say that it must not be in it ("無砂糖", "砂糖なし")."""
    return row[: named.first].endswith(_SIGNS_BEFORE) or row[named.last :].startswith(_SIGNS_AFTER)
