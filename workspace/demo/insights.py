"""What the demo's team learned: themes that teams look after, taken from comments, tickets and calls."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random
from typing import Any

from django.db import models, transaction
from django.db.models import QuerySet

from accounts.models import User
from core import time
from customers.models import Contact, Insight, InsightTeam, InsightTheme, InsightTold, Ticket, Touchpoint
from surveys.models import Response, Theme

SINCE = 160
Mark = Callable[[type[models.Model], Iterable[int]], None]


@dataclass(frozen=True)
class Learned:
    """A theme: who has it, how far it is, the words by which its insights are found, how many are taken."""

    name: str
    kind: str
    about: str = ""
    area: str = ""
    team: str = ""
    state: str = "new"
    due: int | None = None
    why: str = ""
    note: str = ""
    comments: str = ""
    tickets: str = ""
    calls: str = ""
    most: int = 12


LEARNED = (
    Learned(
        "A conciliação para nos lotes de PIX",
        "problem",
        "Lotes com mais de 500 lançamentos ficam “em andamento”. O time volta à planilha e o mês fecha mais tarde.",
        "Conciliação",
        "product",
        "planned",
        due=14,
        comments="voltamos a conferir",
        tickets="PIX",
        calls="lotes de PIX",
        most=24,
    ),
    Learned(
        "Aprovar pagamentos pelo WhatsApp",
        "wish",
        "Quem aprova não abre o sistema todo dia e quer responder de onde está.",
        "Pagamentos",
        "product",
        "accepted",
        comments="WhatsApp",
        tickets="não chega no celular",
        most=18,
    ),
    Learned(
        "Relatórios demoram no último dia do mês",
        "problem",
        "Com todos fechando juntos, o fluxo de caixa leva minutos para abrir.",
        "Relatórios",
        "product",
        "done",
        due=-12,
        note="Os relatórios de fechamento agora são preparados de madrugada e abrem em segundos.",
        comments="ficou lento",
        tickets="demora a abrir",
        most=16,
    ),
    Learned(
        "O reajuste na renovação não é entendido",
        "concern",
        "O índice chega na fatura sem explicação e vira conversa de preço.",
        "Contrato",
        "finance",
        "accepted",
        due=30,
        comments="reajuste",
        tickets="duplicada",
        calls="falar de preço",
        most=12,
    ),
    Learned(
        "“É caro para o nosso tamanho”",
        "misperception",
        "Clientes pequenos comparam com o preço cheio; o plano Essencial resolve o que usam.",
        "Planos",
        "marketing",
        "planned",
        due=45,
        comments="só acho caro",
        most=10,
    ),
    Learned(
        "Mais usuários na tesouraria",
        "opportunity",
        "Times que crescem querem incluir gente antes da renovação.",
        "Licenças",
        "sales",
        "accepted",
        calls="mais dois usuários",
        most=11,
    ),
    Learned(
        "Exportar relatórios com as nossas colunas",
        "wish",
        area="Relatórios",
        team="product",
        state="declined",
        why="Cada cliente pede colunas próprias; a exportação pela API já entrega isso.",
        comments="com as nossas colunas",
        most=8,
    ),
    Learned(
        "A integração com o banco para sem aviso",
        "problem",
        "A conexão cai e só se descobre no fechamento.",
        "Integrações",
        comments="às vezes para e ninguém avisa",
        tickets="Integração com o ERP parou",
        most=14,
    ),
    Learned(
        "Quem cuida de nós mudou e ninguém avisou",
        "concern",
        area="Atendimento",
        team="support",
        state="new",
        comments="ninguém assumiu",
        most=8,
    ),
)


def insights_load(*, seed: int, today: dt.date, mark: Mark) -> None:
    """Write the themes and what was said about each, newest first, from the demo's own comments, tickets and calls."""
    rng = Random(seed + 31)
    people = list(User.objects.filter(is_active=True).order_by("pk"))
    with transaction.atomic():
        teams = [
            InsightTeam.objects.create(team=team, email=f"{team}@caixaclara.example")
            for team in ("product", "finance", "marketing")
        ]
        mark(InsightTeam, [row.pk for row in teams])
        for learned in LEARNED:
            theme = _theme(learned, rng.choice(people), today)
            mark(InsightTheme, [theme.pk])
            rows = _said(learned, theme, today, rng)
            Insight.objects.bulk_create(rows)
            if learned.state == "done":
                _told(theme, rows, today, rng)


def _theme(learned: Learned, owner: User, today: dt.date) -> InsightTheme:
    subject = (
        Theme.objects.filter(archived_at=None, name__icontains=learned.area[:8]).first()
        if learned.area
        else None
    )
    return InsightTheme.objects.create(
        name=learned.name,
        kind=learned.kind,
        about=learned.about,
        area=learned.area,
        team=learned.team,
        owner=owner if learned.team else None,
        state=learned.state,
        due_on=None if learned.due is None else today + dt.timedelta(days=learned.due),
        declined_why=learned.why,
        done_note=learned.note,
        done_at=time.day_start(today - dt.timedelta(days=20)) if learned.state == "done" else None,
        subject_id=subject.pk if subject else None,
    )


def _said(learned: Learned, theme: InsightTheme, today: dt.date, rng: Random) -> list[Insight]:
    since = time.day_start(today - dt.timedelta(days=SINCE))
    same = {"theme": theme, "kind": learned.kind, "area": learned.area, "language": "pt-BR"}
    found: list[Insight] = []
    for row in _matching(
        Response.objects.counted().filter(answered_at__gte=since), "comment", learned.comments
    ):
        said_on = time.local_day(row.answered_at)
        found.append(_row(row, said_on, source="comment", quote=row.comment, comment_id=row.pk, **same))
    for row in _matching(Ticket.objects.filter(opened_at__gte=since), "subject", learned.tickets):
        said_on = time.local_day(row.opened_at)
        found.append(_row(row, said_on, source="ticket", quote=row.subject, ticket=row, **same))
    for row in _matching(Touchpoint.objects.filter(happened_at__gte=since), "summary", learned.calls):
        said_on = time.local_day(row.happened_at)
        found.append(_row(row, said_on, source="touchpoint", quote=row.summary, touchpoint=row, **same))
    return rng.sample(found, min(len(found), learned.most))


def _matching(rows: QuerySet[Any], column: str, words: str) -> list[Any]:
    """Return the rows that say these words, in a fixed order; none for no words."""
    return list(rows.filter(**{f"{column}__contains": words}).order_by("pk")[:60]) if words else []


def _row(said_in: Response | Ticket | Touchpoint, said_on: dt.date, **fields: Any) -> Insight:
    return Insight(customer_id=said_in.customer_id, contact_id=said_in.contact_id, said_on=said_on, **fields)


def _told(theme: InsightTheme, rows: list[Insight], today: dt.date, rng: Random) -> None:
    """Tell who asked that it is done; most say by now whether it helped."""
    asked = {row.contact_id: row for row in rows if row.contact_id}
    names = Contact.objects.in_bulk(list(asked))
    for key, row in asked.items():
        helped = rng.choice([True, True, True, False, None])
        told_at = time.day_start(today - dt.timedelta(days=19)) + dt.timedelta(hours=10)
        InsightTold.objects.create(
            theme=theme,
            customer_id=row.customer_id,
            contact=names[key],
            text=theme.done_note,
            told_at=told_at,
            asked_at=told_at + dt.timedelta(days=14),
            helped=helped,
            helped_at=None if helped is None else told_at + dt.timedelta(days=15),
        )
