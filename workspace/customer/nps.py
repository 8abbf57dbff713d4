"""The customer's NPS as its card shows it: three views side by side, and how many of its people that stands for."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext, pgettext

from core import formats, time
from customers.models import Contact
from metrics.customer_nps import Answer, Coverage, CustomerNps, View, customer_nps
from metrics.statistics import FEW_ANSWERS, whole
from surveys.models import Response
from workspace.customer.asof import AsOf
from workspace.customer.stakeholders import RANK, Person


@dataclass(frozen=True)
class Shown:
    """A view in words: its name, value, margin, and how many votes are behind it."""

    name: str
    value: str
    limits: str
    votes: str


@dataclass(frozen=True)
class NpsCard:
    """What the card shows; `silent`: the roles of which nobody ever answered."""

    views: list[Shown]
    coverage: str
    roles: list[tuple[str, str]]
    silent: str


def nps_card(customer_id: int, persons: Sequence[Person], seen: AsOf) -> NpsCard | None:
    """Return the card as of the day looked at, None where nobody answered within 12 months; one query."""
    end = seen.day + dt.timedelta(days=1)
    found = Response.objects.counted().filter(
        customer=customer_id,
        survey=Response.Survey.NPS,
        answered_at__gte=time.day_start(_year_before(end)),
        answered_at__lt=time.day_start(end),
    )
    rows = found.order_by("answered_at", "pk").values_list("contact_id", "score")
    answers = [Answer(person, score) for person, score in rows]
    if not answers:
        return None
    known = sorted(persons, key=lambda one: RANK[Contact.Role(one.contact.role)])
    return _shown(
        customer_nps(
            answers,
            roles={one.contact.pk: one.contact.role for one in known},
            active=[one.contact.pk for one in known if one.state != "left"],
            ever=[one.contact.pk for one in known if one.nps is not None],
            decider=Contact.Role.DECISION_MAKER,
        )
    )


def _shown(nps: CustomerNps) -> NpsCard:
    return NpsCard(
        views=[
            _view(gettext("All answers"), nps.all_answers),
            _view(gettext("One vote a person"), nps.by_person),
            _view(gettext("Decision makers"), nps.deciders),
        ],
        coverage=gettext("%(answered)s of %(active)s people answered, %(share)s")
        % {
            "answered": formats.number(nps.answered),
            "active": formats.number(nps.active),
            "share": formats.UNKNOWN if nps.share is None else formats.percent(float(nps.share)),
        },
        roles=[
            (
                _role(one),
                gettext("%(answered)s of %(active)s")
                % {"answered": formats.number(one.answered), "active": formats.number(one.active)},
            )
            for one in nps.roles
        ],
        silent=", ".join(_role(one) for one in nps.roles if not one.ever),
    )


def _role(one: Coverage) -> str:
    return str(Contact.Role(one.role).label)


def _view(name: str, view: View) -> Shown:
    """Write a view; from few votes the interval says so beside the value."""
    if view.value is None or view.margin is None:
        return Shown(name, formats.UNKNOWN, "", pgettext("votes", "nobody yet"))
    limits = gettext("%(low)s to %(high)s") % {
        "low": formats.number(whole(view.margin.low)),
        "high": formats.number(whole(view.margin.high)),
    }
    votes = ngettext("%(n)s vote", "%(n)s votes", view.votes) % {"n": formats.number(view.votes)}
    if view.votes < FEW_ANSWERS:
        votes = f"{votes}, {gettext('few')}"
    return Shown(name, formats.number(whole(view.value)), limits, votes)


def _year_before(day: dt.date) -> dt.date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)
