"""The files of the import measurement: a register and full listings, a row for each product of `bench.data`."""

from __future__ import annotations

import random

from bench.data import PRODUCERS, names_of, producer_name, sentence
from catalog.reference import PROVINCES, SUBGROUPS
from catalog.rules.identifiers import check_digit

REGISTER = ("Tên sản phẩm", "Chủ thể", "Xã", "Tỉnh", "Hạng sao", "Số quyết định", "Ngày quyết định")
_TEXTS = ("summary", "description", "ingredients")
LISTING = (
    *("code", "producer_code", "producer_name", "province", "subgroup", "sku", "gtin"),
    *("net_content", "price_vnd", "shelf_life_storage", "allergens", "vat_class", "stars"),
    *(f"{field}_{locale}" for field in ("name", *_TEXTS) for locale in ("vi", "en", "ja")),
)
_REPEATS = {"summary": 1, "description": 2, "ingredients": 1}


def register_cells(number: int) -> list[str]:
    """One line of a register as a department writes it."""
    chance = random.Random(number)
    day = f"{chance.randrange(1, 28):02}/{chance.randrange(1, 13):02}/2024"
    return [
        names_of(number)["vi"],
        producer_name(number % PRODUCERS),
        f"Xã {number % 90}",
        _province(number),
        str(chance.choice((3, 3, 4, 5))),
        f"{number % 400}/QĐ-UBND",
        day,
    ]


def listing_cells(number: int, *, dearer: int = 0) -> list[str]:
    """One full listing in three languages, about 1.4 kB; `dearer` VND are added to the price."""
    chance, names = random.Random(number), names_of(number)
    digits = f"893{number:09}"
    return [
        f"bench-{number}",
        f"bench-{1 + number % PRODUCERS}",
        producer_name(1 + number % PRODUCERS),
        _province(number),
        list(SUBGROUPS)[number % len(SUBGROUPS)],
        f"BENCH-{number}",
        digits + str(check_digit(digits)),
        f"{chance.choice((100, 250, 500))} g",
        str(chance.randrange(30, 900) * 1_000 + dearer),
        "12m amb",
        chance.choice(("FIS", "CRU FIS", "–")),
        "8",
        str(chance.choice((3, 4, 5))),
        *(names[locale] for locale in ("vi", "en", "ja")),
        *(
            f"{number}. {sentence(locale) * _REPEATS[field]}".strip()
            for field in _TEXTS
            for locale in ("vi", "en", "ja")
        ),
    ]


def _province(number: int) -> str:
    return list(PROVINCES.values())[(1 + number % PRODUCERS) % len(PROVINCES)].names["vi"]
