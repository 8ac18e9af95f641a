"""What the forms of reviews, questions and wholesale requests share: lengths, e-mail, a trap for machines."""

from __future__ import annotations

from typing import Any

from wtforms import Form
from wtforms.validators import ValidationError

from core.people.registration import UnreadableEmail, normal_email
from i18n.catalogue import gettext as _
from orders.voices.errors import WrongVoice
from storefront import voice_words

TRAP = "website"
"""A field nobody sees; only a program fills it in."""


class AtMost:
    """No more characters than fit; WTForms' own sentence would come in English."""

    def __init__(self, most: int) -> None:
        """``most`` also becomes the input's maxlength."""
        self.most = most
        self.field_flags = {"maxlength": most}

    def __call__(self, _form: Any, field: Any) -> None:
        """Refuse what is too long."""
        if field.data and len(field.data) > self.most:
            raise ValidationError(_("At most %(most)s characters.", most=self.most))


def readable_email(_form: Any, field: Any) -> None:
    """An address as it is kept, or a sentence with an example; nothing is said of an empty one."""
    text = (field.data or "").strip()
    if not text:
        field.data = ""
        return
    try:
        field.data = normal_email(text)
    except UnreadableEmail as unreadable:
        raise ValidationError(
            _("This does not look like an e-mail address. Example: lan@example.vn.")
        ) from unreadable


def show_mistakes(form: Form, refusal: WrongVoice) -> None:
    """Put what the house refused beside the fields it is about, or on the first field."""
    for name, code in refusal.mistakes.items():
        target = name if name in form else next(iter(form)).name
        form[target].errors = [*form[target].errors, voice_words.mistake_sentence(code)]
