"""The contact budget: when a person may get the next mail. Pure calculation; rows and locks are the services' matter.

One budget for surveys and playbook mail together. A limit says: at most `most` mails of some kinds in any `days` × 24
hours, counted for the person or for the whole customer. Reminders are counted apart: they neither use up the limits of
first mails nor obey them, and have a limit of their own.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from core.working import WorkingCalendar

Per = Literal["person", "customer"]

SURVEYS = ("nps", "csat", "ces", "success")
PLAYBOOK = "playbook"
KINDS = (*SURVEYS, PLAYBOOK)
HOURS = "hours"


@dataclass(frozen=True)
class Limit:
    """At most `most` mails of `kinds` in any span of `days` × 24 hours; `key` names it to people."""

    key: str
    per: Per
    kinds: Collection[str]
    most: int
    days: int
    reminders: bool = False

    @property
    def length(self) -> dt.timedelta:
        """The span in which the mails are counted."""
        return dt.timedelta(days=self.days)

    def covers(self, kind: str, reminder: bool) -> bool:
        """Tell whether a mail is counted and held back by this limit."""
        return reminder == self.reminders and kind in self.kinds


@dataclass(frozen=True)
class Sent:
    """A mail that left or is just leaving: when, of what kind, and whether to this very person."""

    at: dt.datetime
    kind: str
    reminder: bool = False
    to_person: bool = True


@dataclass(frozen=True)
class Moment:
    """The first moment a mail may leave; `held_by` is the key of what holds it longest, "" when it may leave now."""

    at: dt.datetime
    held_by: str = ""


def first_moment(
    *,
    kind: str,
    reminder: bool,
    at: dt.datetime,
    sent: Iterable[Sent],
    limits: Iterable[Limit],
    calendar: WorkingCalendar,
) -> Moment:
    """Return the first moment from `at` on at which a mail may leave.

    `sent`: what went to this person and to others of the customer, in any order; rows too old to matter do no
    harm. `calendar`: working hours and holidays in the person's zone. Raises NeverOpenError for one that never opens.

    Waiting longer only takes mails out of the spans, so the latest of all the limits' moments satisfies all of them.
    """
    history = sorted(sent, key=lambda mail: mail.at, reverse=True)
    first, held_by = at, ""
    for limit in limits:
        if not limit.covers(kind, reminder):
            continue
        free = _free_from(limit, history)
        if free is not None and free > first:
            first, held_by = free, limit.key
    opens = calendar.next_open(first)
    if opens > first:
        return Moment(opens, held_by or HOURS)
    return Moment(first, held_by)


def quiet_time_broken(mails: Iterable[Sent], limits: Iterable[Limit]) -> list[tuple[Limit, dt.datetime]]:
    """Return each limit that a person's mails break and when; empty for a history that keeps the budget.

    For proofs and the integrity page: it counts afterwards, in another way than `first_moment` plans.
    """
    history = sorted(mails, key=lambda mail: mail.at)
    broken = []
    for limit in limits:
        counted = [mail.at for mail in history if _counts(limit, mail)]
        for n, moment in enumerate(counted):
            span = [other for other in counted[: n + 1] if other > moment - limit.length]
            if len(span) > limit.most:
                broken.append((limit, moment))
    return broken


def _counts(limit: Limit, mail: Sent) -> bool:
    return limit.covers(mail.kind, mail.reminder) and (mail.to_person or limit.per == "customer")


def _free_from(limit: Limit, newest_first: list[Sent]) -> dt.datetime | None:
    """Return when the limit lets the next mail go: the n-th newest one has then left its span."""
    counted = [mail.at for mail in newest_first if _counts(limit, mail)]
    return counted[limit.most - 1] + limit.length if len(counted) >= limit.most else None
