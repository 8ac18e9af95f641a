"""The forms of the account pages."""

from wtforms import Form, PasswordField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from core.people.passwords import LONGEST, SHORTEST
from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext as later


class SignInForm(Form):  # type: ignore[misc]  # wtforms has no types
    """E-mail or phone, and the password."""

    identifier = StringField(
        later("E-mail or telephone number"),
        [
            InputRequired(later("Enter your e-mail or telephone number.")),
            Length(max=320, message=later("This is too long.")),
        ],
    )
    password = PasswordField(
        later("Password"),
        [
            InputRequired(later("Enter your password.")),
            Length(max=1024, message=later("This is too long.")),
        ],
    )


class AskLinkForm(Form):  # type: ignore[misc]
    """Whom a one-time link is sent to."""

    identifier = StringField(
        later("E-mail"),
        [
            InputRequired(later("Enter your e-mail.")),
            Length(max=320, message=later("This is too long.")),
        ],
    )


class PasswordForm(Form):  # type: ignore[misc]
    """A new password; the one in use is asked for unless the person came by a one-time link."""

    current_password = PasswordField(later("Password you use now"))
    new_password = PasswordField(
        later("New password"), [InputRequired(later("Choose a new password."))]
    )
    asks_current = True

    def validate_current_password(self, field: PasswordField) -> None:
        """Needed only when it is asked for."""
        if self.asks_current and not field.data:
            raise ValidationError(_("Enter the password you use now."))


def unfit_sentence(reason: str) -> str:
    """What is wrong with a new password, and what would be right."""
    sentences = {
        "too_short": _("Use at least %(shortest)s characters.", shortest=SHORTEST),
        "too_long": _("Use at most %(longest)s characters.", longest=LONGEST),
        "common": _(
            "Very many people use this password. Choose another, such as three unrelated words."
        ),
        "personal": _(
            "This is your own name, e-mail or number. Choose something others cannot guess."
        ),
    }
    return sentences[reason]
