"""Facts become raw values (thousandths) and ages (days), a column of whole numbers for each input."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metrics.health import attributes, facts, feeds, usage
from metrics.health.facts import KEY_ROLES, NONE, YEAR, Asked
from metrics.health.sources import attribute_of, event_of
from metrics.health.vectors import divided
from metrics.scope import Scope

if TYPE_CHECKING:
    import numpy as np

    Column = np.ndarray[Any, Any]

THOUSAND = 1000
MOST_TIMES = 10_000  # thousandths: ratios end at ten times
OLDEST = 10_000  # days


@dataclass(frozen=True)
class Raw:
    """Raw values of rows, each a customer on a day: `place` of the day among those asked, customer, cell, inputs.

    `inputs` maps an input to (raw values, ages); a raw value is `NONE` where nothing is known.
    """

    place: "Column"
    customer: "Column"
    segment: "Column"
    stage: "Column"
    override: "Column"
    override_id: "Column"
    inputs: dict[str, tuple["Column", "Column"]]


def read(asked: Sequence[Asked], scope: Scope, extra: Iterable[str] = ()) -> Raw:
    """Return the raw values of all shipped inputs, and of the `extra` ones (events and attributes), by day and
    customer; days must be in order."""
    import numpy as np

    names, rows = facts.read(asked, scope)
    table = np.array(rows, dtype=np.int64).reshape(len(rows), len(names))
    fact = {name: table[:, n] for n, name in enumerate(names)}
    bases = [one.base for one in asked]
    extra = sorted(set(extra))
    used = usage.read(
        usage.Wanted(bases, [key for key in extra if event_of(key)[0]], scope),
        fact["n"],
        fact["customer"],
    )
    tickets = _settled(asked, feeds.TICKETS, dt.timedelta(0), fact["n"])
    usage_settled = _settled(asked, feeds.USAGE, feeds.SETTLED, fact["n"])
    inputs = _of_facts(fact, tickets) | _of_usage(fact, used, usage_settled)
    for key in extra:
        if attribute := attribute_of(key):
            values = attributes.read(
                attribute, [one.day for one in asked], scope, fact["n"], fact["customer"]
            )
            inputs[key] = (values, np.zeros_like(values))
    return Raw(
        fact["n"],
        fact["customer"],
        fact["segment"],
        fact["stage"],
        fact["override"],
        fact["override_id"],
        inputs,
    )


def _settled(asked: Sequence[Asked], kind: str, after: dt.timedelta, place: "Column") -> "Column":
    """Return whether, by each row's day, a kind of facts had been kept here for so long."""
    import numpy as np

    since = feeds.since().get(kind)
    by_day = [since is not None and since + after <= one.base for one in asked]
    return np.array(by_day, dtype=bool)[place]


def _of_facts(fact: dict[str, "Column"], tickets_known: "Column") -> dict[str, tuple["Column", "Column"]]:
    import numpy as np

    none = np.full_like(fact["n"], NONE)
    now = np.zeros_like(none)
    answered = np.where(fact["voters"] > 0, fact["voters"], 1)
    users = np.where(fact["people"] > 0, fact["people"], np.where(fact["seats"] > 0, fact["seats"], 1))
    vouched = _or_zero(fact["referred"]) + _or_zero(fact["references"])

    def when(known: "Column", values: "Column") -> "Column":
        return np.where(known, values, none)

    def thousand(column: str, known: "Column | None" = None) -> "Column":
        values = fact[column]
        return when((values != NONE) if known is None else known, values * THOUSAND)

    def age(column: str) -> "Column":
        return np.clip(fact[column], 0, OLDEST)

    return {
        "tickets_per_user": (when(tickets_known, _over(_or_zero(fact["opened"]), users)), now),
        "trouble": (when(tickets_known, _or_zero(fact["trouble"]) * THOUSAND), now),
        "open_ticket_days": (when(tickets_known, _or_zero(fact["waits"]) * THOUSAND), now),
        "csat": (thousand("csat"), age("csat_age")),
        "ces": (thousand("ces"), age("ces_age")),
        "nps": (
            when(fact["voters"] > 0, _over(100 * (fact["promoters"] - fact["detractors"]), answered)),
            age("nps_age"),
        ),
        "mrr_trend": (
            when(
                fact["mrr_before"] > 0,
                np.minimum(
                    _over(fact["mrr"], np.where(fact["mrr_before"] > 0, fact["mrr_before"], 1)), MOST_TIMES
                ),
            ),
            now,
        ),
        "renewals": (when(fact["terms"] > 0, (fact["terms"] - 1) * THOUSAND), now),
        "tenure": (when(fact["tenure"] >= 0, _over(fact["tenure"], np.full_like(none, YEAR))), now),
        "renewal_days": (thousand("renewal"), now),
        "late_payments": (thousand("late", fact["invoices"] > 0), now),
        "milestones": (_or_zero(fact["milestones"]) * THOUSAND, now),
        "success": (when(fact["attained"] != NONE, fact["attained"]), age("said_age")),
        "value_gap": (when(fact["value_gap"] != NONE, fact["value_gap"]), age("said_age")),
        "perception_gap": (when(fact["perception_gap"] != NONE, fact["perception_gap"]), age("said_age")),
        "stakeholders": (
            when(fact["has_people"] == 1, _over(_or_zero(fact["roles"]), np.full_like(none, len(KEY_ROLES)))),
            now,
        ),
        "touch_days": (thousand("touch"), now),
        "advocacy": (vouched * THOUSAND, now),
        "pulse": (when(fact["pulse"] != NONE, fact["pulse"] * 10), now),
    }


def _of_usage(
    fact: dict[str, "Column"], used: usage.Usage, settled: "Column"
) -> dict[str, tuple["Column", "Column"]]:
    """Usage is known of customers that had some in 60 days, and of all once it has been kept for a month."""
    import numpy as np

    tracked = settled | (used.month > 0) | (used.month_before > 0)
    none = np.full_like(fact["n"], NONE)
    now = np.zeros_like(none)

    def known(condition: "Column", values: "Column") -> tuple["Column", "Column"]:
        return np.where(tracked & condition, values, none), now

    always = np.ones(len(none), dtype=bool)
    before = np.where(used.month_before > 0, used.month_before, 1)
    sold = np.where(used.features_sold > 0, used.features_sold, 1)
    seats = np.where(fact["seats"] > 0, fact["seats"], 1)
    return {
        "active_days": known(always, used.active_days * THOUSAND),
        "usage_trend": known(used.month_before > 0, np.minimum(_over(used.month, before), MOST_TIMES)),
        "breadth": known(used.features_sold > 0, _over(used.features_used, sold)),
        "seats_used": known(
            fact["seats"] > 0, np.minimum(_over(_or_zero(fact["people"]), seats), MOST_TIMES)
        ),
        **{key: known(always, values * THOUSAND) for key, values in used.events.items()},
    }


def _over(numerator: "Column", denominator: "Column") -> "Column":
    """Return the quotient in thousandths, to the nearest one, halves to the even one."""
    return divided(numerator * THOUSAND, denominator)


def _or_zero(values: "Column") -> "Column":
    import numpy as np

    return np.where(values == NONE, 0, values)
