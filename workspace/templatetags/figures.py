"""What pages about figures show beside them."""

from typing import Any

from django import template

from accounts.models import User
from accounts.permissions import Perm
from metrics.verdicts import failing
from workspace.metrics.sudden import Marked, newest_changes

READ = "_sudden_changes"

register = template.Library()


@register.inclusion_tag("workspace/metrics/_alarm.html", takes_context=True)
def integrity_alarm(context: template.Context) -> dict[str, Any]:
    """Say above the figures that a nightly check fails, to whom it concerns."""
    if not _may(context, Perm.AUDIT_VIEW):
        return {"days": 0}
    wrong = failing()
    return {
        "days": len({result.day for results in wrong.values() for result in results}),
        "checks": len(wrong),
    }


@register.inclusion_tag("workspace/metrics/_more.html", takes_context=True)
def more_about_figures(context: template.Context) -> dict[str, Any]:
    """Give the ways from the figures to what stands behind them."""
    return {"may_see_integrity": _may(context, Perm.AUDIT_VIEW)}


@register.inclusion_tag("workspace/metrics/_sudden.html", takes_context=True)
def sudden_change(context: template.Context, key: str, short: bool = False) -> dict[str, Any]:
    """Say that a figure changed suddenly of late; in a few words where there is little room.

    Not to who sees some customers only: what changed is told of all.
    """
    if getattr(context.get("page"), "own_only", False):
        return {}
    request = context.get("request")
    known: dict[str, Marked] | None = getattr(request, READ, None)  # read once for all cards of a page
    if known is None:
        known = newest_changes()
        setattr(request, READ, known)
    return {"change": known.get(key), "short": short}


def _may(context: template.Context, perm: Perm) -> bool:
    user = getattr(context.get("request"), "user", None)
    return isinstance(user, User) and user.may(perm)
