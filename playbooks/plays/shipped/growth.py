"""Customers that left, customers to thank, and customers who speak for us."""

from typing import Any

from playbooks.plays.shipped.parts import call, mail, offer, tag, task, wait

WIN_BACK: dict[str, Any] = {
    "key": "win-back",
    "name": ("Reconquista", "Win-back"),
    "purpose": (
        "Volta a falar com quem saiu, com o que mudou desde então e uma oferta clara.",
        "Speaks again with who left, with what changed since then and a clear offer.",
    ),
    "again_days": 365,
    "steps": [
        task(
            ("Reler por que saíram", "Read again why they left"),
            0,
            due=2,
            body=(
                "Registro de perdas, últimas conversas, chamados.",
                "Churn register, last conversations, tickets.",
            ),
        ),
        mail(
            ("O que mudou desde então", "What changed since then"),
            3,
            roles=["champion", "decision_maker"],
            subject=("O que mudou na {{ workspace }}", "What changed at {{ workspace }}"),
            body=(
                "{{ first_name }}, o motivo que fez a {{ customer }} sair não existe mais. Posso mostrar em "
                "15 minutos?",
                "{{ first_name }}, the reason why {{ customer }} left is no longer there. May I show you in "
                "15 minutes?",
            ),
        ),
        call(
            ("Ligar para quem decidia", "Call who used to decide"),
            10,
            unit="workday",
            role="decision_maker",
        ),
        offer(
            ("Três meses pela metade do preço", "Three months at half price"),
            15,
            unit="workday",
            kind="discount",
            cents=40_000,
            body=("Válida por 30 dias.", "Valid for 30 days."),
        ),
        wait(
            ("Esperar a resposta", "Wait for the answer"),
            16,
            unit="workday",
            until={"kind": "accepted", "step": 4},
            at_most=30,
            branch={"kind": "accepted", "step": 4},
            branch_to=7,
        ),
        tag(
            ("Marcar para o ano que vem", "Mark for next year"),
            16,
            unit="workday",
            name=("tentar de novo", "try again"),
            branch={"kind": "not_accepted", "step": 4},
            branch_to=0,
        ),
        task(
            ("Combinar a volta", "Agree on the return"),
            16,
            unit="workday",
            owner="commercial_owner",
            priority=3,
        ),
    ],
}

APPRECIATION: dict[str, Any] = {
    "key": "appreciation-day",
    "name": ("Dia do cliente", "Appreciation day"),
    "purpose": (
        "Agradece sem vender nada: um bilhete, uma ligação curta e nada mais.",
        "Says thank you without selling anything: a note, a short call, and nothing more.",
    ),
    "again_days": 300,
    "steps": [
        mail(
            ("Agradecer", "Say thank you"),
            0,
            roles=["champion", "sponsor"],
            subject=("Obrigado, {{ customer }}", "Thank you, {{ customer }}"),
            body=(
                "{{ first_name }}, hoje não há novidade nem convite: só um obrigado por mais um ano "
                "juntos.\n\n{{ owner }}",
                "{{ first_name }}, no news and no invitation today: just a thank you for one more year together.\n\n"
                "{{ owner }}",
            ),
        ),
        call(
            ("Ligação curta de agradecimento", "A short call to say thank you"),
            2,
            unit="workday",
            body=("Não fale de renovação nem de produto.", "Speak neither of renewal nor of the product."),
            condition={"kind": "not_green"},
        ),
    ],
}

REFERENCE: dict[str, Any] = {
    "key": "reference-request",
    "name": ("Pedido de referência", "Reference request"),
    "purpose": (
        "Pede a clientes promotores, com resultado alcançado, que contem a história deles.",
        "Asks promoters who reached their results to tell their story.",
    ),
    "starts": "alert",
    "start_values": ["promoter"],
    "bands": ["green"],
    "steps": [
        call(
            ("Perguntar se falariam de nós", "Ask whether they would speak for us"),
            1,
            unit="workday",
            body=(
                "Diga em que formato: caso escrito, conversa com outro cliente ou depoimento.",
                "Say in which form: a written case, a talk with another customer, or a quote.",
            ),
        ),
        wait(
            ("Esperar a conversa", "Wait for the conversation"),
            2,
            unit="workday",
            until={"kind": "done", "step": 1},
            at_most=10,
            branch={"kind": "not_done", "step": 1},
            branch_to=0,
        ),
        mail(
            ("Mandar o roteiro do caso", "Send the outline of the case"),
            3,
            unit="workday",
            subject=("A história da {{ customer }}", "The story of {{ customer }}"),
            body=(
                "{{ first_name }}, obrigado por topar. São quatro perguntas; escrevemos o texto e nada sai sem a sua "
                "aprovação.",
                "{{ first_name }}, thank you for agreeing. There are four questions; we write the text, and "
                "nothing is "
                "published without your approval.",
            ),
        ),
        tag(
            ("Marcar como referência", "Mark as a reference"),
            10,
            unit="workday",
            name=("referência", "reference"),
        ),
    ],
}

BOOKS = (WIN_BACK, APPRECIATION, REFERENCE)
