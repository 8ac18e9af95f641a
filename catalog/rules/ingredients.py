"""A list of ingredients: reading it from the text of a label, judging it, writing the statement.

The order is that of weight, the largest first. A percentage is of the whole product (QUID). An
additive is a function class with an INS number (Codex CXG 36); a compound ingredient names its parts
in brackets. Nothing here knows a language: the names of function classes are passed in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

SMALL = Decimal(2)
"""Ingredients of less than 2 % may stand in any order at the end (Regulation 1169/2011, Annex VII)."""

DEEPEST = 2
_INS = re.compile(
    r"(?:INS|E)[\s.:-]*(\d{3,4}(?:\s?[a-z])?(?:\(?[ivx]+\)?)?)(?![\w%])"
    r"|(?<![\w.,])(\d{3,4}[a-z]?(?:\([ivx]+\))?)(?=\s*$)",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"\(?\s*(\d{1,3}(?:[.,]\d{1,3})?)\s*%\s*\)?")
_FRAME = " \t.,;:–-•*"
_HEADING = re.compile(r"^\s*(?:thành phần|ingredients?)\s*[::]\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Ingredient:
    """One line; `level` 1 is a part of the compound ingredient above it."""

    name: str
    percent: Decimal | None = None
    level: int = 0
    function_class: str | None = None
    ins_number: str | None = None
    allergens: tuple[str, ...] = ()
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the statement and whether it names an allergen and so stands out."""

    text: str
    is_allergen: bool = False


@dataclass(frozen=True, slots=True)
class IngredientMistake:
    """What is wrong with a list: a stable code and the position (from 0) of the line."""

    code: str
    position: int


def split_list(text: str) -> list[str]:
    """The parts of a list, one a line or between commas and semicolons outside brackets.

    The comma of "12,5 %" does not separate.
    """
    parts: list[str] = []
    depth, start = 0, 0
    for at, sign in enumerate(text):
        if sign in "([":
            depth += 1
        elif sign in ")]":
            depth = max(0, depth - 1)
        elif sign == "\n" or (depth == 0 and sign in ",;、" and not _is_decimal(text, at)):
            parts.append(text[start:at])
            depth, start = 0, at + 1
    parts.append(text[start:])
    return [part for part in (p.strip(_FRAME) for p in parts) if part]


def _is_decimal(text: str, at: int) -> bool:
    return text[at] == "," and text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()


def read_list(text: str, classes: Mapping[str, str]) -> tuple[Ingredient, ...]:
    """The ingredients of a label's text; `classes` maps names of function classes to their codes.

    Brackets hold the parts of a compound ingredient, the number of an additive or a percentage.
    What cannot be taken apart stays as the name, so nothing that was written is lost.
    """
    known = {_plain(name): code for name, code in classes.items()}
    found: list[Ingredient] = []
    whole = unicodedata.normalize("NFC", text).replace("（", "(").replace("）", ")")
    for part in split_list(_HEADING.sub("", whole)):
        found += _read_part(part, known, 0)
    return tuple(found)


def _read_part(part: str, known: Mapping[str, str], level: int) -> list[Ingredient]:
    head, inside, tail = _brackets(part)
    percent = _percent_of(f"{head} {tail}")
    if inside and percent is None and _PERCENT.fullmatch(inside.strip()):
        percent, inside = _percent_of(inside), ""
    name = _PERCENT.sub(" ", f"{head} {tail}" if not inside else head)
    name = " ".join(name.split()).strip(_FRAME)
    additive = _additive(name, inside, known)
    if additive is not None:
        function_class, ins_number, own_name = additive
        return [
            Ingredient(
                own_name, percent, level, function_class=function_class, ins_number=ins_number
            )
        ]
    if not inside:
        return [Ingredient(name, percent, level)] if name else []
    if not name:
        return _read_inside(inside, known, level)
    parts = _read_inside(inside, known, level + 1) if level < DEEPEST else []
    if len(parts) < 1 or level >= DEEPEST:
        return [Ingredient(f"{name} ({inside.strip()})", percent, level)]
    return [Ingredient(name, percent, level), *parts]


def _read_inside(inside: str, known: Mapping[str, str], level: int) -> list[Ingredient]:
    found: list[Ingredient] = []
    for part in split_list(inside):
        found += _read_part(part, known, level)
    return found


def _brackets(part: str) -> tuple[str, str, str]:
    """What stands before, within and after the first bracket that is not a bare percentage."""
    depth, start = 0, -1
    for at, sign in enumerate(part):
        if sign in "([":
            if depth == 0:
                start = at
            depth += 1
        elif sign in ")]" and depth:
            depth -= 1
            inside = part[start + 1 : at]
            if depth == 0 and not _PERCENT.fullmatch(inside.strip()):
                return part[:start], inside, part[at + 1 :]
    return part, "", ""


def _percent_of(text: str) -> Decimal | None:
    found = _PERCENT.search(text)
    if found is None:
        return None
    value = Decimal(found[1].replace(",", "."))
    return value if 0 < value <= 100 else None  # noqa: PLR2004


def _additive(
    name: str, inside: str, known: Mapping[str, str]
) -> tuple[str | None, str | None, str] | None:
    """(class, INS number, name) when the part is an additive: named by its class or its number."""
    before, _, after = name.partition(":")
    code = known.get(_plain(_INS.sub("", before)))
    number = _INS.search(inside) or _INS.search(name)
    if number is not None and code is None and not re.search(r"(?i)\b(INS|E)", name + inside):
        return None
    if code is None and number is None:
        return None
    if number is None and inside:
        return (code, None, inside.strip()) if len(split_list(inside)) == 1 else None
    ins = re.sub(r"\s", "", number[1] or number[2]).lower() if number else None
    rest = f"{after if code else name} {inside}"
    rest = re.sub(r"\(\s*\)", "", _INS.sub("", rest))
    own = " ".join(rest.split()).strip(_FRAME + "()")
    return code, ins, own


def _plain(name: str) -> str:
    return " ".join(name.casefold().split()).strip(_FRAME)


def list_mistakes(ingredients: Sequence[Ingredient]) -> list[IngredientMistake]:
    """What cannot be right: `nameless`, `part_of_nothing`, `over_100`, `parts_over_whole`."""
    mistakes: list[IngredientMistake] = []
    total = Decimal(0)
    whole: Decimal | None = None
    parts = Decimal(0)
    for at, one in enumerate(ingredients):
        if not one.name and not one.function_class and not one.ins_number:
            mistakes.append(IngredientMistake("nameless", at))
        before = ingredients[at - 1].level if at else -1
        if one.level > before + 1:
            mistakes.append(IngredientMistake("part_of_nothing", at))
        if one.level == 0:
            total += one.percent or 0
            whole, parts = one.percent, Decimal(0)
            if total > 100:  # noqa: PLR2004
                mistakes.append(IngredientMistake("over_100", at))
        elif one.level == 1 and one.percent is not None and whole is not None:
            parts += one.percent
            if parts > whole:
                mistakes.append(IngredientMistake("parts_over_whole", at))
    return mistakes


def list_warnings(ingredients: Sequence[Ingredient]) -> list[IngredientMistake]:
    """What is probably wrong: `not_descending` (a later line has more than an earlier one)."""
    least: Decimal | None = None
    warnings: list[IngredientMistake] = []
    for at, one in enumerate(ingredients):
        if one.level or one.percent is None:
            continue
        if least is not None and one.percent > least and one.percent >= SMALL:
            warnings.append(IngredientMistake("not_descending", at))
        least = one.percent if least is None else min(least, one.percent)
    return warnings


def undeclared(ingredients: Sequence[Ingredient], declared: frozenset[str]) -> tuple[str, ...]:
    """Allergens that some ingredient contains although the product's statement does not name them."""
    named = {code for one in ingredients for code in one.allergens}
    return tuple(sorted(named - declared))


def statement(ingredients: Sequence[Ingredient], classes: Mapping[str, str]) -> list[Piece]:
    """The ingredient statement in the order given, allergens apart; `classes` names the classes.

    An additive is written with its class and its name or number, "preservative (INS 202)", and the
    parts of a compound ingredient follow it in brackets.
    """
    pieces: list[Piece] = []
    for at, one in enumerate(ingredients):
        before = ingredients[at - 1].level if at else 0
        if one.level > before:
            pieces.append(Piece(" ("))
        else:
            pieces.append(Piece(")" * (before - one.level) + (", " if at else "")))
        following = ingredients[at + 1].level if at + 1 < len(ingredients) else 0
        pieces.append(Piece(_own_words(one, classes), bool(one.allergens)))
        if one.percent is not None:
            pieces.append(Piece(f" {format_percent(one.percent)} %"))
        if at + 1 == len(ingredients):
            pieces.append(Piece(")" * (one.level - min(following, 0))))
    return _joined(pieces)


def _own_words(one: Ingredient, classes: Mapping[str, str]) -> str:
    number = f"INS {one.ins_number}" if one.ins_number else ""
    if one.function_class:
        heading = classes.get(one.function_class, one.function_class)
        within = ", ".join(filter(None, (one.name, number))) if not one.name else ""
        within = within or (f"{one.name} {number}".strip() if one.name else number)
        return f"{heading} ({within})" if within else heading
    return f"{one.name} ({number})" if one.name and number else one.name or number


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    joined: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if joined and joined[-1].is_allergen == piece.is_allergen:
            joined[-1] = Piece(joined[-1].text + piece.text, piece.is_allergen)
        else:
            joined.append(piece)
    return joined


def statement_text(ingredients: Sequence[Ingredient], classes: Mapping[str, str]) -> str:
    """The statement as plain text; its first letter is a capital."""
    text = "".join(piece.text for piece in statement(ingredients, classes))
    return text[:1].upper() + text[1:]


def format_percent(value: Decimal) -> str:
    """A percentage with the Vietnamese decimal comma and no needless zeros."""
    plain = f"{value.normalize():f}"
    return plain.replace(".", ",")
