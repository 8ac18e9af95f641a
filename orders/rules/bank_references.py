"""How the number a bank gives a transfer is compared: people copy it with blanks, in small letters, from forms."""

from __future__ import annotations

import unicodedata

LONGEST = 60
"""Characters; banks use about 10 to 35 (NAPAS trace number, FT number, ISO 20022 end-to-end id)."""


def tidy_reference(text: str) -> str:
    """The reference without blanks and control characters, in capitals, wide letters made plain; "" when nothing is left."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(letter for letter in plain if letter.isprintable() and not letter.isspace())
