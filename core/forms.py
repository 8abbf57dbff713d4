"""Form fields and habits that every form shares: money as the reader writes it, days, focus on the first error."""

import re
from decimal import Decimal
from typing import Any

from babel.numbers import NumberFormatError, get_decimal_symbol, get_group_symbol, parse_decimal
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core import formats
from core.money import from_cents, to_cents

_SIGNS = re.compile(r"^(R\$|US\$|\$|€|£|[A-Z]{3})\s*")
_MINUS = "−"


class MoneyField(forms.Field):
    """An amount of money typed as the reader's language writes it; cleaned to integer cents.

    `1.234,56` in Portuguese, `1,234.56` in English. What could be read in two ways is refused.
    """

    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "num", "autocomplete": "off"})

    def __init__(self, *, allow_negative: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.allow_negative = allow_negative

    def prepare_value(self, value: Any) -> Any:
        """Show cents as the reader writes money; what was typed stays as it was typed."""
        if isinstance(value, int):
            text = formats.number(from_cents(abs(value)), 2)
            return f"-{text}" if value < 0 else text
        return value

    def to_python(self, value: Any) -> int | None:
        """Return integer cents. Raises `ValidationError` saying how to write it."""
        if value in self.empty_values:
            return None
        if isinstance(value, int):
            return value
        text = str(value).replace(formats.NBSP, " ").replace("\u202f", " ").strip().replace(_MINUS, "-")
        negative = text.startswith("-")
        text = _SIGNS.sub("", text.removeprefix("-").strip()).strip()
        amount = self._amount(text)
        if negative and not self.allow_negative and amount:
            raise ValidationError(_("The amount cannot be below zero."), code="negative")
        return to_cents(-amount if negative else amount)

    def _amount(self, text: str) -> Decimal:
        locale = formats.reader_locale()
        example = formats.number(Decimal("1234.56"), 2)
        wrong = ValidationError(
            _("“%(text)s” can be read in more than one way, or is no amount. Write it like %(example)s.")
            % {"text": text, "example": example},
            code="ambiguous",
        )
        if not re.fullmatch(r"[0-9][0-9.,]*", text):
            raise wrong
        decimal, group = get_decimal_symbol(locale), get_group_symbol(locale)
        whole, _sign, cents = text.partition(decimal)
        # A group sign stands before each three digits and nowhere else; money has at most two decimals.
        if not re.fullmatch(rf"\d+|\d{{1,3}}({re.escape(group)}\d{{3}})+", whole) or len(cents) > 2:
            raise wrong
        try:
            amount = parse_decimal(text, locale=locale, strict=False)
        except NumberFormatError:
            raise wrong from None
        if amount >= Decimal(10) ** 13:
            raise ValidationError(_("This amount is too large."), code="large")
        return Decimal(amount)


class DayInput(forms.DateInput):
    """A day as the browser's own picker; always ISO inside, whatever the reader's language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A calendar day."""

    widget = DayInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%Y-%m-%d", *settings_formats()])
        super().__init__(**kwargs)


class MomentInput(forms.DateTimeInput):
    """A moment as the browser's own picker, in the workspace's time zone."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%dT%H:%M")


class MomentField(forms.DateTimeField):
    """A day and time of the workspace's clock."""

    widget = MomentInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"])
        super().__init__(**kwargs)


def settings_formats() -> list[str]:
    """Return how days are typed where a browser has no picker: as Brazil writes them, if that is where we are."""
    return ["%d/%m/%Y"] if settings.LANGUAGE_CODE.lower().startswith("pt") else []


class FocusedForm(forms.Form):
    """A form whose focus stands on the first field that is wrong, or on the first one when it is new."""

    def focus(self) -> None:
        """Mark the field the browser should go to; called by the page that draws the form."""
        names = [name for name in self.fields if not self.fields[name].widget.is_hidden]
        wrong = [name for name in names if self.is_bound and name in self.errors]
        for name in wrong[:1] or names[:1]:
            self.fields[name].widget.attrs["autofocus"] = True

    def take(self, wrong: ValidationError) -> None:
        """Show what a service refused at the fields it names, the rest above the form."""
        if not hasattr(wrong, "error_dict"):
            self.add_error(None, wrong)
            return
        for name, errors in wrong.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)
