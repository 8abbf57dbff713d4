"""Contacts with roles; in a decline the champion may leave."""

import datetime as dt
from random import Random

from workspace.demo import words
from workspace.demo.facts import Row
from workspace.demo.lives import Life, plain_ascii

ROLES = {
    "volume": ["champion", "billing"],
    "mid": ["champion", "decision_maker", "end_user", "billing"],
    "high_value": ["champion", "decision_maker", "sponsor", "end_user", "end_user", "billing", "other"],
}


def contact_rows(life: Life, rng: Random, today: dt.date) -> list[Row]:
    """Return the people at a customer; addresses use the reserved `.example` domain."""
    rows: list[Row] = []
    names = rng.sample([(f, s) for f in words.FIRST_NAMES for s in words.LAST_NAMES], 8)
    for position, role in enumerate(ROLES[life.segment]):
        if role in {"other", "sponsor"} and rng.random() < 0.35:
            continue
        first, last = names[position]
        rows.append(
            {
                "customer": life.number,
                "email": f"{plain_ascii(first)}.{plain_ascii(last)}@{life.domain}",
                "external_id": f"{life.external_id}-P{position + 1}",
                "name": f"{first} {last}",
                "job_title": rng.choice(words.JOBS[role]),
                "role": role,
                "locale": "pt-BR",
                "active_from": life.starts_on + dt.timedelta(days=rng.choice([0, 0, 0, 14, 40])),
                "active_until": None,
            }
        )
    leaver_chance = 0.4 if life.decline_days else 0.06
    if rows and rng.random() < leaver_chance:
        base = (
            life.leaves_on - dt.timedelta(days=life.decline_days)
            if life.leaves_on
            else today - dt.timedelta(days=40)
        )
        gone = base + dt.timedelta(days=rng.randint(0, 25))
        if life.starts_on < gone < today:
            rows[0]["active_until"] = gone
    for row in rows:
        row["active_from"] = min(row["active_from"], today)
        if row["active_until"] and row["active_until"] < row["active_from"]:
            row["active_until"] = None
    return rows
