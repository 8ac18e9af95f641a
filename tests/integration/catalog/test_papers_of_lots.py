"""Labels whose codes a scanner reads back, and EPCIS documents that the standard's schema accepts."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from catalog.lots.epcis import epcis_document
from catalog.lots.labels import SHEETS, Label, label_sheet, qr_svg
from catalog.lots.recalls import open_recall
from catalog.models import Package, Producer
from catalog.queries.lot_page import address_of
from catalog.queries.lots import load_events
from tests.conftest import TODAY, missing, needs_program
from tests.factories.catalog import make_package, make_product
from tests.factories.lots import (
    GTIN,
    NOW,
    TESTER,
    happened,
    make_gtin_package,
    make_lot,
    make_material,
)

ADDRESS = f"https://ocop.example/01/0{GTIN}/10/NM2605A?15=280420"
LABEL = Label(
    ADDRESS,
    "Nước mắm cá cơm Rạch Gốc",
    ("500 ml", "Lô: NM2605A", "NSX: 01/05/2026", "HSD: 20/04/2028", "HTX Rừng Ngập Mặn"),
)
MADE = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SCHEMA = Path(__file__).parents[4] / "shared/standards/epcis2/EPCIS-JSON-Schema.json"


@pytest.mark.parametrize("name", SHEETS)
def test_the_first_and_the_last_code_of_a_sheet_lead_to_the_lot(tmp_path: Path, name: str) -> None:
    zbar, draw = needs_program("zbarimg"), needs_program("pdftoppm")
    sheet, dots = SHEETS[name], 300
    paper = tmp_path / "labels.pdf"
    paper.write_bytes(label_sheet(LABEL, sheet, sheet.count, now=MADE))
    for row, column in ((0, 0), (sheet.rows - 1, sheet.columns - 1)):
        corner = (
            sheet.left + column * (sheet.width + sheet.gap),
            sheet.top + row * sheet.height,
            sheet.width,
            sheet.height,
        )
        x, y, width, height = (str(round(mm / 25.4 * dots)) for mm in corner)
        cut = ["-x", x, "-y", y, "-W", width, "-H", height]
        picture = tmp_path / f"label-{row}"
        subprocess.run(
            [draw, "-r", str(dots), *cut, "-gray", "-png", "-singlefile", paper, picture],
            check=True,
        )
        read = subprocess.run(
            [zbar, "-q", "--raw", "-Sdisable", "-Sqrcode.enable", f"{picture}.png"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert read.stdout.split() == [ADDRESS]


def test_a_sheet_says_its_words_in_vietnamese_with_its_own_letters(tmp_path: Path) -> None:
    read = needs_program("pdftotext")
    paper = tmp_path / "labels.pdf"
    content = label_sheet(LABEL, SHEETS["24"], 25, now=MADE)
    paper.write_bytes(content)
    told = subprocess.run([read, "-raw", paper, "-"], capture_output=True, text=True, check=True)
    assert told.stdout.count("NSX: 01/05/2026") == 25
    assert "Nước mắm cá cơm" in told.stdout
    assert content.count(b"/FontFile2") == 2  # embedded
    assert len(content) < 150_000
    fonts = needs_program("pdffonts")
    listed = subprocess.run([fonts, paper], capture_output=True, text=True, check=True).stdout
    assert all(" yes " in line for line in listed.splitlines()[2:])


def test_the_code_alone_is_a_small_picture() -> None:
    picture = qr_svg(ADDRESS)
    assert picture.startswith(b"<svg")
    assert len(picture) < 8_000


@pytest.mark.parametrize("count", [0, -1, 100_000])
def test_nobody_prints_no_labels_or_a_lorry_of_them(count: int) -> None:
    with pytest.raises(ValueError, match="how many"):
        label_sheet(LABEL, SHEETS["24"], count, now=MADE)


@pytest.fixture
def package(session: Session) -> Package:
    return make_gtin_package(session)


def story(session: Session, package: Package) -> dict[str, Any]:
    """Received, fermented, bottled, shipped wrongly and rightly, and called back: as a document."""
    maker = session.get_one(Producer, package.product.producer_id)
    fish = make_material(session, maker.id)
    sauce = make_material(session, maker.id, "Nước mắm cốt", unit="l", quantity=Decimal("120.5"))
    bottles = make_lot(session, package)
    happened(
        session, maker.id, "receive", outputs=((fish, 200),), party="Vựa Hai Lúa",
        party_gln="8938500009990", document="PN-01",
    )  # fmt: skip
    happened(session, maker.id, "process", inputs=((fish, 200),), outputs=((sauce, 120),))
    happened(session, maker.id, "pack", inputs=((sauce, 100),), outputs=((bottles, 200),))
    wrong = happened(session, maker.id, "ship", inputs=((bottles, 50),), party="Chợ")
    happened(
        session, maker.id, "ship", inputs=((bottles, 40),), party="Co.opmart",
        corrects_id=wrong.event.id,
    )  # fmt: skip
    struck = happened(session, maker.id, "ship", inputs=((bottles, 1),), party="Chợ")
    happened(session, maker.id, "void", corrects_id=struck.event.id)
    open_recall(session, fish.id, reason="x", advice="y", actor=TESTER, on=TODAY, now=NOW)
    events = load_events(session, [fish.id, sauce.id, bottles.id])
    return epcis_document(maker, events, base_url="https://ocop.example", now=NOW)


def test_the_document_is_valid_by_the_schema_of_the_standard(
    session: Session, package: Package
) -> None:
    if not SCHEMA.exists():
        missing("epcis", "the EPCIS 2.0 schema of GS1 is not beside the project")
    from jsonschema import Draft7Validator

    document = json.loads(json.dumps(story(session, package)))
    faults = list(Draft7Validator(json.loads(SCHEMA.read_text("utf-8"))).iter_errors(document))
    assert not faults, [f"{list(f.path)}: {f.message[:200]}" for f in faults]


def test_the_document_tells_the_whole_story(session: Session, package: Package) -> None:
    events = story(session, package)["epcisBody"]["eventList"]
    kinds = [event["ocop:kind"] for event in events]
    assert kinds == ["receive", "process", "pack", "ship", "ship", "ship", "recall"]
    made = events[2]
    assert made["type"] == "TransformationEvent"
    assert made["outputQuantityList"] == [
        {"epcClass": f"https://id.gs1.org/01/0{GTIN}/10/NM2605A", "quantity": 200}
    ]
    assert made["inputQuantityList"][0]["uom"] == "LTR"
    assert events[3]["errorDeclaration"]["correctiveEventIDs"] == [events[4]["eventID"]]
    assert events[5]["errorDeclaration"]["reason"] == "did_not_occur"
    assert events[6]["disposition"] == "recalled"


def test_an_in_house_number_never_looks_like_a_gtin(session: Session) -> None:
    product = make_product(session, packages=0)
    package = make_package(session, product, gtin="2000000000015", gtin_is_internal=True)
    lot = make_lot(session, package)
    happened(session, product.producer_id, "ship", inputs=((lot, 1),), party="Chợ")
    maker = session.get_one(Producer, product.producer_id)
    events = load_events(session, [lot.id])
    told = json.dumps(epcis_document(maker, events, base_url="https://ocop.example", now=NOW))
    assert "2000000000015" not in told
    assert f"https://ocop.example/lots/{lot.code}" in told
    assert address_of(lot) == f"/lots/{lot.code}"
