"""Turns lives into rows, one module per kind of fact; each row is a dict of a model's fields.

`customer` holds the life's number, `contact` the contact's e-mail; `load.py` puts keys in their place.
"""

import datetime as dt
from typing import Any

Row = dict[str, Any]


def in_force(row: Row, day: dt.date) -> bool:
    """Whether a row with a half-open span `[starts_on, ends_on)` holds on a day."""
    return bool(row["starts_on"] <= day and (row["ends_on"] is None or day < row["ends_on"]))
