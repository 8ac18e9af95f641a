"""Each code an import can give has a sentence that says what is wrong and one that says how to mend it."""

from catalog.importing.report import FILE_REASONS, REASONS
from storefront import import_messages


def test_every_code_has_a_sentence() -> None:
    assert set(REASONS) <= set(import_messages._ROWS)
    assert set(FILE_REASONS) <= set(import_messages._FILES)
