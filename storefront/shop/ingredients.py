"""An ingredient list cut into pieces, so that a page can set the allergens in bold."""

from __future__ import annotations

from catalog.reference.allergen_words import allergen_spans


def pieces(text: str, codes: tuple[str, ...], locale: str) -> list[tuple[str, bool]]:
    """The text in order, each piece with whether it names one of the declared allergens.

    ``locale`` is the language of the text, not of the page. Only allergens the producer declared are
    marked; the words come from the fixed glossary, nothing is guessed, and nothing is left out of the text.
    """
    cut: list[tuple[str, bool]] = []
    end = 0
    for start, stop in allergen_spans(text, codes, locale):
        if start > end:
            cut.append((text[end:start], False))
        cut.append((text[start:stop], True))
        end = stop
    if end < len(text):
        cut.append((text[end:], False))
    return cut or [(text, False)]
