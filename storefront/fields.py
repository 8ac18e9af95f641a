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


class TemperatureField(QuantityField):
    """Degrees Celsius, below zero too."""

    def read(self, text: str) -> Decimal | None:
        """See `read_temperature`."""
        return reading.read_temperature(text)

    def complaint(self) -> str:
        """Digits, perhaps a minus."""
        return _(
            "“%(typed)s” is not a temperature. Write a number, such as 4 or -18.", typed=self.typed
        )


class DurationField(CountField):
    """A number of days, also written as months or years."""

    def read(self, text: str) -> int | None:
        """See `read_days`."""
        return reading.read_days(text)

    def complaint(self) -> str:
        """Days or months."""
        return _(
            "“%(typed)s” is not a time. Write days, such as 180, or “6 tháng”.", typed=self.typed
        )


class WeightField(_ReadField):
    """A weight in grams, also written in kilograms."""

    def read(self, text: str) -> int | None:
        """See `read_grams`."""
        return reading.read_grams(text)

    def written(self, value: int) -> str:
        """Grams."""
        return f"{value} g"

    def complaint(self) -> str:
        """A number and a unit."""
        return _("“%(typed)s” is not a weight. Write 550 g or 1,2 kg.", typed=self.typed)


class SizeField(_ReadField):
    """Length, width and height in centimetres, kept as millimetres."""

    def read(self, text: str) -> tuple[int, int, int] | None:
        """See `read_size`."""
        return reading.read_size(text)

    def written(self, value: tuple[int, int, int]) -> str:
        """Centimetres."""
        sides = (f"{Decimal(side) / 10:f}".removesuffix(".0").replace(".", ",") for side in value)
        return " x ".join(sides)

    def complaint(self) -> str:
        """Three numbers."""
        return _(
            "“%(typed)s” is not a size. Write length x width x height, such as 40 x 30 x 20.",
            typed=self.typed,
        )


class GtinField(_ReadField):
    """The number under a bar code, blanks and hyphens left out."""

    def read(self, text: str) -> str | None:
        """See `read_gtin`."""
        return reading.read_gtin(text)

    def complaint(self) -> str:
        """The check digit finds a slip."""
        return _(
            "“%(typed)s” is not a bar code number: it has 8, 12, 13 or 14 digits, and the last one"
            " must fit the others. Please compare it with the label.",
            typed=self.typed,
        )
