"""What the demo's team wrote after the nights had found what happened: why customers left, who was saved."""

import datetime as dt
from random import Random

from accounts.models import User
from core import time
from customers.models import Customer
from metrics.models import CustomerDay
from metrics.nights import last_finished_day
from metrics.scope import cell, cell_of
from playbooks.models import Call, Escalation, Loss, LossReason, Opportunity, Renewal, RenewalCall
from playbooks.opportunities.night import meet
from playbooks.renewals.night import evaluate

UNEXPLAINED = 0.12  # share of losses of which nobody wrote down why
# reason, weight, what was tried, competitor, whether it comes back, note
WHOLE: list[tuple[str, int, str, str, str, str]] = [
    ("usage", 9, "Duas sessões de treinamento; só uma pessoa veio.", "", "unlikely", "Voltaram à planilha."),
    (
        "price",
        8,
        "Desconto de 15% por seis meses, recusado.",
        "",
        "likely",
        "Reavaliam o orçamento em janeiro.",
    ),
    (
        "support",
        6,
        "Gerente pediu desculpas e ligou toda semana.",
        "",
        "unlikely",
        "Três chamados reabertos.",
    ),
    ("champion_left", 6, "Apresentação para quem assumiu o financeiro.", "", "unlikely", ""),
    ("competitor", 6, "Comparação de custos em cinco anos.", "Conta Fácil", "unlikely", ""),
    ("closed_down", 4, "", "", "never", "A empresa encerrou as atividades."),
    ("bug", 4, "Correção entregue, mas tarde.", "", "likely", "Conciliação falhou três vezes no fechamento."),
    ("wrong_charge", 3, "Estorno no mesmo dia.", "", "likely", "Cobrança em dobro em dois meses seguidos."),
    ("missing_feature", 3, "Prazo da integração com o ERP.", "GestãoUm", "likely", ""),
    ("no_result", 3, "Plano de sucesso refeito com metas menores.", "", "unlikely", ""),
]
PART: list[tuple[str, int, str, str, str, str]] = [
    ("smaller", 6, "Plano menor em vez do cancelamento.", "", "likely", "Equipe reduzida."),
    ("price", 4, "Desconto por fidelidade.", "", "likely", ""),
    ("usage", 3, "Treinamento do módulo que saiu.", "", "unlikely", ""),
]
NOTICES = (
    ("price", "Proposta de plano anual enviada.", "Pediram 30% de desconto."),
    ("competitor", "Demonstração dos novos relatórios marcada.", "Estão em teste com outro fornecedor."),
    ("support", "Reunião com a diretoria nesta semana.", "Cansados de reabrir o mesmo chamado."),
)
AHEAD = dt.timedelta(days=120)
FEW = 8_800  # a likelihood below which the team has doubts
HOPEFUL = (Call.RENEWS, Call.EXPANDS, Call.UNSURE, Call.AT_RISK)
DOUBTFUL = (Call.AT_RISK, Call.UNSURE, Call.LEAVES, Call.RENEWS)
# kind, what, share of the MRR it would bring, stage or days since it was won (negative: since it was lost)
OPPORTUNITIES: tuple[tuple[str, str, float, str, int], ...] = (
    ("upsell", "Dez assentos para a filial", 0.18, "proposed", 0),
    ("cross_sell", "Módulo de cobrança", 0.30, "qualified", 0),
    ("upsell", "Plano Pro para toda a equipe", 0.45, "sales", 0),
    ("cross_sell", "Integração com o ERP", 0.22, "spotted", 0),
    ("upsell", "Assentos do novo centro de custos", 0.12, "spotted", 0),
    ("cross_sell", "Aprovações pelo celular", 0.15, "qualified", 0),
    ("upsell", "Segunda empresa do grupo", 0.60, "sales", 0),
    ("upsell", "Cinco assentos a mais", 0.10, "lost", 40),
    ("cross_sell", "Módulo de previsão", 0.20, "lost", 95),
    ("cross_sell", "Conciliação automática", 0.25, "won", 70),
)
ESCALATIONS: tuple[tuple[str, int, str, int, str], ...] = (
    ("Conciliação falha no fechamento do mês", 4, "product", 6, ""),
    ("Duas cobranças em dobro seguidas", 3, "billing", 13, ""),
    ("Implantação parada por falta de acesso ao banco", 2, "onboarding", 4, ""),
    ("Relatórios levam minutos para abrir", 3, "product", 60, "Testar com o volume real antes de liberar."),
    (
        "Diretor não foi avisado da migração",
        2,
        "relation",
        95,
        "Avisar por escrito quem decide, uma semana antes.",
    ),
)
TALKS = (
    "",
    "Reunião de renovação marcada com a diretoria.",
    "Querem o mesmo preço por mais um ano.",
    "Pediram proposta com mais filiais.",
    "Aguardando aprovação do orçamento.",
)
SAVES = (
    ("price", "Troca para o plano anual com 10% de desconto.", 34),
    ("champion_left", "Nova pessoa de contato treinada em uma semana.", 71),
    ("bug", "Correção prioritária e um mês sem cobrança.", 128),
    ("usage", "Série de treinamento e metas novas.", 190),
)


def demo_work(today: dt.date, *, domain: str) -> None:
    """Explain the demo's losses, and write the notices and saves; the same each time."""
    night = last_finished_day()
    team = list(User.objects.filter(email__endswith=f"@{domain}", role="analyst").order_by("pk"))
    if night is None or not team:
        return
    reasons = {row.key: row for row in LossReason.objects.exclude(key="")}
    _explain(reasons, Random(11))
    _notices(reasons, night, today)
    _renewals(night, today)
    _opportunities(night, today, team)
    _escalations(night, today, team)


def _renewals(night: dt.date, today: dt.date) -> None:
    """Say of most renewals ahead how they stand, and of those decided what was said before; some calls are wrong."""
    cells = {cell_of(key) for key in Customer.objects.values_list("pk", flat=True)}
    for low in sorted(cells):
        evaluate(night, night, cell(low), before=400)
    rng = Random(12)
    rows = list(Renewal.objects.filter(customer__external_id__startswith="CC-").select_related("customer"))
    made = []
    for row in rows:
        decided = row.state in (Renewal.State.WON, Renewal.State.LOST)
        if rng.random() < (0.25 if decided else 0.35) or (not decided and row.due_on > today + AHEAD):
            continue
        hopeful = row.state != Renewal.State.LOST and (row.likelihood or 0) > FEW
        row.call = rng.choices(HOPEFUL if hopeful else DOUBTFUL, (5, 2, 2, 1))[0]
        row.stage = Renewal.Stage.AGREED if decided else rng.choice(Renewal.Stage.values)
        row.expansion_cents = rng.choice((15_000, 30_000, 48_000)) if row.call == Call.EXPANDS else 0
        row.note = rng.choice(TALKS) if not decided else ""
        if decided:
            row.early_call, row.early_likelihood = row.call, rng.choice((9_700, 9_500, 9_000, 8_200, 4_400))
        made.append(
            RenewalCall(renewal=row, call=row.call, likelihood=row.likelihood, author=row.customer.owner)
        )
    Renewal.objects.bulk_update(
        rows, ["call", "stage", "expansion_cents", "note", "early_call", "early_likelihood"], batch_size=200
    )
    RenewalCall.objects.bulk_create(made)


def _opportunities(night: dt.date, today: dt.date, team: list[User]) -> None:
    """Write the pipeline; wins stand where the MRR did grow, but for one of which nothing came."""
    paying = CustomerDay.objects.filter(day=night, mrr_cents__gt=50_000).order_by("customer_id")
    rows = list(paying.select_related("customer__owner"))
    made = []
    for n, (kind, title, share, stage, ago) in enumerate(OPPORTUNITIES):
        day = rows[(n * 13 + 5) % len(rows)]
        decided = today - dt.timedelta(days=ago) if stage in ("won", "lost") else None
        made.append(
            Opportunity(
                customer=day.customer,
                kind=kind,
                title=title,
                mrr_cents=max(5_000, round(day.mrr_cents * share, -3)),
                stage=stage,
                expected_on=None if decided else today + dt.timedelta(days=12 + 9 * n),
                owner=day.customer.owner or team[0],
                author=day.customer.owner,
                decided_on=decided,
                lost_why="Sem orçamento neste ano." if stage == "lost" else "",
                handed_over_at=time.now() if stage == "sales" else None,
                sales_email="comercial@caixaclara.example" if stage == "sales" else "",
            )
        )
    grew = CustomerDay.objects.filter(mrr_expansion_cents__gt=0, day__gt=today - dt.timedelta(days=300))
    for n, day in enumerate(grew.order_by("-day").select_related("customer__owner")[:14]):
        made.append(
            Opportunity(
                customer=day.customer,
                kind="cross_sell" if day.mrr_cross_sell_cents else "upsell",
                title="Módulo novo" if day.mrr_cross_sell_cents else "Mais assentos",
                mrr_cents=day.mrr_expansion_cents,
                stage="won",
                owner=day.customer.owner,
                author=day.customer.owner,
                decided_on=day.day - dt.timedelta(days=n % 5),
            )
        )
    Opportunity.objects.bulk_create(made)
    days = [today - dt.timedelta(days=ago) for ago in range(1, 302)]
    for low in sorted({cell_of(key) for key in Customer.objects.values_list("pk", flat=True)}):
        meet(days, cell(low))


def _escalations(night: dt.date, today: dt.date, team: list[User]) -> None:
    """Write problems that went up: some open, some closed with what was learned."""
    days = list(CustomerDay.objects.filter(day=night, mrr_cents__gt=100_000).order_by("customer_id")[:60])
    for n, (title, severity, cause, ago, learned) in enumerate(ESCALATIONS):
        opened = today - dt.timedelta(days=ago)
        Escalation.objects.create(
            customer_id=days[n * 11 % len(days)].customer_id,
            title=title,
            severity=severity,
            cause=cause,
            owner=team[n % len(team)],
            opened_on=opened,
            due_on=opened + dt.timedelta(days=10),
            closed_on=opened + dt.timedelta(days=8) if learned else None,
            learned=learned,
        )


def _explain(reasons: dict[str, LossReason], rng: Random) -> None:
    rows = list(Loss.objects.filter(found=True, customer__external_id__startswith="CC-").order_by("pk"))
    for row in rows:
        if rng.random() < UNEXPLAINED:
            continue
        choices = WHOLE if row.whole else PART
        key, _weight, tried, competitor, back, note = rng.choices(choices, [one[1] for one in choices])[0]
        row.reason, row.tried, row.competitor = reasons.get(key), tried, competitor
        row.comes_back, row.note = ("" if row.returned_on else back), note
        if row.lost_on is not None and row.whole and rng.random() < 0.55:
            row.noticed_on = row.lost_on - dt.timedelta(days=rng.randint(5, 40))
        row.author = row.customer.owner
    Loss.objects.bulk_update(
        rows, ["reason", "tried", "competitor", "comes_back", "note", "noticed_on", "author"], batch_size=200
    )


def _notices(reasons: dict[str, LossReason], night: dt.date, today: dt.date) -> None:
    paying = CustomerDay.objects.filter(day=night, mrr_cents__gt=0).order_by("customer_id")
    mrr = dict(paying.values_list("customer_id", "mrr_cents"))
    shaky = list(Customer.objects.filter(pk__in=mrr, losses__isnull=True).order_by("pk"))
    for n, (key, tried, note) in enumerate(NOTICES):
        customer = shaky[n * 9 % len(shaky)]
        Loss.objects.create(
            customer=customer,
            noticed_on=today - dt.timedelta(days=3 + 4 * n),
            mrr_cents=mrr[customer.pk],
            reason=reasons.get(key),
            tried=tried,
            note=note,
            author=customer.owner,
        )
    for n, (key, tried, ago) in enumerate(SAVES):
        customer = shaky[(n * 7 + 4) % len(shaky)]
        Loss.objects.create(
            customer=customer,
            state=Loss.State.SAVED,
            noticed_on=today - dt.timedelta(days=ago + 18),
            saved_on=today - dt.timedelta(days=ago),
            mrr_cents=mrr[customer.pk],
            reason=reasons.get(key),
            tried=tried,
            author=customer.owner,
        )
