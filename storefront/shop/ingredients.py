"""An ingredient list cut into pieces, so that a page can set the allergens in bold."""

from __future__ import annotations

from catalog.reference.allergen_words import allergen_pattern


def pieces(text: str, codes: tuple[str, ...]) -> list[tuple[str, bool]]:
    """The text in order, each piece with whether it names one of the declared allergens.

    Only allergens the producer declared are marked; the words come from the fixed glossary, nothing is
    guessed, and nothing is left out of the text.
    """
    pattern = allergen_pattern(codes)
    if pattern is None:
        return [(text, False)]
    cut: list[tuple[str, bool]] = []
    end = 0
    for found in pattern.finditer(text):
        if found.start() > end:
            cut.append((text[end : found.start()], False))
        cut.append((found[0], True))
        end = found.end()
    if end < len(text):
        cut.append((text[end:], False))
    return cut
