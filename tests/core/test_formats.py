"""Numbers, money and days as each language writes them."""

import datetime as dt
from decimal import Decimal

import pytest
from babel import numbers
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core import formats


@pytest.mark.parametrize("language", ["en", "pt-br"])
@given(
    value=st.one_of(
        st.integers(-(10**15), 10**15),
        st.decimals(-(10**12), 10**12, allow_nan=False, places=3),
        st.floats(-1e9, 1e9, allow_nan=False),
    ),
    digits=st.integers(0, 3),
)
def test_numbers_are_written_as_babel_writes_them(language: str, value: float | Decimal, digits: int) -> None:
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits))
    fraction = f".{'0' * digits}" if digits else ""
    expected = numbers.format_decimal(
        abs(exact), format=f"#,##0{fraction}", locale=language.replace("-br", "_BR")
    )
    with translation.override(language):
        assert formats.number(value, digits) == f"{'−' if exact < 0 else ''}{expected}"


def test_a_day_is_written_in_the_language_spoken_now() -> None:
    day = dt.date(2026, 12, 5)
    with translation.override("en"):
        assert formats.day(day) == "5 Dec 2026"
    with translation.override("pt-br"):
        assert formats.day(day) == "5 dez 2026"
        assert formats.short_day(day) == "5 dez"
        assert formats.month(day) == "dez 2026"
        assert formats.money(123456789) == "R$\u00a01.234.568"
        assert formats.money(-1234) == "−R$\u00a012,34"
