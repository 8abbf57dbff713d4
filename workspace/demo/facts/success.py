"""What customers were promised at the sale, and how far they and the team see it, quarter by quarter.

Two large customers that stay say the same NPS and stand opposite to what is due; of those that leave, the team believed
far more than they confirmed.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from workspace.demo.facts import Row
from workspace.demo.lives import Course, Life

QUARTER = dt.timedelta(days=90)
SAME_NPS = 8


@dataclass(frozen=True)
class Promise:
    """An objective as it is sold; `event` measures it where there is one."""

    name: str
    unit: str
    baseline: int
    target: int
    about: str
    event: str = ""


PROMISES = (
    Promise("Fechar o mês em 5 dias úteis", "dias", 12, 5, "Fechamento mais rápido"),
    Promise("Conciliar 90% dos bancos automaticamente", "%", 35, 90, "Menos planilha"),
    Promise("Reduzir recebíveis vencidos para 8%", "%", 14, 8, "Receber em dia"),
)
MEASURED = Promise(
    "Emitir 60 cobranças por mês no sistema", "cobranças", 0, 60, "Cobrança em um só lugar", "invoice_sent"
)
SOLD = (
    "Fechar o mês sem fins de semana de trabalho e ver o caixa do dia sem planilhas.",
    "Um só lugar para pagar, receber e conciliar, com o fechamento na primeira semana.",
)
THEIRS = (
    "“Quero parar de descobrir no dia 15 o que aconteceu no mês passado.”",
    "“Se a conciliação sair sozinha, o resto a gente resolve.”",
)
# How far customers see it and how far we do, as shares of what is due.
VIEWS = {
    Course.GROWS: (1.05, 1.1),
    Course.STAYS: (0.9, 1.0),
    Course.STRUGGLES: (0.55, 0.75),
    Course.LEAVES: (0.35, 0.95),
    Course.LEAVES_SUDDENLY: (0.7, 0.9),
    Course.RETURNS: (0.75, 0.9),
}


def opposites(lives: list[Life]) -> dict[int, tuple[float, float]]:
    """Return the two customers with the same NPS and opposite gaps, by number, with their views."""
    steady = [life for life in lives if life.segment == "high_value" and life.course is Course.STAYS]
    return {life.number: view for life, view in zip(steady, ((1.25, 1.2), (0.3, 0.6)), strict=False)}


def plan_row(life: Life, rng: Random, today: dt.date) -> Row:
    """Return what was written down at the hand-over."""
    return {
        "customer": life.number,
        "promise": rng.choice(SOLD),
        "in_their_words": rng.choice(THEIRS),
        "evidence": "Proposta comercial e ata da passagem de vendas",
        "next_steps": "Revisar o fechamento do mês com o time financeiro",
        "ask_every_days": 90,
        "reviewed_on": min(life.starts_on + dt.timedelta(days=45), today),
    }


def objective_rows(life: Life, rng: Random) -> list[Row]:
    """Return what mid and high-value customers were promised."""
    if life.segment == "volume":
        return []
    chosen = [*rng.sample(PROMISES, 2 if life.segment == "mid" else 3)]
    if rng.random() < 0.5:
        chosen.append(MEASURED)
    return [
        {
            "customer": life.number,
            "name": one.name,
            "promise": one.about,
            "unit": one.unit,
            "baseline": one.baseline,
            "target": one.target,
            "starts_on": life.starts_on,
            "due_on": life.starts_on + dt.timedelta(days=rng.choice([365, 540, 720])),
            "weight": rng.choice([1, 2, 3]),
            "event": one.event,
        }
        for one in chosen
    ]


def attained_rows(
    life: Life,
    objectives: list[Row],
    contacts: list[Row],
    view: tuple[float, float] | None,
    rng: Random,
    today: dt.date,
) -> list[Row]:
    """Return what both sides said every quarter; `place` is that in `objectives`."""
    theirs, ours = view or VIEWS[life.course]
    last = min(today, life.leaves_on or today)
    speakers = [
        one for one in contacts if one["role"] in ("decision_maker", "sponsor", "champion")
    ] or contacts
    rows: list[Row] = []
    for place, objective in enumerate(objectives):
        day = life.starts_on + QUARTER
        while day < last:
            due = min(
                (day - objective["starts_on"]).days / (objective["due_on"] - objective["starts_on"]).days, 1
            )
            speaker = rng.choice(speakers) if speakers else None
            said = {"place": place, "stated_on": day}
            rows.append(
                {
                    **said,
                    "side": "customer",
                    "source": "link",
                    "value": _value(objective, due * theirs + rng.uniform(-0.04, 0.04)),
                    "contact": speaker["email"] if speaker else None,
                    "role": speaker["role"] if speaker else "",
                }
            )
            if not objective["event"]:
                assessed = _value(objective, due * ours + rng.uniform(-0.03, 0.03))
                rows.append(
                    {**said, "side": "ours", "source": "assessment", "value": assessed, "contact": None}
                )
            day += QUARTER
    return rows


def template_objectives() -> list[Row]:
    """Return the objectives of the demo's template."""
    return [
        {"name": one.name, "unit": one.unit, "baseline": one.baseline, "target": one.target, "days": 365}
        for one in PROMISES
    ]


def _value(objective: Row, share: float) -> Decimal:
    share = min(max(share, 0), 1.4)
    way = objective["target"] - objective["baseline"]
    return Decimal(str(round(objective["baseline"] + way * share, 1)))
