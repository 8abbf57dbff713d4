"""What customers pay, how they were helped, what they said and used (see metrics/bench/data.py)."""

import datetime as dt

from core.bench_rows import days_before, insert, noon, numbers, of, text
from customers.models import Contract, Payment, Subscription, Ticket, Touchpoint
from metrics.models import UsageDay, UsageEvent, UsageRolled
from metrics.nights import cells
from surveys.models import Response

FEATURES = ("orders.created", "report.opened", "user.invited", "export.run", "login")


def money_and_care(count: int, night: dt.date, days: int) -> None:
    """Write what customers pay and how they were helped; on the night's day a fiftieth expands, a hundredth leaves."""
    number = f"WITH RECURSIVE {numbers('n', 'i', count)} {{select}} FROM n"
    ends = f"CASE WHEN i %% 50 = 0 OR i %% 97 = 1 THEN {days_before(night, '0')} END"
    _subscribe(number, "'a'", "Core", "10000 + i %% 500 * 100", days_before(night, "30 + i %% 700"), ends)
    _subscribe(
        f"{number} WHERE i %% 50 = 0",
        "'a'",
        "Core",
        "20000 + i %% 500 * 100",
        days_before(night, "0"),
        "NULL",
    )
    _subscribe(
        f"{number} WHERE i %% 3 = 0", "'b'", "Extra", "5000", days_before(night, "20 + i %% 500"), "NULL"
    )
    insert(
        Contract,
        {
            "customer_id": "i + 1",
            "external_id": f"'k' || {text('i')}",
            "starts_on": days_before(night, "i %% 360"),
            "ends_on": days_before(night, "i %% 360 - 365"),
            "value_cents": "120000",
            "renews_external_id": f"CASE WHEN i %% 4 = 0 THEN 'o' || {text('i')} ELSE '' END",
        },
        number,
    )
    insert(
        Contract,
        {
            "customer_id": "i + 1",
            "external_id": f"'o' || {text('i')}",
            "starts_on": days_before(night, "i %% 360 + 365"),
            "ends_on": days_before(night, "i %% 360"),
            "value_cents": "100000",
        },
        f"{number} WHERE i %% 4 = 0",
    )
    insert(
        Payment,
        {
            "customer_id": "i + 1",
            "external_id": f"'p' || {text('i')} || '-' || {text('k')}",
            "paid_on": days_before(night, "i %% 30 + k * 30"),
            "amount_cents": "10000 + i %% 500 * 100",
        },
        _times(count, max(days // 30, 1)),
    )
    opened = noon(days_before(night, f"(i * 13 + k * 71) %% {days}"))
    insert(
        Ticket,
        {
            "customer_id": "i + 1",
            "external_id": f"'t' || {text('i')} || '-' || {text('k')}",
            "subject": "'Question'",
            "opened_at": opened,
            "first_response_at": opened,
            "solved_at": f"CASE WHEN (i + k) %% 10 > 0 THEN {opened} END",
        },
        f"{_times(count, max(days // 40, 1))} WHERE (i + k) %% 2 = 0",
    )
    insert(
        Touchpoint,
        {
            "customer_id": "i + 1",
            "external_id": f"'tp' || {text('i')} || '-' || {text('k')}",
            "kind": of(("call", "email", "meeting"), "i + k"),
            "happened_at": noon(days_before(night, f"(i * 7 + k * 19) %% {days}")),
        },
        _times(count, max(days // 20, 1)),
    )
    insert(
        Response,
        {
            "customer_id": "i + 1",
            "external_id": f"'r' || {text('i')} || '-' || {text('k')}",
            "survey": "'nps'",
            "score": "(i * 3 + k) %% 11",
            "answered_at": noon(days_before(night, f"(i * 11 + k * 23) %% {days}")),
        },
        f"{_times(count, max(days // 120, 1))} WHERE i %% 2 = 0",
    )


def _subscribe(source: str, prefix: str, product: str, mrr: str, starts: str, ends: str) -> None:
    insert(
        Subscription,
        {
            "customer_id": "i + 1",
            "external_id": f"{prefix} || {text('i')}",
            "product": f"'{product}'",
            "plan": "'Team'",
            "mrr_cents": mrr,
            "seats": "5 + i %% 40",
            "starts_on": starts,
            "ends_on": ends,
        },
        source,
    )


def _times(count: int, times: int) -> str:
    return f"WITH RECURSIVE {numbers('n', 'i', count)}, {numbers('m', 'k', times)} {{select}} FROM n CROSS JOIN m"


def usage(count: int, night: dt.date, days: int) -> None:
    """Write the rolled-up usage of the days before the night, with their marks, and the raw events of its day."""
    person = f"'person' || {text('(k + i) %% 5')} || '@c' || {text('i')} || '.example'"
    for back in range(1, days):
        day = days_before(night, str(back))
        insert(
            UsageDay,
            {
                "day": day,
                "customer_id": "i + 1",
                "person": f"'person' || {text(f'(k + i + {back}) %% 5')} || '@c' || {text('i')} || '.example'",
                "feature": of(FEATURES, f"k + i / 7 + {back}"),
                "events": "1 + (i + k) %% 9",
            },
            f"{_times(count, 2)} WHERE (i + {back}) %% 2 = 0 ORDER BY i, k",
        )
    insert(
        UsageEvent,
        {
            "day": days_before(night, "0"),
            "customer_id": "i + 1",
            "occurred_at": noon(days_before(night, "0")),
            "event": of(FEATURES, "k + i / 7"),
            "person": person,
            "message_id": f"'e' || {text('i')} || '-' || {text('k')}",
        },
        f"{_times(count, 4)} WHERE i %% 2 = 0 ORDER BY i, k",
    )
    UsageRolled.objects.bulk_create(
        UsageRolled(day=night - dt.timedelta(days=back), cell=low)
        for low in cells()
        for back in range(1, days)
    )
