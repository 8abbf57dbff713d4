"""The samples that the table's paths name, and the people who ask."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import ContentFile

from accounts import audit
from accounts.models import User
from accounts.services.email_change import email_change_token
from accounts.services.invitations import invitation_create
from accounts.services.tokens import token_create
from accounts.services.webhooks import webhook_create, webhook_test
from core import mail, time
from core.models import WorkState
from customers.models import (
    AcquisitionCost,
    Attachment,
    AttributeDefinition,
    Customer,
    Milestone,
    Note,
    PlanTemplate,
    Product,
    Reversal,
    SavedView,
    SuccessPlan,
    Tag,
)
from ingest.connected.services import connection_set
from ingest.models import Batch, Rejection
from metrics.health.sources import default_definition
from metrics.models import (
    ActionPlan,
    IntegrityResult,
    MonthRecord,
    Night,
    RiskModel,
    ScorecardVersion,
    Target,
)
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
    Task,
)
from playbooks.services.feeds import feed_make
from playbooks.services.runs import runs_start
from surveys import tokens
from surveys.models import LoopCase, Theme
from tests import factories
from tests.playbooks import plays

PASSWORD = "green-Kite-over-7-hills"


@dataclass
class World:
    people: dict[str, User]
    samples: dict[str, Any] = field(default_factory=dict)

    def path(self, template: str) -> str:
        return template.format(**self.samples)


def _helped_key(customer: Customer, language: str) -> str:
    told = factories.insight_told(factories.contact(customer, locale=language))
    return tokens.link_new("insight", contact=told.contact, subject_id=told.pk)


def make(language: str = "en") -> World:
    """Make one of everything; the customer and what belongs to it are the analyst's."""
    roles = ("viewer", "analyst", "manager", "admin")
    people = {role: factories.user(role=role, language=language, password=PASSWORD) for role in roles}
    world = World(people)
    analyst, admin = world.people["analyst"], world.people["admin"]
    customer = factories.customer(owner=analyst)
    sent = invitation_create(actor=admin, email="invited@firma.com", role="viewer")
    made = token_create(actor=analyst, name="script", scopes=["read"], expires_at=None)
    letter = mail.queue(kind="test", to="a@b.com", subject="Hello", body_text="Text", key="sample")
    for kind in ("stripe", "zendesk"):
        connection_set(actor=admin, kind=kind, secret="whsec_0123456789abcdef", makes_customers=False)
    hook, _secret = webhook_create(actor=admin, url="https://1.1.1.1/hook", types_wanted=["customer.merged"])
    view = SavedView.objects.create(owner=analyst, name="Mine", query={})
    undo = Reversal.objects.create(actor=analyst, action="customers.tag", summary="Tagged", steps=[])
    world.samples = {
        "customer": customer.pk,
        "person": factories.user(role="viewer").pk,
        "invitation": sent.invitation.pk,
        "invitation_key": sent.link.rstrip("/").rsplit("/", 1)[-1],
        "token": made.token.pk,
        "email_key": email_change_token(person=analyst, email="new@zelo.test"),
        "mail": letter.pk,
        "webhook": hook.pk,
        "webhook_message": webhook_test(actor=admin, webhook=hook).pk,
        "view": view.pk,
        "reversal": undo.pk,
        "request": factories.data_request(factories.contact()).pk,
        "campaign": factories.campaign().pk,
        "tag": Tag.objects.create(name="VIP").pk,
        "attribute": AttributeDefinition.objects.create(key="erp", label="ERP").pk,
        "helped_key": _helped_key(customer, language),
        "plan_key": tokens.link_new("plan", contact=factories.contact(customer)),
        "template": PlanTemplate.objects.create(name="Mid").pk,
        "product": Product.objects.create(product="Core", feature="Reports").pk,
        "cost": AcquisitionCost.objects.create(
            month=dt.date(2026, 1, 1), category="sales", amount_cents=100
        ).pk,
        "integrity": IntegrityResult.objects.create(check_name="parts", day=dt.date(2026, 1, 1)).pk,
        "report_month": told_night().replace(day=1).isoformat(),
        "month": MonthRecord.objects.create(month=dt.date(2026, 1, 1), kind="frozen").pk,
        "scorecard": ScorecardVersion.objects.create(
            number=1, state="published", definition=default_definition(), published_at=time.now()
        ).pk,
        "risk_model": RiskModel.objects.create(number=1, trained_on=dt.date(2026, 1, 31), state="little").pk,
        "target": Target.objects.create(key="mrr", due_on=dt.date(2026, 12, 31), value=500).pk,
        **plan_of(analyst),
        **work_of(analyst, people["manager"], customer),
        **playbook_of(people["manager"], customer),
        "batch": upload(people["manager"]).pk,
        "entry": audit.record(actor=admin, action="customer.updated", subject=customer).pk,
        **belongings(customer, analyst),
        **asked(customer, language),
    }
    return world


def asked(customer: Customer, language: str) -> dict[str, Any]:
    """Make a survey and a person of the customer who is asked; return the keys by the names the table uses."""
    survey = factories.survey()
    one = factories.survey_invitation(
        factories.contact(customer, locale=language), survey=survey, language=language
    )
    low = factories.response(customer, score=2, comment="Slow", contact=one.contact)
    case = LoopCase.objects.create(
        response=low,
        customer=customer,
        due_at=time.now(),
        done="Mended",
        closed_at=time.now(),
        told_at=time.now(),
    )
    return {
        "survey": survey.pk,
        "answer_key": tokens.link_new("answer", invitation=one),
        "survey_invitation": one.pk,
        "response": low.pk,
        "held": factories.response(customer, held=True).pk,
        "theme": Theme.objects.create(name="Parking", keywords={"en": ["parking"]}).pk,
        "case": case.pk,
        "done_key": tokens.link_new("closing", contact=one.contact, subject_id=case.pk),
    }


def work_of(owner: User, other: User, customer: Customer) -> dict[str, Any]:
    """Make a task about a customer, a stand-in and a calendar address, all of one person."""
    task = Task.objects.create(title="Call", owner=owner, customer=customer)
    day = dt.date(2026, 1, 1)
    cover = Cover.objects.create(person=owner, substitute=other, first_on=day, last_on=day)
    rule = AlertRule.objects.get(kind="no_touch")
    alert = Alert.objects.create(
        rule=rule, customer=customer, scope="customer", subject_id=customer.pk, since=day, seen_on=day
    )
    return {
        "renewal": Renewal.objects.create(customer=customer, due_on=day).pk,
        "alert_channel": AlertChannel.objects.create(name="CS", kind="slack", url_sealed="x").pk,
        "escalation": Escalation.objects.create(
            customer=customer, title="Slow", owner=owner, opened_on=day
        ).pk,
        "opportunity": Opportunity.objects.create(customer=customer, title="Seats", mrr_cents=100).pk,
        "loss": Loss.objects.create(customer=customer, noticed_on=day).pk,
        "loss_reason": LossReason.objects.get(key="price").pk,
        "alert": alert.pk,
        "alert_rule": rule.pk,
        "task": task.pk,
        "cover": cover.pk,
        "calendar_key": feed_make(actor=factories.user(role="analyst")),
    }


def playbook_of(by: User, customer: Customer) -> dict[str, Any]:
    """Make a published playbook that was started for the customer."""
    playbook = plays.published(by, plays.step("offer"), plays.step("email", after=90))
    batch = runs_start(actor=by, playbook=playbook, customers=Customer.objects.filter(pk=customer.pk))
    return {"playbook": playbook.pk, "run_batch": batch.pk, "run": batch.runs.get().pk}


def plan_of(owner: User) -> dict[str, int]:
    """Make an open action plan with a step."""
    day = dt.date(2026, 1, 1)
    plan = ActionPlan.objects.create(
        key="mrr", cause="Prices", owner=owner, opened_on=day, due_on=day + dt.timedelta(days=900)
    )
    return {"plan": plan.pk, "plan_step": plan.steps.create(position=1, what="Call the five largest").pk}


def upload(by: User) -> Batch:
    """Make an uploaded file that is not applied yet and has a rejected row."""
    batch = Batch.objects.create(
        kind="customers",
        channel="upload",
        created_by=by,
        filename="c.csv",
        file=ContentFile(b"external_id,name\nc1,One\nc2,\n", name="c.csv"),
    )
    Rejection.objects.create(batch=batch, line=3, column="name", code="missing")
    return batch


def told_night() -> dt.date:
    """Finish the night of yesterday; return that day."""
    day = time.today() - dt.timedelta(days=1)
    Night.objects.create(day=day, state=WorkState.DONE, finished_at=time.now())
    return day


def belongings(customer: Customer, author: User) -> dict[str, int]:
    """Make one of everything that belongs to a customer; return the keys by the names the table uses."""
    note = Note.objects.create(customer=customer, author=author, body="Called twice")
    file = Attachment(customer=customer, name="plan.txt", size=4, content_type="text/plain", added_by=author)
    file.file.save("plan.txt", ContentFile(b"plan"), save=True)
    milestone = Milestone.objects.create(
        customer=customer, milestone="go-live", reached_on=dt.date(2026, 2, 1)
    )
    rows = {
        "contact": factories.contact(customer),
        "subscription": factories.subscription(customer),
        "contract": factories.contract(customer),
        "payment": factories.payment(customer),
        "ticket": factories.ticket(customer),
        "touchpoint": factories.touchpoint(customer),
        "milestone": milestone,
        "objective": factories.objective(customer),
        "insight": factories.insight(customer),
        "insight_theme": factories.insight_theme(),
        "success_plan": SuccessPlan.objects.create(customer=customer, promise="Close the month in five days"),
        "note": note,
        "file": file,
    }
    return {name: row.pk for name, row in rows.items()}
