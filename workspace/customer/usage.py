"""Weekly active people by feature over twelve weeks, as small multiples on one scale."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, Q, Sum, Value, When

from metrics.models import UsageDay

WEEKS = 12
WEEK = dt.timedelta(days=7)
WIDTH, HEIGHT = 120, 40
LOW_SHARE = 0.25
FELL_SHARE = 0.15
SHOWN = 9


@dataclass(frozen=True)
class FeatureUse:
    """One feature's weeks, oldest first. `people` says whether they count people or, where nobody is named, uses.

    `is_low`: under a quarter of the seats last week; `fell`: lost more than 15 % since the first week.
    """

    name: str
    weeks: list[int]
    people: bool
    is_low: bool
    line: str
    area: str
    end_y: float

    @property
    def last(self) -> int:
        """The last week's number."""
        return self.weeks[-1]

    @property
    def change(self) -> int:
        """Last week less the first."""
        return self.weeks[-1] - self.weeks[0]

    @property
    def fell(self) -> bool:
        """Whether it lost more than 15 % since the first week."""
        return self.change < -self.weeks[0] * FELL_SHARE


@dataclass(frozen=True)
class Usage:
    """The features by use, the first days of their weeks, and the scale they share."""

    features: list[FeatureUse]
    weeks: list[dt.date]
    until: dt.date

    @property
    def has_any(self) -> bool:
        """Whether anything was used at all in these weeks."""
        return any(any(use.weeks) for use in self.features)

    @property
    def drawn(self) -> list[FeatureUse]:
        """The features drawn; the table has all of them."""
        return self.features[:SHOWN]


def usage(
    customer_id: int,
    until: dt.date,
    *,
    seats: int | None,
    names: Mapping[str, str],
    bought: Collection[str],
) -> Usage:
    """Return the use of each feature in the twelve weeks that end with the day `until`; one query.

    `names` maps events to what people call them; those of what the customer `bought` count 0 while never used.
    """
    starts = [until - WEEK * (WEEKS - at) + dt.timedelta(days=1) for at in range(WEEKS)]
    week = Case(
        *(When(day__gte=start, then=Value(at)) for at, start in reversed(list(enumerate(starts)))),
        output_field=IntegerField(),
    )
    rows = (
        UsageDay.objects.filter(customer=customer_id, day__gte=starts[0], day__lte=until)
        .annotate(week=week)
        .values_list("feature", "week")
        .annotate(people=Count("person", distinct=True, filter=~Q(person="")), events=Sum("events"))
    )
    return Usage(features(rows, seats=seats, names=names, bought=bought), starts, until)


def features(
    rows: Iterable[tuple[str, int, int, int]],
    *,
    seats: int | None,
    names: Mapping[str, str],
    bought: Collection[str],
) -> list[FeatureUse]:
    """Turn (event, week, people, events) into one series a feature, the most used first."""
    people: dict[str, list[int]] = {event: [0] * WEEKS for event in bought}
    events: dict[str, list[int]] = {}
    for event, week, persons, uses in rows:
        people.setdefault(event, [0] * WEEKS)[week] = persons
        events.setdefault(event, [0] * WEEKS)[week] = uses
    unnamed = {event for event, weeks in people.items() if not any(weeks) and any(events.get(event, ()))}
    top = max([seats or 0, 1, *(max(weeks) for weeks in people.values())])
    told = []
    for event, weeks in people.items():
        if event in unnamed:
            told.append(
                _drawn(names.get(event, event), events[event], max(events[event]), None, people=False)
            )
        else:
            told.append(_drawn(names.get(event, event), weeks, top, seats, people=True))
    return sorted(told, key=lambda use: (not use.people, -sum(use.weeks), use.name))


def _drawn(name: str, weeks: list[int], top: int, seats: int | None, *, people: bool) -> FeatureUse:
    points = curve(weeks, top)
    line = " ".join(f"{x},{y}" for x, y in points)
    area = f"0,{HEIGHT} {line} {WIDTH},{HEIGHT}"
    is_low = bool(seats) and weeks[-1] < LOW_SHARE * (seats or 0)
    return FeatureUse(name, weeks, people, is_low, line, area, points[-1][1])


def curve(values: Sequence[int], top: int) -> list[tuple[float, float]]:
    """Return the points of a line from 0 to `top` over the drawing's width."""
    step = WIDTH / max(len(values) - 1, 1)
    return [
        (round(at * step, 1), round(HEIGHT - 1 - value / (top or 1) * (HEIGHT - 4), 1))
        for at, value in enumerate(values)
    ]
