"""Whatever a person or a machine sends: an answer, and soon."""

import random
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalog.search import store
from catalog.search.evaluation import ON, document_of
from catalog.search.index import build
from catalog.search.query import SearchRequest, search_index
from i18n.locales import LOCALES
from tests.search_eval.judging import HERE, read

pytestmark = pytest.mark.slow

_PIECES = (
    "nước mắm;phú quốc;trà;kho;tom;nuowcs;d9ie62u;Fischsauce;crevettes;l'ail;ヌックマム;느억맘;鱼露;"
    "শুকনো;চিংড়ি;\u0e1b\u0e25\u0e32;\u0645\u0627\u0621;🐟🍵;*;?;\"'\\;AND OR NOT;(;[a TO b];~2;^9;\x00;\u202e;\u0301\u0301;"
    "ﷺ;\U0001f468\u200d\U0001f469;-;--;%;_;';<b>;{{7*7}};\ud7b0;\u1160;\uffff;０１２;ß;İ;ǆ;aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
)
PIECES = _PIECES.split(";")


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the 240 products."""
    found = tmp_path_factory.mktemp("search")
    documents = [document_of(g, n) for n, g in enumerate(read(HERE / "products.jsonl"), start=1)]
    store.switch(found, build(found, [documents], on=ON, now=datetime(2026, 11, 22, tzinfo=UTC)))
    return found


def _text(dice: random.Random) -> str:
    kind = dice.random()
    if kind < 0.5:
        joint = dice.choice([" ", "", "  ", "\t"])
        return joint.join(dice.choice(PIECES) for _ in range(dice.randrange(1, 9)))
    if kind < 0.8:
        planes = (0x20, 0x7F), (0xA0, 0x1EFF), (0x980, 0x9FF), (0x3040, 0x9FFF), (0x1F300, 0x1F6FF)
        low, high = dice.choice(planes)
        return "".join(chr(dice.randrange(low, high)) for _ in range(dice.randrange(1, 60)))
    if kind < 0.9:
        return dice.choice(PIECES) * dice.randrange(1, 500)
    return "".join(chr(dice.randrange(0x20, 0xD7FF)) for _ in range(dice.randrange(1, 2000)))


def test_five_thousand_odd_texts_are_answered_within_a_second_each(directory: Path) -> None:
    dice = random.Random(20261122)
    slowest = 0.0
    for number in range(5000):
        text = _text(dice)
        started = time.perf_counter()
        result = search_index(directory, SearchRequest(text, LOCALES[number % 9]), on=ON)
        slowest = max(slowest, time.perf_counter() - started)
        shown = [*result.ids, *result.related]
        assert len(shown) == len(set(shown)), text
    assert slowest < 1.0


def test_what_the_office_teaches_is_found_without_a_restart(directory: Path) -> None:
    request = SearchRequest("Ochsenfilet", "de")
    assert not search_index(directory, request, on=ON).ids

    (directory / "words.txt").write_text("Ochsenfilet | khô bò\n", encoding="utf-8")
    try:
        beef = {n for n, g in enumerate(read(HERE / "products.jsonl"), 1) if g["type"] == "kho_bo"}
        assert set(search_index(directory, request, on=ON).ids[:2]) == beef
    finally:
        (directory / "words.txt").unlink()
