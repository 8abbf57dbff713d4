"""Parts of addresses that are no plain text or number."""

import datetime as dt


class MonthConverter:
    """A month in an address, `2026-01`, as its first day."""

    regex = r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> dt.date:
        """Return the first day of the month."""
        return dt.date.fromisoformat(f"{value}-01")

    def to_url(self, value: dt.date) -> str:
        """Write the month of a day."""
        return f"{value:%Y-%m}"


class DayConverter:
    """A day in an address, `2026-01-31`."""

    regex = r"(?:19|20)\d\d-\d\d-\d\d"

    def to_python(self, value: str) -> dt.date:
        """Return the day. Raises ValueError, which makes the address unknown, for one that does not exist."""
        return dt.date.fromisoformat(value)

    def to_url(self, value: dt.date) -> str:
        """Write a day."""
        return value.isoformat()
