"""The files partners receive: golden bytes, GS1's schemas, and what a mutated message is refused for."""

import io
import os
import re
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from feeds.formats import gs1_cin, xlsx
from feeds.formats.checks import check_cin, validate_against_schemas
from feeds.formats.lines import Line
from feeds.rules.items import FeedItem
from tests.conftest import missing
from tests.factories.feeds import batch, item, plain_item, profile

GOLDEN = Path(__file__).parent


@pytest.fixture
def driver() -> Path:
    """The file that includes all of GS1's schemas, which may not be passed on with this project."""
    folder = os.environ.get("OCOP_GS1_SCHEMA_DIR") or missing(
        "gs1", "OCOP_GS1_SCHEMA_DIR names no folder with GS1's published schemas"
    )
    return Path(folder) / "gdsn-driver.xsd"


def _golden(name: str, content: bytes) -> None:
    """Compare with the kept file; OCOP_TEST_WRITE_GOLDEN=1 keeps the new one, for a person to read."""
    path = GOLDEN / name
    if os.environ.get("OCOP_TEST_WRITE_GOLDEN"):
        path.write_bytes(content)
    assert content == path.read_bytes()


def _message() -> bytes:
    return gs1_cin.render(batch(), profile())


def test_the_message_is_the_golden_one() -> None:
    _golden("batch.xml", _message())


def test_the_spreadsheet_is_the_golden_one() -> None:
    """Its parts are compared, for the compressed bytes depend on the zlib of the machine."""
    content = xlsx.render(batch(), profile())

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = b"".join(
            f"--- {name}\n".encode() + archive.read(name) + b"\n" for name in archive.namelist()
        )
    _golden("batch.xlsx.txt", parts)


def test_the_same_batch_gives_the_same_bytes() -> None:
    later = replace(batch(), created_at=batch().created_at + timedelta(seconds=1))

    for render in (gs1_cin.render, xlsx.render):
        assert render(batch(), profile()) == render(batch(), profile())
        assert render(batch(), profile()) != render(later, profile())


def test_another_reader_finds_texts_and_no_formulas() -> None:
    content = xlsx.render(batch(), profile())

    head, *rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    )
    assert all(isinstance(cell, str) for row in rows for cell in row)
    column = head.index("Mã GTIN")
    assert [row[column] for row in rows] == ["02000000000015", "02000000000022", "02000000000039"]
    assert rows[1][head.index("Mã hàng nhà cung cấp")] == "=1+1"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet


def test_the_message_is_valid_for_gs1s_schemas(driver: Path) -> None:
    assert validate_against_schemas(_message(), driver) == []


KINDS = [
    item(may_contain=(), contains=("BN",)),
    item(abv="29.5", subgroup_code="D01"),
    item(storage_kind="frozen", sold_by="weight", net_unit="KGM", net_content="1"),
    item(name_vi="Mắm \x07<&> " + "dài " * 80, ingredients="x" * 9000, producer_name="n" * 290),
    item(producer_gln="9521234500018", category=None, producer_address=None, shelf_life_days=None),
    item(storage_kind="live", origin_country="KR", ingredients=None, allergens_state="unknown"),
    plain_item(),
]


def _lone(action: str, kind: FeedItem) -> bytes:
    return gs1_cin.render(batch(Line(1, action, "02000000000015", kind)), profile())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("action", ["add", "change", "withdraw"])
def test_items_of_every_kind_are_valid(driver: Path, kind: FeedItem, action: str) -> None:
    assert validate_against_schemas(_lone(action, kind), driver) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("action", ["add", "change", "withdraw"])
def test_our_own_check_accepts_items_of_every_kind(kind: FeedItem, action: str) -> None:
    assert check_cin(_lone(action, kind)) == []


def test_our_own_check_finds_nothing_wrong() -> None:
    assert check_cin(_message()) == []


MUTANTS = {
    "no containment": (
        rb"<levelOfContainmentCode>CONTAINS</levelOfContainmentCode>",
        b"",
        "containment_missing",
    ),
    "no unit": (rb' measurementUnitCode="MLT"', b"", "unit_unknown"),
    "short gtin": (
        rb"<tradeItem><gtin>02000000000015<",
        b"<tradeItem><gtin>2000000000015<",
        "gtin_invalid",
    ),
    "no target market": (rb"<targetMarket>.*?</targetMarket>", b"", "element_missing"),
    "wrong order": (
        rb"(<targetMarket>.*?</targetMarket>)(<tradeItemInformation>)",
        rb"<tradeItemInformation></tradeItemInformation>\1\2",
        "wrong_order",
    ),
    "unknown command": (rb'type="ADD"', b'type="INSERT"', "command_unknown"),
    "not xml": (rb"</transaction>", b"", "not_xml"),
}
OPEN_IN_SCHEMAS = {
    "misspelt module": (
        rb"<m:tradeItemLifespanModule(.*?)</m:tradeItemLifespanModule>",
        rb"<m:tradeItemLifespamModule\1</m:tradeItemLifespamModule>",
        "module_unknown",
    ),
    "wrong check digit": (
        rb"<tradeItem><gtin>02000000000015<",
        b"<tradeItem><gtin>02000000000016<",
        "gtin_invalid",
    ),
    "wrong location number": (
        rb"<gln>9521234500025</gln>",
        b"<gln>9521234500026</gln>",
        "gln_invalid",
    ),
    "unknown allergen": (
        rb"<allergenTypeCode>AF<",
        b"<allergenTypeCode>ZZZ<",
        "allergen_unknown",
    ),
    "case of another size": (rb"<quantity>12<", b"<quantity>13<", "quantity_differs"),
    "crossed temperatures": (
        rb"<minimumTemperature(.*?)>0<",
        rb"<minimumTemperature\1>9<",
        "temperatures_crossed",
    ),
}


@pytest.mark.parametrize("name", [*MUTANTS, *OPEN_IN_SCHEMAS])
def test_a_mutated_message_is_found_by_our_check(name: str) -> None:
    wrong, put, code = (MUTANTS | OPEN_IN_SCHEMAS)[name]
    mutant = re.sub(wrong, put, _message(), count=1, flags=re.DOTALL)

    assert mutant != _message()
    assert code in {fault.code for fault in check_cin(mutant)}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutated_message_is_refused_by_gs1s_schemas(driver: Path, name: str) -> None:
    from lxml import etree

    wrong, put, _code = MUTANTS[name]
    mutant = re.sub(wrong, put, _message(), count=1, flags=re.DOTALL)

    try:
        assert validate_against_schemas(mutant, driver) != []
    except etree.XMLSyntaxError:
        assert name == "not xml"


def test_a_large_batch_is_written_line_by_line() -> None:
    lines = tuple(Line(n, "add", "02000000000015", item()) for n in range(1, 200))
    pieces = list(gs1_cin.stream(batch(*lines), profile()))

    assert len(pieces) == 3 + 199 + 1
    assert max(map(len, pieces)) < 12_000
