"""A plan as its card and page say it: percentages, points, the drawn way, the chart of both views."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core import formats, marks
from customers.models import Customer
from customers.success import Total
from metrics.periods import add_months
from workspace.success.plan import Facts, Goal, PlanOn

WIDTH, PAD, TOP = 240, 6, Fraction(3, 2)
WIDE_GAP = 25  # points from which the two views are called far apart
MONTHS = 18
SINCE_DAYS = 90
COLOURS = ("data6", "data3", "data1")  # due, the customer’s view, ours: as on the card


@dataclass(frozen=True)
class GoalRow:
    """An objective as a row of the card."""

    goal: Goal
    way: str
    drawn: SafeString
    customer: str
    customer_says: str
    ours: str
    ours_says: str
    gap: str
    wide: bool
    voices: list[dict[str, Any]]


@dataclass(frozen=True)
class Card:
    """The plan's card."""

    on: PlanOn
    rows: list[GoalRow]
    customer: str
    customer_foot: str
    ours: str
    ours_foot: str
    gap: str
    gap_change: SafeString | None
    confirmed: str
    value_gap: str
    value_gap_foot: str


def card(customer_id: int, day: dt.date, facts: Facts | None = None) -> Card:
    """Return the card of a customer's plan on a day."""
    facts = facts or Facts([customer_id], day, [day - dt.timedelta(days=SINCE_DAYS)])
    on = facts.on(customer_id, day)
    before = facts.on(customer_id, day - dt.timedelta(days=SINCE_DAYS)).total.perception_gap
    told = on.total
    change = None
    if told.perception_gap is not None and before is not None:
        moved = round(float(told.perception_gap - before), 1)
        change = marks.delta(moved, f" {gettext('pts')}", -1, 0)
    return Card(
        on=on,
        rows=[row(goal) for goal in on.goals],
        customer=share(told.customer),
        customer_foot=_against(told.value_gap),
        ours=share(told.ours),
        ours_foot=_due(told.due),
        gap=points(told.perception_gap),
        gap_change=change,
        confirmed=share(told.confirmed),
        value_gap=_signed(told.value_gap),
        value_gap_foot=_beside(told, on.goals),
    )


def _signed(gap: Fraction | None) -> str:
    if gap is None:
        return formats.UNKNOWN
    told = round(float(gap))
    return ("+" if told > 0 else "") + formats.number(told)


def _beside(told: Total, goals: Sequence[Goal]) -> str:
    """Say what the value gap lies between, or why there is none."""
    if not goals:
        return gettext("no plan yet")
    if told.customer is None:
        return gettext("%(share)s of the plan confirmed") % {"share": share(told.confirmed)}
    return gettext("customer %(share)s, due %(due)s") % {
        "share": share(told.customer),
        "due": share(told.due),
    }


def row(goal: Goal) -> GoalRow:
    """Return an objective as the card shows it."""
    standing, way = goal.standing, goal.way
    gap = standing.perception_gap if standing else None
    unit = goal.row.unit
    return GoalRow(
        goal=goal,
        way=gettext("%(baseline)s to %(target)s, due %(day)s")
        % {
            "baseline": number(goal.row.baseline, unit),
            "target": number(goal.row.target, unit),
            "day": formats.day(goal.row.due_on),
        },
        drawn=dumbbell(standing.due, standing.customer, standing.ours)
        if standing and way
        else SafeString(""),
        customer=share(standing.customer if standing else None),
        customer_says=gettext("says %(value)s") % {"value": number(goal.customer, unit)}
        if goal.customer is not None
        else gettext("not confirmed"),
        ours=share(standing.ours if standing else None),
        ours_says=_ours(goal),
        gap=points(gap),
        wide=gap is not None and abs(gap) >= WIDE_GAP,
        voices=[
            {
                "who": str(voice.person) if voice.person else gettext("Somebody there"),
                "decides": voice.decides,
                "says": number(voice.row.value, unit),
                "on": voice.row.stated_on,
            }
            for voice in goal.voices
        ],
    )


def _ours(goal: Goal) -> str:
    if goal.ours is None:
        return gettext("not measured yet") if goal.is_measured else gettext("not assessed")
    value = number(goal.ours, goal.row.unit)
    if goal.is_measured:
        return gettext("measured %(value)s") % {"value": value}
    return gettext("assessed %(value)s") % {"value": value}


def share(value: Fraction | None) -> str:
    """Write a share in per cent."""
    return formats.UNKNOWN if value is None else formats.percent(float(value))


def points(value: Fraction | None) -> str:
    """Write a gap in points."""
    if value is None:
        return formats.UNKNOWN
    return gettext("%(n)s pts") % {"n": formats.number(round(float(value)))}


def number(value: Any, unit: str) -> str:
    """Write a value in an objective's unit, with as many decimals as it needs, at most two."""
    if value is None:
        return formats.UNKNOWN
    told = round(float(value), 2)
    digits = next(n for n in (0, 1, 2) if round(told, n) == told)
    text = formats.number(told, digits)
    return f"{text}%" if unit == "%" else f"{text} {unit}".strip()


def dumbbell(due: Fraction, customer: Fraction | None, ours: Fraction | None) -> SafeString:
    """Draw the way from nothing to the target: a tick where it should be, a dot for the customer, a diamond for us."""

    def x(at: Fraction) -> float:
        return round(PAD + (WIDTH - 2 * PAD) * float(min(at, Fraction(1))), 1)

    says = gettext("Due %(due)s, customer %(customer)s, ours %(ours)s") % {
        "due": share(due),
        "customer": share(customer),
        "ours": share(ours),
    }
    between = SafeString("")
    if customer is not None and ours is not None:
        between = format_html(
            '<line class="cs-stroke-slate" x1="{}" x2="{}" y1="14" y2="14" stroke-width="4"/>',
            x(customer),
            x(ours),
        )
    dot = (
        format_html('<circle class="cs-fill-cust" cx="{}" cy="14" r="6"/>', x(customer))
        if customer is not None
        else SafeString("")
    )
    diamond = (
        format_html('<path class="cs-fill-data" d="M{} 6.5l7.5 7.5-7.5 7.5-7.5-7.5z"/>', x(ours))
        if ours is not None
        else SafeString("")
    )
    return format_html(
        '<svg class="cs-dumb" viewBox="0 0 {} 28" preserveAspectRatio="xMinYMid meet" role="img" aria-label="{}">'
        '<line class="cs-stroke-line" x1="{}" x2="{}" y1="14" y2="14" stroke-width="2" stroke-linecap="round"/>{}'
        '<line class="cs-stroke-slate" x1="{}" x2="{}" y1="5" y2="23" stroke-width="2"/>{}{}</svg>',
        WIDTH,
        says,
        PAD,
        WIDTH - PAD,
        between,
        x(due),
        x(due),
        dot,
        diamond,
    )


def _against(gap: Fraction | None) -> str:
    if gap is None:
        return gettext("not enough confirmed to tell")
    if gap < 0:
        return gettext("of the promise, %(gap)s behind what is due") % {"gap": points(-gap)}
    return gettext("of the promise, %(gap)s ahead of what is due") % {"gap": points(gap)}


def _due(due: Fraction | None) -> str:
    return (
        gettext("%(due)s is due by now") % {"due": share(due)}
        if due is not None
        else gettext("nothing counts")
    )


def chart(customer: Customer, day: dt.date) -> dict[str, Any] | None:
    """Return the chart of what was due and both attained lines, month by month; None without objectives."""
    this = add_months(day.replace(day=1), 1)
    ends = [add_months(this, -n) - dt.timedelta(days=1) for n in range(MONTHS, -1, -1)]
    days = [min(end, day) for end in ends]
    facts = Facts([customer.pk], day, days)
    totals = [facts.on(customer.pk, one).total for one in days]
    first = next((n for n, one in enumerate(totals) if one.due is not None), None)
    if first is None:
        return None
    days, totals = days[first:], totals[first:]
    names = [gettext("Due"), gettext("Customer’s view"), gettext("Our view")]
    lines = [[one.due for one in totals], [one.customer for one in totals], [one.ours for one in totals]]
    return {
        "data": {
            "labels": [formats.month(one) for one in days],
            "series": [
                {
                    "name": name,
                    "values": [None if v is None else round(float(v), 4) for v in values],
                    "colour": colour,
                }
                for name, values, colour in zip(names, lines, COLOURS, strict=True)
            ],
            "format": "percent",
            "digits": 0,
            "currency": settings.CURRENCY,
        },
        "says": gettext(
            "Share of the promise that was due, that the customer confirms and that we see, month by month"
        ),
        "table": {
            "head": [gettext("Month"), *names],
            "rows": [
                [formats.month(one), *(share(values[n]) for values in lines)] for n, one in enumerate(days)
            ],
        },
    }
