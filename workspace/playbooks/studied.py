"""What a rehearsal and the measured effect of a playbook show."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from core import formats
from customers.models import Customer

WIDTH = 300.0


@dataclass(frozen=True)
class Drawn:
    """A figure of the effect: its words, its numbers as text, and where its interval lies in a drawing 300 wide."""

    label: str
    verdict: str
    tone: str
    enough: bool
    difference: str = ""
    unit: str = ""
    got: str = ""
    compared: str = ""
    interval: str = ""
    n: int = 0
    others: int = 0
    left: float = 0.0
    width: float = 0.0
    dot: float = 0.0
    zero: float = 0.0


def effect(result: Mapping[str, Any]) -> list[Drawn]:
    """Return the figures of a measured effect."""
    return [_drawn(figure) for figure in result.get("figures", [])]


def _drawn(figure: Mapping[str, Any]) -> Drawn:
    label = _label(figure)
    if "difference" not in figure:
        return Drawn(
            label,
            _("No evidence yet"),
            "none",
            enough=False,
            n=figure.get("n", 0),
            others=figure.get("others", 0),
        )
    share = figure["name"] != "score"
    times = 100 if share else 1
    low, high, mean = (figure[name] * times for name in ("low", "high", "difference"))
    verdict, tone = _("No evidence yet"), "none"
    if figure["known"]:
        verdict, tone = (_("Likely yes"), "green") if mean > 0 else (_("It made it worse"), "red")
    least, most = min(low, 0.0), max(high, 0.0)
    scale = WIDTH / ((most - least) * 1.1 or 1.0)
    edge = (most - least) * 0.05
    at = {name: round((value - least + edge) * scale, 1) for name, value in (("low", low), ("high", high))}
    return Drawn(
        label=label,
        verdict=verdict,
        tone=tone,
        enough=True,
        difference=_signed(mean),
        unit=_("percentage points") if share else _("points"),
        got=_amount(figure["got"], share),
        compared=_amount(figure["compared"], share),
        interval=_("%(low)s to %(high)s") % {"low": _signed(low), "high": _signed(high)},
        n=figure["n"],
        others=figure["others"],
        left=at["low"],
        width=round(at["high"] - at["low"], 1),
        dot=round((mean - least + edge) * scale, 1),
        zero=round((edge - least) * scale, 1),
    )


def _label(figure: Mapping[str, Any]) -> str:
    words = {
        "score": _("Health score after %(n)s days"),
        "retention": _("Still a customer after %(n)s days"),
        "nrr": _("NRR after %(n)s days"),
    }
    return words[figure["name"]] % {"n": figure["days"]}


def _signed(value: float) -> str:
    return ("+" if value > 0 else "−" if value < 0 else "") + formats.number(abs(value), 1)


def _amount(value: float, share: bool) -> str:
    return formats.percent(value, 1) if share else formats.number(value, 1)


@dataclass(frozen=True)
class Week:
    """A person's tasks of the weeks in which there would have been any."""

    name: str
    total: int
    weeks: int
    most: int
    busiest: dt.date


def people(result: Mapping[str, Any]) -> list[Week]:
    """Return the tasks a rehearsal would have made by person: how many, in how many weeks, and the busiest one."""
    weeks: Mapping[str, Mapping[str, int]] = result.get("weeks", {})
    names = {one.pk: one.name or one.email for one in User.objects.filter(pk__in=[int(key) for key in weeks])}
    found = [
        Week(
            names.get(int(key), _("Nobody")),
            sum(by.values()),
            len(by),
            max(by.values()),
            dt.date.fromisoformat(max(by, key=lambda week: by[week])),
        )
        for key, by in weeks.items()
    ]
    return sorted(found, key=lambda one: -one.total)


def months(result: Mapping[str, Any]) -> list[tuple[dt.date, int]]:
    """Return how often a rehearsal would have started, by month."""
    return [(dt.date.fromisoformat(f"{key}-01"), n) for key, n in result.get("months", {}).items()]


def listed(result: Mapping[str, Any], user: User) -> list[dict[str, Any]]:
    """Return the latest customers a rehearsal would have started for, as far as one may see them."""
    rows = result.get("listed", [])
    seen = set(
        Customer.objects.visible_to(user)
        .filter(pk__in=[one["customer"] for one in rows])
        .values_list("pk", flat=True)
    )
    return [
        {**one, "on": dt.date.fromisoformat(one["on"])} for one in reversed(rows) if one["customer"] in seen
    ][:50]
