"""Knows how much of a search text is read, and which of its words say nothing of the goods."""

from collections.abc import Iterable

from catalog.search.naming import is_name
from catalog.search.scripts import Run, fold, runs

MAX_CHARACTERS = 200
MAX_UNITS = 12
STOP_WORDS = {
    "en": "a an and the of for in from with to by on or",
    "fr": "de du des la le les et a au aux en un une pour avec dans",
    "de": "der die das den dem des und aus von mit fur im in ein eine zu zum",
}
_FILLERS = (
    "mua bán ở đâu ngon giá rẻ tốt nhất loại của với những các làm chỗ shop online sản phẩm hàng"
    " đặc sản best buy price cheap good shop online product products quality vietnamese vietnam"
    " viet nam acheter prix meilleur produit produits vietnamien vietnamienne specialite kaufen"
    " something quelque chose etwas preis gut beste produkt produkte vietnamesisch vietnamesische vietnamesischer"
)
FILLERS = frozenset(_FILLERS.split(" "))
"""Words that say nothing of the goods; one counts where nothing else was typed."""


def read_query(text: str, locale: str) -> list[Run]:
    """Return the words and rows of signs of a search text, no more than a search takes."""
    query = _merged(runs(text[:MAX_CHARACTERS])[: 2 * MAX_UNITS])
    stop = STOP_WORDS.get(locale, "").split()
    kept = [r for r in query if r.script != "word" or fold(r.text) not in stop]
    return (kept or query)[:MAX_UNITS]


def _merged(query: Iterable[Run]) -> list[Run]:
    """Return the runs with rows of signs put together that a space only parts."""
    merged: list[Run] = []
    for run in query:
        before = merged[-1] if merged else None
        if before is not None and before.script == run.script and _belongs(before, run):
            merged[-1] = Run(run.script, before.text + run.text)
        else:
            merged.append(run)
    return merged


def _belongs(before: Run, run: Run) -> bool:
    if run.script not in ("cjk", "ko"):
        return False
    return len(run.text) == 1 or is_name(Run(run.script, before.text + run.text))
