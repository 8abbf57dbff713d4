"""How the cells of the table are drawn: one function a kind, because a page draws up to a thousand of them.

Made in Python and not by templates: a template looks up each name anew for each cell, which took most of the
time of a long page. Whatever comes from data passes through `format_html`.
"""

from typing import TYPE_CHECKING, Any

from django.template import loader
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core import formats, marks
from metrics.health.bands import Band

if TYPE_CHECKING:
    from workspace.portfolio.columns import Column
    from workspace.portfolio.rows import Row

LABELLED = '<td role="cell" class="{}" data-label="{}">{}</td>'
PLAIN = '<td role="cell" class="{}">{}</td>'
TAGS_SHOWN = 2


def customer(row: "Row", column: "Column") -> SafeString:
    """Draw name, industry and place, and the first tags."""
    tags = [format_html('<span class="cs-tag cs-tag-sm">{}</span>', tag) for tag in row.tags[:TAGS_SHOWN]]
    if row.more_tags:
        rest = ", ".join(row.tags[TAGS_SHOWN:])
        tags.append(format_html('<span class="cs-tag cs-tag-sm" title="{}">+{}</span>', rest, row.more_tags))
    if row.customer.archived_at:
        tags.insert(0, format_html('<span class="cs-tag cs-tag-sm cs-tag-outline">{}</span>', _("Archived")))
    about = format_html('<small class="cs-truncate">{}</small>', row.about) if row.about else ""
    return format_html(
        '<th scope="row" role="rowheader" class="c-name"><span class="cs-who">{}<span class="cs-two">'
        '<a class="cs-link-plain" href="{}">{}</a><span class="cs-row">{}{}</span></span></span></th>',
        marks.avatar(row.customer.name, "cs-av-sq"),
        row.url,
        row.customer.name,
        about,
        mark_safe("".join(tags)),  # noqa: S308 - each was made by format_html
    )


def segment(row: "Row", column: "Column") -> SafeString:
    """Draw the segment as bars and word."""
    word = marks.segment_word(row.customer.at_segment or "")
    drawn = marks.segment(marks.SEGMENT_LEVELS[row.customer.at_segment], word) if word else formats.UNKNOWN
    return format_html(PLAIN, column.css, drawn)


def stage(row: "Row", column: "Column") -> SafeString:
    """Draw the stage in words."""
    return format_html(PLAIN, column.css, row.stage_label or formats.UNKNOWN)


def mrr(row: "Row", column: "Column") -> SafeString:
    """Draw the MRR."""
    return format_html(PLAIN, column.css, formats.money(row.customer.at_mrr))


def mrr_change(row: "Row", column: "Column") -> SafeString:
    """Draw the change of MRR over 30 days."""
    change = row.customer.at_mrr_change
    return format_html(
        LABELLED, column.css, column.label, formats.UNKNOWN if change is None else row.mrr_delta
    )


def active(row: "Row", column: "Column") -> SafeString:
    """Draw the people active in 30 days, with their line and change."""
    change = row.customer.at_active_change
    return format_html(
        '<td role="cell" class="{}" data-label="{}"><span class="cs-row">{}{}{}</span></td>',
        column.css,
        column.label,
        formats.number(row.customer.at_active),
        marks.spark(row.line, "data", 5),
        "" if change is None else marks.delta(change),
    )


def renewal(row: "Row", column: "Column") -> SafeString:
    """Draw the day of the next renewal and how far it is."""
    day = row.customer.at_renewal
    if not day:
        return format_html(PLAIN, column.css, formats.UNKNOWN)
    return format_html(
        '<td role="cell" class="{}"><span class="cs-two">{}<small{}>{}</small></span></td>',
        column.css,
        formats.day(day),
        mark_safe(' class="cs-soon"') if row.renews_soon else "",
        row.renewal_in,
    )


def touch(row: "Row", column: "Column") -> SafeString:
    """Draw how long ago the last conversation was."""
    return format_html(PLAIN, column.css if row.touched_late else f"{column.css} cs-muted", row.touched)


def health(row: "Row", column: "Column") -> SafeString:
    """Draw the health pill; without enough data it says so."""
    score, band = row.customer.at_health, row.customer.at_band
    shown = None if score is None else score / 100
    return format_html(PLAIN, column.css, marks.health(shown, Band(band or 0).key))


def nps(row: "Row", column: "Column") -> SafeString:
    """Draw the latest answer."""
    score = row.customer.at_nps
    return format_html(LABELLED, column.css, column.label, formats.UNKNOWN if score is None else score)


def owner(row: "Row", column: "Column") -> SafeString:
    """Draw the owner's initials and first name."""
    if row.owner is None:
        return format_html(PLAIN, column.css, formats.UNKNOWN)
    return format_html(
        '<td role="cell" class="{}"><span class="cs-row" title="{}">{}'
        '<span class="cs-owner-name cs-p4">{}</span></span></td>',
        column.css,
        row.owner.name,
        marks.avatar(row.owner.name, "cs-av-xs"),
        row.owner.first_name,
    )


def attribute(row: "Row", column: "Column") -> SafeString:
    """Draw the value of an attribute that an admin defined."""
    value = row.details.attributes.get(column.attribute)
    if isinstance(value, bool):
        return _more(column, _("Yes") if value else _("No"))
    return _more(column, formats.UNKNOWN if value is None or value == "" else str(value))


def number(name: str) -> Any:
    """Return what draws the number of this name."""
    return lambda row, column: _more(column, formats.number(getattr(row.customer, name)))


def money(name: str) -> Any:
    """Return what draws the amount in cents of this name."""
    return lambda row, column: _more(column, formats.money(getattr(row.customer, name)))


def day(name: str) -> Any:
    """Return what draws the day of this name."""
    return lambda row, column: _more(column, formats.day(getattr(row.customer, name)))


def template(name: str) -> Any:
    """Return what draws a cell by a template, which is given `row` and `column`: for cells drawn with many parts."""
    path = f"workspace/portfolio/cells/{name}.html"
    return lambda row, column: loader.get_template(path).render({"row": row, "column": column})


def _more(column: "Column", written: str) -> SafeString:
    return format_html(LABELLED, f"c-more {column.css}", column.label, written)
