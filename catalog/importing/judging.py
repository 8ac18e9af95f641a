"""Understanding a row of a register: who makes what, where, with how many stars, by which decision."""

from __future__ import annotations

import re
from datetime import date

from catalog.importing.cleaning import CleanRow, clean_row
from catalog.importing.judged import Judged
from catalog.importing.layout import FoundRow, FoundTable
from catalog.importing.maker_facts import read_maker_facts
from catalog.importing.parsing.barcodes import read_barcode
from catalog.importing.parsing.dates import read_date, read_year
from catalog.importing.parsing.decisions import read_decision
from catalog.importing.parsing.makers import maker_kind, stated_kind
from catalog.importing.parsing.places import (
    Place,
    is_district,
    read_place,
    read_province,
    suggest_province,
    with_unit,
)
from catalog.importing.parsing.stars import StarCell, read_score, read_stars, stars_of_score
from catalog.importing.parsing.text import clean, lacks_marks
from catalog.importing.record_facts import PACKAGE_COLUMNS, read_record_facts
from catalog.importing.titles import TitleFacts
from catalog.rules.certification import valid_to

FIRST_DECISION = date(2018, 5, 7)
"""Decision 490/QĐ-TTg began the programme; nothing was recognised before."""
_KEPT = (
    "code",
    "producer_code",
    "group_guess",
    "source_site",
    "source_title",
    "source_date",
    "note",
    "issuer",
    "issuing_level",
)
_NOT_OF_A_REGISTER = (
    *("brand", "short_name", "warnings", "gpc_brick", "lead_time_days", "ingredients", "hs6"),
    *("net_content", "packing", "price_vnd", "price_wholesale", "shelf_life_storage", "sku"),
    *("certificate_number", "valid_to", "representative", *PACKAGE_COLUMNS),
)
"""Columns a register has no place for: kept beside the row as those nobody knows."""
_BOTH = re.compile(r"\d\s*/\s*Q[ĐD]|^\s*(?:Q[ĐD]|quyết định)\s*(?:số)?\s*:?\s*\d", re.IGNORECASE)
"""A number of a decision in the column of its day, as under the heading "Số, ngày quyết định"."""
_LONGEST_CODE = 80
_EARLY_IN_YEAR = 3
_LATE_YEARS = 3
_LONGEST_NAME, _LONGEST_MAKER = 300, 300


def judge_register(table: FoundTable, *, as_of: date) -> list[Judged]:
    """Every row of a register understood by itself; doubles are looked for afterwards."""
    headings = table.headings
    return [_judge(row, table.titles, headings, table.sheet, as_of) for row in table.rows]


def _judge(
    row: FoundRow, titles: TitleFacts, headings: dict[str, str], sheet: str, as_of: date
) -> Judged:
    cells = clean_row(row, known=headings)
    judged = Judged(row.line, {}, raw_of(row, headings), row.extra, row.cells, headings, sheet)
    for code, name in cells.errors.items():
        judged.blame(code, name)
    judge_name(judged, cells, "product_name_vi")
    _maker(judged, cells, row)
    judged.maker_facts, unsound = read_maker_facts(cells.cells)
    judged.record, doubtful = read_record_facts(cells.cells, headings)
    aside = [n for n in (*unsound, *doubtful, *_NOT_OF_A_REGISTER) if cells.cells.get(n)]
    judged.extra = {**row.extra, **{headings.get(n) or n: cells.cells[n] for n in aside}}
    _place(judged, cells, row, titles, headings)
    stars = _stars(judged, cells, row, titles)
    judged.values["stars"] = stars
    judged.values["rating_year"] = _year(cells, titles)
    _decision(judged, cells, titles, as_of)
    if cells.cells.get("gtin"):
        barcode = read_barcode(cells.cells["gtin"])
        judged.values["gtin"] = barcode.gtin
        if barcode.error:
            judged.blame(barcode.error)
    for name in _KEPT:
        if text := cells.cells.get(name):
            judged.values[name] = text
    if len(judged.values.get("code", "")) > _LONGEST_CODE:
        judged.blame("too_long", "code", longest=_LONGEST_CODE)
    if row.section.get("group_guess") and "group_guess" not in judged.values:
        judged.values["group_guess"] = row.section["group_guess"]
    judged.warnings += [hint.replace(":", "_") for hint in row.hints]
    judged.settle()
    return judged


def raw_of(row: FoundRow, headings: dict[str, str]) -> dict[str, str]:
    """What stood in every column of the row, by the headings of the file."""
    raw = {headings.get(name) or name: value for name, value in row.cells.items() if value}
    return raw | row.extra


def judge_name(judged: Judged, cells: CleanRow, key: str) -> None:
    """The name of the product and what may be wrong with it."""
    name = cells.cells.get("name", "").strip(" ;,")
    judged.values[key] = name
    if not name:
        if judged.fields.get("formula_in_text") != "name":
            judged.blame("missing_name")
        return
    if len(name) > _LONGEST_NAME:
        judged.blame("too_long", "name", longest=_LONGEST_NAME)
    if re.search(r"\d{6,}", re.sub(r"(?<=\d)[\s.](?=\d)", "", name)):
        judged.blame("digits_run_in_name")
    if lacks_marks(name):
        judged.blame("diacritics_missing")


def _maker(judged: Judged, cells: CleanRow, row: FoundRow) -> None:
    name = (cells.cells.get("producer_name") or clean(row.section.get("producer_name", ""))).strip(
        " ;,"
    )
    stated = cells.cells.get("producer_type", "")
    judged.values["producer_name"] = name
    judged.values["producer_type"] = (
        maker_kind(name, stated) if name else stated_kind(stated) or "unknown"
    )
    if len(name) > _LONGEST_MAKER:
        judged.blame("too_long", "producer_name", longest=_LONGEST_MAKER)
    if not name:
        judged.blame("missing_producer")
    elif lacks_marks(name) and "diacritics_missing" not in judged.errors:
        judged.blame("diacritics_missing", "producer_name")


def _place(
    judged: Judged, cells: CleanRow, row: FoundRow, titles: TitleFacts, headings: dict[str, str]
) -> None:
    said = cells.cells
    place = read_place(said.get("address", ""))
    commune, district = place.commune, place.district
    if text := said.get("commune", ""):
        inner = read_place(text)
        commune = inner.commune or (
            "" if inner.district else with_unit(text, headings.get("commune", ""))
        )
        district = inner.district or district
    if text := said.get("district", ""):
        shown = with_unit(text, headings.get("district", ""))
        district = shown if is_district(shown) else read_place(text).district
    district = district or row.section.get("district", "") or titles.district
    hamlet = said.get("hamlet", "") or place.hamlet
    judged.values |= {
        "address": said.get("address", "") or ", ".join(filter(None, (hamlet, commune, district))),
        "hamlet": hamlet,
        "commune": commune,
        "district": district,
    }
    _province(judged, said, place, row, titles)
    if not commune:
        judged.warnings.append("missing_commune")


def _province(
    judged: Judged, said: dict[str, str], place: Place, row: FoundRow, titles: TitleFacts
) -> None:
    """Today's province and the one of before July 2025, as far as the row or its titles tell."""
    judged.values |= {"former_province": "", "province_2025": ""}
    old, new, any_ = (said.get(n, "") for n in ("former_province", "province_2025", "province"))
    named = old or any_ or new
    printed = "former_province" if old else "province" if any_ else "province_2025"
    if not named:
        named, printed = clean(row.section.get("province", "")) or place.province, "address"
    if not named:
        if titles.province:
            judged.values |= {
                "former_province": titles.former,
                "province_2025": titles.province.names["vi"],
            }
        else:
            judged.warnings.append("missing_province")
        return
    found = read_province(named)
    if found is None:
        judged.blame("unknown_province", printed, suggestion=suggest_province(named))
        return
    former, province = found
    present = read_province(new or (any_ if old else ""))
    if (new or (old and any_)) and present is None:
        judged.blame(
            "unknown_province",
            "province_2025" if new else "province",
            suggestion=suggest_province(new or any_),
        )
        return
    if present and present[1].code != province.code:
        judged.blame("former_unit_mismatch", printed, belongs_to=province.names["vi"])
        return
    if not old and new and not any_ and province.former:
        former = ""
    judged.values |= {"former_province": former, "province_2025": province.names["vi"]}


def _stars(judged: Judged, cells: CleanRow, row: FoundRow, titles: TitleFacts) -> int | None:
    score = read_score(cells.cells.get("score", ""))
    if score is not None:
        judged.values["score"] = f"{score:f}"
    text = cells.cells.get("stars", "")
    said = read_stars(text)
    if row.ticked:
        if len(set(row.ticked)) > 1 or (said.stars and said.stars != row.ticked[0]):
            judged.blame("conflicting_stars", classes=sorted(set(row.ticked)))
            return None
        said = read_stars(str(row.ticked[0]))
    elif not text:
        said = read_stars(row.section.get("stars", "")) if row.section.get("stars") else StarCell()
        if said == StarCell() and titles.stars:
            said = read_stars(titles.stars)
    if said.unreadable:
        judged.warnings.append("stars_unreadable")
    if said.error:
        judged.blame(said.error)
        return None
    if said.stars is None:
        judged.blame("missing_stars")
        return None
    if score is not None and stars_of_score(score) != said.stars:
        judged.blame("star_score_mismatch", score=f"{score:f}", stars=stars_of_score(score))
        return None
    return said.stars


def _year(cells: CleanRow, titles: TitleFacts) -> int | None:
    for name in ("rating_year", "round"):
        if cells.cells.get(name) and (year := read_year(cells.cells[name])):
            return year
    return None if cells.cells.get("rating_year") else titles.rating_year


def _decision(judged: Judged, cells: CleanRow, titles: TitleFacts, as_of: date) -> None:
    """Number, date and validity of the decision; a date nobody can believe is left empty."""
    if not cells.cells.get("decision_number") and _BOTH.search(
        cells.cells.get("decision_date", "")
    ):
        cells.cells["decision_number"] = cells.cells.pop("decision_date")
    said = read_decision(cells.cells.get("decision_number", ""))
    number = said.number or ("" if cells.cells.get("decision_number") else titles.decision_number)
    day = _decision_day(judged, cells.cells.get("decision_date", ""), said.day)
    if not cells.cells.get("decision_date") and number == titles.decision_number:
        day = day or titles.decision_date
    if number and "/" not in number:
        judged.warnings.append("decision_number_without_suffix")
    if day and day > as_of:
        judged.blame("date_in_future")
        day = None
    judged.values |= {
        "decision_number": number,
        "decision_date": day.isoformat() if day else "",
        "issuer": cells.cells.get("issuer") or said.issuer,
    }
    _validity(judged, day, as_of)
    if not number:
        judged.warnings.append("missing_decision")
    elif not day:
        judged.warnings.append("missing_decision_date")


def _decision_day(judged: Judged, text: str, beside: date | None) -> date | None:
    """The day of the column, else the one that stands beside the number."""
    read = read_date(text)
    if read.hint:
        judged.warnings.append(read.hint)
    if not read.error:
        return read.day or beside
    if re.fullmatch(r"(?:năm\s*)?20\d\d", text, re.IGNORECASE):
        judged.warnings.append("decision_date_is_only_a_year")
        return beside
    judged.blame(read.error)
    return None


def _validity(judged: Judged, day: date | None, as_of: date) -> None:
    year = judged.values["rating_year"]
    suspicious = bool(day and (day < FIRST_DECISION or (year and _unlikely(day, year))))
    if suspicious:
        judged.blame("decision_date_suspicious", year=year)
    end = valid_to(day) if day else None
    state = "unknown" if end is None else "valid" if as_of <= end else "expired"
    if state == "expired" and not suspicious:
        judged.blame("recognition_expired", valid_to=str(end))
    judged.values |= {"valid_to": end.isoformat() if end else "", "recognition_state": state}


def _unlikely(day: date, year: int) -> bool:
    """A round is decided in its own year after the winter, or in the two years after."""
    return (
        day.year < year
        or (day.year == year and day.month < _EARLY_IN_YEAR)
        or day.year >= year + _LATE_YEARS
    )
