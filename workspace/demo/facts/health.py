"""What the analysts said of customers' health: a pulse now and then, and a score set by hand where they knew more."""

import datetime as dt
from random import Random

from workspace.demo.facts import Row
from workspace.demo.lives import Life

CALM = (
    "Usam todo dia e pedem pouco.",
    "Champion engajado, renovação encaminhada.",
    "Boa conversa na revisão.",
)
WORRIED = ("Trocaram o gestor financeiro e pararam de responder.", "Reclamam do fechamento a cada conversa.")
KNOWN_BETTER = "O cliente avisou que está avaliando outro sistema; ninguém deve tratá-lo como saudável."
LASTS = dt.timedelta(days=60)


def pulse_rows(life: Life, rng: Random, today: dt.date) -> list[Row]:
    """Return a pulse each quarter or so for customers that are not small, each replacing the one before."""
    if life.segment == "volume":
        return []
    rows: list[Row] = []
    day = life.starts_on + dt.timedelta(days=rng.randint(50, 90))
    while day < today:
        if life.active_on(day) and rng.random() < 0.7:
            falling = life.in_decline(day)
            rows.append(
                {
                    "customer": life.number,
                    "analyst": life.analyst,
                    "score": rng.randint(25, 50) * 100 if falling else rng.randint(65, 95) * 100,
                    "reason": rng.choice(WORRIED if falling else CALM),
                    "set_on": day,
                    "expires_on": day + LASTS,
                }
            )
        day += dt.timedelta(days=rng.randint(80, 100))
    return rows


def override_rows(life: Life, rng: Random, today: dt.date) -> list[Row]:
    """Return a low score set by hand for a few that are on their way out or struggle."""
    day = today - dt.timedelta(days=rng.randint(4, 20))
    if not (life.in_decline(day) and life.active_on(day)):
        return []
    return [
        {
            "customer": life.number,
            "analyst": life.analyst,
            "score": 3500,
            "reason": KNOWN_BETTER,
            "set_on": day,
            "expires_on": day + LASTS,
        }
    ]
