"""The effect measure on data whose effect is known: its 95 % interval covers the truth as often as it says."""

import numpy as np
import pytest

from playbooks.plays.effect import Group, by_lot, matched


def company(seed: int, effect: float, *, size: int = 900, held: bool = False) -> tuple[Group, Group]:
    """Make customers of whom the unhealthy get the playbook more often; the score afterwards grows by `effect`."""
    random = np.random.default_rng(seed)
    cells = random.integers(0, 4, size)
    score = np.clip(random.normal(58, 16, size), 0, 100)
    tenure = random.exponential(500, size)
    mrr = random.normal(7, 1, size) + 0.4 * cells
    odds = random.random(size) if held else 1 / (1 + np.exp((score - 48) / 9 - 0.1 * cells))
    got = random.random(size) < (0.5 if held else 0.5 * odds)
    drift = 12 + 0.7 * score + 0.004 * np.sqrt(tenure) + 2 * cells + 1.2 * mrr
    came = drift + effect * got + random.normal(0, 9, size)
    by = np.column_stack([score, tenure, mrr])
    return (
        Group(cells[got], by[got], came[got]),
        Group(cells[~got], by[~got], came[~got]),
    )


def covered(effect: float, seeds: range, measure=matched, **more) -> int:
    found = [measure(*company(seed, effect, **more)) for seed in seeds]
    return sum(one.low <= effect <= one.high for one in found)


@pytest.mark.parametrize("effect", [0, 8])
def test_the_interval_covers_a_known_effect(effect):
    assert covered(effect, range(20)) >= 17


@pytest.mark.long
@pytest.mark.parametrize("effect", [0, 8])
@pytest.mark.parametrize("measure", [matched, by_lot])
def test_the_interval_covers_a_known_effect_in_90_to_99_of_100_seeds(effect, measure):
    assert 90 <= covered(effect, range(100), measure, held=measure is by_lot) <= 99


def test_an_effect_is_found_and_its_absence_is_no_evidence():
    found, none = matched(*company(3, 8)), matched(*company(3, 0))
    assert found is not None and found.is_known and 5 < found.difference < 11
    assert none is not None and not none.is_known and none.low < 0 < none.high


def test_what_plainly_differs_before_is_not_taken_for_an_effect():
    """Those that get it are the unhealthy ones: the plain difference of means is far off, the matched one is not."""
    got, others = company(5, 8)
    plain = got.came.mean() - others.came.mean()
    found = matched(got, others)
    assert found is not None and plain < 0 < found.low


def test_too_few_customers_claim_nothing():
    got, others = company(1, 8, size=40)
    assert matched(got, others) is None and by_lot(Group(got.cells, got.by, got.came), others) is None


def test_customers_of_other_cells_are_never_compared():
    got, others = company(2, 8)
    elsewhere = Group(others.cells + 10, others.by, others.came)
    assert matched(got, elsewhere) is None


def test_a_share_of_mrr_is_weighted_by_what_customers_pay():
    """Only the small ones grow: per head it is much, by MRR next to nothing."""
    random = np.random.default_rng(4)
    size = 400
    by = np.column_stack(
        [random.normal(60, 5, size), random.normal(300, 50, size), random.normal(7, 1, size)]
    )
    cells, weights = np.zeros(size, dtype=np.int64), np.where(np.arange(size) < 20, 10_000.0, 1.0)
    came = 1 + random.normal(0, 0.02, size)
    grown = came + np.where(weights > 1, 0, 0.5)
    found = matched(Group(cells, by, grown, weights), Group(cells, by, came, weights))
    assert found is not None and -0.05 < found.difference < 0.05
