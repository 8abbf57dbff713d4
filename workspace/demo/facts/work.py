"""The work of the demo's team: tasks for the customers they look after."""

import datetime as dt

from core import time
from workspace.demo.facts import Row
from workspace.demo.lives import Life

# title, days from today (None: no day), hour, priority, done so many days ago, repeats, checklist, comments
TASKS: list[
    tuple[str, int | None, int | None, int, int | None, str, list[tuple[str, bool]], list[tuple[int, str]]]
] = [
    (
        "Enviar a revisão do quarto trimestre",
        -2,
        None,
        3,
        None,
        "",
        [
            ("Números de uso dos últimos 90 dias", True),
            ("Metas combinadas na abertura", True),
            ("Slides", False),
        ],
        [(5, "A diretoria deles pediu a versão curta, três páginas no máximo.")],
    ),
    ("Ligar para saber por que o uso caiu", 0, 9, 4, None, "", [], []),
    (
        "Reunião de renovação",
        0,
        11,
        3,
        None,
        "",
        [("Proposta revisada", True), ("Desconto aprovado", False)],
        [],
    ),
    ("Sessão de importação das contas bancárias", 0, 14, 2, None, "", [], []),
    ("Responder ao comentário da pesquisa", 1, None, 3, None, "", [], []),
    ("Perguntar quem assume o lugar da responsável que saiu", 3, None, 2, None, "", [], []),
    ("Conferir conciliações pendentes", 6, None, 2, None, "month", [], []),
    ("Convidar para o webinar de aprovações", 12, None, 1, None, "", [], []),
    ("Apresentar o módulo de cobrança", None, None, 1, None, "", [], []),
    ("Enviar o guia de integração com o ERP", -9, None, 2, 8, "", [], []),
    ("Registrar os contatos novos do financeiro", -20, None, 2, 19, "", [], []),
]


def task_rows(
    lives: list[Life], today: dt.date
) -> list[tuple[Row, list[tuple[str, bool]], list[tuple[int, str]]]]:
    """Return tasks, each with its checklist and comments, spread over the customers that are there."""
    there = [life for life in lives if life.leaves_on is None or life.leaves_on > today]
    zone = time.workspace_zone()
    rows = []
    for n, (title, ahead, hour, priority, done, repeats, lines, comments) in enumerate(TASKS * 3):
        life = there[(n * 7) % len(there)]
        due = None if ahead is None else today + dt.timedelta(days=ahead + n // len(TASKS))
        row: Row = {
            "customer": life.number,
            "analyst": life.analyst,
            "title": title,
            "due_on": due,
            "due_at": dt.time(hour) if hour is not None and due is not None else None,
            "priority": priority,
            "repeats": repeats,
            "anchor_day": due.day if repeats == "month" and due else None,
        }
        if done is not None:
            day = today - dt.timedelta(days=done)
            row |= {"state": "done", "closed_at": dt.datetime.combine(day, dt.time(16), zone)}
        rows.append((row, lines, comments))
    return rows
