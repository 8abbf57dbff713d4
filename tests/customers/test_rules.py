"""Segment and stage rules: the pure calculation as a table, and SQL that says the same."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import AuditEntry
from customers.models import Customer, CustomerHistory, SegmentRule, StageRule, Tag
from customers.segment_query import segment_moves, stored_rules, with_ruled_segment
from customers.segments import Condition, Facts, Rule, RuleError, condition_from, segment_for
from customers.services.ruled import segments_apply, stages_apply
from customers.stage_query import stage_moves, stored_moves
from customers.stages import StageMove, initial_stage, next_stage
from tests import factories

DAY = dt.date(2026, 6, 1)
RULES = [
    Rule("high_value", (Condition("mrr", "gte", 500_000),)),
    Rule("mid", (Condition("mrr", "gte", 100_000), Condition("plan", "is_not", "Free"))),
    Rule("mid", (Condition("tag", "is", "Strategic"),)),
    Rule("volume", (Condition("seats", "lt", 50),)),
]


@pytest.mark.parametrize(
    ("facts", "segment"),
    [
        (Facts(mrr_cents=500_000), "high_value"),
        (Facts(mrr_cents=499_999), "mid"),
        (Facts(mrr_cents=499_999, plans=frozenset({"Free"})), ""),
        (Facts(mrr_cents=10, tags=frozenset({"Strategic"})), "mid"),
        (Facts(mrr_cents=10, seats=49), "volume"),
        (Facts(mrr_cents=10, seats=50), ""),
        (Facts(mrr_cents=10, seats=None), ""),
    ],
)
def test_the_first_rule_whose_conditions_all_hold_decides(facts, segment):
    assert segment_for(facts, RULES) == segment


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"field": "colour", "op": "is", "value": "red"}, "field"),
        ({"field": "mrr", "op": "is", "value": 1}, "op"),
        ({"field": "mrr", "op": "gte", "value": "1"}, "value"),
        ({"field": "mrr", "op": "gte", "value": True}, "value"),
        ({"field": "seats", "op": "lt", "value": -1}, "value"),
        ({"field": "tag", "op": "is", "value": " "}, "value"),
    ],
)
def test_a_condition_that_says_nothing_is_refused(data, code):
    with pytest.raises(RuleError) as refused:
        condition_from(data)
    assert refused.value.code == code


amounts = st.sampled_from([0, 99_999, 100_000, 499_999, 500_000, 700_000])
spans = st.sampled_from([(-40, None), (-40, 0), (-40, 1), (0, None), (1, None)])
subscriptions = st.lists(
    st.tuples(amounts, spans, st.sampled_from(["", "Free", "Pro"]), st.sampled_from([None, 10, 60])),
    max_size=3,
)
conditions = st.one_of(
    st.builds(Condition, st.just("mrr"), st.sampled_from(["gte", "lt"]), amounts),
    st.builds(Condition, st.just("seats"), st.sampled_from(["gte", "lt"]), st.sampled_from([10, 50, 70])),
    st.builds(
        Condition, st.just("plan"), st.sampled_from(["is", "is_not"]), st.sampled_from(["Free", "Pro"])
    ),
    st.builds(Condition, st.just("tag"), st.sampled_from(["is", "is_not"]), st.just("Strategic")),
)
rules = st.lists(
    st.builds(
        Rule,
        st.sampled_from(["volume", "mid", "high_value"]),
        st.lists(conditions, max_size=2).map(tuple),
    ),
    max_size=3,
)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None)
@given(rows=subscriptions, tagged=st.booleans(), rules=rules)
def test_sql_says_what_the_pure_rules_say(rows, tagged, rules):
    customer = factories.customer()
    in_force = []
    for mrr, (start, end), plan, seats in rows:
        starts_on = DAY + dt.timedelta(days=start)
        ends_on = None if end is None else DAY + dt.timedelta(days=end)
        factories.subscription(
            customer, mrr_cents=mrr, starts_on=starts_on, ends_on=ends_on, plan=plan, seats=seats
        )
        if starts_on <= DAY and (ends_on is None or ends_on > DAY):
            in_force.append((mrr, plan, seats))
    if tagged:
        customer.tags.add(Tag.objects.get_or_create(name="Strategic")[0])
    known = [seats for _mrr, _plan, seats in in_force if seats is not None]
    facts = Facts(
        mrr_cents=sum(mrr for mrr, _plan, _seats in in_force),
        seats=sum(known) if known else None,
        plans=frozenset(plan for _mrr, plan, _seats in in_force),
        tags=frozenset({"Strategic"} if tagged else ()),
    )
    found = with_ruled_segment(Customer.objects.filter(pk=customer.pk), rules, DAY).get()
    assert found.ruled_segment == segment_for(facts, rules)


def test_a_new_workspace_has_rules_by_mrr_and_one_way_out_of_onboarding(db):
    assert [(rule.segment, rule.conditions) for rule in stored_rules()] == [
        ("high_value", (Condition("mrr", "gte", 500_000),)),
        ("mid", (Condition("mrr", "gte", 100_000),)),
        ("volume", ()),
    ]
    assert stored_moves() == [StageMove("onboarding", "ongoing", "entered", 90)]


def test_applying_segments_moves_by_rule_and_leaves_hands_and_files_alone(db):
    rich = factories.customer(segment="mid")
    factories.subscription(rich, mrr_cents=600_000)
    by_hand = factories.customer(segment="volume", segment_by="hand")
    factories.subscription(by_hand, mrr_cents=600_000)
    by_file = factories.customer(segment="mid", segment_by="file")
    empty = factories.customer()
    assert segment_moves(stored_rules(), DAY) == [("", "volume", 1), ("mid", "high_value", 1)]
    assert segments_apply(day=DAY) == 2
    now = dict(Customer.objects.values_list("pk", "segment"))
    assert now == {rich.pk: "high_value", by_hand.pk: "volume", by_file.pk: "mid", empty.pk: "volume"}
    told = CustomerHistory.objects.filter(customer=rich).order_by("valid_from")
    assert [(row.value, row.valid_from) for row in told] == [
        ("mid", DAY - dt.timedelta(days=1)),
        ("high_value", DAY),
    ]
    assert AuditEntry.objects.filter(action="segments.applied").count() == 1
    assert segments_apply(day=DAY) == 0
    assert CustomerHistory.objects.count() == 3


def test_a_customer_that_left_keeps_its_segment_and_one_that_came_back_is_judged_again(db):
    left = factories.customer(segment="high_value")
    factories.subscription(left, starts_on=DAY - dt.timedelta(days=90), ends_on=DAY, mrr_cents=900_000)
    assert segments_apply(day=DAY) == 0
    factories.subscription(left, starts_on=DAY, mrr_cents=5_000)
    assert segments_apply(day=DAY) == 1
    left.refresh_from_db()
    assert left.segment == "volume"


def test_a_segment_recorded_for_a_later_day_is_not_moved_by_an_earlier_night(db):
    customer = factories.customer(segment="volume")
    factories.subscription(customer, mrr_cents=600_000)
    segments_apply(day=DAY)
    SegmentRule.objects.exclude(segment="volume").delete()
    assert segments_apply(day=DAY - dt.timedelta(days=3)) == 0
    customer.refresh_from_db()
    assert customer.segment == "high_value"


def test_applying_segments_twice_on_a_day_supersedes_the_first_and_keeps_it(db):
    customer = factories.customer(segment="volume")
    factories.subscription(customer, mrr_cents=600_000)
    segments_apply(day=DAY)
    SegmentRule.objects.filter(segment="high_value").delete()
    assert segments_apply(day=DAY) == 1
    rows = CustomerHistory.objects.filter(customer=customer, valid_from=DAY).order_by("pk")
    assert [(row.value, row.superseded_at is None) for row in rows] == [("high_value", False), ("mid", True)]


@pytest.mark.parametrize("count", [3, 30])
def test_applying_rules_takes_the_same_statements_for_any_number_of_customers(
    db, count, django_assert_num_queries
):
    for _n in range(count):
        factories.subscription(mrr_cents=600_000)
    with django_assert_num_queries(11):
        assert segments_apply(day=DAY) == count


MOVES = [StageMove("onboarding", "ongoing", "entered", 90), StageMove("ongoing", "support", "started", 365)]


@pytest.mark.parametrize(
    ("stage", "decided_by", "since", "started", "then"),
    [
        ("onboarding", "rule", 90, 90, "ongoing"),
        ("onboarding", "rule", 89, 400, "onboarding"),
        ("onboarding", "hand", 90, 400, "ongoing"),
        ("onboarding", "file", 90, 400, "onboarding"),
        ("onboarding", "rule", None, 90, "ongoing"),
        ("onboarding", "rule", None, None, "onboarding"),
        ("ongoing", "rule", 10, 365, "support"),
        ("ongoing", "hand", 10, 365, "ongoing"),
        ("support", "rule", 900, 900, "support"),
    ],
)
def test_stage_rules_as_a_table_in_python_and_in_sql(db, stage, decided_by, since, started, then):
    def ago(days):
        return None if days is None else DAY - dt.timedelta(days=days)

    StageRule.objects.all().delete()
    for move in MOVES:
        StageRule.objects.create(
            from_stage=move.from_stage, to_stage=move.to_stage, basis=move.basis, days=move.days
        )
    assert (
        next_stage(
            stage=stage,
            decided_by=decided_by,
            since=ago(since),
            started_on=ago(started),
            moves=MOVES,
            day=DAY,
        )
        == then
    )
    customer = factories.customer(
        stage=stage, stage_by=decided_by, stage_since=ago(since), started_on=ago(started)
    )
    stages_apply(day=DAY)
    customer.refresh_from_db()
    assert customer.stage == then
    assert customer.stage_since == (ago(since) if then == stage else DAY)


@pytest.mark.parametrize(
    ("started", "stage", "since"),
    [(None, "onboarding", 0), (0, "onboarding", 0), (89, "onboarding", 89), (90, "ongoing", None)],
)
def test_a_customer_without_a_stage_gets_its_first_one_from_its_start(db, started, stage, since):
    start = None if started is None else DAY - dt.timedelta(days=started)
    since_day = None if since is None else DAY - dt.timedelta(days=since)
    assert initial_stage(started_on=start, day=DAY, lasts=90) == (stage, since_day)
    customer = factories.customer(started_on=start)
    assert stage_moves(stored_moves(), DAY) == [("", stage, 1)]
    assert stages_apply(day=DAY) == 1
    customer.refresh_from_db()
    assert (customer.stage, customer.stage_since, customer.stage_by) == (stage, since_day, "rule")


def test_the_first_subscription_is_the_start_where_no_other_is_known(db):
    customer = factories.customer()
    factories.subscription(customer, starts_on=DAY - dt.timedelta(days=200))
    stages_apply(day=DAY)
    customer.refresh_from_db()
    assert customer.stage == "ongoing"


def test_a_customer_that_has_not_started_yet_has_no_stage(db):
    customer = factories.customer(started_on=DAY + dt.timedelta(days=1))
    assert stages_apply(day=DAY) == 0
    customer.refresh_from_db()
    assert customer.stage == ""
