"""What every page's frame needs: navigation, the reader's views with their counts, the demo's flag."""

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User, Workspace
from accounts.permissions import Perm
from core import formats, time
from customers.models import Customer, InsightTheme
from playbooks.models import Alert, Task
from workspace.portfolio.desk import desk_of
from workspace.portfolio.saved import BUILT_IN, View
from workspace.portfolio.state import EVERYBODY


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return what the sidebar and the top bar show; nothing is read before a page draws them."""
    return {"shell": SimpleLazyObject(lambda: _shell(request))}


def _shell(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    workspace = Workspace.get()
    if not isinstance(user, User):
        return {"brand": workspace.name}
    desk = desk_of(request)
    views = desk.views if user.may(Perm.CUSTOMERS_VIEW) else []
    totals = desk.totals(desk.scope()) if views else {}
    here, view = request.path, request.GET.get("view", "")
    portfolio = reverse("portfolio")
    return {
        "brand": workspace.name,
        "search_url": reverse("search"),
        "demo": {"clear_url": _address("setup_start") if user.may(Perm.SETTINGS_MANAGE) else ""}
        if workspace.is_demo
        else None,
        "nav": [
            *_day(user, here),
            _item(_("Portfolio"), portfolio, "buildings", here, count=_count(totals, EVERYBODY), go="c"),
            *_tasks(user, here),
            *_renewals(user, here),
            *_playbooks(user, here),
            *_insights(user, here),
            *_surveys(user, here),
            *_figures(user, here),
        ],
        "views": [_view_item(one, totals, portfolio, view) for one in views if one not in BUILT_IN],
        "settings": [_item(_("Settings"), _address("settings"), "settings", here)],
    }


def _insights(user: User, here: str) -> list[dict[str, Any]]:
    """Return the way to the insights, with how many new themes no team has."""
    if not user.may(Perm.CUSTOMERS_VIEW):
        return []
    new = InsightTheme.objects.live().filter(state=InsightTheme.State.NEW, team="").count()
    count = ngettext("%(n)s new", "%(n)s new", new) % {"n": formats.number(new)} if new else None
    return [_item(_("Insights"), reverse("insights"), "message-2-heart", here, count=count, go="i")]


def _surveys(user: User, here: str) -> list[dict[str, Any]]:
    if not user.may(Perm.METRICS_VIEW):
        return []
    return [_item(_("Surveys"), reverse("surveys"), "message-circle", here, go="s", bar=False)]


def _day(user: User, here: str) -> list[dict[str, Any]]:
    """Return the way to My day and to the alerts, with how many stand for one's own customers."""
    if not user.may(Perm.CUSTOMERS_VIEW):
        return []
    mine = Customer.objects.owned_by(user).present()
    count = Alert.objects.awake(time.today()).filter(customer__in=mine).count()
    home = _item(_("My day"), reverse("home"), "sun", here, go="h") | {"current": here == reverse("home")}
    told = formats.number(count) if count else None
    return [home, _item(_("Alerts"), reverse("alerts"), "bell", here, count=told, go="a", bar=False)]


def _tasks(user: User, here: str) -> list[dict[str, Any]]:
    """Return the way to the tasks, with how many of one's own are due by today."""
    if not user.may(Perm.CUSTOMERS_VIEW):
        return []
    today = time.today()
    due = Task.objects.on_desk_of(user, today).filter(due_on__lte=today).count()
    return [
        _item(
            _("Tasks"),
            reverse("tasks"),
            "square-check",
            here,
            count=formats.number(due) if due else None,
            go="t",
        )
        | {"bar": False}
    ]


def _renewals(user: User, here: str) -> list[dict[str, Any]]:
    """Return the way to the renewals, whose tabs lead to what else customers pay next, and to the strategy."""
    if not user.may(Perm.CUSTOMERS_VIEW):
        return []
    item = _item(_("Renewals"), reverse("renewals"), "refresh", here, go="r", bar=False)
    pages = (reverse("renewals"), reverse("opportunities"), reverse("losses"))
    plan = _item(_("Strategy"), reverse("strategy"), "layout-grid", here, bar=False)
    return [item | {"current": here.startswith(pages)}, plan]


def _playbooks(user: User, here: str) -> list[dict[str, Any]]:
    if not user.may(Perm.CUSTOMERS_VIEW):
        return []
    return [_item(_("Playbooks"), reverse("playbooks"), "route", here, go="p", bar=False)]


def _figures(user: User, here: str) -> list[dict[str, Any]]:
    if not user.may(Perm.METRICS_VIEW):
        return []
    return [_item(_("Metrics"), reverse("metrics"), "chart-dots", here, go="m")]


def _item(
    label: str, url: str, icon: str, here: str, *, count: str | None = None, go: str = "", bar: bool = True
) -> dict[str, Any]:
    return {
        "label": label,
        "url": url,
        "icon": icon,
        "count": count,
        "current": bool(url) and here.startswith(url),
        "go": go,
        "bar": bar,
    }


def _view_item(view: View, totals: dict[str, Any], portfolio: str, current: str) -> dict[str, Any]:
    return {
        "label": view.name,
        "url": f"{portfolio}?view={view.key}",
        "icon": view.icon,
        "count": _count(totals, view.key),
        "current": view.key == current,
    }


def _count(totals: dict[str, Any], key: str) -> str | None:
    return formats.number(totals[key].customers) if key in totals else None


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
