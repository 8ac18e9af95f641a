"""Protected names whose registration number was verified, as of `CHECKED_ON`.

Not listed, because no registration number was found: the geographical indications Bạc Liêu (salt),
Hồng Dân (rice), Lạng Sơn (star anise) and Bảo Lâm (persimmon), and the collective marks of Rạch Gốc,
U Minh, Bắc Sơn and Tràng Định. Without a number nobody can look a right up, so no badge is given;
the programme office can enter them when it has the certificate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

CHECKED_ON = date(2026, 11, 22)


@dataclass(frozen=True, slots=True)
class KnownName:
    """A registered right; `registered_on` None where only number and decision are verified."""

    kind: str
    number: str
    name: str
    goods: Mapping[str, str]
    province_code: str
    holder: str | None
    decision_number: str
    registered_on: date | None
    source: str


KNOWN: tuple[KnownName, ...] = (
    KnownName(
        "gi",
        "00110",
        "Cà Mau",
        {
            "vi": "Tôm sú",
            "en": "Black tiger shrimp",
            "ja": "ブラックタイガーえび",
            "ko": "블랙타이거새우",
            "zh-hans": "黑虎虾",
            "zh-hant": "草蝦",
            "fr": "Crevette géante tigrée",
            "de": "Black-Tiger-Garnele",
            "bn": "বাগদা চিংড়ি",
        },
        "96",
        "Sở Khoa học và Công nghệ tỉnh Cà Mau",
        "4287/QĐ-SHTT",
        date(2021, 9, 30),
        "moit.gov.vn",
    ),
    KnownName(
        "gi",
        "00116",
        "Cà Mau",
        {
            "vi": "Cua",
            "en": "Mud crab",
            "ja": "マングローブがに",
            "ko": "머드크랩",
            "zh-hans": "青蟹",
            "zh-hant": "青蟳",
            "fr": "Crabe de palétuvier",
            "de": "Mangrovenkrabbe",
            "bn": "কাদা কাঁকড়া",
        },
        "96",
        None,
        "2576/QĐ-SHTT",
        None,
        "vietnamiplaws.com",
    ),
    KnownName(
        "gi",
        "00140",
        "Lạng Sơn",
        {
            "vi": "Quả na",
            "en": "Custard apple",
            "ja": "バンレイシ",
            "ko": "슈가애플",
            "zh-hans": "番荔枝",
            "zh-hant": "釋迦",
            "fr": "Pomme-cannelle",
            "de": "Zimtapfel",
            "bn": "শরিফা",
        },
        "20",
        None,
        "560/QĐ-SHTT",
        date(2024, 6, 22),
        "ipvietnam.gov.vn",
    ),
)
"""Two rights bear the name Cà Mau: only kind and number tell them apart."""
