"""How packages are wrapped: each, inner, case, pallet; their numbers, weights and measures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalog.rules.identifiers import check_digit, is_restricted_circulation, is_valid_gtin

LEVELS = ("each", "inner", "case", "pallet")
_GRAMS = {"g": Decimal(1), "kg": Decimal(1000), "mg": Decimal("0.001"), "l": None, "ml": None}
_VOLUME = {"ml": Decimal(1), "l": Decimal(1000)}
_LIGHTEST = Decimal("0.7")
"""Nothing drinkable weighs less than this many grams per ml (pure spirit has 0.79)."""


@dataclass(frozen=True, slots=True)
class Wrapping:
    """One level: `quantity` of the next lower level inside, gross weight in g, measures in mm."""

    level: str
    quantity: int = 1
    gtin: str | None = None
    gross_weight_g: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    layers: int | None = None


@dataclass(frozen=True, slots=True)
class PackagingMistake:
    """A stable code, the level and the field it is about."""

    code: str
    level: str
    field: str


def in_order(wrappings: Sequence[Wrapping]) -> list[Wrapping]:
    """From the single package upwards."""
    return sorted(wrappings, key=lambda w: LEVELS.index(w.level))


def packages_in(wrappings: Sequence[Wrapping], level: str) -> int | None:
    """How many single packages a level holds; None when there is no such level."""
    total = 1
    for wrapping in in_order(wrappings):
        if wrapping.level != "each":
            total *= wrapping.quantity
        if wrapping.level == level:
            return total
    return 1 if level == "each" else None


def net_weight_g(net_content: Decimal, unit: str, count: int = 1) -> Decimal | None:
    """The least the content weighs, in grams; None for pieces."""
    if unit in _VOLUME:
        return net_content * count * _VOLUME[unit] * _LIGHTEST
    factor = _GRAMS.get(unit)
    return None if factor is None else net_content * count * factor


def packaging_mistakes(wrappings: Sequence[Wrapping]) -> list[PackagingMistake]:
    """What cannot be: unknown or repeated levels, wrong numbers, more inside than outside.

    Codes: `unknown_level`, `repeated_level`, `not_positive`, `check_digit`, `same_number`,
    `layers_do_not_divide`, `lighter_than_content`, `smaller_than_content`.
    """
    mistakes = [
        PackagingMistake("unknown_level", w.level, "level")
        for w in wrappings
        if w.level not in LEVELS
    ]
    names = [w.level for w in wrappings]
    mistakes += [
        PackagingMistake("repeated_level", name, "level")
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    if mistakes:
        return mistakes
    seen: dict[str, str] = {}
    below: Wrapping | None = None
    for wrapping in in_order(wrappings):
        mistakes += _own_mistakes(wrapping)
        if wrapping.gtin:
            if wrapping.gtin.zfill(14) in seen:
                mistakes.append(PackagingMistake("same_number", wrapping.level, "gtin"))
            seen[wrapping.gtin.zfill(14)] = wrapping.level
        if below is not None:
            mistakes += _content_mistakes(below, wrapping)
        below = wrapping
    return mistakes


def _own_mistakes(wrapping: Wrapping) -> list[PackagingMistake]:
    level = wrapping.level
    mistakes = [
        PackagingMistake("not_positive", level, name)
        for name in ("quantity", "gross_weight_g", "length_mm", "width_mm", "height_mm", "layers")
        if (value := getattr(wrapping, name)) is not None and value <= 0
    ]
    if wrapping.gtin and not is_valid_gtin(wrapping.gtin):
        mistakes.append(PackagingMistake("check_digit", level, "gtin"))
    if wrapping.layers and wrapping.layers > 0 and wrapping.quantity % wrapping.layers:
        mistakes.append(PackagingMistake("layers_do_not_divide", level, "layers"))
    return mistakes


def _content_mistakes(inner: Wrapping, outer: Wrapping) -> list[PackagingMistake]:
    mistakes = []
    if (
        inner.gross_weight_g is not None
        and outer.gross_weight_g is not None
        and outer.gross_weight_g < inner.gross_weight_g * outer.quantity
    ):
        mistakes.append(PackagingMistake("lighter_than_content", outer.level, "gross_weight_g"))
    inside, outside = _volume(inner), _volume(outer)
    if inside is not None and outside is not None and outside < inside * outer.quantity:
        mistakes.append(PackagingMistake("smaller_than_content", outer.level, "length_mm"))
    return mistakes


def _volume(wrapping: Wrapping) -> int | None:
    if not (wrapping.length_mm and wrapping.width_mm and wrapping.height_mm):
        return None
    return wrapping.length_mm * wrapping.width_mm * wrapping.height_mm


def is_gross_plausible(gross_weight_g: int, net_content: Decimal, unit: str, count: int) -> bool:
    """Whether the package weighs at least what is in it."""
    net = net_weight_g(net_content, unit, count)
    return net is None or gross_weight_g >= net


def case_number(gtin: str, indicator: int) -> str:
    """The GTIN-14 of a case of `gtin`: indicator 1-8, the twelve digits, a new check digit.

    Raises ValueError for a number that is none, for an in-house number, and for other indicators.
    """
    if not is_valid_gtin(gtin) or is_restricted_circulation(gtin):
        raise ValueError("only a GTIN has a case number")
    if not 1 <= indicator <= 8:  # noqa: PLR2004
        raise ValueError("the indicator is 1 to 8")
    body = f"{indicator}{gtin.zfill(14)[1:13]}"
    return f"{body}{check_digit(body)}"


def is_case_of(case_gtin: str, gtin: str) -> bool:
    """Whether the fourteen digits are built on the package's own number (or are one of their own)."""
    if len(case_gtin) != 14 or case_gtin[0] == "0":  # noqa: PLR2004
        return True
    return case_gtin[1:13] == gtin.zfill(14)[1:13]
