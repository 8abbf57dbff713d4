"""`bench bulk`: how long a writer waits behind a change of many customers: its longest write transaction."""

import time as clock
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.management.base import CommandParser
from django.db import connection

from accounts.models import User
from accounts.permissions import Role
from core import benchmarks
from core.models import WorkState
from customers.models import Customer, Reversal, Stage, Tag
from customers.services import hand_overs
from customers.services.bulk import customers_bulk_assign, customers_bulk_stage, customers_bulk_tag
from customers.services.owners import OWNER_COLUMNS
from customers.services.reversal import reversal_use
from customers.services.tags import tag_rename
from workspace.bench_data import fill

FLOOR_SECONDS = 1.0


@dataclass(frozen=True)
class Span:
    """A transaction: seconds on the clock and of this process's processor, from BEGIN to COMMIT."""

    clock: float
    processor: float


def arguments(parser: CommandParser) -> None:
    """Options of `bench bulk`."""
    parser.add_argument("--customers", type=int, default=10_000)


def bench_bulk(options: dict[str, Any]) -> dict[str, Any]:
    """Change all customers of a scratch database in every way there is, and take each change back."""
    with benchmarks.scratch_database():
        fill(customers=int(options["customers"]), days=1)
        told = {name: _figures(_spans(work)) for name, work in _works().items()}
    longest = max(one["longest_processor_seconds"] for one in told.values())
    return {
        "customers": int(options["customers"]),
        "works": told,
        "floor": {"longest_processor_seconds": FLOOR_SECONDS},
        "ok": longest <= FLOOR_SECONDS,
    }


def _works() -> dict[str, Callable[[], Any]]:
    """What is measured, in this order: each undo takes back what was done before it."""
    manager = User.objects.get(role=Role.MANAGER)
    first, second = User.objects.exclude(pk=manager.pk).order_by("pk")[:2]
    everybody = Customer.objects.all()
    made: list[Reversal] = []

    def undo() -> None:
        reversal_use(actor=manager, reversal=made.pop())

    def hand_over() -> None:
        order = hand_overs.hand_over_start(
            actor=manager, leaver=first, successors=dict.fromkeys(OWNER_COLUMNS, second)
        )
        assert order is not None  # noqa: S101  (the customers are there)
        while order.state != WorkState.DONE:
            order = hand_overs.hand_over_now(order, seconds=hand_overs.SHIFT_SECONDS)
        assert order.reversal is not None  # noqa: S101  (it was done)
        made.append(order.reversal)

    return {
        "owner": lambda: made.append(customers_bulk_assign(actor=manager, customers=everybody, owner=first)),
        "hand over to another person": hand_over,
        "… taken back": undo,
        "owner, taken back": undo,
        "stage": lambda: made.append(
            customers_bulk_stage(actor=manager, customers=everybody, stage=Stage.SUPPORT)
        ),
        "stage, taken back": undo,
        "tag": lambda: made.append(customers_bulk_tag(actor=manager, customers=everybody, add=["bench"])),
        "tag renamed": lambda: tag_rename(
            actor=manager, tag=Tag.objects.get(name="bench"), name="bench again"
        ),
        "tag, taken back": undo,
    }


def _spans(work: Callable[[], Any]) -> list[Span]:
    with _watched() as spans:
        work()
    return spans


@contextmanager
def _watched() -> Iterator[list[Span]]:
    """Time the transactions of the block: Django switches autocommit off for each and on again behind it."""
    spans: list[Span] = []
    begun: list[tuple[float, float]] = []
    usual = connection.set_autocommit

    def switch(on: bool, *arguments: Any, **named: Any) -> None:
        if not on:
            begun[:] = [(clock.perf_counter(), clock.process_time())]
        usual(on, *arguments, **named)
        if on and begun:
            at, used = begun.pop()
            spans.append(Span(clock.perf_counter() - at, clock.process_time() - used))

    connection.set_autocommit = switch  # type: ignore[method-assign,assignment]
    try:
        yield spans
    finally:
        del connection.set_autocommit


def _figures(spans: list[Span]) -> dict[str, Any]:
    used = sorted(span.processor for span in spans)
    return {
        "transactions": len(spans),
        "median_processor_seconds": round(used[len(used) // 2], 3),
        "longest_processor_seconds": round(used[-1], 3),
        "longest_clock_seconds": round(max(span.clock for span in spans), 3),
        "clock_seconds": round(sum(span.clock for span in spans), 1),
    }


def register() -> None:
    """Make the benchmark known."""
    benchmarks.register("bulk", bench_bulk, arguments)
