"""The portfolio as one reader looks at it: the scope, the state of the URL, and what follows from both."""

from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Aggregate, Count, F, Q, Sum
from django.db.models.fields.json import KT

from customers.querysets import CustomerQuerySet
from workspace.portfolio.attributes import all_columns, all_filters, column_at, definitions
from workspace.portfolio.columns import Column
from workspace.portfolio.filter_kinds import Filter, Pick
from workspace.portfolio.filters import ARCHIVED
from workspace.portfolio.paging import BadCursorError, Page, page_of
from workspace.portfolio.reading import not_archived, portfolio_rows
from workspace.portfolio.scope import Scope
from workspace.portfolio.state import State
from workspace.search.matching import found_once, matching


@dataclass(frozen=True)
class Registry:
    """Every filter and every column there is now, attributes included."""

    filters: dict[str, Filter]
    columns: dict[str, Column]

    @property
    def usual_columns(self) -> tuple[str, ...]:
        """The keys of the columns shown when nobody chose any."""
        return tuple(key for key, column in self.columns.items() if column.shown)


def registry() -> Registry:
    """Return the filters and columns, with the attributes an admin defined."""
    defined = definitions()
    return Registry(all_filters(defined), all_columns(defined))


def condition(state: State, scope: Scope, searched: Q | None = None) -> Q:
    """Return the condition of a state's search and filters; archived customers match only when asked for.

    `searched` is the search's condition where it was looked up before.
    """
    found = Q()
    if state.text:
        found &= matching(state.text) if searched is None else searched
    for pick in state.picks:
        found &= pick.where(scope)
    if not any(pick.filter is ARCHIVED for pick in state.picks):
        found &= not_archived(scope)
    return found


@dataclass(frozen=True)
class Total:
    """How many customers and how much MRR in cents; the MRR is None while none of them has figures."""

    customers: int
    mrr: int | None


class Portfolio:
    """The rows, order and columns of one state for one reader."""

    def __init__(self, scope: Scope, state: State, known: Registry) -> None:
        self.scope = scope
        self.state = state
        self.known = known

    @cached_property
    def columns(self) -> list[Column]:
        """The columns shown, in order."""
        return [self.known.columns[key] for key in self.state.columns or self.known.usual_columns]

    @property
    def sort_column(self) -> Column:
        """The column it is sorted by."""
        return self.known.columns[self.state.sort_key]

    def matching(self, *, with_changes: bool = False) -> CustomerQuerySet:
        """Return what matches, unordered; `with_changes` adds the figures of 30 days before."""
        compared = with_changes or any(pick.filter.needs_before for pick in self.state.picks)
        rows = portfolio_rows(self.scope, compared=compared)
        return rows.filter(condition(self.state, self.scope, self.searched))

    @cached_property
    def searched(self) -> Q:
        """The condition of the search, looked up once for all that is asked about it."""
        return found_once(self.state.text) if self.state.text else Q()

    def shown(self) -> CustomerQuerySet:
        """Return what matches with all that the shown columns and the order need."""
        return self._sortable(
            self.matching(with_changes=self._changes_shown or self.sort_column.needs_before)
        )

    @property
    def _changes_shown(self) -> bool:
        return any(column.needs_before for column in self.columns)

    def _sortable(self, rows: CustomerQuerySet) -> CustomerQuerySet:
        if not self.sort_column.attribute:
            return rows
        return rows.alias(attribute_text=KT(f"{column_at(self.scope)}__{self.sort_column.attribute}"))

    def ordered(self) -> CustomerQuerySet:
        """Return all that is shown in its order."""
        rows = self.shown().annotate(sort_value=self.sort_column.sort(self.scope))
        value = F("sort_value")
        if self.state.descending:
            return rows.order_by(value.desc(nulls_last=True), "-pk")
        return rows.order_by(value.asc(nulls_last=True), "pk")

    def with_every_figure(self) -> "Portfolio":
        """Return the same portfolio with all its columns."""
        return Portfolio(self.scope, replace(self.state, columns=tuple(self.known.columns)), self.known)

    def page(self, *, size: int = 0, strict: bool = False) -> Page:
        """Return the page the state asks for; the first one when its cursor belongs to another list.

        `size` is the number of rows where it is not the state's. With `strict` such a cursor raises
        `BadCursorError`.
        """
        rows = self._sortable(self.matching(with_changes=self.sort_column.needs_before))
        sort = self.sort_column.sort(self.scope)
        whole = portfolio_rows(self.scope, compared=self._changes_shown)
        size, descending = size or self.state.rows, self.state.descending
        try:
            return page_of(
                rows,
                sort,
                size=size,
                descending=descending,
                after=self.state.after,
                before=self.state.before,
                whole=whole,
            )
        except BadCursorError:
            if strict:
                raise
            return page_of(rows, sort, size=size, descending=descending, whole=whole)

    def total(self) -> Total:
        """Return how many match and their MRR."""
        found = self.matching().aggregate(customers=Count("pk"), mrr=Sum("at_mrr"))
        return Total(found["customers"], found["mrr"])

    def ways_out(self) -> list[tuple[Pick | None, int]]:
        """Return, for an empty list, each filter (None: the search) whose removal shows something, and how much."""
        states = {str(at): self.state.without(pick) for at, pick in enumerate(self.state.picks)}
        if self.state.text:
            states["text"] = self.state.changed(text="")
        counts = counted(self.scope, states, self.searched)
        ways: list[tuple[Pick | None, int]] = [
            (pick, counts[str(at)].customers) for at, pick in enumerate(self.state.picks)
        ]
        if self.state.text:
            ways.append((None, counts["text"].customers))
        return [(pick, count) for pick, count in ways if count]


def counted(scope: Scope, states: dict[str, State], searched: Q | None = None) -> dict[str, Total]:
    """Return the totals of several states in one query; their keys must be parts of plain identifiers.

    `searched` is the condition of their search, where all that have one have the same.
    """
    if not states:
        return {}
    compared = any(pick.filter.needs_before for state in states.values() for pick in state.picks)
    rows = portfolio_rows(scope, compared=compared)
    asked: dict[str, Aggregate] = {}
    for name, state in states.items():
        where = condition(state, scope, searched)
        asked[f"n_{name}"] = Count("pk", filter=where)
        asked[f"mrr_{name}"] = Sum("at_mrr", filter=where)
    found = rows.aggregate(**asked)
    return {name: Total(found[f"n_{name}"], found[f"mrr_{name}"]) for name in states}
