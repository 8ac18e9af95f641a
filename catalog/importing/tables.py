"""Opening a file of any kind people send: text in its letters, XLSX and DOCX through the sandbox."""

from __future__ import annotations

from pathlib import Path

from catalog.importing.decoding import decode
from catalog.importing.delimited import cut
from catalog.importing.legacy import find_reading, mend
from catalog.importing.limits import MAX_FILE_BYTES
from catalog.importing.report import UnusableFile
from catalog.importing.sandbox import read_office_file
from catalog.importing.sheets import Document

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_FOREIGN = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"Rar!",
    b"7z\xbc\xaf",
    b"{\\rtf",
    b"\x1f\x8b",
    b"BM",
)
_OFFICE = {".xlsx", ".xlsm", ".docx"}


def read_document(path: Path, *, name: str = "") -> Document:
    """The sheets of a CSV, XLSX or DOCX file; raises UnusableFile with a reason. What it is, its bytes tell."""
    name = name or path.name
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(512)
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise UnusableFile("no_such_file", name=path.name) from error
    if size == 0:
        raise UnusableFile("empty")
    if size > MAX_FILE_BYTES:
        raise UnusableFile("too_large", bytes=size)
    suffix = path.suffix.lower()
    if head.startswith(_ZIP):
        document = read_office_file(path)
        document.file_name = name
        _mend(document)
        return document
    if head.startswith(_OLE) or suffix in _OFFICE:
        raise UnusableFile(
            "corrupt" if suffix in _OFFICE and not head.startswith(_OLE) else "unknown_format"
        )
    if head.startswith(_FOREIGN) or head.lstrip().lower().startswith(
        (b"<html", b"<!doctype", b"<?xml", b"<table")
    ):
        raise UnusableFile("unknown_format")
    text, encoding = decode(path.read_bytes())
    text = text.replace("\r\n", "\n")  # here, so that only one copy lives while it is cut
    return Document("csv", encoding, [cut(text)], name)


def _mend(document: Document) -> None:
    """Text typed with an old font is not Unicode even in a Word or Excel file: turn it into letters."""
    cells = [
        text
        for sheet in document.sheets
        for text in (*sheet.above, *(cell for _line, row in sheet.rows for cell in row))
        if text and not text.isascii()
    ]
    reading = find_reading(cells[:20_000])
    if not reading:
        return
    document.encoding = f"{document.encoding} ({reading})"
    for sheet in document.sheets:
        sheet.above = [mend(text, reading) for text in sheet.above]
        sheet.rows = [(line, [mend(cell, reading) for cell in row]) for line, row in sheet.rows]
