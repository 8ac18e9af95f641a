"""The one kind of index field of ours that Whoosh does not have: terms with weights made before.

Imported only where Whoosh is. Whoosh pickles this class by its name into every index, so renaming
it needs a new `TERMS_VERSION`.
"""

from collections.abc import Generator, Mapping
from typing import Any

from whoosh import fields

_ONCE = b"\x00\x00\x00\x01"
"""A frequency of one as Whoosh packs it; without a value, its merge of short lists fails."""


class ImpactField(fields.KEYWORD):
    """Keeps for each document its terms and a weight for each; nothing is analysed here."""

    def __init__(self) -> None:
        super().__init__(stored=False, scorable=False)

    def index(
        self, value: Mapping[str, float], **_options: Any
    ) -> Generator[tuple[bytes, int, float | int, bytes], Any, None]:
        """Yield term, frequency, weight and packed frequency for each term."""
        for term, weight in value.items():
            yield term.encode(), 1, weight, _ONCE
