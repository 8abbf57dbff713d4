"""Zelo's own template tags; builtin in every template. What they draw is made in `core.marks` and `core.formats`."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BoundField
from django.utils.safestring import SafeString

from core import formats, marks
from core.fields import control as field_control
from core.fields import field_context
from core.toasts import Toast, as_toast

register = template.Library()

for mark in (
    marks.icon,
    marks.health,
    marks.glyph,
    marks.status,
    marks.delta,
    marks.avatar,
    marks.bar,
    marks.health_bar,
    marks.spark,
):
    register.simple_tag(mark)
register.filter("money", formats.money)
register.filter("number", formats.number)
register.filter("percent", formats.percent)
register.filter("day", formats.day)
register.filter("short_day", formats.short_day)
register.filter("month", formats.month)
register.filter("ago", formats.ago)
register.filter("in_days", formats.in_days)
register.filter("file_size", formats.file_size)
register.filter("country", formats.country)
register.filter("initials", marks.initials)


@register.filter
def dash(value: Any) -> Any:
    """Show "—" for what is not known or empty."""
    return formats.UNKNOWN if value is None or value == "" else value


@register.simple_tag
def segment(key: str) -> SafeString | str:
    """Return a customer's segment as bars and word; "—" without one."""
    word = marks.segment_word(key)
    return marks.segment(marks.SEGMENT_LEVELS[key], word) if word else formats.UNKNOWN


@register.simple_tag(takes_context=True)
def clock(context: template.Context, value: dt.datetime | None) -> str:
    """Return the time of a moment as the reader prefers it, 14:30 or 2:30 PM."""
    return formats.clock(value, _time_format(context))


@register.simple_tag(takes_context=True)
def moment(context: template.Context, value: dt.datetime | None) -> str:
    """Return day and time of a moment as the reader prefers it."""
    return formats.moment(value, _time_format(context))


def _time_format(context: template.Context) -> str:
    request = context.get("request")
    return getattr(getattr(request, "user", None), "time_format", "24h")


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """Return the page's query string with some parameters changed; None or "" takes one away. Begins with "?"."""
    params = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            params.pop(name, None)
        elif isinstance(value, list | tuple):
            params.setlist(name, [str(item) for item in value])
        else:
            params[name] = str(value)
    return f"?{params.urlencode()}"


@register.filter
def toasts(messages: Iterable[Message]) -> list[Toast]:
    """Return the waiting messages as toasts."""
    return [as_toast(message) for message in messages or ()]


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: template.Context, page: Any, label: str = "") -> dict[str, Any]:
    """Draw the way to the pages before and after of a `Paginator` page; the query string is kept."""
    numbers: Sequence[Any] = list(
        page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    )
    return {"page": page, "numbers": numbers, "label": label, "request": context["request"]}


@register.filter
def lang_tag(code: str) -> str:
    """Return a language code as HTML writes it: pt-br → pt-BR."""
    language, _, region = code.partition("-")
    return f"{language}-{region.upper()}" if region else language


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, **attrs: Any) -> dict[str, Any]:
    """Draw a form field with label, hint and error; keyword arguments become attributes of the control."""
    return field_context(bound, **attrs)


@register.simple_tag
def control(bound: BoundField, **attrs: Any) -> str:
    """Draw only a field's control, for rows that have their own labels (pass `aria_label`)."""
    return field_control(bound, **attrs)


@register.inclusion_tag("components/chart.html")
def chart(
    id: str,
    kind: str,
    data: Any,
    label: str,
    *,
    size: str = "cs-chart-md",
    table: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Draw a chart of charts.js and, below, its numbers as a table ({"head": […], "rows": [[…]]}).

    The page loads `build/charts.js` in its `scripts` block. `label` says in one sentence what is seen.
    """
    return {
        "id": id,
        "kind": kind,
        "data": data,
        "label": label,
        "size": size,
        "table": table,
        "source": f"{id}-data",
    }
