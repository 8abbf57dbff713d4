"""Why a customer's score is what it is, and why it moved between two days, from the stored rows alone."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from metrics.health import cards, split
from metrics.health.bands import Band
from metrics.health.profiles import Profile
from metrics.health.rounding import adding_up
from metrics.health.split import Day, Input, Split
from metrics.models import HealthDay, HealthInput


@dataclass(frozen=True)
class Factor:
    """One line of the explanation, in hundredths; `share` is its part of all weight in force.

    `points` is what it gives to the score, `possible` what it could. None: not known on that day.
    """

    key: str
    weight: int
    counts: int
    raw: int | None
    age: int | None
    fresh_for: int | None
    score: int | None
    points: int
    possible: int
    raw_before: int | None = None
    change: int | None = None


@dataclass(frozen=True)
class Explained:
    """A customer's day: its row, its factors, and how it differs from an earlier day (`split` None: not to be told)."""

    row: HealthDay
    profile: Profile
    factors: list[Factor]
    inputs: Mapping[str, Input]
    before: HealthDay | None = None
    inputs_before: Mapping[str, Input] = field(default_factory=dict)
    split: Split | None = None
    arrived: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    @property
    def crosses(self) -> bool:
        """Whether the range crosses an edge, so that what is missing could change the band."""
        low, high = self.row.low, self.row.high
        if low is None or high is None or self.row.override_id is not None:
            return False
        return self.profile.edges.band(low) is not self.profile.edges.band(high)


def latest(customer_id: int, until: dt.date) -> HealthDay | None:
    """Return the newest row of a customer up to a day, at most a week old."""
    week = until - dt.timedelta(days=7)
    return (
        HealthDay.objects.filter(customer=customer_id, day__range=(week, until))
        .select_related("version")
        .order_by("-day")
        .first()
    )


def explain(row: HealthDay, since: dt.date | None = None) -> Explained:
    """Return what a row was made of; with `since` also how it differs from that day's row. Three queries at most."""
    of_days = {row.day: row}
    if since is not None and since != row.day:
        earlier = (
            HealthDay.objects.filter(customer=row.customer_id, day=since).select_related("version").first()
        )
        if earlier is not None:
            of_days[since] = earlier
    inputs = {
        one.day: {key: Input(*pair) for key, pair in one.inputs.items()}
        for one in HealthInput.objects.filter(customer=row.customer_id, day__in=list(of_days))
    }
    profiles = _profiles(of_days.values())
    before = of_days.get(since) if since is not None else None
    now = inputs.get(row.day, {})
    profile = profiles[row.pk]
    if before is None or before is row:
        return Explained(row, profile, _factors(profile, now), now)
    then = inputs.get(before.day, {})
    found = between(before, then, profiles[before.pk], row, now, profile)
    keys = set(profile.settings)
    return Explained(
        row,
        profile,
        _factors(profile, now, then, found),
        now,
        before,
        then,
        found,
        arrived=[key for key in profile.settings if key in now and key not in then],
        gone=sorted(keys & set(then) - set(now)),
    )


def between(
    before: HealthDay,
    then: Mapping[str, Input],
    profile_then: Profile,
    row: HealthDay,
    now: Mapping[str, Input],
    profile: Profile,
) -> Split | None:
    """Return the four-way split of two stored days; None where either is unknown or kept no inputs."""
    if Band.UNKNOWN in (before.band, row.band):
        return None
    return split.split(_day(before, then, profile_then), _day(row, now, profile))


def of_many(customers: Collection[int], first: dt.date, second: dt.date) -> dict[int, Split]:
    """Return the split of each of these customers that has a band on both days; three queries."""
    rows = list(
        HealthDay.objects.filter(customer__in=customers, day__in=(first, second))
        .exclude(band=Band.UNKNOWN)
        .select_related("version")
    )
    inputs = {
        (one.customer_id, one.day): {key: Input(*pair) for key, pair in one.inputs.items()}
        for one in HealthInput.objects.filter(customer__in=customers, day__in=(first, second))
    }
    profiles = _profiles(rows)
    of_day = {(row.customer_id, row.day): row for row in rows}
    found = {}
    for (customer, day), row in of_day.items():
        other = of_day.get((customer, second))
        if day != first or other is None:
            continue
        one = between(
            row,
            inputs.get((customer, first), {}),
            profiles[row.pk],
            other,
            inputs.get((customer, second), {}),
            profiles[other.pk],
        )
        if one is not None:
            found[customer] = one
    return found


def mean(splits: Collection[Split]) -> Split | None:
    """Return the mean of customers' splits: Δ of their mean score, its causes and their parts, adding up exactly."""
    if not splits:
        return None
    count = len(splits)
    total = round(Fraction(sum(one.total for one in splits), count))
    causes = adding_up(
        {cause: Fraction(sum(one.causes[cause] for one in splits), count) for cause in split.CAUSES}, total
    )
    parts = {}
    for cause in split.CAUSES:
        sums: dict[str, Fraction] = {}
        for one in splits:
            for key, part in one.parts[cause].items():
                sums[key] = sums.get(key, Fraction(0)) + Fraction(part, count)
        parts[cause] = adding_up(sums or {"": Fraction(0)}, causes[cause]) if sums or causes[cause] else {}
    return Split(total, causes, parts)


def _day(row: HealthDay, inputs: Mapping[str, Input], profile: Profile) -> Day:
    return Day(profile.settings, inputs, row.score if row.override_id is not None else None)


def _profiles(rows: Iterable[HealthDay]) -> dict[int, Profile]:
    """Return the profile that applied to each row."""
    read = {}
    found = {}
    for row in rows:
        if row.version_id not in read:
            read[row.version_id] = cards.configuration_of(row.version)
        found[row.pk] = read[row.version_id].profile(row.segment, row.stage)
    return found


def _factors(
    profile: Profile,
    inputs: Mapping[str, Input],
    before: Mapping[str, Input] | None = None,
    found: Split | None = None,
) -> list[Factor]:
    state = split.state(profile.settings, inputs)
    all_counts = sum(weight for weight, _score in state.values()) or 1
    lines = []
    for key, setting in profile.settings.items():
        if not setting.weight:
            continue
        one = inputs.get(key)
        counts, score = state.get(key, (0, None))
        lines.append(
            Factor(
                key,
                setting.weight,
                counts,
                None if one is None else one.raw,
                None if one is None else one.age,
                setting.fresh_for,
                score if score is not None else (None if one is None else setting.curve.at(one.raw)),
                points=round(Fraction(counts * (score or 0), all_counts)),
                possible=round(Fraction(counts * 10_000, all_counts)),
                raw_before=before[key].raw if before and key in before else None,
                change=None if found is None else sum(parts.get(key, 0) for parts in found.parts.values()),
            )
        )
    return lines
