"""A nutrition declaration per 100 g or 100 ml: what is impossible, what is doubtful, what follows.

Energy is reckoned with the factors of Codex CXG 2 and Regulation (EU) 1169/2011, Annex XIV. Labels
differ in whether carbohydrate includes fibre, so both readings are allowed before doubting one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

KJ_PER_KCAL = Decimal("4.184")
SALT_PER_SODIUM = Decimal("2.5")
GRAMS = ("fat", "saturates", "carbohydrate", "sugars", "protein", "fibre", "salt")
BASES = ("100g", "100ml")
SOURCES = ("laboratory", "calculated", "label")
DENSEST = Decimal(150)
"""Nobody's 100 ml weigh more than this many grams."""

_FACTORS_KJ = {"fat": 37, "carbohydrate": 17, "protein": 17}
_FIBRE_KJ = 8
_ALCOHOL_KJ = 29
_ALCOHOL_DENSITY = Decimal("0.789")
_TOLERANCE = Decimal("0.2")
_SLACK_KJ = Decimal(60)


@dataclass(frozen=True, slots=True)
class Nutrition:
    """Energy in kJ and kcal, sodium in mg, all else in g, each per `basis`; None is not declared."""

    basis: str = "100g"
    energy_kj: Decimal | None = None
    energy_kcal: Decimal | None = None
    fat: Decimal | None = None
    saturates: Decimal | None = None
    carbohydrate: Decimal | None = None
    sugars: Decimal | None = None
    protein: Decimal | None = None
    fibre: Decimal | None = None
    salt: Decimal | None = None
    sodium_mg: Decimal | None = None


NUTRIENTS = ("energy_kj", "energy_kcal", *GRAMS, "sodium_mg")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A stable code, the field it is about, and the figure that was expected where there is one."""

    code: str
    field: str
    expected: Decimal | None = None


def nutrition_mistakes(facts: Nutrition) -> list[Doubt]:
    """What cannot be: `negative`, `more_than_basis`, `more_than_whole`, `sum_over_basis`, `unknown_basis`."""
    mistakes = [
        Doubt("negative", name)
        for name in NUTRIENTS
        if (value := getattr(facts, name)) is not None and value < 0
    ]
    if facts.basis not in BASES:
        mistakes.append(Doubt("unknown_basis", "basis"))
    most = Decimal(100) if facts.basis == "100g" else DENSEST
    mistakes += [
        Doubt("more_than_basis", name, most)
        for name in GRAMS
        if (value := getattr(facts, name)) is not None and value > most
    ]
    if facts.sodium_mg is not None and facts.sodium_mg > most * 400:
        mistakes.append(Doubt("more_than_basis", "sodium_mg", most * 400))
    for part, whole in (("saturates", "fat"), ("sugars", "carbohydrate")):
        inner, outer = getattr(facts, part), getattr(facts, whole)
        if inner is not None and outer is not None and inner > outer:
            mistakes.append(Doubt("more_than_whole", part, outer))
    solids = [facts.fat, facts.carbohydrate, facts.protein, _salt(facts)]
    if not mistakes and sum(v for v in solids if v is not None) > most + Decimal("0.5"):
        mistakes.append(Doubt("sum_over_basis", "carbohydrate", most))
    return mistakes


def nutrition_doubts(facts: Nutrition, abv: Decimal | None = None) -> list[Doubt]:
    """What is probably a slip of the pen; the figures are kept all the same.

    `energy_units` (kJ and kcal disagree, or one stands in the other's place), `energy_macronutrients`
    (the energy is not that of the fat, carbohydrate, protein, fibre and alcohol declared),
    `salt_sodium` (salt is not 2.5 times the sodium). `abv` is the alcohol in percent by volume.
    """
    doubts: list[Doubt] = []
    kj, kcal = facts.energy_kj, facts.energy_kcal
    if kj is not None and kcal is not None:
        expected = _whole(kcal * KJ_PER_KCAL)
        if abs(kj - expected) > max(Decimal(6), expected * Decimal("0.03")):
            doubts.append(Doubt("energy_units", "energy_kj", expected))
    declared = kj if kj is not None else (kcal * KJ_PER_KCAL if kcal is not None else None)
    reckoned = energy_from_macronutrients(facts, abv)
    if declared is not None and reckoned is not None and not doubts:
        low, high = reckoned
        slack = max(_SLACK_KJ, high * _TOLERANCE)
        if not low - slack <= declared <= high + slack:
            shown = high if declared > high else low
            field, expected = (
                ("energy_kj", shown) if kj is not None else ("energy_kcal", shown / KJ_PER_KCAL)
            )
            doubts.append(Doubt("energy_macronutrients", field, _whole(expected)))
    if facts.salt is not None and facts.sodium_mg is not None:
        salt = facts.sodium_mg * SALT_PER_SODIUM / 1000
        if abs(facts.salt - salt) > max(Decimal("0.05"), salt * Decimal("0.1")):
            doubts.append(Doubt("salt_sodium", "salt", salt.quantize(Decimal("0.01"))))
    return doubts


def energy_from_macronutrients(
    facts: Nutrition, abv: Decimal | None = None
) -> tuple[Decimal, Decimal] | None:
    """The least and most kJ that the declared nutrients give; None unless all three are declared."""
    if any(getattr(facts, name) is None for name in _FACTORS_KJ):
        return None
    total = sum((getattr(facts, name) * factor for name, factor in _FACTORS_KJ.items()), Decimal(0))
    if abv is not None:
        total += abv * _ALCOHOL_DENSITY * _ALCOHOL_KJ
    fibre = facts.fibre or Decimal(0)
    within = min(fibre, facts.carbohydrate or Decimal(0))
    return total - within * (17 - _FIBRE_KJ), total + fibre * _FIBRE_KJ


def completed(facts: Nutrition) -> Nutrition:
    """The declaration with kJ from kcal, kcal from kJ, salt from sodium and sodium from salt."""
    values: dict[str, Any] = {}
    if facts.energy_kj is None and facts.energy_kcal is not None:
        values["energy_kj"] = _whole(facts.energy_kcal * KJ_PER_KCAL)
    if facts.energy_kcal is None and facts.energy_kj is not None:
        values["energy_kcal"] = _whole(facts.energy_kj / KJ_PER_KCAL)
    if facts.salt is None and facts.sodium_mg is not None:
        values["salt"] = _rounded(facts.sodium_mg * SALT_PER_SODIUM / 1000, "0.001")
    if facts.sodium_mg is None and facts.salt is not None:
        values["sodium_mg"] = _whole(facts.salt * 1000 / SALT_PER_SODIUM)
    return replace(facts, **values)


def declared_names(facts: Nutrition) -> tuple[str, ...]:
    """The nutrients that are declared, in the order of a label."""
    return tuple(name for name in NUTRIENTS if getattr(facts, name) is not None)


def lacking(facts: Nutrition, wanted: Iterable[str]) -> tuple[str, ...]:
    """Those of the wanted nutrients that are neither declared nor follow from others."""
    full = completed(facts)
    return tuple(name for name in wanted if getattr(full, name) is None)


def _salt(facts: Nutrition) -> Decimal | None:
    return completed(facts).salt


def _whole(value: Decimal) -> Decimal:
    return _rounded(value, "1")


def _rounded(value: Decimal, step: str) -> Decimal:
    return value.quantize(Decimal(step), rounding=ROUND_HALF_UP)
