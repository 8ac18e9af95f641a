"""Where copies of papers are kept, and why one was not taken, in the language of the person who sent it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from catalog.pictures.store import Store, open_store
from core.settings import Settings
from i18n.catalogue import lazy_gettext
from storefront.picture_words import REFUSALS as PICTURE_REFUSALS

COPY_REFUSALS: Mapping[str, Any] = {
    **PICTURE_REFUSALS,
    "document": lazy_gettext(
        "This is a document of another kind. Please send a photo of the paper, or a PDF."
    ),
    "not_a_picture": lazy_gettext(
        "This is neither a picture nor a PDF. Please send JPEG, PNG, WebP, AVIF or PDF."
    ),
    "pdf_too_large": lazy_gettext(
        "The PDF is larger than 10 MB. Please send only the pages of this paper, or photos of them."
    ),
    "pdf_broken": lazy_gettext(
        "The PDF is damaged or did not arrive whole. Please open it on your phone; if you can see "
        "it there, send it again, or a photo of it."
    ),
    "pdf_locked": lazy_gettext(
        "The PDF is locked with a password. Please send one without, or a photo of the paper."
    ),
    "pdf_active": lazy_gettext(
        "The PDF holds programs or attachments, so we do not take it. Please send a scan or a photo."
    ),
}


def copies_of(found: Settings) -> Store:
    """Where these settings keep copies: apart from the pictures everybody may see."""
    return open_store(found.media_url, found.private_dir)
