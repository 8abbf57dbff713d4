"""What the demo's team wants its figures to become, and what it does about those that fell."""

import datetime as dt

from workspace.demo.facts import Row

# figure, slice, target, baseline, set so many days ago, due in so many days
TARGETS: list[tuple[str, str, str, str, int, int]] = [
    ("nrr", "", "1.12", "1.02", 190, 41),
    ("grr", "", "0.82", "0.75", 190, 41),
    ("mrr", "", "720000", "538000", 190, 41),
    ("mrr", "segment=mid", "140000", "105000", 190, 41),
    ("customer_churn_rate", "", "0.025", "0.049", 190, 41),
    ("fcr", "", "0.60", "0.38", 190, 41),
    ("first_response_time", "", "3", "3.6", 190, 41),
    ("resolution_time", "", "16", "21", 190, 41),
    ("nps", "", "45", "20", 190, 41),
    ("csat", "", "0.9", "0.78", 300, -20),
]

# figure, cause, number in the team, value then, opened days ago, due in days, outcome, steps (what, due in, done ago)
PLANS: list[tuple[str, str, int, str, int, int, str, list[tuple[str, int | None, int | None]]]] = [
    (
        "fcr",
        "Dúvidas de conciliação chegam ao suporte sem os dados do banco, e o primeiro contato vira só um pedido de "
        "informação.",
        1,
        "0.33",
        75,
        25,
        "",
        [
            ("Pedir banco e período já no formulário do chamado", None, 52),
            ("Escrever três respostas prontas para conciliação", None, 31),
            ("Treinar o time nas respostas e medir duas semanas", -6, None),
            ("Revisar os chamados reabertos com o time de produto", 18, None),
        ],
    ),
    (
        "customer_churn_rate",
        "Quatro clientes pequenos saíram nos primeiros seis meses sem concluir a primeira conciliação.",
        4,
        "0.049",
        160,
        -70,
        "Com a ligação na segunda semana, os que entraram depois ficaram. O roteiro virou parte do onboarding.",
        [
            ("Ligar na segunda semana para quem não conciliou", None, 140),
            ("Colocar a ligação no roteiro de onboarding", None, 95),
        ],
    ),
]


def target_rows(today: dt.date) -> list[Row]:
    """Return the targets, each with the baseline it was set from."""
    return [
        {
            "key": key,
            "slice": slice_,
            "value": value,
            "baseline": baseline,
            "starts_on": today - dt.timedelta(days=ago),
            "due_on": today + dt.timedelta(days=ahead),
        }
        for key, slice_, value, baseline, ago, ahead in TARGETS
    ]


def plan_rows(today: dt.date, team: list[int]) -> list[tuple[Row, list[Row]]]:
    """Return the plans, each with its steps; `team`: ids of the people in their order."""
    day = dt.timedelta(days=1)
    return [
        (
            {
                "key": key,
                "cause": cause,
                "owner_id": team[owner],
                "value": value,
                "opened_on": today - ago * day,
                "due_on": today + ahead * day,
                "closed_on": today + ahead * day if outcome else None,
                "outcome": outcome,
            },
            [
                {
                    "position": position,
                    "what": what,
                    "due_on": None if due is None else today + due * day,
                    "done_on": None if done is None else today - done * day,
                }
                for position, (what, due, done) in enumerate(steps, start=1)
            ],
        )
        for key, cause, owner, value, ago, ahead, outcome, steps in PLANS
    ]
