"""Why a picture was not taken, and what to do about it, in the language of the person who sent it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from i18n.catalogue import lazy_gettext

REFUSALS: Mapping[str, Any] = {
    "empty": lazy_gettext("The file is empty. Please choose it again."),
    "too_large": lazy_gettext(
        "The file is larger than 15 MB. Set the camera of your phone to a smaller size, or send the "
        "picture to yourself by Zalo and use that one."
    ),
    "too_many_pixels": lazy_gettext(
        "The picture has too many pixels (more than 64 million). Please send a smaller one."
    ),
    "too_small": lazy_gettext(
        "The picture is too small: each side needs at least 200 pixels, better 1000. "
        "Please send the original, not a preview."
    ),
    "broken": lazy_gettext(
        "The file is damaged or did not arrive whole. Please open it on your phone; if you can see "
        "it there, send it again."
    ),
    "moving": lazy_gettext(
        "Moving pictures (GIF, animations) are not taken. Please send a photograph."
    ),
    "heic": lazy_gettext(
        "This is an iPhone picture in the HEIC format. On the iPhone choose Settings, Camera, Formats, "
        "Most Compatible, and take it again; or send it to yourself by Zalo and use that one."
    ),
    "drawing": lazy_gettext(
        "Drawings (SVG) are not taken. Please send a photograph as JPEG or PNG."
    ),
    "document": lazy_gettext(
        "This is a document, not a picture. Papers are recorded under Papers and certificates."
    ),
    "not_a_picture": lazy_gettext(
        "This is not a picture we know. Please send JPEG, PNG, WebP or AVIF."
    ),
    "two_in_one": lazy_gettext(
        "Something else is hidden in this picture, so we do not take it. Please take a new photograph."
    ),
    "took_too_long": lazy_gettext(
        "This picture takes too long to open. Please send a smaller one."
    ),
}
TOO_MANY = lazy_gettext("There are 12 pictures already. Remove one first.")
NOT_NOW = lazy_gettext(
    "The picture could not be stored just now. Nothing else was lost; please send it again later."
)
