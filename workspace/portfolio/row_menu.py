"""What stands at both ends of a row: the box that selects it and its menu."""

from functools import cached_property

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core import marks
from workspace.portfolio.rows import Row

_ANY = 0  # the key in whose place each row's own is put


class RowMenu:
    """Draws boxes and menus of one page; words, icons and addresses are looked up once for all its rows."""

    def __init__(self, *, may_manage: bool) -> None:
        self.may_manage = may_manage

    def box(self, row: Row) -> SafeString:
        """Draw the cell with the box that selects a row; empty where the reader may not change the customer."""
        if not row.editable:
            return mark_safe('<td role="cell" class="c-check"></td>')
        return format_html(
            '<td role="cell" class="c-check"><input type="checkbox" class="form-check-input cs-check" name="id"'
            ' value="{}" data-cents="{}" aria-label="{}"></td>',
            row.customer.pk,
            row.customer.at_mrr or 0,
            self._select % {"name": row.customer.name},
        )

    def menu(self, row: Row) -> SafeString:
        """Draw the cell with a row's menu: only what the reader may do."""
        return format_html(
            '<td role="cell" class="c-act"><details class="cs-menu">'
            '<summary class="btn cs-btn cs-btn-quiet cs-btn-icon cs-btn-sm" aria-label="{}">{}</summary>'
            '<ul class="dropdown-menu"><li><a class="dropdown-item" href="{}">{}</a></li>{}</ul></details></td>',
            self._actions % {"name": row.customer.name},
            self._dots,
            row.url,
            self._open,
            self._own(row) if row.editable else "",
        )

    def _own(self, row: Row) -> SafeString:
        form = self._of_archived if row.customer.archived_at else self._of_present
        return mark_safe(form.replace(f"/{_ANY}/", f"/{row.customer.pk}/"))  # noqa: S308 - only a number is put in

    @cached_property
    def _of_present(self) -> str:
        links = [
            ("touchpoint_new", "phone", _("Log a call")),
            ("customer_edit", "pencil", _("Edit")),
        ]
        if self.may_manage:
            links.append(("customer_archive", "archive", _("Archive")))
        return "".join(
            format_html(
                '<li><a class="dropdown-item" href="{}">{}{}</a></li>',
                reverse(name, args=[_ANY]),
                marks.icon(icon),
                word,
            )
            for name, icon, word in links
        )

    @cached_property
    def _of_archived(self) -> str:
        if not self.may_manage:
            return ""
        return format_html(
            '<li><button class="dropdown-item" type="submit" formaction="{}">{}{}</button></li>',
            reverse("customer_restore", args=[_ANY]),
            marks.icon("refresh"),
            _("Restore"),
        )

    @cached_property
    def _dots(self) -> SafeString:
        return marks.icon("dots")

    @cached_property
    def _open(self) -> SafeString:
        return format_html("{}{}", marks.icon("arrow-right"), _("Open"))

    @cached_property
    def _actions(self) -> str:
        return _("Actions for %(name)s")

    @cached_property
    def _select(self) -> str:
        return _("Select %(name)s")
