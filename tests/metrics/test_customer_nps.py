"""A customer's NPS in three views, and how many of its people that stands for."""

from fractions import Fraction

from metrics.customer_nps import Answer, customer_nps

DECIDER = "decision_maker"


def test_one_fan_among_five_people_is_coverage_of_a_fifth_and_not_100_without_a_margin():
    found = customer_nps(
        [Answer(1, 10)],
        roles={1: "champion", 2: DECIDER, 3: "end_user", 4: "end_user", 5: "billing"},
        active=[1, 2, 3, 4, 5],
        ever=[3],
        decider=DECIDER,
    )
    assert found.share == Fraction(1, 5)
    assert (found.answered, found.active) == (1, 5)
    assert found.by_person.value == 100
    assert found.by_person.margin is not None
    assert found.by_person.margin.low < 0, "one answer proves nothing"
    assert found.deciders.value is None
    assert [(one.role, one.answered, one.active, one.ever) for one in found.roles] == [
        ("champion", 1, 1, True),
        (DECIDER, 0, 1, False),
        ("end_user", 0, 2, True),
        ("billing", 0, 1, False),
    ]


def test_each_person_has_one_vote_the_latest_and_who_left_is_not_covered():
    found = customer_nps(
        [Answer(1, 10), Answer(1, 10), Answer(2, 9), Answer(None, 0), Answer(2, 3), Answer(3, 8)],
        roles={1: "champion", 2: DECIDER, 3: "sponsor"},
        active=[1, 2],
        ever=[],
        decider=DECIDER,
    )
    assert found.all_answers.votes == 6
    assert found.all_answers.value == Fraction(100 * (3 - 2), 6)
    assert found.by_person.value == 0, "10, 3 and 8"
    assert found.deciders.votes == 1
    assert found.deciders.value == -100
    assert (found.answered, found.active) == (2, 2)


def test_without_people_there_is_no_share():
    found = customer_nps([Answer(None, 9)], roles={}, active=[], ever=[], decider=DECIDER)
    assert found.share is None
    assert found.by_person.value is None
