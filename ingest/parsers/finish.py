"""What a row's values need once all its cells are read: those that depend on each other. Pure."""

from customers.identifiers import clean_domain
from ingest.parsers import cells
from ingest.parsers.catalogue import SEGMENTS, STAGES
from ingest.parsers.cells import BadCell, Form
from ingest.parsers.columns import Values
from ingest.reasons import Rejected


def finish(kind: str, values: Values, form: Form) -> Values:
    """Bring a row's values to their final form, in place. Raises `Rejected`."""
    values.pop("currency", None)  # it was checked; there is one currency
    if kind == "customers" and values.get("domain"):
        values["domain"] = clean_domain(values["domain"])
    if kind == "history" and "value" in values and "field" in values:
        try:
            values["value"] = past_value(values["field"], values["value"], form)
        except BadCell as bad:
            raise Rejected("value", bad.code, **bad.params) from None
    return values


def past_value(field: str, value: str, form: Form) -> str:
    """Return a value of a history row in the form history stores it. Raises `BadCell`."""
    if not value:
        return ""
    if field == "segment":
        return str(cells.choice(*SEGMENTS)(value, form))
    if field == "stage":
        return str(cells.choice(*STAGES)(value, form))
    if field == "owner":
        return cells.email(value, form)
    return "|".join(cells.tags(value, form))
