"""`bench health`: how long preview, backtest, suggestion, the portfolio's split and one customer's score take.

The last night is scored for real from made-up facts; the month ends before it are copies of it, so sizes and shapes
are right and what is found out means nothing. Times are of the clock and of this process's processor.
"""

import datetime as dt
import time as clock
from collections.abc import Callable
from typing import Any

from django.core.management.base import CommandParser
from django.db import connection

from core import benchmarks, time
from core.bench_rows import days_before, insert
from core.models import WorkState
from customers.models import Customer
from metrics import sql
from metrics.health import backtest, cards, night, preview, slice_split, suggest
from metrics.models import CustomerDay, HealthDay, HealthInput, Night
from metrics.nights import cells
from metrics.periods import add_months
from metrics.scope import cell, some
from workspace.bench_data import fill

FLOOR = {"preview_ms": 500, "one_customer_ms": 200, "backtest_seconds": 30}
LEAVING_EVERY = 40  # one of so many customers leaves after each month end
AGAIN = 5


def arguments(parser: CommandParser) -> None:
    """Options of `bench health`."""
    parser.add_argument("--customers", type=int, default=10_000)
    parser.add_argument("--months", type=int, default=24)


def bench_health(options: dict[str, Any]) -> dict[str, Any]:
    """Measure in a scratch database beside the configured one."""
    with benchmarks.scratch_database():
        customers = int(options["customers"])
        built = fill(customers=customers, days=2)
        last = time.today() - dt.timedelta(days=1)
        scored = _taken(lambda: _score(last))
        _history(last, int(options["months"]))
        found = _measure(last)
    missed = [
        name for name, most in FLOOR.items() if found[name.rsplit("_", 1)[0]][name.rsplit("_", 1)[1]] > most
    ]
    return {
        "customers": customers,
        "months": int(options["months"]),
        "build_seconds": built,
        "scoring_the_night": scored,
        **found,
        "floor": FLOOR | {"missed": missed},
        "ok": not missed,
    }


def register() -> None:
    """Make `bench health` known."""
    benchmarks.register("health", bench_health, arguments)


def _score(day: dt.date) -> None:
    for low in cells():
        night.score([day], cell(low))


def _history(last: dt.date, months: int) -> None:
    """Copy the last night to the month ends before it, with customers leaving after each."""
    Night.objects.update_or_create(day=last, defaults={"state": WorkState.DONE, "finished_at": time.now()})
    for n in range(months + 3):
        end = add_months(last.replace(day=1), -n) - dt.timedelta(days=1)
        for model in (CustomerDay, HealthDay, HealthInput):
            _copy(model, last, end)
        insert(
            CustomerDay,
            {
                "day": days_before(end, f"-{30 + n % 5}"),
                "customer_id": "c.id",
                "opening_mrr_cents": "10000",
                "mrr_churn_cents": "10000",
            },
            f"{{select}} FROM customers_customer c WHERE c.id %% {LEAVING_EVERY} = {n}"
            " ON CONFLICT (day, customer_id) DO NOTHING",
        )
    if connection.vendor == "postgresql":
        sql.execute("ANALYZE")


def _copy(
    model: type[CustomerDay] | type[HealthDay] | type[HealthInput], last: dt.date, end: dt.date
) -> None:
    names = [str(field.column) for field in model._meta.concrete_fields if field.name not in ("id", "day")]
    table = model._meta.db_table
    sql.execute(
        f"INSERT INTO {table} (day, {', '.join(names)}) SELECT {days_before(end, '0')}, {', '.join(names)}"
        f" FROM {table} WHERE day = %(last)s ON CONFLICT (day, customer_id) DO NOTHING",
        {"last": sql.date(last)},
    )


def _measure(last: dt.date) -> dict[str, Any]:
    card = cards.published()[0]
    one = some([Customer.objects.order_by("pk").values_list("pk", flat=True)[0]])
    held: list[backtest.Outcome] = []

    def look() -> None:
        preview.preview(preview.held(last), card.configuration, card.configuration)

    def test() -> None:
        held.append(backtest.outcomes(last))
        for _n in range(2):
            backtest.verdict(held[0], card.configuration)

    return {
        "first_preview": _taken(look),
        "preview": _taken(look, AGAIN),
        "one_customer": _taken(lambda: night.score_today(one), AGAIN),
        "split": _taken(
            lambda: slice_split.moved(add_months(last.replace(day=1), -1) - dt.timedelta(days=1), last)
        ),
        "backtest": _taken(test),
        "suggestion": _taken(lambda: suggest.suggest(held[0], card.version.definition, "")),
        "customer_months": len(held[0].left),
    }


def _taken(work: Callable[[], object], times: int = 1) -> dict[str, float]:
    """Return the middle of some runs' times: `ms` and `seconds` on the clock, `processor_ms` of this process."""
    runs = []
    for _n in range(times):
        began, busy = clock.perf_counter(), clock.process_time()
        work()
        runs.append((clock.perf_counter() - began, clock.process_time() - busy))
    on_clock, processor = sorted(runs)[len(runs) // 2]
    return {
        "ms": round(on_clock * 1000, 1),
        "seconds": round(on_clock, 1),
        "processor_ms": round(processor * 1000, 1),
    }
