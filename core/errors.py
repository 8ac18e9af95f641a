"""The five kinds of refusal; every error of the project is one of them and carries facts, not sentences.

``storefront/errors.py`` maps the five bases to a status and a page. A sentence for a person is made there,
in that person's language, from the class and the facts.
"""

from typing import Any


class OcopError(Exception):
    """A refusal with a stable name (the class) and the facts a sentence can be made from."""

    def __init__(self, **facts: Any) -> None:
        """Keep the facts; ``str()`` shows them for a log or a developer, never for a buyer."""
        self.facts: dict[str, Any] = facts
        listed = ", ".join(f"{name}={value!r}" for name, value in facts.items())
        super().__init__(f"{type(self).__name__}({listed})")


class NotFound(OcopError):
    """There is no such thing, or not for this person."""


class Conflict(OcopError):
    """The world has moved on: stock is gone, a version is old, a name is taken."""


class Invalid(OcopError):
    """What was asked can never be right as it was written."""


class Forbidden(OcopError):
    """This person may not do that."""


class Unavailable(OcopError):
    """A part that is needed does not answer now; trying again later may help."""
