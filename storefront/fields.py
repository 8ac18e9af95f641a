"""Form fields that read dates, prices and quantities as people write them, and explain what they missed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from wtforms import StringField
from wtforms.validators import ValidationError

from i18n.catalogue import gettext as _
from storefront import reading


class _ReadField(StringField):  # type: ignore[misc]  # wtforms has no types
    """Keeps what was typed beside what was read from it."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the first value; empty stays None."""
        self.typed = valuelist[0].strip()[:80] if valuelist else ""
        self.data = self.read(self.typed) if self.typed else None
        if self.typed and self.data is None:
            raise ValidationError(self.complaint())

    def _value(self) -> str:
        typed = getattr(self, "typed", None)
        if typed is not None:
            return str(typed)
        return self.written(self.data) if self.data is not None else ""

    def read(self, text: str) -> Any:
        """The value, or None."""
        raise NotImplementedError

    def written(self, value: Any) -> str:
        """How a stored value stands in the field."""
        return str(value)

    def complaint(self) -> str:
        """What was typed, why it cannot be read, and a right example."""
        raise NotImplementedError


class DayField(_ReadField):
    """A day, dd/mm/yyyy."""

    def read(self, text: str) -> date | None:
        """See `read_day`."""
        return reading.read_day(text)

    def written(self, value: date) -> str:
        """Day first."""
        return value.strftime("%d/%m/%Y")

    def complaint(self) -> str:
        """Day, month and year."""
        return _(
            "“%(typed)s” is not a date. Write day/month/year, such as 25/08/2025.", typed=self.typed
        )


class DongField(_ReadField):
    """A price in đồng."""

    def read(self, text: str) -> int | None:
        """See `read_dong`."""
        return reading.read_dong(text)

    def written(self, value: int) -> str:
        """Thousands marked by points."""
        return f"{value:,}".replace(",", ".")

    def complaint(self) -> str:
        """Digits only."""
        return _(
            "“%(typed)s” is not a number. Write digits only, such as 120000.", typed=self.typed
        )


class CountField(DongField):
    """A whole number of things."""

    def read(self, text: str) -> int | None:
        """See `read_count`."""
        return reading.read_count(text)


class QuantityField(_ReadField):
    """A quantity with up to three decimal places."""

    def read(self, text: str) -> Decimal | None:
        """See `read_quantity`."""
        return reading.read_quantity(text)

    def written(self, value: Decimal) -> str:
        """Decimal comma, as in Vietnam."""
        return f"{value:f}".replace(".", ",")

    def complaint(self) -> str:
        """Digits, perhaps a comma."""
        return _(
            "“%(typed)s” is not a quantity. Write a number, such as 500 or 0,5.", typed=self.typed
        )
