"""What the demo's surveys left behind: who was asked and did not answer, held answers, low ones and what was done."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from random import Random

from django.db import models, transaction

from core import time
from customers.models import Contact, Customer
from customers.working import working
from playbooks.services.case_tasks import case_tasks_open
from surveys.addresses import address_hash
from surveys.models import (
    Campaign,
    ContactMail,
    Invitation,
    LoopCase,
    LoopSettings,
    Response,
    ResponseVersion,
    Survey,
    Visit,
)
from surveys.scales import level
from surveys.services import themes
from surveys.services.loop import FOLLOWED

CAMPAIGN = "NPS trimestral"
ASKED_DAYS = 365
LOW_DAYS = 80
BUDGET_DAYS = 90
WAITING = (
    ("csat", "CSAT após um ticket", Campaign.State.PAUSED, Campaign.When.TICKET),
    ("ces", "CES depois da implantação", Campaign.State.DRAFT, Campaign.When.ONBOARDED),
)
DONE = [
    "Ligamos, entendemos o que travou e corrigimos a integração no mesmo dia.",
    "Revisamos a configuração juntos e marcamos um treinamento para a equipe.",
    "O erro foi corrigido na versão desta semana; acompanhamos o próximo fechamento.",
    "Explicamos a cobrança e ajustamos a fatura seguinte.",
]
Mark = Callable[[type[models.Model], Iterable[int]], None]


def surveys_load(*, seed: int, today: dt.date, mark: Mark) -> None:
    """Write invitations, versions, held answers and cases around the demo's answers, then read the comments."""
    rng = Random(seed + 7)
    survey = Survey.objects.filter(kind="nps", archived_at=None).first()
    if survey is None:
        survey = Survey.objects.create(kind="nps", name="NPS")
        mark(Survey, [survey.pk])
    with transaction.atomic():
        started = time.day_start(today - dt.timedelta(days=ASKED_DAYS))
        campaign = Campaign.objects.create(
            survey=survey,
            name=CAMPAIGN,
            state=Campaign.State.STOPPED,
            started_at=started,
            stopped_at=time.now(),
        )
        mark(Campaign, [campaign.pk])
        _waiting_campaigns(mark)
        unanswered = _invitations(rng, survey, campaign, started)
        _mails(campaign, today)
        _clicked_and_held(rng, unanswered)
    with transaction.atomic():
        _cases(rng, time.day_start(today))
    while themes.read_some():
        pass


def _waiting_campaigns(mark: Mark) -> None:
    """Set up a paused campaign and a draft, as examples that send nothing."""
    for kind, name, state, when in WAITING:
        survey = Survey.objects.filter(kind=kind, archived_at=None).first()
        if survey is None:
            survey = Survey.objects.create(kind=kind, name=kind.upper())
            mark(Survey, [survey.pk])
        campaign = Campaign.objects.create(survey=survey, name=name, state=state, when=when, reminders=0)
        mark(Campaign, [campaign.pk])


def _mails(campaign: Campaign, today: dt.date) -> None:
    """Count the mails of the last invitations, as the contact budget would have."""
    since = time.day_start(today - dt.timedelta(days=BUDGET_DAYS))
    asked = Invitation.objects.filter(campaign=campaign, sent_at__gte=since).select_related("contact")
    ContactMail.objects.bulk_create(
        [
            ContactMail(
                key=f"invitation:{one.pk}:0",
                kind=ContactMail.Kind.NPS,
                state=ContactMail.State.COUNTED,
                customer_id=one.customer_id,
                contact_id=one.contact_id,
                address_hash=address_hash(one.contact.email if one.contact else ""),
                invitation=one,
                counted_at=one.sent_at,
                created_at=one.sent_at or since,
            )
            for one in asked
        ],
        batch_size=500,
    )


def _invitations(rng: Random, survey: Survey, campaign: Campaign, since: dt.datetime) -> list[Invitation]:
    """Invite everybody who was there whenever a customer was asked; return those that stayed without an answer."""
    people: dict[int, list[Contact]] = defaultdict(list)
    for contact in Contact.objects.order_by("pk"):
        people[contact.customer_id].append(contact)
    rounds: dict[tuple[int, dt.date], dict[int, Response]] = defaultdict(dict)
    asked = Response.objects.filter(survey="nps", answered_at__gte=since, contact__isnull=False)
    for one in asked.order_by("pk"):
        rounds[one.customer_id, time.local_day(one.answered_at)][one.contact_id or 0] = one
    made: list[tuple[Invitation, Response | None]] = []
    for (customer, day), answers in rounds.items():
        sent = time.day_start(day) + dt.timedelta(hours=9, minutes=rng.randint(0, 40))
        for person in people[customer]:
            if person.active_until is not None and person.active_until <= day:
                continue
            invitation = Invitation(
                survey=survey,
                campaign=campaign,
                customer_id=customer,
                contact=person,
                state=Invitation.State.DELIVERED,
                round=day.isoformat(),
                due_at=sent,
                sent_at=sent,
                delivered_at=sent,
                expires_at=sent + dt.timedelta(days=30),
                created_at=sent,
            )
            made.append((invitation, answers.get(person.pk)))
    Invitation.objects.bulk_create([invitation for invitation, _ in made], batch_size=500)
    answered = [response for _, response in made if response is not None]
    for invitation, response in made:
        if response is not None:
            response.invitation = invitation
    Response.objects.bulk_update(answered, ["invitation"], batch_size=500)
    ResponseVersion.objects.bulk_create(
        [
            ResponseVersion(
                response=one, number=1, score=one.score, comment=one.comment, sent_at=one.answered_at
            )
            for one in answered
        ],
        batch_size=500,
    )
    return [invitation for invitation, response in made if response is None]


def _clicked_and_held(rng: Random, unanswered: list[Invitation]) -> None:
    """Let some of the last invitations be clicked without a press, and two be pressed by machines."""
    last = sorted(unanswered, key=lambda one: one.due_at)[-60:]
    for invitation in rng.sample(last, min(9, len(last))):
        at = invitation.due_at + dt.timedelta(minutes=rng.randint(1, 600))
        Visit.objects.create(
            invitation=invitation, at=at, method="GET", agent="browser", chosen=rng.randint(5, 10)
        )
    for invitation, marks in zip(last[-2:], (["too_fast"], ["agent", "hidden_link"]), strict=False):
        at = invitation.due_at + dt.timedelta(seconds=50)
        held = Response.objects.create(
            external_id=f"invitation:{invitation.pk}",
            survey="nps",
            campaign=CAMPAIGN,
            invitation=invitation,
            customer_id=invitation.customer_id,
            contact_id=invitation.contact_id,
            score=10,
            language="pt-br",
            answered_at=at,
            held=True,
            marks=marks,
        )
        ResponseVersion.objects.create(response=held, number=1, score=10, held=True, marks=marks, sent_at=at)


def _cases(rng: Random, now: dt.datetime) -> None:
    """Open a case for each low answer of the last weeks; most older ones are closed, many of them in time."""
    waits, calendar = LoopSettings.get(), working().calendar()
    owners = dict(Customer.objects.values_list("pk", "owner_id"))
    rows = []
    recent = Response.objects.counted().filter(
        survey__in=FOLLOWED, answered_at__gte=now - dt.timedelta(days=LOW_DAYS), answered_at__lt=now
    )
    for one in recent.order_by("answered_at"):
        if level(one.survey, one.score) != "low":
            continue
        opened = one.answered_at
        case = LoopCase(
            response=one,
            customer_id=one.customer_id,
            owner_id=owners[one.customer_id],
            opened_at=opened,
            due_at=opened + dt.timedelta(hours=waits.hours),
            due_working_at=calendar.add_business_hours(opened, waits.working_hours),
        )
        closed = opened + dt.timedelta(hours=rng.choice([5, 20, 26, 31, 44, 47, 52, 90]))
        if closed < now and rng.random() < 0.9:
            case.closed_at, case.closed_by_id, case.done = closed, case.owner_id, rng.choice(DONE)
            if rng.random() < 0.5:
                case.told_at = closed
                if rng.random() < 0.6:
                    case.helped, case.helped_at = rng.random() < 0.8, closed + dt.timedelta(hours=3)
        rows.append(case)
    case_tasks_open(LoopCase.objects.bulk_create(rows))
