"""The segment rules said in SQL, so that all customers are judged in one statement."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from customers.models import Customer, SegmentRule, Subscription, Tag
from customers.models.customer import Decided
from customers.segments import Condition, Rule, rules_from


def stored_rules() -> list[Rule]:
    """Return the rules in force, in their order."""
    return rules_from(SegmentRule.objects.values_list("segment", "conditions"))


def in_force(day: dt.date) -> QuerySet[Subscription]:
    """Subscriptions of the outer customer that cover a day: `starts_on <= day < ends_on`."""
    return Subscription.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=day), customer=OuterRef("pk"), starts_on__lte=day
    ).order_by()


def with_facts(customers: QuerySet[Customer], day: dt.date) -> QuerySet[Any]:
    """Add `rule_mrr` (cents a month, 0 without subscriptions) and `rule_seats` (null: not known) on a day."""
    one = in_force(day).values("customer")
    return customers.annotate(
        rule_mrr=Coalesce(
            Subquery(
                one.annotate(total=Sum("mrr_cents")).values("total")[:1], output_field=BigIntegerField()
            ),
            Value(0, output_field=BigIntegerField()),
        ),
        rule_seats=Subquery(
            one.annotate(total=Sum("seats")).values("total")[:1], output_field=BigIntegerField()
        ),
    )


def _holds(condition: Condition, day: dt.date) -> Q:
    if condition.field in ("mrr", "seats"):
        name = "rule_mrr" if condition.field == "mrr" else "rule_seats"
        return Q(**{f"{name}__{condition.op}": condition.value})
    if condition.field == "plan":
        among = Exists(in_force(day).filter(plan=condition.value))
    else:
        among = Exists(
            Tag.customers.through.objects.filter(customer_id=OuterRef("pk"), tag__name=condition.value)
        )
    return Q(among) if condition.op == "is" else Q(~among)


def with_ruled_segment(customers: QuerySet[Customer], rules: Iterable[Rule], day: dt.date) -> QuerySet[Any]:
    """Add `ruled_segment`: what the rules say of each customer by the facts of a day."""
    branches = []
    default = ""
    for rule in rules:
        if not rule.conditions:
            default = rule.segment
            break
        needed = Q()
        for condition in rule.conditions:
            needed &= _holds(condition, day)
        branches.append(When(needed, then=Value(rule.segment)))
    if not branches:
        return customers.annotate(ruled_segment=Value(default, output_field=CharField()))
    told: QuerySet[Any] = with_facts(customers, day).annotate(
        ruled_segment=Case(*branches, default=Value(default), output_field=CharField())
    )
    return told


def ruled(customers: QuerySet[Customer], day: dt.date) -> QuerySet[Customer]:
    """Customers whose segment is the rules' to decide: present ones that nobody and no file decided on.

    A customer that left keeps the segment it had: without a subscription the rules would call everybody who
    leaves a volume customer, and the high-value ones that were lost would be counted nowhere.
    """
    has_left = Exists(Subscription.objects.filter(customer=OuterRef("pk"), starts_on__lte=day)) & ~Exists(
        in_force(day)
    )
    return customers.filter(archived_at__isnull=True, segment_by=Decided.RULE).exclude(
        ~Q(segment="") & Q(has_left)
    )


def segment_moves(rules: Iterable[Rule], day: dt.date) -> list[tuple[str, str, int]]:
    """Return what rules would move: (segment now, segment then, number of customers), most first."""
    moving = with_ruled_segment(ruled(Customer.objects.order_by(), day), list(rules), day)
    pairs = moving.exclude(segment=F("ruled_segment")).values_list("segment", "ruled_segment")
    counted = pairs.annotate(n=Count("pk")).order_by("-n", "segment", "ruled_segment")
    return [(now, then, n) for now, then, n in counted]
