"""A scan as PDF is taken; what runs, is locked, broken or something else as well is not."""

from __future__ import annotations

import zlib

from catalog.evidence.pdf import pdf_fault
from tests.rows import each_row

SCAN = (
    b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    b"4 0 obj\n<</Length 9>>\nstream\n/JS/Launch\nendstream\nendobj\n"
    b"trailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
)


def _with(part: bytes) -> bytes:
    return SCAN.replace(b"trailer", part + b"\ntrailer")


def test_a_scan_is_taken_whatever_its_picture_happens_to_spell() -> None:
    assert pdf_fault(SCAN) is None


@each_row(
    ("data", "fault"),
    [
        (b"%PDF-1.7\n", "pdf_broken"),
        (b"%PDF-9.9\n" + SCAN, "pdf_broken"),
        (SCAN[:-8], "pdf_broken"),
        (SCAN + b"A" * 2000, "pdf_broken"),
        (b"%PDF-1.4\n<script>alert(1)</script>" + SCAN, "two_in_one"),
        (SCAN.replace(b"%%EOF", b"PK\x05\x06" + bytes(18) + b"\n%%EOF"), "two_in_one"),
        (_with(b"<</OpenAction<</S/JavaScript/JS(app.alert)>>>>"), "pdf_active"),
        (_with(b"<</S/J#61vaScript>>"), "pdf_active"),
        (_with(b"<</S/Launch/F(cmd.exe)>>"), "pdf_active"),
        (_with(b"<</Names<</EmbeddedFiles 7 0 R>>>>"), "pdf_active"),
        (_with(b"<</Encrypt 9 0 R>>"), "pdf_locked"),
    ],
)
def test_anything_else_is_refused_with_its_reason(data: bytes, fault: str) -> None:
    assert pdf_fault(data) == fault


def test_a_script_in_a_compressed_object_is_seen_and_a_bomb_is_not_unpacked() -> None:
    def packed(content: bytes) -> bytes:
        body = zlib.compress(content)
        return b"7 0 obj\n<</Type/ObjStm/Filter/FlateDecode>>\nstream\n" + body + b"\nendstream"

    assert pdf_fault(_with(packed(b"<</S/JavaScript>>"))) == "pdf_active"
    assert pdf_fault(_with(packed(bytes(12_000_000)))) is None


@each_row("piece", [b"<<", b"stream\n", b"/ObjStm ", b"#4", b"endstream "])
def test_a_file_made_to_be_looked_at_for_long_is_looked_at_once(piece: bytes) -> None:
    data = SCAN.replace(b"trailer", piece * (2_000_000 // len(piece)) + b"trailer")
    assert pdf_fault(data) is None  # minutes, if the time grew with the square of the size
