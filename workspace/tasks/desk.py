"""The page of a person's tasks: grouped by when they are due, with what others asked to look after meanwhile."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext, pgettext

from accounts.models import User
from accounts.permissions import Perm
from core import time
from customers.services.owners import assignable_people
from playbooks.models import CalendarFeed, Cover, Task

A_PAGE = 100
SCOPES = ("mine", "made", "team")
STATES = ("open", "done")
ORDER = (F("due_on").asc(nulls_last=True), F("due_at").asc(nulls_last=True), "-priority", "pk")


@dataclass(frozen=True)
class Group:
    """Tasks that are due about the same time. `late`: over."""

    name: str
    late: bool
    tasks: list[Task]


class Desk:
    """What the page shows to a person."""

    def __init__(self, user: User, params: Mapping[str, Any]) -> None:
        self.user = user
        self.today = time.today()
        self.scope = str(params.get("scope")) if params.get("scope") in SCOPES else SCOPES[0]
        self.state = str(params.get("state")) if params.get("state") in STATES else STATES[0]
        self.number = str(params.get("page", "1"))
        self.may_edit = user.may(Perm.CUSTOMERS_EDIT)

    @property
    def scopes(self) -> list[tuple[str, str]]:
        """Whose tasks can be looked at."""
        names = {
            "mine": gettext("My tasks"),
            "made": gettext("Given to others"),
            "team": gettext("The team's"),
        }
        return [(key, names[key]) for key in SCOPES]

    @property
    def states(self) -> list[tuple[str, str]]:
        """Open ones, or those that are over."""
        names = {"open": pgettext("tasks", "Open"), "done": pgettext("tasks", "Closed")}
        return [(key, names[key]) for key in STATES]

    @cached_property
    def rows(self) -> QuerySet[Task]:
        """The tasks in question."""
        seen = Task.objects.visible_to(self.user)
        if self.scope == "mine":
            seen = seen.filter(
                Q(pk__in=Task.objects.on_desk_of(self.user, self.today).values("pk"))
                if self.state == "open"
                else Q(owner=self.user)
            )
        elif self.scope == "made":
            seen = seen.filter(created_by=self.user).exclude(owner=self.user)
        seen = seen.open() if self.state == "open" else seen.exclude(state=Task.State.OPEN)
        ordered = seen.order_by(*ORDER) if self.state == "open" else seen.order_by("-closed_at", "-pk")
        return with_counts(ordered)

    @cached_property
    def page(self) -> Page[Task]:
        """The page of tasks looked at."""
        return Paginator(self.rows, A_PAGE).get_page(self.number)

    @cached_property
    def groups(self) -> list[Group]:
        """The tasks of the page by when they are due; those that are over in one group."""
        tasks = list(self.page.object_list)
        if self.state != "open":
            return [Group(gettext("Closed"), False, tasks)] if tasks else []
        week = self.today + dt.timedelta(days=6 - self.today.weekday())
        parts: list[tuple[str, bool, list[Task]]] = [
            (gettext("Overdue"), True, []),
            (gettext("Today"), False, []),
            (gettext("This week"), False, []),
            (gettext("Later"), False, []),
            (gettext("Without a day"), False, []),
        ]
        for task in tasks:
            parts[_part(task, self.today, week)][2].append(task)
        return [Group(name, late, some) for name, late, some in parts if some]

    @cached_property
    def people(self) -> list[User]:
        """Who can be given tasks."""
        return list(assignable_people())

    @cached_property
    def feed(self) -> CalendarFeed | None:
        """The person's calendar address, as far as it is known."""
        return CalendarFeed.objects.filter(user=self.user).first()

    @cached_property
    def covers(self) -> list[Cover]:
        """Who stands in for the person, and for whom the person does, from today on."""
        found = Cover.objects.filter(Q(person=self.user) | Q(substitute=self.user), last_on__gte=self.today)
        return list(found.select_related("person", "substitute").order_by("first_on", "pk"))


def with_counts(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Return tasks with what a list shows of them; the number of queries does not grow with them."""
    return tasks.select_related("customer", "owner").annotate(
        lines=Count("items", distinct=True),
        lines_done=Count("items", filter=Q(items__done=True), distinct=True),
        said=Count("comments", distinct=True),
    )


def of_customer(customer_id: int, user: User) -> list[Task]:
    """Return the open tasks of a customer for its page."""
    found = Task.objects.visible_to(user).open().filter(customer=customer_id)
    return list(with_counts(found.order_by(*ORDER)))


def _part(task: Task, today: dt.date, week: dt.date) -> int:
    if task.due_on is None:
        return 4
    if task.due_on < today:
        return 0
    if task.due_on == today:
        return 1
    return 2 if task.due_on <= week else 3
