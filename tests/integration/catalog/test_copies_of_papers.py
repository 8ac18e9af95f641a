"""Photos and PDFs beside papers: kept clean, seen by producer and office only, gone when they are removed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.errors import LedgerEntryNotFound
from catalog.evidence import keeping
from catalog.evidence.keeping import (
    MOST_COPIES,
    CopyCompared,
    CopyNotFound,
    TooManyCopies,
    add_copy,
    count_copies,
    drop_file,
    find_copy,
    list_copies,
    remove_copy,
)
from catalog.evidence.receiving import ReceivedCopy, UnusableCopy, file_of, receive_copy
from catalog.models import Paper, Producer, Product
from catalog.papers import check_paper
from catalog.pictures.store import FolderStore
from core.actor import Actor, Role
from core.audit import AuditEntry
from core.people.permissions import NotAllowed
from tests.factories import rights as make
from tests.factories.catalog import make_certificate, make_product
from tests.factories.lots import NOW, TODAY
from tests.factories.pictures import draw, encoded

SCAN = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
OFFICE = Actor(None, "Văn phòng", frozenset({Role.OFFICE}))


@pytest.fixture
def product(session: Session) -> Product:
    return make_product(session)


@pytest.fixture
def paper(session: Session, product: Product) -> Paper:
    """A VietGAP certificate nobody has compared yet."""
    return make.make_scheme_paper(session, product, checked_on=None)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "private")


def _owner(paper: Paper) -> Actor:
    own = frozenset({paper.producer_id})
    return Actor(None, "Chị Lan", frozenset({Role.PRODUCER}), producer_ids=own)


def _add(session: Session, subject: str, number: int, received: ReceivedCopy, actor: Actor) -> int:
    kept = add_copy(session, subject, number, received, file_name="a.pdf", actor=actor, now=NOW)
    return kept.id


def test_a_pdf_is_kept_as_it_came_and_a_photo_as_its_pixels(store: FolderStore) -> None:
    scan = receive_copy(store, SCAN)
    assert (scan.kind, store.read(file_of(scan.digest, "pdf"))) == ("pdf", SCAN)
    from fpdf import FPDF

    made = FPDF()
    made.add_page()
    assert receive_copy(store, bytes(made.output())).kind == "pdf"
    from PIL import Image

    exif = Image.Exif()
    exif[0x010E] = "Nhà của chị Lan"
    photo = receive_copy(store, encoded(draw(900, 1200), exif=exif))
    kept = store.read(file_of(photo.digest, photo.kind)) or b""
    assert (photo.kind, photo.size, kept[:3]) == ("picture", len(kept), b"\xff\xd8\xff")
    assert "Nhà của chị Lan".encode() not in kept


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 a letter", "document"),
        (b"%PDF-1.7 cut off", "pdf_broken"),
        (b"%PDF-1.7\n" + b" " * (11 << 20) + b"%%EOF", "pdf_too_large"),
        (b"\x00\x01hello", "not_a_picture"),
        (b"<svg onload=alert(1)>", "drawing"),
    ],
)
def test_other_files_are_refused_and_leave_nothing(
    store: FolderStore, data: bytes, reason: str
) -> None:
    with pytest.raises(UnusableCopy) as refusal:
        receive_copy(store, data)
    assert refusal.value.reason == reason
    assert not store.folder.exists()


def test_only_the_producer_and_the_office_find_it(
    session: Session, paper: Paper, store: FolderStore
) -> None:
    copy = _add(session, "paper", paper.id, receive_copy(store, SCAN), _owner(paper))
    assert find_copy(session, copy, actor=_owner(paper)).digest
    assert find_copy(session, copy, actor=OFFICE).digest
    neighbour = Actor(
        None,
        "Hàng xóm",
        frozenset({Role.PRODUCER}),
        producer_ids=frozenset({paper.producer_id + 1}),
    )
    partner = Actor(None, "Siêu thị", frozenset({Role.PARTNER}), partner_codes=frozenset({"coop"}))
    for stranger in (neighbour, partner):
        with pytest.raises(NotAllowed):
            find_copy(session, copy, actor=stranger)
        with pytest.raises(NotAllowed):
            _add(session, "paper", paper.id, receive_copy(store, SCAN), stranger)
    for subject, number in (("paper", 10**9), ("secret", paper.id)):
        with pytest.raises(LedgerEntryNotFound):
            _add(session, subject, number, receive_copy(store, SCAN), OFFICE)


def test_sent_twice_it_is_one_copy_and_there_is_an_end_to_them(
    session: Session, paper: Paper, product: Product
) -> None:
    copies = [ReceivedCopy(f"{n:064x}", "pdf", 9) for n in range(MOST_COPIES + 1)]
    first = _add(session, "paper", paper.id, copies[0], OFFICE)
    assert _add(session, "paper", paper.id, copies[0], OFFICE) == first
    for one in copies[1:-1]:
        _add(session, "paper", paper.id, one, OFFICE)
    with pytest.raises(TooManyCopies):
        _add(session, "paper", paper.id, copies[-1], OFFICE)
    stars = make_certificate(session, product, 4, issued_on=TODAY - timedelta(days=9))
    _add(session, "certificate", stars.id, copies[0], OFFICE)
    assert count_copies(session, "paper", [paper.id]) == {paper.id: MOST_COPIES}
    assert count_copies(session, "certificate", [stars.id, 7]) == {stars.id: 1}


def test_removed_before_the_comparison_it_is_gone_with_its_file(
    session: Session, paper: Paper, product: Product, store: FolderStore
) -> None:
    received = receive_copy(store, SCAN)
    other = make.make_scheme_paper(session, product, kind="halal", checked_on=None)
    copy = _add(session, "paper", paper.id, received, _owner(paper))
    second = _add(session, "paper", other.id, received, _owner(paper))
    remove_copy(session, copy, actor=_owner(paper), now=NOW)
    drop_file(session, store, received.digest, received.kind)
    assert store.has(file_of(received.digest, "pdf"))  # the other paper still needs it
    with pytest.raises(CopyNotFound):
        find_copy(session, copy, actor=OFFICE)
    remove_copy(session, second, actor=_owner(paper), now=NOW)
    drop_file(session, store, received.digest, received.kind)
    assert not store.has(file_of(received.digest, "pdf"))
    assert list_copies(session, "paper", paper.id) == []
    actions = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("evidence.%")))
    assert sorted(actions) == ["evidence.add"] * 2 + ["evidence.remove"] * 2


def test_what_the_office_has_compared_only_the_office_removes(
    session: Session, paper: Paper, store: FolderStore
) -> None:
    copy = _add(session, "paper", paper.id, receive_copy(store, SCAN), _owner(paper))
    check_paper(session, paper.id, actor=OFFICE, on=TODAY, now=NOW)
    with pytest.raises(CopyCompared):
        remove_copy(session, copy, actor=_owner(paper), now=NOW)
    remove_copy(session, copy, actor=OFFICE, now=NOW)


def test_a_licence_has_copies_too(session: Session, product: Product) -> None:
    licence = make.make_licence(session, make.make_right(session), product)
    _add(session, "licence", licence.id, ReceivedCopy("a" * 64, "pdf", 9), OFFICE)
    entry = keeping.find_entry(session, "licence", licence.id)
    producer = session.get_one(Producer, product.producer_id)
    assert (entry.producer_id, entry.is_compared) == (producer.id, True)
