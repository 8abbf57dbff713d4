"""What a step does when a run comes to it. Each is called inside the transaction that notes that it was done."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from core import bells, time
from customers.attributes import AttributeType, AttributeValueError, parse_attribute
from customers.models import AttributeDefinition, Contact
from customers.services.customer import customer_update
from customers.services.stages import stage_change
from playbooks.models import Run, RunStep, Step, Task
from playbooks.plays.dates import due_day
from playbooks.plays.fields import empty_fields
from playbooks.plays.kinds import OFFERS, PERSON
from playbooks.plays.letters import MAIL_KIND, field_values, mail_key
from playbooks.repeating import weekday
from playbooks.services.case_tasks import may_do_tasks
from playbooks.services.tasks import task_create
from surveys.languages import language_of
from surveys.models import ContactMail, Invitation, Survey
from surveys.services.direct import letter_queue
from surveys.services.planning import mails_plan, mails_release

IsWorkday = Callable[[dt.date], bool]
OWN_FIELDS = frozenset({"name", "first_name", "meeting_time"})  # known of everybody who gets the mail


@dataclass(frozen=True)
class Came:
    """What came of doing a step: done, skipped or failed, and why."""

    state: str = RunStep.State.DONE
    why: str = ""
    detail: str = ""


DONE = Came()


@dataclass(frozen=True)
class Doing:
    """A step that is being done: for which run, as which row, when, by which working days."""

    run: Run
    row: RunStep
    step: Step
    at: dt.datetime
    today: dt.date
    is_workday: IsWorkday = weekday

    @property
    def params(self) -> Mapping[str, Any]:
        """What the step says."""
        params: Mapping[str, Any] = self.step.params
        return params


def do(doing: Doing) -> Came:
    """Do a step. Raises ValidationError for what the workspace refuses."""
    return _DOERS[doing.step.kind](doing)


def _task(doing: Doing) -> Came:
    owner = _owner(doing)
    if owner is None:
        return Came(RunStep.State.FAILED, "no_owner")
    doing.row.task = task_create(
        actor=None,
        title=doing.step.title,
        owner=owner,
        customer=doing.run.customer,
        body=_body(doing),
        due_on=due_day(doing.today, int(doing.params.get("due_days") or 0), "workday", doing.is_workday),
        priority=int(doing.params.get("priority") or Task.Priority.NORMAL),
        items=[str(line) for line in doing.params.get("items") or []],
    )
    return DONE


def _body(doing: Doing) -> str:
    parts = [str(doing.params.get("body") or "")]
    role = str(doing.params.get("role") or "")
    if role in Contact.Role.values:
        people = _people(doing, [role])
        called = ", ".join(f"{one} {one.phone}".strip() for one in people)
        parts.insert(0, f"{Contact.Role(role).label}: {called or '—'}")
    if doing.step.kind == Step.Kind.OFFER:
        parts.insert(0, str(OFFERS.get(str(doing.params.get("offer")), "")))
    return "\n\n".join(part for part in parts if part)


def _offer(doing: Doing) -> Came:
    doing.row.amount_cents = int(doing.params.get("amount_cents") or 0)
    return _task(doing)


def _mail(doing: Doing) -> Came:
    texts = f"{doing.params.get('subject', '')} {doing.params.get('body', '')}"
    values = field_values(doing.run.customer, doing.today)
    missing = [name for name in empty_fields(texts, values) if name not in OWN_FIELDS]
    if missing:
        return Came(RunStep.State.FAILED, "no_value", ", ".join(missing))
    people = _people(doing, doing.params.get("roles") or [])
    if not people:
        return Came(RunStep.State.FAILED, "nobody")
    for contact in people:
        letter_queue(
            key=mail_key(doing.row, contact),
            kind=MAIL_KIND,
            counts_as=ContactMail.Kind.PLAYBOOK,
            contact=contact,
        )
    doing.row.mails = len(people)
    return DONE


def _meeting(doing: Doing) -> Came:
    clock = dt.time.fromisoformat(str(doing.params.get("at") or "10:00"))
    fixed = doing.params.get("on")
    ahead = int(doing.params.get("in_days") or 0)
    day = (
        dt.date.fromisoformat(str(fixed))
        if fixed
        else due_day(doing.today, ahead, "workday", doing.is_workday)
    )
    moment = dt.datetime.combine(day, clock, tzinfo=time.workspace_zone())
    if moment <= doing.at:
        return Came(RunStep.State.SKIPPED, "refused", _("the meeting is over already"))
    doing.row.moment = moment
    doing.row.save(update_fields=["moment"])
    return _mail(doing)


def _survey(doing: Doing) -> Came:
    survey = Survey.objects.filter(pk=int(doing.params.get("survey") or 0), archived_at__isnull=True).first()
    if survey is None or survey.is_closed(doing.at):
        return Came(RunStep.State.FAILED, "survey")
    people = _people(doing, doing.params.get("roles") or [])
    if not people:
        return Came(RunStep.State.FAILED, "nobody")
    asked = [
        Invitation.objects.create(
            survey=survey,
            customer_id=contact.customer_id,
            contact=contact,
            language=language_of(contact.locale, doing.run.customer.locale),
            round=f"playbook:{doing.row.pk}",
            due_at=doing.at,
        )
        for contact in people
    ]
    doing.row.invitations.set(asked)
    rows = Invitation.objects.filter(pk__in=[one.pk for one in asked])
    mails_plan(invitations=rows, at=doing.at)
    mails_release(mails=ContactMail.objects.filter(invitation__in=rows), at=doing.at)
    doing.row.mails = len(people)
    return DONE


def _stage(doing: Doing) -> Came:
    stage = str(doing.params.get("stage"))
    if doing.run.customer.stage == stage:
        return Came(RunStep.State.SKIPPED, "already")
    stage_change(
        actor=doing.run.started_by,
        customer=doing.run.customer,
        stage=stage,
        on=doing.today,
        reason=doing.run.playbook.name,
    )
    return DONE


def _field(doing: Doing) -> Came:
    customer, name = doing.run.customer, str(doing.params.get("name") or "").strip()
    if doing.params.get("change") == "attribute":
        changes: dict[str, Any] = {"attributes": {**customer.attributes, name: _value(doing, name)}}
    else:
        tags = list(customer.tags.values_list("name", flat=True))
        others = [tag for tag in tags if tag.casefold() != name.casefold()]
        adding = doing.params.get("change") == "tag_add"
        if adding == (len(others) < len(tags)):
            return Came(RunStep.State.SKIPPED, "already")
        changes = {"tags": [*others, name] if adding else others}
    customer_update(actor=doing.run.started_by, customer=customer, changes=changes)
    return DONE


def _value(doing: Doing, name: str) -> Any:
    found = AttributeDefinition.objects.filter(key=name, archived_at__isnull=True).first()
    if found is None:
        raise ValidationError(_("There is no field called “%(field)s”.") % {"field": name})
    try:
        return parse_attribute(
            AttributeType(found.key, found.kind, tuple(found.choices)), doing.params.get("value")
        )
    except AttributeValueError:
        raise ValidationError(
            _("“%(value)s” is nothing the field “%(field)s” takes.")
            % {"value": doing.params.get("value"), "field": found.label}
        ) from None


def _webhook(doing: Doing) -> Came:
    doing.row.due_at = doing.at
    bells.ring("playbook webhooks")
    return Came(RunStep.State.SENDING)


_DOERS: Mapping[str, Callable[[Doing], Came]] = {
    Step.Kind.TASK: _task,
    Step.Kind.CALL: _task,
    Step.Kind.OFFER: _offer,
    Step.Kind.EMAIL: _mail,
    Step.Kind.MEETING: _meeting,
    Step.Kind.SURVEY: _survey,
    Step.Kind.STAGE: _stage,
    Step.Kind.FIELD: _field,
    Step.Kind.WEBHOOK: _webhook,
}


def _owner(doing: Doing) -> User | None:
    """Return who does a step: as it says, else the customer's owner, else who started the run."""
    customer, said = doing.run.customer, str(doing.params.get("owner") or "")
    if said.startswith(PERSON):
        wanted = User.objects.filter(pk=int(said.removeprefix(PERSON))).first()
    elif said == "starter":
        wanted = doing.run.started_by
    else:
        wanted = getattr(customer, said, None)
    candidates = (wanted, customer.owner, doing.run.started_by, doing.run.playbook.owner)
    return next((one for one in candidates if one is not None and _may(one, doing)), None)


def _may(person: User, doing: Doing) -> bool:
    return may_do_tasks(person, doing.run.customer)


def _people(doing: Doing, roles: list[str]) -> list[Contact]:
    """Return the people there of these roles who take mail."""
    rows = Contact.objects.filter(
        customer=doing.run.customer,
        role__in=roles,
        archived_at__isnull=True,
        erased_at__isnull=True,
        opted_out=False,
    ).exclude(email="")
    left = Q(active_until__isnull=False, active_until__lte=doing.today)
    return list(rows.exclude(left).select_related("customer").order_by("pk"))
