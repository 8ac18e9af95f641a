"""What stands only in a title, a sheet's name or the file's name: province, year, decision, class, district."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from catalog.importing.parsing.dates import ANYWHERE
from catalog.importing.parsing.decisions import decision_in_sentence
from catalog.importing.parsing.places import read_province, spelling, write_out
from catalog.importing.parsing.stars import read_stars
from catalog.importing.parsing.text import clean, fold
from catalog.reference import PROVINCES, Province

_SPAN = re.compile(
    r"20\d\d\s*[-–—]\s*20\d\d|(?:từ|giai đoạn)\s+(?:năm\s+)?20\d\d(?:\s*(?:đến|tới)\s*(?:năm\s+)?20\d\d)?",
    re.IGNORECASE,
)
_YEAR = re.compile(
    r"năm\s*:?\s*(20[12]\d)|(?:đợt|round)\s+[\divx]+\s*[/,-]?\s*(20[12]\d)|\b(20[12]\d)\b",
    re.IGNORECASE,
)
_RATING = re.compile(r"dot|danh gia|phan hang|cong nhan|ocop|xep hang|nam|results?|recogni")
_BASIS = re.compile(r"^\s*(?:căn cứ|theo\s+(?!quyết định số)|thực hiện)", re.IGNORECASE)
_STARS = re.compile(
    r"(?:hạng|đạt|xếp hạng|chuẩn|công nhận)?\s*(?:[3-5]|ba|bốn|năm)\s*(?:sao|\*|★)(?:\s*trở lên)?",
    re.IGNORECASE,
)
_DISTRICT = re.compile(
    r"\b((?:huyện|thị xã|quận)\s+[A-ZĐÀ-Ỹ][^\s,;.:()-]*(?:\s+[A-ZĐÀ-Ỹ0-9][^\s,;.:()-]*){0,3})"
)
_PROVINCE_WORDS = "tỉnh|thành phố|tp\\.?|province|city"
_BEFORE_PLACE = re.compile(r"\b(?:xa|phuong|huyen|thi tran|thi xa|quan)\s*$")


@dataclass(slots=True)
class TitleFacts:
    """Facts for every row of a table that has no column for them."""

    former: str = ""
    province: Province | None = None
    rating_year: int | None = None
    decision_number: str = ""
    decision_date: date | None = None
    stars: str = ""
    district: str = ""


def read_titles(lines: list[str], sheet_name: str = "", file_name: str = "") -> TitleFacts:
    """The facts of the titles; the sheet's and then the file's name fill what no title says."""
    facts = TitleFacts()
    titles = [clean(line) for line in lines if line and len(line) < 600]
    texts = [line for line in titles if not _BASIS.match(line)]
    _find_decision(facts, texts)
    found = _provinces(texts)
    if found is None and not _names_several(texts):
        found = _provinces([sheet_name]) or _province_of_file(file_name)
    if found:
        facts.former, facts.province = found
    facts.rating_year = _year(texts) or _year([sheet_name]) or _year_of_file(file_name)
    facts.stars = _stars(texts) or _stars([sheet_name])
    districts = {
        write_out(match.title() if match.isupper() else match)
        for line in texts
        for match in _districts(line)
    }
    if len(districts) == 1:
        facts.district = districts.pop()
    return facts


def _districts(line: str) -> list[str]:
    shown = line.title() if line.isupper() else line
    shown = re.sub(r"\b(Huyện|Thị Xã|Quận)\b", lambda m: m.group().lower(), shown)
    return [match for match in _DISTRICT.findall(shown) if "Danh Sách" not in match]


def _find_decision(facts: TitleFacts, texts: list[str]) -> None:
    named = [cell for line in texts if (cell := decision_in_sentence(line)).number]
    named = [cell for cell in named if "TTG" not in cell.number.upper()]
    if len({cell.number for cell in named}) == 1:
        facts.decision_number = named[0].number
        facts.decision_date = next((cell.day for cell in named if cell.day), None)


def _provinces(texts: list[str]) -> tuple[str, Province] | None:
    """The one province the titles name; one introduced as "tỉnh …" before others."""
    called: dict[str, tuple[str, Province]] = {}
    bare: dict[str, tuple[str, Province]] = {}
    for line in texts:
        for name, found, introduced in _named(line):
            (called if introduced else bare).setdefault(name, found)
    for names in (called, bare):
        if len(names) == 1:
            return next(iter(names.values()))
        if names:
            return None
    return None


def _names_several(texts: list[str]) -> bool:
    return len({name for line in texts for name, _found, _introduced in _named(line)}) > 1


def _named(line: str) -> list[tuple[str, tuple[str, Province], bool]]:
    said = f" {spelling(line)} "
    found = []
    for name, key in _keys():
        at = said.find(f" {key} ")
        if at < 0:
            continue
        before = fold(said[:at])
        if _BEFORE_PLACE.search(before):
            continue
        told = read_province(name)
        if told:
            introduced = (
                re.search(r"\b(?:tinh|thanh pho|tp|ubnd|province of)\s*$", before) is not None
            )
            after = said[at + len(key) + 1 :].lstrip()
            introduced = introduced or after.startswith(("province", "city"))
            found.append((told[0], told, introduced))
    return found


def _keys() -> list[tuple[str, str]]:
    names = [n for p in PROVINCES.values() for n in (p.names["vi"], *p.former)]
    marked = [(name, spelling(name)) for name in names]
    return marked + [(name, fold(key)) for name, key in marked if fold(key) != key]


def _year(texts: list[str]) -> int | None:
    """The one year of the rating; not a date's, not a span's."""
    strong: set[int] = set()
    weak: set[int] = set()
    for line in texts:
        bare = _SPAN.sub(" ", ANYWHERE.sub(" ", line))
        bare = re.sub(
            r"ngày\s*[\d….]*\s*(?:tháng|/)\s*[\d….]*\s*(?:năm|/)\s*20\d\d",
            " ",
            bare,
            flags=re.IGNORECASE,
        )
        bare = re.sub(r"\d+\s*/\s*20\d\d\s*/\s*\S+", " ", bare)
        for groups in _YEAR.findall(bare):
            year = int(next(filter(None, groups)))
            if 2018 <= year <= 2029:
                (strong if _RATING.search(fold(bare)) else weak).add(year)
    for years in (strong, weak):
        if len(years) == 1:
            return years.pop()
        if years:
            return None
    return None


def _stars(texts: list[str]) -> str:
    """ "4 sao" when the titles name one class for all; "" for several or "trở lên"."""
    found = {match.strip() for line in texts for match in _STARS.findall(line)}
    numbers = {read_stars(match).stars for match in found}
    joined = " ".join(texts)
    if (
        len(numbers) != 1
        or None in numbers
        or re.search(r"tiềm năng|đề xuất|đề nghị|trở lên", joined, re.IGNORECASE)
    ):
        return ""
    return (
        ""
        if re.search(r"[3-5]\s*(?:-|–|đến|và|,)\s*[3-5]\s*sao", joined, re.IGNORECASE)
        else f"{numbers.pop()} sao"
    )


def _province_of_file(name: str) -> tuple[str, Province] | None:
    """The province a file is named after: "02_camau_2021.csv", "DS OCOP Cà Mau.xlsx"."""
    stem = re.sub(r"\.[a-z0-9]{2,5}$", "", name.lower())
    words = re.split(r"[\W_\d]+", fold(stem))
    joined = {
        "".join(words[i:j])
        for i in range(len(words))
        for j in range(i + 1, min(i + 5, len(words) + 1))
    }
    found: dict[str, tuple[str, Province]] = {}
    for name_, key in _keys():
        if fold(key).replace(" ", "") in joined and (told := read_province(name_)):
            found[told[0]] = told
    return next(iter(found.values())) if len(found) == 1 else None


def _year_of_file(name: str) -> int | None:
    stem = re.sub(r"\.[a-z0-9]{2,5}$", "", name)
    if re.search(r"20\d\d\s*[-_]\s*20\d\d", stem):
        return None
    years = {int(y) for y in re.findall(r"(?<!\d)(20[12]\d)(?!\d)", stem)}
    return years.pop() if len(years) == 1 and 2018 <= min(years) <= 2029 else None
