"""The engine's known defects (B1 to B8) are kept out by never using the part that has them."""

import re
from pathlib import Path

import pytest

SEARCH = Path(__file__).parents[2] / "catalog" / "search"
TRAPS = {
    "B1 refresh unites old and new segments": r"(?<!indices)\.refresh\(|reuse=",
    "B2 and B3 its DisjunctionMax mixes documents and drops its tie-break": r"whoosh\.query|DisjunctionMax\(",
    "B4 Or(minmatch=, scale=) do not do what they say": r"minmatch|\bOr\(",
    "B5 FuzzyTerm counts a swap as two": r"FuzzyTerm|terms_within",
    "B6 writers that keep events in memory lose them": r"AsyncWriter|BufferedWriter|writing import",
    "B7 search_page gives the last page for any later one": r"search_page|\.searcher\(",
    "B8 its highlighter drops signs and does not escape quotes": r"whoosh\.highlight|HtmlFormatter",
    "a text of a visitor in a query language": r"QueryParser|qparser",
}


@pytest.mark.parametrize("trap", TRAPS)
def test_the_adapter_stays_clear_of(trap: str) -> None:
    found = [
        f"{path.name}: {line.strip()}"
        for path in sorted(SEARCH.glob("*.py"))
        for line in _code(path)
        if re.search(TRAPS[trap], line)
    ]

    assert found == []


def _code(path: Path) -> list[str]:
    """The lines without documentation and comments, where the traps may be named."""
    text = re.sub(r'"""(?:.|\n)*?"""', "", path.read_text(encoding="utf-8"))
    return [line.split("  #")[0] for line in text.splitlines()]
