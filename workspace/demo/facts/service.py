"""Tickets, conversations, answers, milestones and what was promised."""

import datetime as dt
from random import Random
from zoneinfo import ZoneInfo

from workspace.demo import words
from workspace.demo.facts import Row
from workspace.demo.lives import Course, Life


def moment(day: dt.date, rng: Random, zone: ZoneInfo) -> dt.datetime:
    """Return a working-hours moment of a day."""
    return dt.datetime.combine(day, dt.time(rng.randint(8, 17), rng.randint(0, 59)), tzinfo=zone)


def ticket_rows(life: Life, contacts: list[Row], rng: Random, today: dt.date, zone: ZoneInfo) -> list[Row]:
    """Return tickets: more at the start and in a decline, then also slower and reopened."""
    weekly = {"volume": 0.05, "mid": 0.16, "high_value": 0.34}[life.segment]
    rows: list[Row] = []
    day = life.starts_on
    now = dt.datetime.combine(today, dt.time(7, 0), tzinfo=zone)
    while day < today:
        falling = life.in_decline(day)
        rate = weekly * (2.2 if falling else 1.0) * (1.8 if (day - life.starts_on).days < 45 else 1.0)
        if life.active_on(day) and day.weekday() < 5 and rng.random() < rate / 5:
            subject, priority = rng.choice(words.TICKETS)
            opened = moment(day, rng, zone)
            first = opened + dt.timedelta(hours=rng.lognormvariate(1.1 + (0.7 if falling else 0), 0.8))
            solved = first + dt.timedelta(hours=rng.lognormvariate(2.6 + (0.9 if falling else 0), 0.9))
            reopens = int(falling and rng.random() < 0.3)
            rows.append(
                {
                    "customer": life.number,
                    "external_id": f"{life.external_id}-C{len(rows) + 1:03d}",
                    "contact": rng.choice(contacts)["email"] if contacts else None,
                    "subject": subject,
                    "priority": priority,
                    "channel": rng.choice(["e-mail", "e-mail", "chat", "phone"]),
                    "opened_at": opened,
                    "first_response_at": first if first < now else None,
                    "solved_at": solved if solved < now else None,
                    "due_at": opened + dt.timedelta(hours=72),
                    "team_replies": rng.choice([1, 1, 1, 2, 2, 3, 4]) + reopens if first < now else 0,
                    "reopens": reopens,
                }
            )
        day += dt.timedelta(days=1)
    return rows


def touchpoint_rows(
    life: Life, contacts: list[Row], rng: Random, today: dt.date, zone: ZoneInfo
) -> list[Row]:
    """Return the conversations: a rhythm by segment, gloomier notes in a decline."""
    every = {"volume": 95, "mid": 42, "high_value": 19}[life.segment]
    rows: list[Row] = []
    day = life.starts_on + dt.timedelta(days=rng.randint(1, 6))
    while day < today:
        falling = life.in_decline(day)
        if life.active_on(day):
            while day.weekday() > 4:
                day += dt.timedelta(days=1)
            if day >= today:
                break
            rows.append(
                {
                    "customer": life.number,
                    "external_id": f"{life.external_id}-V{len(rows) + 1:03d}",
                    "kind": rng.choice(["call", "call", "meeting", "email", "message", "visit", "webinar"]),
                    "happened_at": moment(day, rng, zone),
                    "contact": rng.choice(contacts)["email"] if contacts else None,
                    "analyst": life.analyst,
                    "summary": rng.choice(words.WORRIED_NOTES if falling else words.CALL_NOTES),
                    "sentiment": rng.choice([-2, -1, -1, 0] if falling else [0, 1, 1, 1, 2]),
                }
            )
        day += dt.timedelta(days=max(4, int(rng.gauss(every * (1.7 if falling else 1), every / 3))))
    return rows


def response_rows(
    life: Life, contacts: list[Row], tickets: list[Row], rng: Random, today: dt.date, zone: ZoneInfo
) -> list[Row]:
    """Return NPS each quarter or so, CSAT after some solved tickets, CES after the onboarding."""
    rows: list[Row] = []

    def answer(survey: str, day: dt.date, score: int, contact: Row | None, campaign: str) -> None:
        top = {"nps": (9, 7), "csat": (4, 3), "ces": (6, 4)}[survey]
        pool = (
            words.GOOD_COMMENTS
            if score >= top[0]
            else words.FAIR_COMMENTS
            if score >= top[1]
            else words.BAD_COMMENTS
        )
        rows.append(
            {
                "customer": life.number,
                "external_id": f"{life.external_id}-R{len(rows) + 1:03d}",
                "survey": survey,
                "campaign": campaign,
                "contact": contact["email"] if contact else None,
                "score": score,
                "comment": rng.choice(pool),
                "language": "pt-BR",
                "answered_at": moment(day, rng, zone),
            }
        )

    day = life.starts_on + dt.timedelta(days=rng.randint(60, 90))
    while day < today:
        for contact in contacts:
            present = contact["active_until"] is None or day < contact["active_until"]
            if life.active_on(day) and present and rng.random() < 0.34:
                centre = 4.6 if life.in_decline(day) else 9.1 if life.course is Course.GROWS else 8.2
                answer("nps", day, max(0, min(10, round(rng.gauss(centre, 1.5)))), contact, "NPS trimestral")
        day += dt.timedelta(days=rng.randint(85, 100))
    for ticket in tickets:
        if ticket["solved_at"] and rng.random() < 0.42:
            slow = (ticket["solved_at"] - ticket["opened_at"]).total_seconds() / 3600 > 60
            centre = 2.8 if slow or ticket["reopens"] else 4.4
            on = min(ticket["solved_at"].date() + dt.timedelta(days=1), today - dt.timedelta(days=1))
            who = next((c for c in contacts if c["email"] == ticket["contact"]), None)
            answer("csat", on, max(1, min(5, round(rng.gauss(centre, 0.8)))), who, "Chamado resolvido")
    after = life.starts_on + dt.timedelta(days=rng.randint(40, 60))
    if after < today and contacts and rng.random() < 0.6:
        answer("ces", after, max(1, min(7, round(rng.gauss(5.6, 1.2)))), contacts[0], "Fim da implantação")
    return rows


def milestone_rows(life: Life, rng: Random, today: dt.date) -> list[Row]:
    """Return the steps of the onboarding that were reached by today."""
    rows: list[Row] = []
    day = life.starts_on
    steps = ["Kick-off", "Bancos conectados", "Primeira conciliação", "Primeiro fechamento"]
    for step in steps:
        day += dt.timedelta(days=rng.randint(2, 20))
        if day >= today or (life.decline_days and step == steps[-1] and rng.random() < 0.35):
            break
        rows.append({"customer": life.number, "milestone": step, "reached_on": day})
    return rows
