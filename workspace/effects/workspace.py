"""What other settings of the workspace would do: days of grace, gross margin, where years and weeks begin."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext, ngettext

from accounts.models import Workspace
from core import formats
from metrics import what_if
from metrics.nights import last_finished_day
from metrics.periods import Period
from metrics.registry import FIGURES
from metrics.windows import tell
from workspace.effects.effect import Effect, month_to, moves, year_to
from workspace.metrics.span import whole

OF_A_YEAR = ("mrr_new", "mrr_churn", "customer_churn_rate", "net_customer_growth")
OF_A_WEEK = ("mrr_new", "mrr_churn", "first_response_time")


def of_settings(saved: Workspace, new: Mapping[str, Any]) -> list[Effect]:
    """Return the effects of the settings that differ; none before the first night."""
    night = last_finished_day()
    if night is None:
        return []
    return [
        effect(getattr(saved, name), new[name], night)
        for name, effect in EFFECTS.items()
        if name in new and new[name] != getattr(saved, name)
    ]


def _grace_days(before: int, after: int, night: dt.date) -> Effect:
    period = year_to(night)
    restated = what_if.restated_by_grace_days()
    says = gettext("No subscription has ended yet, so no day is worked out again.")
    if restated:
        says = ngettext(
            "%(days)s day since %(first)s is worked out again, for %(customers)s customers whose subscriptions ended; "
            "the figures published first stay readable.",
            "%(days)s days since %(first)s are worked out again, for %(customers)s customers whose subscriptions "
            "ended; the figures published first stay readable.",
            restated.days,
        ) % {
            "days": formats.number(restated.days),
            "first": formats.day(restated.first),
            "customers": formats.number(restated.customers),
        }
    return Effect(
        title=_over(
            gettext("Grace days %(before)s → %(after)s") % {"before": before, "after": after}, period
        ),
        says=(says,),
        moves=moves(what_if.with_grace_days(before, period), what_if.with_grace_days(after, period)),
    )


def _renewal_grace_days(before: int, after: int, night: dt.date) -> Effect:
    period = year_to(night)
    return Effect(
        title=_over(
            gettext("Grace days of renewals %(before)s → %(after)s") % {"before": before, "after": after},
            period,
        ),
        says=(
            gettext("Renewal rates of all periods are told by the new days at once; no stored day changes."),
        ),
        moves=moves(
            what_if.with_renewal_grace_days(before, period, night),
            what_if.with_renewal_grace_days(after, period, night),
        ),
    )


def _gross_margin(before: Any, after: Any, night: dt.date) -> Effect:
    period = month_to(night)
    return Effect(
        title=_over(
            gettext("Gross margin %(before)s%% → %(after)s%%")
            % {"before": formats.number(before, 2), "after": formats.number(after, 2)},
            period,
        ),
        says=(
            gettext(
                "Lifetime values of all periods are told by the new margin at once; no stored day changes."
            ),
        ),
        moves=moves(
            what_if.with_gross_margin(before, period, night), what_if.with_gross_margin(after, period, night)
        ),
    )


def _fiscal_year_start(before: int, after: int, night: dt.date) -> Effect:
    return _cut_elsewhere(
        gettext("Fiscal year"),
        whole("year", night, night, year_starts=before),
        whole("year", night, night, year_starts=after),
        OF_A_YEAR,
        night,
    )


def _week_start(before: int, after: int, night: dt.date) -> Effect:
    return _cut_elsewhere(
        gettext("Week"),
        whole("week", night, night, week_starts=before),
        whole("week", night, night, week_starts=after),
        OF_A_WEEK,
        night,
    )


def _cut_elsewhere(name: str, before: Period, after: Period, keys: tuple[str, ...], night: dt.date) -> Effect:
    figures = [FIGURES[key] for key in keys]
    told = tell(figures, [before, after], as_of=night)
    return Effect(
        title=name,
        says=(
            gettext("The last finished one is %(before)s; it would be %(after)s. No stored day changes.")
            % {"before": _days(before), "after": _days(after)},
        ),
        moves=moves(
            {figure.key: told.result(figure, before) for figure in figures},
            {figure.key: told.result(figure, after) for figure in figures},
        ),
    )


def _over(title: str, period: Period) -> str:
    return gettext("%(title)s, figures of %(days)s") % {"title": title, "days": _days(period)}


def _days(period: Period) -> str:
    return f"{formats.day(period.first)} – {formats.day(period.last)}"


EFFECTS: Mapping[str, Callable[[Any, Any, dt.date], Effect]] = {
    "grace_days": _grace_days,
    "renewal_grace_days": _renewal_grace_days,
    "gross_margin": _gross_margin,
    "fiscal_year_start": _fiscal_year_start,
    "week_start": _week_start,
}
FIGURES_DEPEND_ON = tuple(EFFECTS)
