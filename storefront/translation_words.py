"""Words for the pages on which texts are translated: fields, states, where a text came from."""

from __future__ import annotations

from i18n.catalogue import lazy_gettext, lazy_pgettext, spoken
from i18n.locales import babel_locale

FIELDS = {
    "name": lazy_gettext("Name"),
    "summary": lazy_gettext("In one sentence"),
    "description": lazy_gettext("Description"),
    "ingredients": lazy_gettext("Ingredients"),
    "usage": lazy_gettext("How to use it"),
    "storage_note": lazy_gettext("How to keep it"),
    "warnings": lazy_gettext("Warnings"),
    "story": lazy_gettext("The producer's story"),
    "alt": lazy_gettext("What is to be seen on the picture"),
    "body": lazy_pgettext("field of an article", "Text"),
}
STATUSES = {
    "missing": lazy_gettext("Missing"),
    "draft": lazy_gettext("Draft"),
    "machine": lazy_gettext("Made by a machine"),
    "reviewed": lazy_gettext("Reviewed"),
    "removed": lazy_gettext("Removed"),
}
ORIGINS = {
    "hand": lazy_gettext("written here"),
    "file": lazy_gettext("from a translator's file"),
    "machine": lazy_gettext("from the translation machine"),
    "import": lazy_gettext("from an import of listings"),
    "source": lazy_gettext("the Vietnamese text changed"),
    "carried": lazy_gettext("from before the history began"),
}
OUTCOMES = {
    "new": lazy_pgettext("text of a translation file", "New"),
    "changed": lazy_gettext("Changed"),
    "same": lazy_gettext("Unchanged"),
    "empty": lazy_gettext("Left empty"),
    "source_changed": lazy_gettext("Made from an older text, kept as a draft"),
    "overtaken": lazy_gettext("Somebody else was faster, kept as a draft"),
    "unknown": lazy_gettext("Not ours"),
    "refused": lazy_gettext("Refused"),
}
REASONS = {
    "": "",
    "too_long": lazy_gettext("The text is too long."),
    "formula": lazy_gettext("The cell holds a formula instead of a text."),
    "as_the_source": lazy_gettext("It says the same as the Vietnamese text."),
}


def market_name(code: str) -> str:
    """A market in the page's language: the name of its country, or of the European Union."""
    return str(babel_locale(spoken()).territories.get(code) or code)


def language_name(tag: str) -> str:
    """A language in the page's language."""
    return babel_locale(tag).get_display_name(babel_locale(spoken())) or tag
