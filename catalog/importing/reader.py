"""Reading a spreadsheet inside the limited child process: JSON lines of cell texts on stdout.

Run as ``python -m catalog.importing.reader FILE``; it imports nothing of the project that would be
worth attacking, and what it prints is checked again by the parent.
"""

from __future__ import annotations

import json
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from catalog.importing.limits import (
    CPU_SECONDS,
    MAX_CELL,
    MAX_COLUMNS,
    MAX_ENTRIES,
    MAX_RATIO,
    MAX_ROWS,
    MAX_UNPACKED_BYTES,
    MEMORY_BYTES,
)


class Refused(Exception):
    """The workbook is not read; the message is one of the file reasons."""


def check_archive(path: Path) -> None:
    """Refuse zip bombs and XML with a DOCTYPE before anything is unpacked into memory."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise Refused("corrupt") from error
    with archive:
        entries = archive.infolist()
        if len(entries) > MAX_ENTRIES or sum(e.file_size for e in entries) > MAX_UNPACKED_BYTES:
            raise Refused("too_large")
        for entry in entries:
            if entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
                raise Refused("too_large")
            if entry.filename.lower().endswith((".xml", ".rels")):
                with archive.open(entry) as part:
                    if b"<!DOCTYPE" in part.read(4096).upper():
                        raise Refused("corrupt")


def read_rows(path: Path) -> Iterator[list[str]]:
    """The first sheet that has any cells, as rows of text; dates as ISO, numbers as people see them."""
    import warnings

    import openpyxl

    warnings.simplefilter("ignore")
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        found = False
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            texts = [cell_text(value) for value in row]
            while texts and not texts[-1]:
                texts.pop()
            if len(texts) > MAX_COLUMNS:
                raise Refused("too_many_columns")
            if number > MAX_ROWS + 1:
                raise Refused("too_many_rows")
            found = found or bool(texts)
            yield texts
        if found:
            return


def cell_text(value: Any) -> str:
    """A cell as text: 3.0 is "3", a date "2025-01-17"."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == value.time().min else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()[:MAX_CELL]


def limit_myself() -> None:
    """No more memory, processor time or written files than reading a register takes."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main(path: Path) -> int:
    """Print the rows; the last line is {"end": n} or {"refused": reason}."""
    out = sys.stdout
    count = 0
    try:
        check_archive(path)
        for row in read_rows(path):
            out.write(json.dumps(row, ensure_ascii=True) + "\n")
            count += 1
    except Refused as refusal:
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
