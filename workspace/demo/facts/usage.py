"""Usage with a weekly rhythm: working days full, Saturdays thin, month ends busy, silence before a departure."""

import datetime as dt
from collections.abc import Iterator
from random import Random
from zoneinfo import ZoneInfo

from workspace.demo.facts import Row, in_force
from workspace.demo.facts.commercial import CATALOGUE, events_of
from workspace.demo.lives import Life

PEOPLE = {"volume": (1, 2), "mid": (2, 4), "high_value": (4, 7)}
WEEKDAY = (1.0, 1.0, 0.95, 0.95, 0.85, 0.12, 0.05)


def usage_rows(
    life: Life, contacts: list[Row], subscriptions: list[Row], rng: Random, today: dt.date, zone: ZoneInfo
) -> Iterator[Row]:
    """Yield usage events, one per person, feature and day, with their count."""
    people = [row["email"] for row in contacts if row["role"] != "sponsor"]
    wanted = rng.randint(*PEOPLE[life.segment])
    people = (people + [f"usuario{i}@{life.domain}" for i in range(1, 9)])[: max(wanted, 1)]
    gone = {row["email"]: row["active_until"] for row in contacts if row["active_until"]}
    taste = {event: rng.uniform(0.35, 1.0) for event in sorted({event for *_, event, _ in CATALOGUE})}
    day, number = life.starts_on, 0
    while day < today:
        level = life.engagement(day)
        if level:
            level *= WEEKDAY[day.weekday()] * (1.15 if day.day >= 26 or day.day <= 5 else 1.0)
            bought = {(row["product"], row["plan"]) for row in subscriptions if in_force(row, day)}
            events = sorted({event for product, plan in bought for event in events_of(product, plan)})
            for person in people:
                if (person in gone and day >= gone[person]) or rng.random() > level * 0.85 or not events:
                    continue
                for event in rng.sample(events, min(len(events), rng.choice([1, 1, 2]))):
                    if rng.random() > taste[event] + 0.2:
                        continue
                    number += 1
                    hour, minute = rng.randint(8, 18), rng.randint(0, 59)
                    yield {
                        "customer": life.number,
                        "day": day,
                        "occurred_at": dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone),
                        "event": event,
                        "person": person,
                        "count": rng.randint(1, 9),
                        "message_id": f"{life.external_id}-{number}",
                    }
        day += dt.timedelta(days=1)
