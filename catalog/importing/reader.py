"""Reading a spreadsheet or a Word file inside the limited child process: JSON lines on stdout.

Run as ``python -m catalog.importing.reader FILE``; it imports nothing of the project that would be
worth attacking, and what it prints is checked again by the parent.
"""

from __future__ import annotations

import json
import resource
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from catalog.importing.limits import (
    CPU_SECONDS,
    MAX_ENTRIES,
    MAX_RATIO,
    MAX_UNPACKED_BYTES,
    MEMORY_BYTES,
)

_PROLOGUE = 65_536


class Refused(Exception):
    """The file is not read; the message is one of the file reasons."""


def check_archive(path: Path) -> str:
    """ "xlsx" or "docx"; refuses zip bombs and XML with a DOCTYPE before anything is unpacked into memory."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise Refused("corrupt") from error
    with archive:
        entries = archive.infolist()
        if len(entries) > MAX_ENTRIES or sum(e.file_size for e in entries) > MAX_UNPACKED_BYTES:
            raise Refused("too_large")
        names = {entry.filename for entry in entries}
        if len(names) != len(entries):
            raise Refused("corrupt")
        for entry in entries:
            if entry.flag_bits & 1:
                raise Refused("unknown_format")
            if entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
                raise Refused("too_large")
            if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
                _check_prologue(archive, entry)
        kinds = [
            kind
            for kind, part in (("xlsx", "xl/workbook.xml"), ("docx", "word/document.xml"))
            if part in names
        ]
    if len(kinds) != 1:
        raise Refused("corrupt" if kinds or "[Content_Types].xml" in names else "unknown_format")
    return kinds[0]


def _check_prologue(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """No document type may stand before the first element, in whatever width of letters it is written."""
    with archive.open(entry) as part:
        start = part.read(_PROLOGUE).replace(b"\x00", b"").upper()
    if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
        raise Refused("corrupt")


def limit_myself() -> None:
    """No more memory, processor time or written files than reading a register takes."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _lines(path: Path) -> Iterator[Any]:
    kind = check_archive(path)
    yield {"format": kind}
    if kind == "xlsx":
        from catalog.importing import workbooks

        yield from workbooks.read(path)
    else:
        from catalog.importing import word_files

        yield from word_files.read(path)


def main(path: Path) -> int:
    """Print the lines; the last one is {"end": n} or {"refused": reason}."""
    out = sys.stdout
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    count = 0
    try:
        for line in _lines(path):
            out.write(encode(line) + "\n")
            count += 1
    except (Refused, OverflowError) as refusal:
        out.write(json.dumps({"refused": str(refusal)}) + "\n")
        return 3
    except MemoryError:
        out.write(json.dumps({"refused": "too_large"}) + "\n")
        return 3
    except Exception:  # noqa: BLE001  # any failure of the parser means one thing: a broken file
        out.write(json.dumps({"refused": "corrupt"}) + "\n")
        return 3
    out.write(json.dumps({"end": count}) + "\n")
    return 0


if __name__ == "__main__":
    limit_myself()
    raise SystemExit(main(Path(sys.argv[1])))
