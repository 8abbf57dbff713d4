"""Stage *risk*: how likely each paying customer is to leave, by the model that held on the day.

A model learned at the end of a day holds from the next day on, so that a night never depends on whether somebody was
quick to learn. Where the model that holds claims nothing there are no rows.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from core import time
from metrics import sql
from metrics.columns import Numbers, Words, upsert
from metrics.models import RiskDay, RiskModel
from metrics.pace import consecutive
from metrics.risk import features, rows, training
from metrics.risk.rows import Rows
from metrics.risk.spans import CERTAIN, HORIZONS, LONGEST, STEP, STEPS
from metrics.scope import Scope

if TYPE_CHECKING:
    import numpy as np

    Column = np.ndarray[Any, Any]

TABLE = RiskDay._meta.db_table
MOST_DAYS = 4  # of a cell that are written in one transaction
HALF = 0.5


def score(days: Sequence[dt.date], scope: Scope) -> set[dt.date]:
    """Write the risk of these days; no figure that was published changes by it."""
    for model, of_model in _by_model(days):
        for run in _runs(of_model):
            with sql.writing(scope.low):
                _write(model, run, scope)
    return set()


def models_of(days: Sequence[dt.date]) -> list[RiskModel | None]:
    """Return the model that holds on each day, None before the first."""
    if not days:
        return []
    found = list(RiskModel.objects.filter(trained_on__lt=max(days), trained_on__gte=_oldest(min(days))))
    return [next((one for one in found if one.trained_on < day), None) for day in days]


def _oldest(day: dt.date) -> dt.date:
    """Return the day of the model that holds on a day: none before it is of any use since."""
    before = RiskModel.objects.filter(trained_on__lt=day).values_list("trained_on", flat=True)
    return before.first() or dt.date.min


def told(model: RiskModel, found: Rows) -> "Column":
    """Return the probabilities of leaving within 30, 60 … 360 days (n × 12) by a model in use."""
    import numpy as np

    read = features.read(model.definition)
    odds = read.odds(found, np.array(model.definition["weights"]))
    return training.within(training.hazards(odds, model.definition["line"]))


def expected(left: "Column", day: "Column") -> "Column":
    """Return the day (ordinal) by which it is first more likely than not to have left; 0 beyond the last step."""
    import numpy as np

    step = (left < HALF).sum(axis=1)
    inside = np.minimum(step, STEPS - 1)
    at = np.arange(len(left))
    after = left[at, inside]
    before = np.where(inside > 0, left[at, np.maximum(inside - 1, 0)], 0.0)
    share = (HALF - before) / np.where(after > before, after - before, 1.0)
    days = np.ceil(np.clip((inside + share) * STEP, 1, LONGEST)).astype(np.int64)
    return np.where(step < STEPS, day + days, 0)


def _by_model(days: Sequence[dt.date]) -> Iterator[tuple[RiskModel | None, list[dt.date]]]:
    ordered = sorted(set(days))
    pairs = zip(models_of(ordered), ordered, strict=True)
    for model, of_model in groupby(pairs, key=lambda pair: pair[0]):
        yield model, [day for _model, day in of_model]


def _runs(days: Sequence[dt.date]) -> Iterator[list[dt.date]]:
    for stretch in consecutive(days):
        for start in range(0, len(stretch), MOST_DAYS):
            yield stretch[start : start + MOST_DAYS]


def _write(model: RiskModel | None, days: Sequence[dt.date], scope: Scope) -> None:
    import numpy as np

    if model is None or model.state != RiskModel.State.USED:
        _take_away(days, scope, None)
        return
    found = rows.read(days, scope)
    _take_away(days, scope, found)
    if not len(found.day):
        return
    left = told(model, found)
    due = expected(left, found.day)
    dates, place = np.unique(due, return_inverse=True)
    on = [None if one == 0 else sql.date(dt.date.fromordinal(int(one))) for one in dates]
    upsert(
        table=TABLE,
        key={
            "day": Words(found.day - days[0].toordinal(), [sql.date(day) for day in days], "date"),
            "customer_id": Numbers(found.customer),
        },
        columns={
            "model_id": Numbers(np.full_like(found.day, model.pk)),
            **{
                f"within_{one}": Numbers(np.rint(left[:, one // STEP - 1] * CERTAIN).astype(np.int64))
                for one in HORIZONS
            },
            "expected_on": Words(place, on, "date"),
        },
        keeping={},
        stamp="computed_at",
        at=time.now(),
    )


def _take_away(days: Sequence[dt.date], scope: Scope, found: Rows | None) -> None:
    """Delete rows of these days of customers that, by what is known now, have none."""
    span = {"first": sql.date(days[0]), "last": sql.date(days[-1])}
    where = f"day BETWEEN %(first)s AND %(last)s AND {scope.of('customer_id')}"
    if found is None:
        sql.execute(f"DELETE FROM {TABLE} WHERE {where}", span)
        return
    there = sql.tuples(f"SELECT day, customer_id FROM {TABLE} WHERE {where}", span)
    kept = set(zip(found.day.tolist(), found.customer.tolist(), strict=True)) if there else set()
    for day, customer in there:
        if (sql.as_day(day).toordinal(), customer) not in kept:
            sql.execute(
                f"DELETE FROM {TABLE} WHERE day = %(day)s AND customer_id = %(customer)s",
                {"day": sql.date(sql.as_day(day)), "customer": customer},
            )
