"""What the portfolio page shows, ready for its template: tabs, chips, headings, rows, pager, menus."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from accounts.permissions import Perm
from core import formats
from customers.details import unrecorded_until
from customers.models import SavedView, Stage, Tag
from customers.services.owners import assignable_people
from customers.services.saved_views import may_change
from playbooks.models import Playbook
from workspace.portfolio.columns import Column
from workspace.portfolio.counts import total_of
from workspace.portfolio.editor import Editor
from workspace.portfolio.filter_kinds import Filter
from workspace.portfolio.opening import Opened
from workspace.portfolio.portfolio import Portfolio, Total
from workspace.portfolio.row_menu import RowMenu
from workspace.portfolio.rows import Row, load_rows
from workspace.portfolio.saved import View
from workspace.portfolio.state import EVERYBODY, ROW_CHOICES, State

MOST_TAGS = 200


@dataclass(frozen=True)
class Chip:
    """A filter in force, with the addresses that change it and take it away."""

    says: str
    value: str
    edit_url: str
    remove_url: str


@dataclass(frozen=True)
class Heading:
    """A column's heading: the address that sorts by it, and how it is sorted now."""

    column: Column
    url: str
    sorted: str
    hint: str = ""


@dataclass(frozen=True)
class Tab:
    """A view's tab."""

    view: View
    url: str
    count: int
    current: bool
    edited: bool


def link(state: State, *extra: tuple[str, str]) -> str:
    """Return the address of a state, relative to the page."""
    query = state.query(extra)
    return f"?{query}" if query else "."


class PortfolioPage:
    """The page of an opened portfolio; nothing is read before the template asks for it."""

    def __init__(self, opened: Opened, editing: str = "") -> None:
        self.opened = opened
        self.portfolio: Portfolio = opened.portfolio
        self.state = opened.portfolio.state
        self.scope = opened.portfolio.scope
        self.editing = editing

    @cached_property
    def totals(self) -> dict[str, Total]:
        """The totals of every view, by key."""
        return self.opened.desk.totals(self.scope)

    @property
    def everybody(self) -> Total:
        """The totals of all customers."""
        return self.totals[EVERYBODY]

    @cached_property
    def total(self) -> Total:
        """The totals of what matches."""
        if self.state.base in self.totals and not self.state.edited:
            return self.totals[self.state.base]
        return total_of(self.portfolio)

    @cached_property
    def tabs(self) -> list[Tab]:
        """The views as tabs."""
        tabs = []
        for view in self.opened.desk.views:
            current = view.key == self.state.base
            state = State(base=view.key, as_of=self.state.as_of, rows=self.state.rows)
            own = view.state(self.portfolio.known)
            state = replace(
                state, sort=own.sort, base_sort=own.sort, columns=own.columns, base_columns=own.columns
            )
            tabs.append(
                Tab(
                    view, link(state), self.totals[view.key].customers, current, current and self.state.edited
                )
            )
        return tabs

    @cached_property
    def chips(self) -> list[Chip]:
        """The filters in force, as chips."""
        return [
            Chip(
                *pick.reads_as(self.scope),
                edit_url=link(self.state.moved(), ("edit", pick.filter.key)),
                remove_url=link(self.state.without(pick)),
            )
            for pick in self.state.picks
        ]

    @property
    def clear_url(self) -> str:
        """The address without any filter and search."""
        return link(self.state.changed(picks=(), text=""))

    @cached_property
    def addable(self) -> list[tuple[Filter, str]]:
        """Every filter with the address that opens its editor."""
        filters = self.portfolio.known.filters.values()
        return [(one, link(self.state.moved(), ("edit", one.key))) for one in filters]

    @cached_property
    def editor(self) -> Editor | None:
        """The editor of the filter that is being set, None when none is."""
        one = self.portfolio.known.filters.get(self.editing)
        if one is None:
            return None
        kept = self.kept(self.state.changed(), *one.names())
        return Editor(one, self.state, self.scope, kept, link(self.state.moved()))

    @cached_property
    def headings(self) -> list[Heading]:
        """The columns' headings."""
        return [self._heading(column) for column in self.portfolio.columns]

    def _heading(self, column: Column) -> Heading:
        if self.state.sort_key != column.key:
            sort = f"-{column.key}" if column.down_first else column.key
            return Heading(column, link(self.state.moved(sort=sort)), "none", self._hint(column))
        turned = column.key if self.state.descending else f"-{column.key}"
        return Heading(
            column,
            link(self.state.moved(sort=turned)),
            "descending" if self.state.descending else "ascending",
            self._hint(column),
        )

    def _hint(self, column: Column) -> str:
        """Say of when a column is, where that is not now."""
        if self.scope.past or not column.nightly:
            return ""
        night = self.scope.read_night
        if night is None:
            return _("Known after the first night")
        return _("As of the end of %(day)s") % {"day": formats.day(night)}

    @property
    def order_words(self) -> str:
        """How the list is ordered, such as "Renewal, earliest first"."""
        column = self.portfolio.sort_column
        words = column.order_words[1 if self.state.descending else 0]
        return _("%(column)s, %(order)s") % {"column": column.label, "order": words}

    @cached_property
    def _page(self) -> Any:
        return self.portfolio.page()

    @cached_property
    def rows(self) -> list[Row]:
        """The rows of the page."""
        return load_rows(self._page.rows, self.scope, self.portfolio.columns)

    @cached_property
    def drawn(self) -> list[tuple[Row, SafeString]]:
        """The rows of the page with their cells as HTML."""
        ends = RowMenu(may_manage=self.may_manage)
        draws = [(column, column.draw) for column in self.portfolio.columns]
        may_edit = self.may_edit
        lines = []
        for row in self.rows:
            cells = [ends.box(row)] if may_edit else []
            cells += [draw(row, column) for column, draw in draws]
            cells.append(ends.menu(row))
            lines.append((row, mark_safe("".join(cells))))  # noqa: S308 - every cell is safe
        return lines

    @property
    def first(self) -> int:
        """The place of the first row, counted from 1."""
        return int(self._page.start) + 1

    @property
    def last(self) -> int:
        """The place of the last row."""
        return int(self._page.start) + len(self._page.rows)

    @property
    def next_url(self) -> str:
        """The address of the next page, empty on the last one."""
        return link(self.state.moved(after=self._page.after)) if self._page.after else ""

    @property
    def previous_url(self) -> str:
        """The address of the page before, empty on the first one."""
        return link(self.state.moved(before=self._page.before)) if self._page.before else ""

    @property
    def first_url(self) -> str:
        """The address of the first page."""
        return link(self.state.moved())

    @property
    def row_choices(self) -> tuple[int, ...]:
        """How many rows a page may have."""
        return ROW_CHOICES

    @property
    def column_choices(self) -> list[tuple[Column, bool]]:
        """Every column that may be hidden, and whether it is shown."""
        shown = {column.key for column in self.portfolio.columns}
        columns = self.portfolio.known.columns.values()
        return [(column, column.key in shown) for column in columns if column.key != "customer"]

    def kept(self, state: State, *without: str) -> list[tuple[str, str]]:
        """Return the parameters that a form keeps as hidden fields."""
        return [(name, value) for name, value in state.params() if name not in without]

    @property
    def kept_by_search(self) -> list[tuple[str, str]]:
        """The hidden fields of the search form."""
        return self.kept(self.state.changed(), "q")

    @property
    def kept_by_columns(self) -> list[tuple[str, str]]:
        """The hidden fields of the columns form."""
        return self.kept(self.state.moved(), "cols")

    @property
    def kept_by_rows(self) -> list[tuple[str, str]]:
        """The hidden fields of the form that sets how many rows a page has."""
        return self.kept(self.state.moved(), "rows")

    @property
    def kept_by_day(self) -> list[tuple[str, str]]:
        """The hidden fields of the form that sets the day looked at."""
        return self.kept(self.state.moved(), "as_of")

    @property
    def present_url(self) -> str:
        """The address of the same view today."""
        return link(self.state.moved(as_of=None))

    @cached_property
    def unrecorded_until(self) -> dt.date | None:
        """The first day whose details are known for sure, where the past day looked at lies before it."""
        return unrecorded_until(self.scope.today) if self.scope.past else None

    @property
    def query(self) -> str:
        """The query string of what is shown, without a page."""
        return self.state.moved().query()

    @property
    def may_edit(self) -> bool:
        """Whether the reader may change customers here: never on a past day."""
        return not self.scope.past and self.scope.user.may(Perm.CUSTOMERS_EDIT)

    @cached_property
    def ways_out(self) -> list[tuple[str, str, int]]:
        """For an empty list: what to leave out, the address without it, and how many there are then."""
        ways = []
        for pick, count in self.portfolio.ways_out():
            if pick is None:
                without = self.state.changed(text="")
                ways.append((_("search for “%(text)s”") % {"text": self.state.text}, link(without), count))
            else:
                ways.append((" ".join(pick.reads_as(self.scope)), link(self.state.without(pick)), count))
        return ways

    @property
    def may_manage(self) -> bool:
        """Whether the reader may archive and restore customers."""
        return self.may_edit and self.scope.user.may(Perm.CUSTOMERS_MANAGE)

    @property
    def may_ask(self) -> bool:
        """Whether the reader may start a campaign for what is shown: never for a past day."""
        return not self.scope.past and self.scope.user.may(Perm.CAMPAIGNS_MANAGE)

    @property
    def may_export(self) -> bool:
        """Whether the reader may take the list out as a file."""
        return self.scope.user.may(Perm.EXPORT_RUN)

    @property
    def stages(self) -> list[tuple[str, Any]]:
        """The stages customers can be moved to."""
        return list(Stage.choices)

    @cached_property
    def playbooks(self) -> list[Playbook]:
        """The playbooks that can be started for the chosen customers."""
        return list(Playbook.objects.startable().order_by("name"))

    @property
    def currency_sign(self) -> str:
        """What stands before an amount, with its space."""
        return formats.money(0).rstrip("0")

    @property
    def first_night(self) -> dt.date | None:
        """The first day that can be looked at."""
        return self.opened.desk.nights.first

    @property
    def last_night(self) -> dt.date | None:
        """The last day that can be looked at."""
        return self.opened.desk.nights.last

    @property
    def save_url(self) -> str:
        """The address where what is shown gets a name."""
        return f"{reverse('view_new')}?{self.query}"

    @property
    def own_view(self) -> SavedView | None:
        """The saved view it is or started from, when the reader may change it."""
        saved = self.opened.view.saved if self.opened.view else None
        person = self.scope.user.person
        return saved if saved and person and may_change(person, saved) else None

    @property
    def change_url(self) -> str:
        """The address where that view is renamed, redefined or removed."""
        return f"{reverse('view_edit', args=[self.own_view.pk])}?{self.query}" if self.own_view else ""

    @cached_property
    def people(self) -> Sequence[Any]:
        """The people customers can be assigned to."""
        return list(assignable_people())

    @cached_property
    def tags(self) -> list[str]:
        """The tags there are."""
        return list(Tag.objects.values_list("name", flat=True)[:MOST_TAGS])
