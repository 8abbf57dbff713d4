"""The stages of a night for a run of days and a scope of customers; `config/pipeline.py` says which and in what order.

Each stage writes in transactions of its own and may be run again, so a night that was killed is simply run again.
"""

import datetime as dt
import time as clock
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from metrics.scope import Scope

Run = Callable[[Sequence[dt.date], Scope], set[dt.date]]


@dataclass(frozen=True)
class Stage:
    """A named step; `run` takes days in order and customers and returns the days whose rows it changed."""

    name: str
    run: Run


@dataclass(frozen=True)
class Rule:
    """A step over all customers before the newest night; `apply` takes the day."""

    name: str
    apply: Callable[[dt.date], object]


class StageFailed(Exception):  # noqa: N818 - reads as what happened
    """A step did not get through: its `name`, and what went wrong in `reason`."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


spent: defaultdict[str, float] = defaultdict(
    float
)  # seconds by step since this process began, told by `bench nightly`


@contextmanager
def step(name: str) -> Iterator[None]:
    """Turn whatever goes wrong inside into a StageFailed that names the step."""
    began = clock.perf_counter()
    try:
        yield
    except Exception as error:
        raise StageFailed(name, f"{type(error).__name__}: {error}") from error
    finally:
        spent[name] += clock.perf_counter() - began


_stages: tuple[Stage, ...] = ()
_rules: tuple[Rule, ...] = ()


def use(*, rules: Sequence[Rule], stages: Sequence[Stage]) -> None:
    """Say what a night consists of (done once, by `config`)."""
    global _stages, _rules  # the one place where the pipeline is handed down
    _rules, _stages = tuple(rules), tuple(stages)


def apply_rules(day: dt.date) -> None:
    """Apply the rules as of a day. Raises StageFailed naming the one that failed."""
    for rule in _rules:
        with step(rule.name):
            rule.apply(day)


def compute(days: Sequence[dt.date], scope: Scope) -> set[dt.date]:
    """Run every stage for these days; return those whose rows changed. Raises StageFailed naming the stage."""
    changed: set[dt.date] = set()
    for stage in _stages:
        with step(stage.name):
            changed |= stage.run(days, scope)
    return changed
