"""A night is a pure function of the facts: whatever happens on the way, the same rows."""

import datetime as dt
import random
import signal

import pytest
from django.utils import timezone

from core import time
from core.models import WorkState
from metrics import nights, shards, stages
from metrics.foreground import run_days
from metrics.models import CustomerDay, HealthDay, HealthInput, Night, NightShard, UsageDay, UsageRolled
from metrics.scope import CELL_SIZE
from metrics.stages import Stage, StageFailed
from tests.metrics import world
from tests.metrics.outside import Outside, ended, statements
from tests.nights import D, run, snapshot

FIRST, LAST = world.FIRST, world.LAST


def forget() -> None:
    """Take away everything that nights wrote."""
    for table in (CustomerDay, HealthDay, HealthInput, UsageDay, UsageRolled, NightShard, Night):
        table.objects.all().delete()


@pytest.fixture
def expected(db) -> list[tuple]:
    """The rows of an undisturbed run, which are then taken away again."""
    world.build()
    run(FIRST, LAST)
    rows = snapshot()
    assert len(rows) > 250
    forget()
    return rows


@pytest.mark.django_db
def test_a_night_run_twice_gives_the_same_rows(expected):
    run(FIRST, LAST)
    run(FIRST, LAST)
    run(LAST)
    assert snapshot() == expected
    assert not Night.objects.filter(restated_at__isnull=False).exists(), (
        "nothing changed, nothing is restated"
    )


@pytest.mark.django_db
def test_nights_in_any_order_give_the_same_rows(expected):
    days = time.days(FIRST, LAST + D)
    random.Random(3).shuffle(days)
    for day in days:
        run(day)
    assert snapshot() == expected


@pytest.mark.django_db
def test_nights_one_by_one_give_the_same_rows_as_all_at_once(expected):
    for day in time.days(FIRST, LAST + D):
        run(day)
    assert snapshot() == expected


@pytest.mark.django_db
def test_missed_nights_are_caught_up(expected, monkeypatch):
    monkeypatch.setattr(time, "today", lambda: LAST - 6 * D)
    nights.open_nights()
    work_until_none_is_free()
    assert nights.last_finished_day() == LAST - 7 * D
    monkeypatch.setattr(time, "today", lambda: LAST + D)
    nights.open_nights()
    work_until_none_is_free()
    assert nights.last_finished_day() == LAST
    assert snapshot() == expected
    assert Night.objects.filter(state=WorkState.DONE).count() == len({row[0] for row in expected})


@pytest.mark.django_db
def test_opening_nights_again_opens_none(expected, monkeypatch):
    monkeypatch.setattr(time, "today", lambda: LAST + D)
    assert nights.open_nights() > 0
    assert nights.open_nights() == 0


@pytest.mark.django_db
def test_a_day_that_is_not_over_gets_no_night(expected, monkeypatch):
    monkeypatch.setattr(time, "today", lambda: LAST)
    nights.open_nights([LAST - D, LAST])
    assert list(Night.objects.values_list("day", flat=True)) == [LAST - D]


def killed_chain(outside: Outside, points: list[int], expected: list[tuple]) -> None:
    """Die at each of these statements in turn, each time going on where the last one left off; then finish.

    What was left may be done before a point is reached: then it must be right, and the next run begins from nothing.
    """

    def finish() -> None:
        run(FIRST, LAST)
        assert snapshot() == expected

    for point in points:
        if outside.run(finish, kill_at=point) == -signal.SIGKILL:
            continue
        assert outside.run(finish) == 0
        assert outside.run(forget) == 0
        assert outside.run(finish, kill_at=point) == -signal.SIGKILL
    assert outside.run(finish) == 0


def work_until_none_is_free() -> None:
    while shards.work():
        pass


@pytest.mark.django_db(transaction=True)
def test_a_night_killed_at_random_points_and_resumed_gives_the_same_rows(expected, tmp_path):
    made_up = random.Random(11)
    last = statements(lambda: run(FIRST, LAST))
    forget()
    with Outside(tmp_path) as outside:
        killed_chain(outside, [made_up.randint(1, last) for _ in range(5)], expected)
    assert snapshot() == expected


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(10))
def test_nights_killed_at_50_random_points_give_the_same_rows(expected, tmp_path, seed):
    made_up = random.Random(seed)
    last = statements(lambda: run(FIRST, LAST))
    forget()
    points = [made_up.randint(1, last) for _ in range(5)]
    with Outside(tmp_path) as outside:
        killed_chain(outside, points, expected)
    assert snapshot() == expected
    print(f"{len(expected)} rows of nights in {last} statements, killed before {points}: the same rows")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("workers", [1, 4])
def test_one_worker_or_four_give_the_same_rows(expected, tmp_path, workers):
    nights.open_nights(time.days(FIRST, LAST + D))
    assert NightShard.objects.values("low").distinct().count() == 3
    with Outside(tmp_path) as outside:
        processes = [outside.start(work_until_none_is_free) for _ in range(workers)]
        assert [ended(process) for process in processes] == [0] * workers
    nights.close_finished()
    assert nights.last_finished_day() == LAST
    assert snapshot() == expected


@pytest.mark.django_db
def test_two_workers_never_hold_the_same_shard(expected):
    nights.open_nights(time.days(FIRST, LAST + D))
    taken = [shard.pk for _ in range(9) for shard in shards.claim(NightShard.objects.all())]
    assert len(taken) == len(set(taken)) == NightShard.objects.count()


@pytest.mark.django_db
def test_what_a_dead_worker_held_is_taken_over_when_its_lease_ends(expected):
    nights.open_nights(time.days(FIRST, LAST + D))
    held = shards.claim(NightShard.objects.all())
    work_until_none_is_free()
    assert nights.last_finished_day() is None, "one cell of every night is still held"
    NightShard.objects.filter(pk__in=[shard.pk for shard in held]).update(
        leased_until=timezone.now() - dt.timedelta(seconds=1)
    )
    work_until_none_is_free()
    assert snapshot() == expected
    assert nights.last_finished_day() == LAST


def broken(at: dt.date):
    """A stage that fails on one day."""

    def run_stage(days, scope):
        if at in days and scope.low == 1:
            raise ValueError("the disk is on fire")
        return set()

    return Stage("score", run_stage)


@pytest.fixture
def failing(monkeypatch):
    bad = LAST - 5 * D
    monkeypatch.setattr(stages, "_stages", (*stages._stages, broken(bad)))
    return bad


@pytest.mark.django_db
def test_a_step_that_fails_is_named_and_holds_up_only_its_own_day(expected, failing):
    nights.open_nights(time.days(FIRST, LAST + D))
    work_until_none_is_free()
    open_ = Night.objects.exclude(state=WorkState.DONE).get()
    assert (open_.day, open_.failed_step) == (failing, "score")
    assert "the disk is on fire" in open_.error
    shard = NightShard.objects.exclude(state=WorkState.DONE).get()
    assert shard.low == 1
    assert shard.due_at > timezone.now(), "tried again after a pause"


@pytest.mark.django_db
def test_a_night_by_hand_names_the_failed_step(expected, failing):
    with pytest.raises(StageFailed) as failure:
        run_days(FIRST, LAST, lambda done, total: None)
    assert failure.value.name == "score"


@pytest.mark.django_db
def test_new_customers_do_not_move_the_grid(expected):
    assert {row[1] // CELL_SIZE for row in expected} == {0, 1, 2}
