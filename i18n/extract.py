"""Collects the sentences of templates and code into messages.pot and brings the .po files up to date.

``python -m i18n.extract`` writes, ``python -m i18n.extract --check`` only says whether anything is stale.
Locations are left out: they change with every edit and tell a translator nothing that the text does not.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from i18n.compile import DOMAIN, TRANSLATIONS

ROOT = Path(__file__).parent.parent
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
OPTIONS = {
    "**.html": {
        "extensions": "jinja2.ext.i18n,jinja2.ext.do",
        "trimmed": "true",
        "silent": "false",
    },
    "**.txt": {"extensions": "jinja2.ext.i18n,jinja2.ext.do", "trimmed": "true", "silent": "false"},
}
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "later": None,  # lazy_gettext, as the forms call it
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "ngettext_in": (2, 3),
}
SOURCES = ("templates", "storefront", "i18n")


def extracted() -> Catalog:
    """Every sentence that stands in templates and code now, in a stable order."""
    catalog = Catalog(project="ocop", charset="utf-8", fuzzy=False)
    catalog.header_comment = "# The sentences of the shop. Source language: English."
    for source in SOURCES:
        found = extract_from_dir(
            ROOT / source, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=("Translators:",)
        )
        for _file, _line, message, comments, context in found:
            catalog.add(message, auto_comments=comments, context=context)
    return catalog


def stored(path: Path, locale: str | None = None) -> Catalog:
    """A .po or .pot file as it was written."""
    with path.open("rb") as po:
        return read_po(po, locale=locale, abort_invalid=True)


def missing_from(catalog: Catalog, source: Catalog) -> list[str]:
    """Sentences that the source has and the catalogue lacks, or the other way round."""
    here = {_key(m) for m in catalog if m.id}
    there = {_key(m) for m in source if m.id}
    return sorted(here ^ there)


def _key(message: Message) -> str:
    words = message.id if isinstance(message.id, str) else " | ".join(message.id)
    return f"{message.context}: {words}" if message.context else words


def _write(path: Path, catalog: Catalog) -> None:
    text = io.BytesIO()
    write_po(text, catalog, width=100, no_location=True, omit_header=False, sort_output=True)
    kept_out: tuple[str, ...] = (
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Last-Translator",
        "Generated-By",
    )
    kept_out += ("Report-Msgid-Bugs-To", "Language-Team", "Project-Id-Version")
    lines = text.getvalue().decode("utf-8").splitlines(keepends=True)
    # Dates in the header make every extraction a change and every merge a conflict.
    kept = [line for line in lines if not line.startswith(tuple(f'"{name}:' for name in kept_out))]
    path.write_text("".join(kept), encoding="utf-8")


def update() -> None:
    """Write the .pot and merge it into every .po; nothing is guessed for new sentences."""
    source = extracted()
    _write(TRANSLATIONS / f"{DOMAIN}.pot", source)
    for po in sorted(TRANSLATIONS.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        catalog = stored(po, po.parent.parent.name)
        catalog.update(source, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        catalog.header_comment = source.header_comment
        _write(po, catalog)


def main(arguments: list[str]) -> int:
    """Update, or with --check report stale files and answer 1."""
    if "--check" not in arguments:
        update()
        return 0
    source = extracted()
    stale = 0
    for path in [TRANSLATIONS / f"{DOMAIN}.pot", *TRANSLATIONS.glob(f"*/*/{DOMAIN}.po")]:
        for sentence in missing_from(stored(path), source):
            sys.stderr.write(f"{path.relative_to(ROOT)}: {sentence}\n")
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
