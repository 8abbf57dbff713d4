"""A small company for the browser: one of everything that has a page."""

import datetime as dt
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.mail import EmailMultiAlternatives

from accounts.models import User, Webhook, Workspace
from accounts.services.invitations import invitation_create
from accounts.services.webhooks import webhook_create, webhook_test
from core import mail, time
from core.local_outbox import NUMBER, EmailBackend
from core.models import OutgoingMail, WorkState
from customers.models import (
    Attachment,
    AttributeDefinition,
    Contact,
    Contract,
    Customer,
    DataRequest,
    Insight,
    Milestone,
    Note,
    Objective,
    Payment,
    PlanTemplate,
    Product,
    SavedView,
    Subscription,
    Tag,
    Ticket,
    Touchpoint,
)
from ingest.models import Batch
from ingest.services.upload import upload_apply, upload_check, upload_confirm, upload_create
from metrics.models import ActionPlan, Night, Target
from playbooks.models import (
    Alert,
    AlertChannel,
    AlertRule,
    Cover,
    Escalation,
    Loss,
    LossReason,
    Opportunity,
    Renewal,
    Run,
    Task,
)
from playbooks.services import advancing
from playbooks.services.feeds import feed_make
from playbooks.services.runs import runs_start
from surveys import tokens
from surveys.models import Campaign, LoopCase, Survey, Theme
from tests import factories
from tests.playbooks import plays

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Company:
    """What the pages' addresses need."""

    admin: User
    analyst: User
    invitation: str
    customer: Customer
    second: Customer
    contact: Contact
    subscription: Subscription
    contract: Contract
    payment: Payment
    ticket: Ticket
    touchpoint: Touchpoint
    milestone: Milestone
    objective: Objective
    insight: Insight
    plan_template: PlanTemplate
    note: Note
    attachment: Attachment
    tag: Tag
    attribute: AttributeDefinition
    product: Product
    view: SavedView
    webhook: Webhook
    answer_key: str
    survey: Survey
    case: LoopCase
    theme: Theme
    done_key: str
    plan_key: str
    helped_key: str
    checked: Batch
    imported: Batch
    campaign: Campaign
    target: Target
    plan: ActionPlan
    mail: OutgoingMail
    asked: DataRequest
    task: Task
    run: Run
    alert: Alert
    cover: Cover
    loss: Loss
    opportunity: Opportunity
    escalation: Escalation
    alert_channel: AlertChannel
    renewal: Renewal
    calendar_key: str
    night: Night


def _upload(actor: User, name: str) -> Batch:
    """Bring a file that has a new, a changed and a wrong row, as far as its check."""
    text = "external_id,name,started_on\nx1,Laticínios Serra Azul,2026-01-05\nx2,Colégio Novo Horizonte,not a day\n"
    batch = upload_create(kind="customers", file=ContentFile(text.encode(), name), name=name, actor=actor)
    return upload_check(batch=batch)


def _kept_mail() -> OutgoingMail:
    """Make a mail that stayed here, as without a mail server."""
    row = mail.queue(kind="test", to="rui@vale.test", subject="Hello", body_text="Text", key="kept:1")
    message = EmailMultiAlternatives("Hello", "Text", to=[row.to], headers={NUMBER: str(row.pk)})
    message.attach_alternative("<html lang='en'><title>Hello</title><p>Text", "text/html")
    EmailBackend().send_messages([message])
    return row


def _insights(customer: Customer, owner: User, today: dt.date) -> Insight:
    theme = factories.insight_theme(
        name="Reports open slowly", team="product", owner=owner, about="On the last day of the month."
    )
    quotes = ("Os relatórios demoram no fim do mês.", "Fica lento.", "De novo lento.")
    rows = [factories.insight(customer, theme=theme, quote=quote, said_on=today) for quote in quotes]
    factories.insight(customer, quote="Quero aprovar pelo celular.", kind="wish", said_on=today)
    return rows[0]


def _helped_key(person: Contact) -> str:
    return tokens.link_new("insight", contact=person, subject_id=factories.insight_told(person).pk)


def small_company() -> Company:
    """Make two customers with all that hangs on them, and the people who look after them."""
    today = time.today()
    moment = time.now() - dt.timedelta(days=2)
    Workspace.objects.update_or_create(pk=1, defaults={"name": "Caixa Clara"})
    admin = factories.user(role="admin", name="Ana Prado", language="en", password=PASSWORD)
    analyst = factories.user(role="analyst", name="Marina Duarte", language="pt-br", password=PASSWORD)
    customer = factories.customer(
        name="Transportadora Vale Verde",
        segment="high_value",
        stage="ongoing",
        owner=analyst,
        started_on=today - dt.timedelta(days=400),
    )
    invited = invitation_create(actor=admin, email="new@zelo.test", role="analyst", by_mail=False)
    imported = _upload(admin, "january.csv")
    upload_apply(batch=upload_confirm(batch=imported))
    tag = Tag.objects.create(name="Reference")
    customer.tags.add(tag)
    asked = factories.contact(customer, name="Sérgio Antunes", role="decision_maker")
    survey = factories.survey()
    survey.logo.save("logo.png", ContentFile(b"\x89PNG\r\n\x1a\n"), save=True)
    said = factories.response(customer, contact=asked, score=3, comment="It broke", answered_at=moment)
    case = LoopCase.objects.create(
        response=said,
        customer=customer,
        due_at=moment,
        closed_at=time.now(),
        done="Mended.",
        told_at=time.now(),
    )
    webhook, _secret = webhook_create(
        actor=admin, url="https://1.1.1.1/zelo", types_wanted=["customer.merged"], description="CRM"
    )
    webhook_test(actor=admin, webhook=webhook)
    return Company(
        admin=admin,
        analyst=analyst,
        invitation=invited.link.rstrip("/").rsplit("/", 1)[-1],
        customer=customer,
        second=factories.customer(name="Óticas Boa Vista", segment="mid", stage="onboarding"),
        contact=factories.contact(customer, name="Eduardo Klein", role="champion"),
        subscription=factories.subscription(customer, mrr_cents=1_840_000),
        contract=factories.contract(customer, ends_on=today + dt.timedelta(days=41)),
        payment=factories.payment(customer),
        ticket=factories.ticket(customer, opened_at=moment),
        touchpoint=factories.touchpoint(customer, happened_at=moment),
        objective=factories.objective(customer, starts_on=today - dt.timedelta(days=50)),
        insight=_insights(customer, admin, today),
        plan_template=PlanTemplate.objects.create(name="Mid"),
        milestone=Milestone.objects.create(customer=customer, milestone="go-live", reached_on=today),
        note=Note.objects.create(customer=customer, author=analyst, body="Prefers calls in the morning."),
        attachment=Attachment.objects.create(
            customer=customer, file=ContentFile(b"minutes", "minutes.txt"), name="minutes.txt", size=7
        ),
        tag=tag,
        attribute=AttributeDefinition.objects.create(key="erp", label="ERP"),
        product=Product.objects.create(product="Core", feature="Reports"),
        view=SavedView.objects.create(owner=admin, name="Vale", query={"q": "vale"}),
        webhook=webhook,
        answer_key=tokens.link_new("answer", invitation=factories.survey_invitation(asked, survey=survey)),
        survey=survey,
        case=case,
        theme=Theme.objects.create(name="Parking", keywords={"en": ["parking"]}),
        done_key=tokens.link_new("closing", contact=asked, subject_id=case.pk),
        helped_key=_helped_key(asked),
        plan_key=tokens.link_new("plan", contact=asked),
        checked=_upload(admin, "february.csv"),
        imported=imported,
        campaign=factories.campaign(name="Spring NPS"),
        target=Target.objects.create(key="nrr", due_on=today + dt.timedelta(days=90), value="1.05"),
        plan=_plan(admin, today),
        mail=_kept_mail(),
        asked=factories.data_request(factories.contact(name="Rui Melo")),
        task=_task(admin, customer, today),
        run=_run(admin, customer),
        alert=_alert(customer, today),
        cover=Cover.objects.create(person=admin, substitute=analyst, first_on=today, last_on=today),
        loss=_loss(customer, today),
        alert_channel=AlertChannel.objects.create(name="#cs", kind="slack", url_sealed="x"),
        escalation=Escalation.objects.create(
            customer=customer, title="Reports take minutes", severity=4, owner=admin, opened_on=today
        ),
        opportunity=Opportunity.objects.create(
            customer=customer, title="Ten more seats", mrr_cents=90_000, expected_on=today
        ),
        renewal=Renewal.objects.create(
            customer=customer,
            due_on=today + dt.timedelta(days=41),
            value_cents=22_080_000,
            likelihood=9000,
            call="at_risk",
            stage="proposal",
        ),
        calendar_key=feed_make(actor=admin),
        night=Night.objects.create(
            day=today - dt.timedelta(days=1), state=WorkState.DONE, finished_at=time.now()
        ),
    )


def _alert(customer: Customer, today: dt.date) -> Alert:
    """Make an alert that stands."""
    return Alert.objects.create(
        rule=AlertRule.objects.get_or_create(kind="no_touch", defaults={"days": 45})[0],
        customer=customer,
        scope="customer",
        subject_id=customer.pk,
        since=today - dt.timedelta(days=50),
        seen_on=today,
        value=50,
        badness=50,
        mrr_cents=120_000,
    )


def _loss(customer: Customer, today: dt.date) -> Loss:
    """Make a notice with a reason."""
    return Loss.objects.create(
        customer=customer,
        noticed_on=today - dt.timedelta(days=4),
        mrr_cents=1_840_000,
        reason=LossReason.objects.get_or_create(key="price")[0],
        tried="A smaller plan for the branches.",
    )


def _run(by: User, customer: Customer) -> Run:
    """Make a playbook with a draft beside what is published, begun for a customer: its offer is open."""
    steps = [plays.step("offer"), plays.step("email"), plays.step("webhook", after=20)]
    playbook = plays.published(by, *steps)
    plays.edited(by, playbook)
    batch = runs_start(actor=by, playbook=playbook, customers=Customer.objects.filter(pk=customer.pk))
    advancing.work()
    return batch.runs.get()


def _task(owner: User, customer: Customer, today: dt.date) -> Task:
    """Make a task that is late and has a checklist and a comment."""
    task = Task.objects.create(
        title="Send the fourth-quarter review deck",
        body="With the usage of the last 90 days.",
        owner=owner,
        customer=customer,
        due_on=today - dt.timedelta(days=3),
        priority=Task.Priority.URGENT,
    )
    task.items.create(position=1, text="Numbers", done=True)
    task.items.create(position=2, text="Slides")
    task.comments.create(author=owner, text="Juliana asked for it twice.")
    return task


def _plan(owner: User, today: dt.date) -> ActionPlan:
    """Make an open action plan with a step that is done and one that is late."""
    plan = ActionPlan.objects.create(
        key="nrr",
        cause="Two large customers took seats away in May.",
        owner=owner,
        opened_on=today - dt.timedelta(days=20),
        due_on=today + dt.timedelta(days=20),
    )
    day = today - dt.timedelta(days=5)
    plan.steps.create(position=1, what="Ask both why", done_on=day)
    plan.steps.create(position=2, what="Offer a smaller plan", due_on=day)
    return plan
