"""Stage *renewals*: the contracts that end, and what became of them, as one row per customer and due day.

Whether one is renewed is METRICS.md's rule (`metrics/renewals.py`), so that what is won and lost here is what the
renewal rate counts. Only the newest closed day is looked at; a fact that comes in has its customer looked at again at
once. Running it twice changes nothing.

The forecast: 1 − the probability of leaving by then, from the customer's own risk where a model tells it, else from
what its band did in 90 days. A contract that is cancelled, or whose customer pays nothing any more, has 5 %.
"""

import datetime as dt
from collections.abc import Sequence

from accounts.models import Workspace
from core import time
from core.models import Event
from metrics import renewals, sql
from metrics.nights import last_closed_day, last_finished_day
from metrics.risk.odds import odds
from metrics.scope import Scope, cell_of, some
from playbooks.renewals.calls import CERTAIN

BEFORE, AHEAD = 120, 540  # days around the night; what was decided earlier stays as it is
EARLY = 30  # days before the due day at which forecast and call are kept to be judged
LEAVING = 500  # likelihood of what is cancelled
AT_ONCE = 200  # customers; what a file brings waits for the night


def find(days: Sequence[dt.date], scope: Scope) -> set[dt.date]:
    """Look at the newest of these days if it is the newest closed one. No daily row changes by that."""
    newest = max(days)
    if newest == last_closed_day():
        evaluate(newest, newest, scope)
    return set()


def hear_facts_changed(events: list[Event]) -> None:
    """Look again at the customers whose contracts or subscriptions changed."""
    base = last_finished_day()
    told = {
        event.customer_id for event in events if event.payload.get("what") in ("contract", "subscription")
    }
    keys = sorted(key for key in told if key is not None)[:AT_ONCE]
    if base is None:
        return
    by_cell: dict[int, list[int]] = {}
    for key in keys:
        by_cell.setdefault(cell_of(key), []).append(key)
    for some_keys in by_cell.values():
        evaluate(time.today(), base, some(some_keys))


def evaluate(day: dt.date, base: dt.date, scope: Scope, *, before: int = BEFORE) -> None:
    """Bring the renewals of a scope to what is known on a day; `base` is the night whose health is read."""
    params = {
        "as_of": sql.date(day),
        "day": sql.date(day),
        "base": sql.date(base),
        "first": sql.date(day - dt.timedelta(days=before)),
        "last": sql.date(day + dt.timedelta(days=AHEAD)),
        "at": sql.moment(time.now()),
    }
    rates = odds(base)
    cases = " ".join(
        f"WHEN {int(band)} THEN {round(CERTAIN * (1 - rate))}" for band, rate in sorted(rates.items())
    )
    likelihood = f"(CASE COALESCE(h.band, 0) {cases} ELSE {round(CERTAIN * (1 - rates[0]))} END)"
    with sql.writing(scope.low):
        sql.execute(_find(scope, Workspace.get().renewal_grace_days, likelihood), params)
        sql.execute(_keep_early(scope), params)
        sql.execute(_forget(scope), params)
        sql.execute(_empty(scope), params)


def _find(scope: Scope, grace_days: int, likelihood: str) -> str:
    def cast(name: str, kind: str = "date") -> str:
        return f"CAST(%({name})s AS {kind})" if sql.on_postgres() else f"%({name})s"

    true = "BOOL_OR({0})" if sql.on_postgres() else "MAX({0})"
    keep = "playbooks_renewal"
    decided = "excluded.state IN ('won', 'lost')"
    return f"""
        INSERT INTO playbooks_renewal (customer_id, due_on, state, value_cents, monthly_cents, auto_renews, cancelled,
                                       likelihood, early_call, decided_on, checked_at, stage, call, expansion_cents,
                                       note, recorded_at)
        WITH period(n, first, last) AS (VALUES (0, {cast("first")}, {cast("last")})),
        went_how AS ({renewals.facts(grace_days, scope)}),
        found AS (
            SELECT w.customer_id, w.due_on,
                   CASE WHEN w.renewed = 1 THEN 'won' WHEN w.undecided = 0 THEN 'lost'
                        WHEN w.due_on <= {cast("day")} THEN 'pending' ELSE 'open' END AS state,
                   w.value_due / {renewals.SCALE} AS monthly, {sql.days_between(cast("day"), "w.due_on")} AS ahead
            FROM went_how w
        ),
        terms AS (
            SELECT k.customer_id, k.ends_on, SUM(k.value_cents) AS value, {true.format("k.auto_renews")} AS auto,
                   {true.format("k.cancelled_on IS NOT NULL")} AS cancelled
            FROM customers_contract k
            WHERE {scope.of("k.customer_id")} AND k.ends_on BETWEEN {cast("first")} AND {cast("last")}
            GROUP BY k.customer_id, k.ends_on
        )
        SELECT f.customer_id, f.due_on, f.state, t.value, f.monthly, t.auto, t.cancelled,
               CASE WHEN t.cancelled OR z.mrr_cents = 0 THEN {LEAVING}
                    WHEN r.customer_id IS NOT NULL THEN {CERTAIN} - ({_by_then()}) ELSE {likelihood} END, '',
               CASE WHEN f.state IN ('won', 'lost') THEN
                   CASE WHEN f.due_on < {cast("day")} THEN f.due_on ELSE {cast("day")} END END,
               {cast("at", "timestamptz")}, 'none', '', 0, '', {cast("at", "timestamptz")}
        FROM found f JOIN terms t ON t.customer_id = f.customer_id AND t.ends_on = f.due_on
        LEFT JOIN metrics_customerday z ON z.customer_id = f.customer_id AND z.day = {cast("base")}
        LEFT JOIN metrics_healthday h ON h.customer_id = f.customer_id AND h.day = {cast("base")}
        LEFT JOIN metrics_riskday r ON r.customer_id = f.customer_id AND r.day = {cast("base")}
        WHERE TRUE
        ON CONFLICT (customer_id, due_on) DO UPDATE SET
            state = excluded.state, value_cents = excluded.value_cents, monthly_cents = excluded.monthly_cents,
            auto_renews = excluded.auto_renews, cancelled = excluded.cancelled, checked_at = excluded.checked_at,
            likelihood = CASE WHEN excluded.due_on > {cast("day")} THEN excluded.likelihood
                              ELSE {keep}.likelihood END,
            decided_on = CASE WHEN {decided} AND {keep}.state IN ('won', 'lost') THEN {keep}.decided_on
                              WHEN {decided} THEN {cast("day")} END"""


def _by_then() -> str:
    """Return the probability of leaving within the span that reaches the due day."""
    spans = " ".join(f"WHEN f.ahead <= {span} THEN r.within_{span}" for span in (30, 60, 90, 180))
    return f"CASE {spans} ELSE r.within_360 END"


def _keep_early(scope: Scope) -> str:
    """Keep what forecast and call say as long as there are 30 days left."""
    return f"""
        UPDATE playbooks_renewal SET early_likelihood = likelihood, early_call = call
        WHERE {scope.of("customer_id")} AND state = 'open'
          AND {sql.days_between("CAST(%(day)s AS date)" if sql.on_postgres() else "%(day)s", "due_on")} >= {EARLY}
          AND (COALESCE(early_likelihood, -1) <> likelihood OR early_call <> call)"""


_OVER = "checked_at < %(at)s AND state IN ('open', 'pending', 'won', 'lost') AND due_on BETWEEN %(first)s AND %(last)s"


def _forget(scope: Scope) -> str:
    return f"""
        DELETE FROM playbooks_renewal WHERE {scope.of("customer_id")} AND {_OVER} AND stage = 'none' AND call = ''
          AND note = '' AND expansion_cents = 0 AND amount_cents IS NULL"""


def _empty(scope: Scope) -> str:
    return f"""
        UPDATE playbooks_renewal SET state = 'gone', decided_on = NULL WHERE {scope.of("customer_id")} AND {_OVER}"""
