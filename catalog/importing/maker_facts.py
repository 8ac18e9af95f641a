"""What a row says about its maker beyond name and place: numbers and how to reach it, each only when it is sound."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from catalog.importing.parsing.text import ascii_digits
from catalog.rules.identifiers import is_valid_gln
from catalog.rules.tax_numbers import is_valid_tax_number, tidy_tax_number
from i18n.text import nfc

if TYPE_CHECKING:
    from catalog.models import Producer

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_LONGEST_EMAIL, _LONGEST_REGISTRATION = 254, 60


def read_maker_facts(cells: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The facts by the columns of a producer, and the names of filled cells nobody can rely on."""
    facts: dict[str, str] = {}
    unsound: list[str] = []
    for name, read in _READERS.items():
        text = " ".join(cells.get(name, "").replace("\x00", "").split())
        if not text:
            continue
        if value := read(text):
            facts[name] = value
        else:
            unsound.append(name)
    return facts, unsound


def still_missing(maker: Producer, facts: Mapping[str, str]) -> dict[str, str]:
    """Those of the facts a maker does not have yet: a file fills gaps and never overwrites."""
    return {name: value for name, value in facts.items() if getattr(maker, name) is None}


def _tax_number(text: str) -> str | None:
    """A number with its check digit; a spreadsheet takes the nought from the beginning of some."""
    plain = tidy_tax_number(ascii_digits(text)).lstrip("'")
    return next((one for one in (plain, f"0{plain}") if is_valid_tax_number(one)), None)


def _gln(text: str) -> str | None:
    digits = re.sub(r"[\s.-]", "", ascii_digits(text))
    return digits if is_valid_gln(digits) else None


def _phone(text: str) -> str | None:
    """The first number of the cell, in ten or eleven digits that begin with 0 (a lost 0 is put back)."""
    first = re.split(r"[/;,]|\s[-–]\s", ascii_digits(text))[0]
    digits = re.sub(r"[\s.()-]", "", first)
    digits = re.sub(r"^(?:\+|00)?84(?=\d{9,10}$)", "0", digits)
    if re.fullmatch(r"[235789]\d{8}", digits):
        digits = f"0{digits}"
    return digits if re.fullmatch(r"0\d{9,10}", digits) else None


def _email(text: str) -> str | None:
    found = _EMAIL.fullmatch(re.split(r"[;,\s]", text)[0])
    return found.group() if found and len(text) <= _LONGEST_EMAIL else None


def _registration(text: str) -> str | None:
    return nfc(text) if len(text) <= _LONGEST_REGISTRATION and re.search(r"\d", text) else None


_READERS: Mapping[str, Callable[[str], str | None]] = {
    "tax_number": _tax_number,
    "registration_number": _registration,
    "gln": _gln,
    "phone": _phone,
    "email": _email,
}
MAKER_FACTS = frozenset(_READERS)
"""Columns of a producer that a row of a file may fill."""
