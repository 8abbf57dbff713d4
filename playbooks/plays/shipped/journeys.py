"""The strategy of each segment: onboarding at volume, a rhythm for the middle, a named person for high value."""

from typing import Any

from playbooks.plays.shipped.parts import call, mail, meeting, offer, tag, task, wait

ONBOARDING: dict[str, Any] = {
    "key": "volume-onboarding",
    "name": ("Onboarding em volume", "Volume onboarding"),
    "purpose": (
        "Leva o cliente novo ao primeiro valor em 14 dias, com boas-vindas e uma série de treinamentos.",
        "Brings a new customer to first value within 14 days, with a welcome and a series of trainings.",
    ),
    "starts": "stage",
    "start_values": ["onboarding"],
    "segments": ["volume"],
    "steps": [
        mail(
            ("Boas-vindas", "Welcome"),
            0,
            subject=("Bem-vindos, {{ customer }}", "Welcome, {{ customer }}"),
            body=(
                "Olá, {{ first_name }}! É um prazer ter vocês conosco. Nos próximos dias você recebe três "
                "passos curtos "
                "para ver o primeiro resultado em até 14 dias. Qualquer dúvida, é só responder a esta mensagem.\n\n"
                "{{ workspace }}",
                "Hello {{ first_name }}! It is good to have you with us. Over the next days you will get three short "
                "steps to see your first result within 14 days. If anything is unclear, just reply to this "
                "message.\n\n"
                "{{ workspace }}",
            ),
        ),
        mail(
            ("Treinamento 1: primeiros passos", "Training 1: first steps"),
            2,
            subject=("Passo 1: configure em 20 minutos", "Step 1: set up in 20 minutes"),
            body=(
                "{{ first_name }}, reserve 20 minutos para a configuração inicial. Quem faz isso na primeira "
                "semana chega "
                "ao resultado na metade do tempo.",
                "{{ first_name }}, set aside 20 minutes for the first set-up. Who does it in the first week gets to "
                "results in half the time.",
            ),
        ),
        mail(
            ("Treinamento 2: rotina da equipe", "Training 2: the team's routine"),
            5,
            subject=("Passo 2: a rotina da sua equipe", "Step 2: your team's routine"),
            body=(
                "{{ first_name }}, agora convide quem vai usar no dia a dia. Três pessoas ativas na primeira "
                "quinzena é o "
                "que mais separa quem fica de quem desiste.",
                "{{ first_name }}, now invite those who will use it every day. Three active people in the first two "
                "weeks is what most separates those who stay from those who give up.",
            ),
        ),
        meeting(
            ("Treinamento 3: webinar de dúvidas", "Training 3: questions webinar"),
            7,
            form="webinar",
            in_days=3,
            minutes=40,
            roles=["champion", "end_user"],
            subject=("Convite: tire suas dúvidas ao vivo", "Invitation: your questions, live"),
            body=(
                "{{ first_name }}, em {{ meeting_time }} respondemos às dúvidas de quem está começando. Traga "
                "as suas.",
                "{{ first_name }}, on {{ meeting_time }} we answer the questions of those who are starting. "
                "Bring yours.",
            ),
        ),
        wait(
            ("Espera o primeiro sinal de saúde", "Wait for the first sign of health"),
            14,
            until={"kind": "green"},
            at_most=3,
            branch={"kind": "green"},
            branch_to=7,
        ),
        call(
            ("Ligar: o que falta para o primeiro valor?", "Call: what is missing for first value?"),
            14,
            body=(
                "Catorze dias se passaram sem saúde verde. Descubra o que falta e combine a próxima data.",
                "Fourteen days have passed without green health. Find out what is missing and agree on the "
                "next date.",
            ),
            priority=3,
        ),
        tag(
            ("Marcar como integrado", "Mark as onboarded"),
            17,
            name=("integrado", "onboarded"),
            condition={"kind": "green"},
        ),
    ],
}

ONGOING: dict[str, Any] = {
    "key": "mid-ongoing",
    "name": ("Relacionamento do segmento médio", "Mid-segment relationship"),
    "purpose": (
        "Revisa a adoção, oferece upgrade com desconto e cria uma segunda linha de contato.",
        "Reviews adoption, offers an upgrade at a discount and builds a second line of contact.",
    ),
    "starts": "stage",
    "start_values": ["ongoing"],
    "segments": ["mid"],
    "again_days": 180,
    "steps": [
        task(
            ("Preparar a revisão de adoção", "Prepare the adoption review"),
            0,
            due=3,
            items=[
                ("Recursos contratados e não usados", "Features bought and not used"),
                ("Pessoas ativas contra assentos", "Active people against seats"),
                ("Metas do plano de sucesso", "Objectives of the success plan"),
            ],
        ),
        meeting(
            ("Revisão de adoção", "Adoption review"),
            5,
            roles=["champion", "decision_maker"],
            subject=("Revisão de adoção com a {{ workspace }}", "Adoption review with {{ workspace }}"),
            body=(
                "{{ first_name }}, proponho {{ meeting_time }} para olharmos juntos o que já rende e o que "
                "ainda está parado.",
                "{{ first_name }}, I suggest {{ meeting_time }} to look together at what already pays off and "
                "what stands still.",
            ),
        ),
        call(
            ("Conhecer a segunda linha de contato", "Get to know a second line of contact"),
            14,
            role="end_user",
            body=(
                "Se a pessoa de referência sair, quem assume? Cadastre esse contato hoje.",
                "If the champion leaves, who takes over? Enter that contact today.",
            ),
        ),
        offer(
            ("Upgrade com desconto de boas-vindas", "Upgrade at a welcome discount"),
            21,
            kind="upgrade",
            cents=30_000,
            body=(
                "Ofereça o plano seguinte com 15% de desconto nos três primeiros meses.",
                "Offer the next plan with 15% off for the first three months.",
            ),
            condition={"kind": "green"},
        ),
        wait(
            ("Esperar a resposta", "Wait for the answer"),
            22,
            until={"kind": "accepted", "step": 4},
            at_most=14,
            condition={"kind": "green"},
        ),
        mail(
            ("Resumo do que mudou", "Summary of what changed"),
            36,
            subject=("O que mudou na {{ customer }}", "What changed at {{ customer }}"),
            body=(
                "{{ first_name }}, obrigado pelo tempo das últimas semanas. Este é o resumo do que "
                "combinamos; se algo não "
                "confere, responda a esta mensagem.\n\n{{ owner }}",
                "{{ first_name }}, thank you for your time over the last weeks. This is what we agreed; if "
                "anything is not "
                "right, reply to this message.\n\n{{ owner }}",
            ),
        ),
    ],
}

VIP: dict[str, Any] = {
    "key": "high-value-support",
    "name": ("Atendimento VIP de alto valor", "High-value VIP support"),
    "purpose": (
        "Uma pessoa de referência, revisão trimestral e problemas percebidos antes do cliente.",
        "A named contact, a quarterly review, and problems seen before the customer sees them.",
    ),
    "starts": "stage",
    "start_values": ["support"],
    "segments": ["high_value"],
    "again_days": 90,
    "steps": [
        mail(
            ("Apresentar a pessoa de referência", "Introduce the named contact"),
            0,
            roles=["champion", "decision_maker", "sponsor"],
            subject=("Seu contato direto na {{ workspace }}", "Your direct contact at {{ workspace }}"),
            body=(
                "{{ first_name }}, {{ owner }} é quem responde por vocês aqui: {{ owner_email }}. Para "
                "qualquer assunto, fale "
                "direto, sem fila.",
                "{{ first_name }}, {{ owner }} answers for you here: {{ owner_email }}. Whatever it is, speak "
                "directly, "
                "without a queue.",
            ),
        ),
        task(
            ("Antecipar problemas", "Anticipate problems"),
            2,
            due=3,
            items=[
                ("Chamados abertos e reabertos", "Open and reopened tickets"),
                ("Uso por área nos últimos 30 dias", "Usage by area over the last 30 days"),
                ("Pagamentos e contratos a vencer", "Payments and contracts coming due"),
                ("Quem decide e quem mudou de cargo", "Who decides, and who changed position"),
            ],
        ),
        call(
            ("Ligar para quem decide", "Call the decision maker"),
            7,
            role="decision_maker",
            body=("Pergunte o que mudou nas prioridades deles.", "Ask what changed in their priorities."),
        ),
        task(("Montar a revisão trimestral", "Build the quarterly review"), 60, due=5, priority=3),
        meeting(
            ("Revisão trimestral", "Quarterly review"),
            70,
            roles=["champion", "decision_maker", "sponsor"],
            in_days=8,
            minutes=60,
            subject=("Revisão trimestral com a {{ workspace }}", "Quarterly review with {{ workspace }}"),
            body=(
                "{{ first_name }}, proponho {{ meeting_time }}. Levo os resultados do trimestre e o que vemos "
                "pela frente.",
                "{{ first_name }}, I suggest {{ meeting_time }}. I will bring the quarter's results and what "
                "we see ahead.",
            ),
        ),
    ],
}

BOOKS = (ONBOARDING, ONGOING, VIP)
