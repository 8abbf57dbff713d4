"""Stage *alert*: open, refresh and close the alerts of a scope, one INSERT … SELECT per kind of rule.

Only the newest closed day is looked at, as alerts are about now; a fact that comes in has its customer looked at
again at once, for the day that is not over yet. Running it twice changes nothing.
"""

import datetime as dt
from collections.abc import Sequence

from core import bells, time
from core.models import Event, WorkState
from metrics import sql
from metrics.nights import last_closed_day, last_finished_day
from metrics.scope import Scope, cell_of, some
from playbooks.alerts import causes
from playbooks.alerts.kinds import KINDS
from playbooks.models import AlertRule

OPENED = "alert.opened"
AT_ONCE = 200  # a file brings thousands of facts; those wait for the night


def alert(days: Sequence[dt.date], scope: Scope) -> set[dt.date]:
    """Look at the newest of these days if it is the newest closed one. No daily row changes by that."""
    newest = max(days)
    if newest == last_closed_day():
        evaluate(newest, newest, scope)
    return set()


def hear_facts_changed(events: list[Event]) -> None:
    """Look again at the customers that events of the kind `fact.changed` name."""
    base = last_finished_day()
    customers = sorted({event.customer_id for event in events if event.customer_id is not None})[:AT_ONCE]
    if base is None:
        return
    by_cell: dict[int, list[int]] = {}
    for key in customers:
        by_cell.setdefault(cell_of(key), []).append(key)
    for keys in by_cell.values():
        evaluate(time.today(), base, some(keys))


def evaluate(day: dt.date, base: dt.date, scope: Scope) -> None:
    """Bring the alerts of a scope to what holds on a day; `base` is the night whose daily rows are read."""
    kinds = set(AlertRule.objects.filter(active=True).values_list("kind", flat=True))
    with sql.writing(scope.low):
        at = time.now()
        params = {
            "day": sql.date(day),
            "base": sql.date(base),
            "ends_at": sql.moment(time.day_start(day + dt.timedelta(days=1))),
            "at": sql.moment(at),
        }
        for kind in sorted(kinds & KINDS.keys()):
            _find(kind, scope, params)
        _end(scope, params)
        _tell(scope, params)
    bells.ring("events")


def _find(kind: str, scope: Scope, params: dict[str, object]) -> None:
    """Open what holds, or refresh it; `since` and `before` stay as they were when it was opened.

    What ended on a later day than the one looked at is not opened again.
    """
    day = "CAST(%(day)s AS date)" if sql.on_postgres() else "%(day)s"
    at = "CAST(%(at)s AS timestamptz)" if sql.on_postgres() else "%(at)s"
    later = "GREATEST" if sql.on_postgres() else "MAX"
    sql.execute(
        f"""
        INSERT INTO playbooks_alert (rule_id, customer_id, scope, subject_id, since, value, before, label, badness,
                                     mrr_cents, opened_at, seen_on, checked_at, dismissed_why)
        WITH {causes.living(scope)}, found AS ({causes.select(kind, scope)})
        SELECT f.rule_id, f.customer_id, %(scope)s, f.subject_id, f.since, f.value, f.before, f.label, f.badness,
               f.mrr_cents, {at}, {day}, {at}, ''
        FROM found f
        WHERE NOT EXISTS (
            SELECT 1 FROM playbooks_alert o WHERE o.rule_id = f.rule_id AND o.customer_id = f.customer_id
             AND o.scope = %(scope)s AND o.subject_id = f.subject_id AND o.ended_on > {day}
        )
        ON CONFLICT (rule_id, scope, subject_id) WHERE ended_at IS NULL DO UPDATE SET
            value = excluded.value, label = excluded.label, badness = excluded.badness,
            mrr_cents = excluded.mrr_cents, customer_id = excluded.customer_id, checked_at = excluded.checked_at,
            seen_on = {later}(playbooks_alert.seen_on, excluded.seen_on)""",
        {**params, "kind": kind, "scope": KINDS[kind].scope},
    )


def _end(scope: Scope, params: dict[str, object]) -> None:
    """End what was not found again; what was seen on a later day than the one looked at stays."""
    sql.execute(
        f"""
        UPDATE playbooks_alert SET ended_at = %(at)s, ended_on = %(day)s
        WHERE ended_at IS NULL AND {scope.of("customer_id")} AND checked_at < %(at)s AND seen_on <= %(day)s""",
        params,
    )


def _tell(scope: Scope, params: dict[str, object]) -> None:
    """Write an event for each alert that was opened just now."""
    payload = "jsonb_build_object" if sql.on_postgres() else "json_object"
    at = "CAST(%(at)s AS timestamptz)" if sql.on_postgres() else "%(at)s"
    sql.execute(
        f"""
        INSERT INTO {Event._meta.db_table} (kind, customer_id, payload, state, attempts, due_at, error, created_at)
        SELECT '{OPENED}', a.customer_id, {payload}('alert', a.id, 'rule', a.rule_id, 'kind', r.kind),
               '{WorkState.WAITING.value}', 0, {at}, '', {at}
        FROM playbooks_alert a JOIN playbooks_alertrule r ON r.id = a.rule_id
        WHERE a.opened_at = %(at)s AND {scope.of("a.customer_id")}""",
        params,
    )
