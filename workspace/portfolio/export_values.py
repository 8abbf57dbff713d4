"""How a column's values stand in an exported file: the headers of `import customers` where there is one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.money import from_cents
from metrics.health.bands import Band

if TYPE_CHECKING:
    from workspace.portfolio.rows import Row

Value = Callable[["Row"], str]


@dataclass(frozen=True)
class Exported:
    """A column of the file: its header and the value of a row, empty where it is not known."""

    header: str
    value: Value


def _of(row: "Row", name: str) -> Any:
    return getattr(row.customer, name, None)


def text(name: str) -> Value:
    """Return the reader of a text field."""
    return lambda row: str(_of(row, name) or "")


def plain(name: str) -> Value:
    """Return the reader of a number, written as Python does."""
    return lambda row: "" if _of(row, name) is None else str(_of(row, name))


def cents(name: str) -> Value:
    """Return the reader of an amount in cents, written with a point and two decimals."""
    return lambda row: "" if _of(row, name) is None else str(from_cents(_of(row, name)))


def hundredths(name: str) -> Value:
    """Return the reader of a score in hundredths, written with a point and two decimals."""
    return lambda row: "" if _of(row, name) is None else f"{_of(row, name) / 100:.2f}"


def band(name: str) -> Value:
    """Return the reader of a health band, written by its key."""
    return lambda row: Band(_of(row, name) or 0).key


def day(name: str) -> Value:
    """Return the reader of a day, written as `YYYY-MM-DD`."""
    return lambda row: "" if _of(row, name) is None else _of(row, name).isoformat()


def attribute(key: str) -> Value:
    """Return the reader of an attribute that an admin defined."""

    def read(row: "Row") -> str:
        value = row.details.attributes.get(key)
        if isinstance(value, bool):
            return "true" if value else "false"
        return "" if value is None else str(value)

    return read


EXPORT_ALWAYS = (
    Exported("external_id", text("external_id")),
    Exported("name", text("name")),
    Exported("industry", lambda row: row.details.industry),
    Exported("city", text("city")),
    Exported("region", text("region")),
    Exported("country", text("country")),
    Exported("domain", text("domain")),
    Exported("tags", lambda row: "|".join(row.tags)),
)
OWNER_EMAIL = Exported("owner_email", lambda row: row.owner.email if row.owner else "")
