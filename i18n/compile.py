"""Turns the translators' .po files into the .mo files that are read at run time (``python -m i18n.compile``).

A broken file is never published: ``pybabel compile`` writes its .mo even when a placeholder is wrong,
and the page then fails at the buyer. Here a file with a mistake keeps the former .mo and the caller is told.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from pathlib import Path

DOMAIN = "messages"
TRANSLATIONS = Path(__file__).parent / "translations"


class BrokenCatalogue(ValueError):
    """A .po file has mistakes; ``problems`` names each with its message."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        """Keep every mistake of the file."""
        self.path = path
        self.problems = problems
        super().__init__(f"{path}: " + "; ".join(problems))


def compile_file(source: Path) -> Path:
    """Compile one .po beside itself, atomically; raises BrokenCatalogue and leaves the old .mo alone."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as po:
        catalog = read_po(po, locale=source.parent.parent.name, abort_invalid=True)
    problems = [
        f"{message.id!r}: {error}" for message, errors in catalog.check() for error in errors
    ]
    if problems:
        raise BrokenCatalogue(source, problems)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    target = source.with_suffix(".mo")
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".messages-", suffix=".mo")
    with os.fdopen(handle, "wb") as out:
        out.write(compiled.getvalue())
    Path(name).chmod(0o644)
    Path(name).replace(target)
    return target


def compiled_file(source: Path) -> Path | None:
    """The .mo of a .po, compiled now if it is missing or older; None when the language has no .po."""
    if not source.is_file():
        return None
    target = source.with_suffix(".mo")
    if not target.is_file() or target.stat().st_mtime_ns < source.stat().st_mtime_ns:
        compile_file(source)
    return target


def compile_catalogues() -> list[Path]:
    """Compile what is missing or older than its source; raises BrokenCatalogue at the first bad file."""
    compiled = (compiled_file(po) for po in sorted(TRANSLATIONS.glob(f"*/LC_MESSAGES/{DOMAIN}.po")))
    return [path for path in compiled if path is not None]


if __name__ == "__main__":
    for written in compile_catalogues():
        sys.stderr.write(f"{written.relative_to(TRANSLATIONS)} is up to date\n")
