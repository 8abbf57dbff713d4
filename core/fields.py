"""How a form field is drawn: label above, hint and error below, each tied to the control for screen readers."""

from typing import Any

from django.forms import BoundField
from django.forms.widgets import (
    CheckboxInput,
    CheckboxSelectMultiple,
    RadioSelect,
    Select,
    Textarea,
)

DJANGOS_ROWS = "10"  # what a Textarea says that nobody sized


def kind_of(bound: BoundField) -> str:
    """Return how the field is laid out: hidden, options (a group of boxes), check (one box) or line."""
    widget = bound.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "options"
    return "check" if isinstance(widget, CheckboxInput) else "line"


def _classes(bound: BoundField, own: str) -> str:
    widget = bound.field.widget
    if isinstance(widget, CheckboxInput | RadioSelect | CheckboxSelectMultiple):
        base = "form-check-input cs-check"
    else:
        base = "form-select" if isinstance(widget, Select) else "form-control"
    return " ".join(part for part in (base, "is-invalid" if bound.errors else "", own) if part)


def control(bound: BoundField, **attrs: Any) -> str:
    """Draw the control with our classes; `attrs` win over the widget's own (underscores become hyphens)."""
    given = {name.replace("_", "-"): value for name, value in attrs.items()}
    own = " ".join(
        str(part) for part in (bound.field.widget.attrs.get("class"), given.pop("class", "")) if part
    )
    described = [
        f"{bound.auto_id}_hint" if bound.help_text else "",
        f"{bound.auto_id}_error" if bound.errors else "",
    ]
    merged: dict[str, Any] = {"class": _classes(bound, own)}
    if any(described):
        merged["aria-describedby"] = " ".join(part for part in described if part)
    if bound.errors:
        merged["aria-invalid"] = "true"
    if isinstance(bound.field.widget, Textarea) and bound.field.widget.attrs.get("rows") == DJANGOS_ROWS:
        merged["rows"] = 4
    return bound.as_widget(attrs=merged | given)


def field_context(bound: BoundField, **attrs: Any) -> dict[str, Any]:
    """Return what `components/field.html` needs."""
    kind = kind_of(bound)
    if kind == "options":  # each box is drawn by itself, from the widget's own attributes
        bound.field.widget.attrs["class"] = _classes(bound, "")
    return {
        "field": bound,
        "kind": kind,
        "control": control(bound, **attrs),
        "optional": not bound.field.required and kind == "line",
    }
