"""A rehearsal: a version run over the stored past, as if it had been switched on then. Nothing is written, nobody told.

Day by day the same rules that start and advance real runs (`looking.py`, `machine.py`) are applied to what was stored
of that day: alerts by the same SQL as the night's, entries into stages and segments by history, renewals by contracts,
health and slices by the daily rows. What people would have done is not stored, so every task counts as done on its due
day, and nobody answers a survey or an offer; tags, fields and owners are those of today.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Min, Q

from core import time
from customers.models import Contract, Customer, CustomerHistory
from customers.models.customer import Decided
from metrics import sql
from metrics.health.bands import Band
from metrics.models import CustomerDay, HealthDay, UsageDay
from metrics.scope import Scope
from playbooks.alerts import causes
from playbooks.models import AlertRule, PlaybookVersion
from playbooks.plays.conditions import Known, holds
from playbooks.plays.dates import due_day
from playbooks.plays.kinds import KINDS, PERSON
from playbooks.plays.machine import Plan, by_key, events_of, first, next_of
from playbooks.plays.plans import plans_of
from playbooks.services.advancing import workdays

DAY = dt.timedelta(days=1)
BACK = 365
LOOKED_AT = 90  # days after a start within which a loss counts
EVERYBODY = Scope(0, 2**62)
MOST_LISTED = 200
IsWorkday = Callable[[dt.date], bool]


@dataclass(frozen=True)
class Started:
    """A start that would have been: for which customer, on which day, by which alert (rule, subject), if any."""

    customer: int
    on: dt.date
    alert: tuple[int, int] | None = None


@dataclass
class Rehearsed:
    """What would have happened: the starts, and the tasks by customer's owner and week (Monday)."""

    starts: list[Started] = field(default_factory=list)
    tasks: Counter[tuple[int, dt.date]] = field(default_factory=Counter)
    mails: int = 0


@dataclass
class _Past:
    """What is stored of the days looked at."""

    slices: dict[dt.date, dict[int, tuple[str, str, int]]]
    health: dict[int, list[tuple[dt.date, int, int | None]]]
    standing: dict[dt.date, set[tuple[int, int]]]
    events: dict[tuple[int, str], list[tuple[dt.date, int]]]
    customers: dict[int, Customer]


def rehearse(version: PlaybookVersion, last: dt.date, days: int = BACK) -> Rehearsed:
    """Run a version over the days up to `last`, both ends included; `last` is a day whose night is finished."""
    begin = CustomerDay.objects.aggregate(day=Min("day"))["day"]
    if begin is None:
        return Rehearsed()
    span = time.days(max(begin, last - (days - 1) * DAY), last + DAY)
    steps = plans_of(version)
    standing = _standing(version, span)
    found = _candidates(version, span, standing)
    past = _read(steps, span, standing, {customer for _day, customer, _alert in found})
    return _Play(version, steps, past, workdays(), last).run(found)


Candidate = tuple[dt.date, int, tuple[int, int] | None]


def _standing(version: PlaybookVersion, span: Sequence[dt.date]) -> dict[dt.date, set[tuple[int, int, int]]]:
    """Return for each day which causes of the version's kinds of alert held: (rule, subject, customer)."""
    if version.starts != PlaybookVersion.Starts.ALERT:
        return {}
    kinds = set(
        AlertRule.objects.filter(active=True, kind__in=version.start_values).values_list("kind", flat=True)
    )
    return {day: set(_holding(sorted(kinds), day)) for day in span}


def _holding(kinds: Sequence[str], day: dt.date) -> Iterator[tuple[int, int, int]]:
    params = {
        "day": sql.date(day),
        "base": sql.date(day),
        "ends_at": sql.moment(time.day_start(day + DAY)),
    }
    for kind in kinds:
        query = f"""
            WITH {causes.living(EVERYBODY)}, found AS ({causes.select(kind, EVERYBODY)})
            SELECT f.rule_id, f.subject_id, f.customer_id FROM found f"""
        for rule, subject, customer in sql.tuples(query, {**params, "kind": kind}):
            yield int(rule), int(subject), int(customer)


def _candidates(
    version: PlaybookVersion, span: Sequence[dt.date], standing: Mapping[dt.date, set[tuple[int, int, int]]]
) -> list[Candidate]:
    """Return what could have started the version: day, customer, alert; in the order in which it would have come."""
    if version.starts == PlaybookVersion.Starts.ALERT:
        found: list[Candidate] = []
        before: set[tuple[int, int, int]] = set()
        for day in span:
            opened = standing[day] - before
            found += [(day + DAY, customer, (rule, subject)) for rule, subject, customer in sorted(opened)]
            before = standing[day]
        return found
    if version.starts == PlaybookVersion.Starts.RENEWAL:
        return sorted(_renewals(version, span), key=lambda one: one[:2])
    if version.starts in (PlaybookVersion.Starts.STAGE, PlaybookVersion.Starts.SEGMENT):
        return sorted(_entered(version, span), key=lambda one: one[:2])
    return []


def _entered(version: PlaybookVersion, span: Sequence[dt.date]) -> Iterator[Candidate]:
    """Yield entries by history; those that the rules made were known a day later, after the night."""
    rows = (
        CustomerHistory.objects.filter(
            field=version.starts, superseded_at__isnull=True, valid_from__lte=span[-1]
        )
        .order_by("customer", "valid_from", "pk")
        .values_list("customer", "valid_from", "value", "decided_by")
    )
    was: dict[int, str] = {}
    for customer, day, value, by in rows:
        if value in version.start_values and was.get(customer) != value and day >= span[0]:
            yield day + (by == Decided.RULE) * DAY, customer, None
        was[customer] = value


def _renewals(version: PlaybookVersion, span: Sequence[dt.date]) -> Iterator[Candidate]:
    """Yield contracts on the day on which they came near, unless they were renewed or cancelled by then."""
    ahead = (version.days_before or 0) * DAY
    rows = list(Contract.objects.order_by("pk"))
    of_customer: dict[int, list[Contract]] = defaultdict(list)
    for row in rows:
        of_customer[row.customer_id].append(row)
    for row in rows:
        day = row.ends_on - ahead
        if not span[0] <= day <= span[-1] or (row.cancelled_on is not None and row.cancelled_on <= day):
            continue
        if not any(_renews(other, row, day) for other in of_customer[row.customer_id]):
            yield day, row.customer_id, None


def _renews(other: Contract, row: Contract, day: dt.date) -> bool:
    known = (other.signed_on or other.starts_on) <= day
    named = other.renews_external_id == row.external_id and bool(row.external_id)
    behind = not other.renews_external_id and other.starts_on >= row.ends_on
    return other.pk != row.pk and known and (named or behind)


def _read(
    steps: Sequence[Plan],
    span: Sequence[dt.date],
    standing: Mapping[dt.date, set[tuple[int, int, int]]],
    keys: set[int],
) -> _Past:
    """Read what the days say of these customers; the number of statements depends on neither."""
    slices: dict[dt.date, dict[int, tuple[str, str, int]]] = defaultdict(dict)
    rows = CustomerDay.objects.filter(day__gte=span[0], customer__in=keys).order_by()
    for day, customer, segment, stage, cents in rows.values_list(
        "day", "customer", "segment", "stage", "mrr_cents"
    ):
        slices[day][customer] = (segment, stage, cents)
    health: dict[int, list[tuple[dt.date, int, int | None]]] = defaultdict(list)
    scores = HealthDay.objects.filter(customer__in=keys).order_by("customer", "day")
    for customer, day, band, score in scores.values_list("customer", "day", "band", "score"):
        health[customer].append((day, band, score))
    events: dict[tuple[int, str], list[tuple[dt.date, int]]] = defaultdict(list)
    asked = events_of(steps)
    if asked:
        used = UsageDay.objects.filter(feature__in=asked, customer__in=keys, day__gte=span[0]).order_by()
        for customer, name, day, n in used.values_list("customer", "feature", "day", "events"):
            events[customer, name].append((day, n))
    people = Customer.objects.filter(pk__in=keys).prefetch_related("tags").order_by()
    return _Past(
        slices=slices,
        health=health,
        standing={day: {(rule, subject) for rule, subject, _c in held} for day, held in standing.items()},
        events=events,
        customers={one.pk: one for one in people},
    )


class _Play:
    """One rehearsal: goes through the candidates in order and lets each run play out."""

    def __init__(
        self,
        version: PlaybookVersion,
        steps: list[Plan],
        past: _Past,
        is_workday: IsWorkday,
        last: dt.date,
    ) -> None:
        self.version, self.steps, self.past, self.is_workday = version, steps, past, is_workday
        self.last = last
        self.busy_until: dict[int, dt.date] = {}
        self.started_on: dict[int, dt.date] = {}
        self.over_on: dict[Started, dt.date] = {}
        self.found = Rehearsed()

    def run(self, candidates: Sequence[Candidate]) -> Rehearsed:
        """Let every candidate start that may, by the version's conditions and re-entry rule."""
        for day, customer, alert in candidates:
            if self._may_start(day, customer):
                started = Started(customer, day, alert)
                self.found.starts.append(started)
                self.started_on[customer] = day
                self.busy_until[customer] = self._play(started)
        return self.found

    def _may_start(self, day: dt.date, customer: int) -> bool:
        one = self.past.customers.get(customer)
        if one is None or (one.archived_at is not None and time.local_day(one.archived_at) <= day):
            return False
        before = self.started_on.get(customer)
        again = self.version.again_days
        barred = before is not None and (again is None or before > day - again * DAY)
        busy = customer in self.busy_until and self.busy_until[customer] >= day
        return not barred and not busy and self._is_for(day, customer)

    def _is_for(self, day: dt.date, customer: int) -> bool:
        segment, stage, _cents = self._slice(day, customer)
        wanted = self.version
        if (wanted.segments and segment not in wanted.segments) or (
            wanted.stages and stage not in wanted.stages
        ):
            return False
        return not wanted.bands or self._health(day, customer)[0] in wanted.bands

    def _slice(self, day: dt.date, customer: int) -> tuple[str, str, int]:
        """Return where a customer stood on a day; a day without a night yet is as the one before."""
        rows = self.past.slices
        found = rows.get(day, {}).get(customer) or rows.get(day - DAY, {}).get(customer)
        if found is not None:
            return found
        one = self.past.customers[customer]
        return one.segment, one.stage, 0

    def _health(self, day: dt.date, customer: int) -> tuple[str, int | None]:
        """Return band and score as they were known on a day: of the night before it."""
        known = [row for row in self.past.health.get(customer, ()) if row[0] < day]
        if not known:
            return Band.UNKNOWN.key, None
        _day, band, score = known[-1]
        return Band(band).key, None if score is None else score // 100

    def _play(self, started: Started) -> dt.date:
        """Let a run play out; return the day on which it is over."""
        key, day, outcomes = first(self.steps), started.on, dict[int, str]()
        done_on: dict[int, dt.date] = {}
        while key is not None:
            step = by_key(self.steps, key)
            if step is None:
                break
            day = max(day, due_day(started.on, step.after, step.unit, self.is_workday))
            if day > self.last:
                return self.last + DAY * 10_000  # still running when the rehearsal ends
            known = self._known(started, day, outcomes, done_on)
            if not holds(step.condition, known):
                outcomes[key] = "skipped"
                key = next_of(self.steps, step, known, done=False)
                continue
            if step.kind == "wait":
                day, known = self._wait(started, step, day, outcomes, done_on)
            else:
                self._do(started, step, day, outcomes, done_on)
                known = self._known(started, day, outcomes, done_on)
            key = next_of(self.steps, step, known, done=True)
        return day

    def _wait(
        self,
        started: Started,
        step: Plan,
        day: dt.date,
        outcomes: dict[int, str],
        done_on: dict[int, dt.date],
    ) -> tuple[dt.date, Known]:
        ends_on = day + int(step.params.get("at_most") or 0) * DAY
        known = self._known(started, day, outcomes, done_on)
        while not holds(step.params.get("until") or {}, known) and day < ends_on and day <= self.last:
            day += DAY
            known = self._known(started, day, outcomes, done_on)
        outcomes[step.key] = "done"
        return day, known

    def _do(
        self,
        started: Started,
        step: Plan,
        day: dt.date,
        outcomes: dict[int, str],
        done_on: dict[int, dt.date],
    ) -> None:
        outcomes[step.key] = "open" if KINDS[step.kind].owned else "done"
        if KINDS[step.kind].mails:
            self.found.mails += 1
        if not KINDS[step.kind].owned:
            return
        done_on[step.key] = due_day(day, int(step.params.get("due_days") or 0), "workday", self.is_workday)
        if day <= self.last:
            self.found.tasks[self._owner(started.customer, step), day - day.weekday() * DAY] += 1

    def _owner(self, customer: int, step: Plan) -> int:
        said, one = str(step.params.get("owner") or ""), self.past.customers[customer]
        if said.startswith(PERSON):
            return int(said.removeprefix(PERSON))
        own = (
            getattr(one, f"{said}_id", None)
            if said in ("owner", "onboarding_owner", "commercial_owner")
            else None
        )
        return own or one.owner_id or 0

    def _known(
        self, started: Started, day: dt.date, outcomes: dict[int, str], done_on: dict[int, dt.date]
    ) -> Known:
        customer = started.customer
        segment, stage, _cents = self._slice(day, customer)
        band, score = self._health(day, customer)
        one = self.past.customers[customer]
        by_now = {
            key: "done" if came == "open" and key in done_on and done_on[key] <= day else came
            for key, came in outcomes.items()
        }
        return Known(
            band=band,
            score=score,
            segment=segment,
            stage=stage,
            tags=frozenset(tag.name.casefold() for tag in one.tags.all()),
            attributes=one.attributes,
            outcomes=by_now,
            alert=self._alert(started, day),
            events=self._events(customer, started.on, day),
        )

    def _alert(self, started: Started, day: dt.date) -> str:
        if started.alert is None:
            return ""
        if started not in self.over_on:
            seen = started.on
            while started.alert in self.past.standing.get(seen, set()):
                seen += DAY
            self.over_on[started] = seen + DAY  # the night of the first day without it ended it
        return "over" if day >= self.over_on[started] else "stands"

    def _events(self, customer: int, begin: dt.date, end: dt.date) -> dict[str, int]:
        counts: dict[str, int] = {}
        for (key, name), rows in self.past.events.items():
            if key == customer:
                counts[name] = sum(n for day, n in rows if begin <= day < end)
        return counts


def summary(version: PlaybookVersion, as_of: dt.date) -> dict[str, Any]:
    """Rehearse a version and say what it comes to, ready to be stored: counts by month, by person and week, and whom.

    `left`: customers that paid at the start and paid nothing 90 days later; `false_alarms`: starts after which nobody
    left and no MRR was lost in 90 days; both of `judged`, the starts that are 90 days past.
    """
    found = rehearse(version, as_of)
    months = Counter(f"{one.on:%Y-%m}" for one in found.starts)
    names = dict(
        Customer.objects.filter(pk__in={one.customer for one in found.starts}).values_list("pk", "name")
    )
    judged, left, false = _judged(found.starts, as_of)
    weeks: dict[str, dict[str, int]] = defaultdict(dict)
    for (owner, week), n in sorted(found.tasks.items()):
        weeks[str(owner)][week.isoformat()] = n
    return {
        "as_of": as_of.isoformat(),
        "starts": len(found.starts),
        "customers": len(names),
        "mails": found.mails,
        "tasks": sum(found.tasks.values()),
        "months": dict(sorted(months.items())),
        "weeks": weeks,
        "judged": judged,
        "left": left,
        "false_alarms": false,
        "listed": [
            {"customer": one.customer, "name": names.get(one.customer, ""), "on": one.on.isoformat()}
            for one in found.starts[-MOST_LISTED:]
        ],
    }


def _judged(starts: Sequence[Started], as_of: dt.date) -> tuple[int, int, int]:
    """Return how many starts can be judged, after how many the customer left, and after how many nothing was lost."""
    wanted = [one for one in starts if one.on + LOOKED_AT * DAY <= as_of]
    cents: dict[tuple[int, dt.date], int] = {}
    for begin in range(0, len(wanted), 200):
        asked = Q(pk__in=[])
        for one in wanted[begin : begin + 200]:
            asked |= Q(customer=one.customer, day__in=[one.on - DAY, one.on + LOOKED_AT * DAY])
        for customer, day, mrr in CustomerDay.objects.filter(asked).values_list(
            "customer", "day", "mrr_cents"
        ):
            cents[customer, day] = mrr
    judged = left = kept = 0
    for one in wanted:
        before = cents.get((one.customer, one.on - DAY))
        after = cents.get((one.customer, one.on + LOOKED_AT * DAY))
        if before is None or after is None:
            continue
        judged += 1
        left += before > 0 and after == 0
        kept += after >= before
    return judged, left, kept
