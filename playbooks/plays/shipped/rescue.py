"""When something goes wrong, and before a contract ends."""

from typing import Any

from playbooks.plays.shipped.parts import call, mail, meeting, offer, task, wait

RESCUE: dict[str, Any] = {
    "key": "red-rescue",
    "name": ("Resgate de cliente no vermelho", "Rescue of a red customer"),
    "purpose": (
        "Descobre por que a saúde caiu e traz a equipe de volta em três semanas.",
        "Finds out why health fell and brings the team back within three weeks.",
    ),
    "starts": "alert",
    "start_values": ["band"],
    "bands": ["red"],
    "again_days": 90,
    "steps": [
        task(
            ("Descobrir o que mudou", "Find out what changed"),
            0,
            priority=4,
            items=[
                ("Por que a nota caiu (painel de saúde)", "Why the score fell (health panel)"),
                ("Chamados e respostas recentes", "Recent tickets and answers"),
                ("Quem deixou de usar", "Who stopped using it"),
            ],
        ),
        call(("Ligar para a pessoa de referência", "Call the champion"), 1, priority=4, unit="workday"),
        mail(
            ("Três ganhos rápidos", "Three quick wins"),
            3,
            unit="workday",
            condition={"kind": "done", "step": 2},
            subject=(
                "Três ganhos rápidos para o time da {{ customer }}",
                "Three quick wins for {{ customer }}",
            ),
            body=(
                "{{ first_name }}, como conversamos, estes são três pontos em que o time ganha tempo já nesta "
                "semana. Em 20 "
                "minutos mostramos cada um.",
                "{{ first_name }}, as we discussed, these are three points where the team gains time this "
                "very week. In 20 "
                "minutes we show you each of them.",
            ),
        ),
        wait(
            ("Esperar a saúde voltar", "Wait for health to come back"),
            7,
            unit="workday",
            until={"kind": "alert_over"},
            at_most=7,
            branch={"kind": "alert_over"},
            branch_to=7,
        ),
        meeting(
            ("Convidar para uma sessão de recuperação", "Invite to a recovery session"),
            14,
            unit="workday",
            roles=["champion", "decision_maker"],
            in_days=3,
            minutes=30,
            subject=("30 minutos para voltar aos trilhos", "30 minutes to get back on track"),
            body=(
                "{{ first_name }}, em {{ meeting_time }} revisamos juntos o plano e o que depende de nós.",
                "{{ first_name }}, on {{ meeting_time }} we go through the plan together, and what is up to us.",
            ),
        ),
        offer(
            ("Dois meses de cortesia", "Two months free of charge"),
            21,
            unit="workday",
            kind="discount",
            cents=20_000,
            body=("Só se a saúde continuar no vermelho.", "Only if health is still red."),
            condition={"kind": "red"},
        ),
        task(
            ("Anotar o que funcionou", "Note what worked"),
            22,
            unit="workday",
            body=(
                "O que trouxe o cliente de volta, ou por que não deu certo.",
                "What brought the customer back, or why it did not work.",
            ),
        ),
    ],
}

DETRACTOR: dict[str, Any] = {
    "key": "detractor-follow-up",
    "name": ("Retorno ao detrator", "Detractor follow-up"),
    "purpose": (
        "Ninguém que deu nota baixa fica sem resposta em dois dias úteis.",
        "Nobody who gave a low score is left without an answer for two working days.",
    ),
    "starts": "alert",
    "start_values": ["detractor"],
    "again_days": 30,
    "steps": [
        call(
            ("Ligar para quem deu a nota baixa", "Call who gave the low score"),
            0,
            priority=4,
            body=(
                "Ouça primeiro. Não defenda o produto; pergunte o que teria feito diferença.",
                "Listen first. Do not defend the product; ask what would have made a difference.",
            ),
        ),
        wait(
            ("Esperar a conversa", "Wait for the conversation"),
            0,
            until={"kind": "done", "step": 1},
            at_most=4,
        ),
        task(
            ("Levar o problema a quem resolve", "Take the problem to who can solve it"),
            5,
            due=2,
            condition={"kind": "done", "step": 1},
        ),
        task(
            ("Escalar: ninguém falou com o cliente", "Escalate: nobody has spoken with the customer"),
            5,
            due=0,
            priority=4,
            condition={"kind": "not_done", "step": 1},
        ),
        mail(
            ("Dizer o que foi feito", "Say what was done"),
            14,
            subject=("O que fizemos com o que você nos disse", "What we did about what you told us"),
            body=(
                "{{ first_name }}, obrigado pela franqueza. Já tratamos o ponto que você levantou e {{ owner "
                "}} conta os "
                "detalhes quando for melhor para você.",
                "{{ first_name }}, thank you for being frank. We have dealt with the point you raised, and {{ "
                "owner }} will "
                "tell you the details whenever it suits you.",
            ),
            condition={"kind": "done", "step": 1},
        ),
    ],
}

RENEWAL: dict[str, Any] = {
    "key": "renewal-120",
    "name": ("Renovação 120-90-60-30", "Renewal 120-90-60-30"),
    "purpose": (
        "Quatro marcos antes do vencimento: valor, proposta, decisão e assinatura.",
        "Four marks before the end of the contract: value, proposal, decision and signature.",
    ),
    "starts": "renewal",
    "days_before": 120,
    "again_days": 60,
    "steps": [
        task(
            ("120 dias: reunir o valor entregue", "120 days: gather the value delivered"),
            0,
            due=5,
            items=[
                ("Metas prometidas e atingidas", "Objectives promised and reached"),
                ("Uso e pessoas ativas", "Usage and active people"),
                ("Riscos conhecidos", "Known risks"),
            ],
        ),
        meeting(
            ("90 dias: conversa de renovação", "90 days: renewal talk"),
            30,
            roles=["champion", "decision_maker"],
            subject=("Seu contrato vence em {{ renewal_date }}", "Your contract ends on {{ renewal_date }}"),
            body=(
                "{{ first_name }}, antes de {{ renewal_date }} vale olhar o que já rendeu e o que vem depois. "
                "Proponho "
                "{{ meeting_time }}.",
                "{{ first_name }}, before {{ renewal_date }} it is worth looking at what has paid off and "
                "what comes next. "
                "I suggest {{ meeting_time }}.",
            ),
        ),
        task(("60 dias: enviar a proposta", "60 days: send the proposal"), 60, due=2, priority=3),
        call(
            ("45 dias: quem decide já respondeu?", "45 days: has the decision maker answered?"),
            75,
            role="decision_maker",
            priority=3,
        ),
        task(
            ("30 dias: assinatura ou escalada", "30 days: signature or escalation"),
            90,
            due=1,
            priority=4,
            body=(
                "Sem assinatura, leve ao gestor hoje.",
                "Without a signature, take it to your manager today.",
            ),
        ),
    ],
}

BOOKS = (RESCUE, DETRACTOR, RENEWAL)
