"""Whom a rule would tell of now, before it is saved: tried inside a transaction that is taken back."""

import datetime as dt

from django.db import transaction

from core import time
from metrics import sql
from metrics.scope import Scope
from playbooks.alerts import causes
from playbooks.models import AlertRule

EVERYBODY = Scope(0, 2**62)
TRIED = ("days", "amount", "segment", "stage")


def hits(rule: AlertRule, night: dt.date) -> tuple[int, int]:
    """Return how many customers a rule would tell of as of a night, and their MRR in cents; nothing is kept."""
    values = {name: getattr(rule, name) for name in TRIED}
    with transaction.atomic():
        same = AlertRule.objects.filter(kind=rule.kind, **values).values_list("pk", flat=True).first()
        key = same or rule.pk or AlertRule.objects.create(kind=rule.kind, **values).pk
        AlertRule.objects.filter(pk=key).update(active=True, **values)
        found = sql.rows(
            f"""
            WITH {causes.living(EVERYBODY)}, found AS ({causes.select(rule.kind, EVERYBODY)})
            SELECT COUNT(*) AS customers, CAST(SUM(mrr) AS BIGINT) AS mrr FROM (
                SELECT customer_id, MAX(mrr_cents) AS mrr FROM found WHERE rule_id = %(rule)s GROUP BY customer_id
            ) each_once""",
            {
                "kind": rule.kind,
                "rule": key,
                "day": sql.date(night),
                "base": sql.date(night),
                "ends_at": sql.moment(time.day_start(night + dt.timedelta(days=1))),
            },
        )[0]
        transaction.set_rollback(True)
    return int(found["customers"]), int(found["mrr"] or 0)
