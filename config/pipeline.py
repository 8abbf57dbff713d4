"""The way of the data, top to bottom. Read this first.

    accept      a file, a call or a webhook becomes a `Batch`            ingest
    record      its rows become facts in the tables of their apps        ingest → customers, surveys, metrics
    roll up     raw usage → usage per customer, person, feature and day  metrics/rollup.py
    measure     facts → one wide `CustomerDay` per customer and day      metrics/daily.py and the files it names
    show        pages and API read `CustomerDay` only                    workspace

Accepting and recording happen when something arrives; the rest is the *night*, once per closed local date.
Everything to be done is a row with a state and a lease; the broker only rings a bell for a *kind of work*
(config/tasks.py), and a sweep rings again every minute for what nobody holds.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from config import delivery, tidying
from core import bells, mail
from core.models import Event
from customers.services import owners
from customers.services.ruled import segments_apply, stages_apply
from ingest import jobs
from metrics import daily, nights, refill, rollup, shards, stages, staleness

# Before the newest night: who belongs where, by the rules as they are now. Never when old days are refilled.
RULES = (
    stages.Rule("segment rules", lambda day: segments_apply(day=day)),
    stages.Rule("stage rules", lambda day: stages_apply(day=day)),
)

# The night, for a run of days and a cell of customers, in this order.
NIGHT = (
    stages.Stage(rollup.ROLL_UP, rollup.roll_up_missing),
    stages.Stage("measure", daily.measure),
)

# What travels upwards: a kind of event and who hears it.
HEARD: Mapping[str, Sequence[Callable[[list[Event]], None]]] = {
    "fact.changed": (staleness.hear_facts_changed,),
    "person.joined": (owners.hear_people_joined,),
    "workspace.changed": (staleness.hear_workspace_changed,),
}


@dataclass(frozen=True)
class Work:
    """A kind of work: `due` tells cheaply whether some waits; `do` takes a share and returns how much it was."""

    due: Callable[[], bool]
    do: Callable[[], int]


WORK: Mapping[str, Work] = {
    "events": Work(delivery.due, lambda: delivery.deliver(HEARD)),
    "nights": Work(shards.due, shards.work),
    "stale days": Work(refill.due, refill.refill),
    "mails": Work(mail.due, mail.send_due),
    "imports": Work(jobs.due, jobs.work),
    "tidying": Work(tidying.due, tidying.tidy),
}


def connect(ring: Callable[[str], None]) -> None:
    """Hand the pipeline down to the apps, and the bells (done once, when the process starts)."""
    stages.use(rules=RULES, stages=NIGHT)
    bells.connect(ring)


def open_nights() -> bool:
    """Open the night of every closed date that has none; tell whether shards wait for workers."""
    nights.open_nights()
    nights.close_finished()
    return shards.due()


def finish(kinds: Sequence[str]) -> None:
    """Do all that is due of these kinds, here and now."""
    while sum(WORK[kind].do() for kind in kinds):
        pass
