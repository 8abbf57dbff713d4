"""Who came and went at the customer, and what our team changed about it."""

import json
from typing import Any

from django.db.models import F, QuerySet, TextField, Window
from django.db.models.functions import Cast, Lag
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import AuditEntry
from customers.forms.customer import CustomerNewForm
from customers.models import Contact, Customer, CustomerHistory, Segment, Stage
from workspace.timeline.source import Entry, Group, Row, Source, Words

PEOPLE = Group("people", gettext_lazy("People"))
CHANGES = Group("change", gettext_lazy("Changes"))

Field = CustomerHistory.Field
HISTORY: dict[str, tuple[str, Words]] = {
    Field.SEGMENT: ("chart-bar", gettext_lazy("Segment: %(value)s")),
    Field.STAGE: ("stairs-up", gettext_lazy("Stage: %(value)s")),
    Field.OWNER: ("user", gettext_lazy("Owner: %(value)s")),
    Field.TAG: ("tag", gettext_lazy("Tags: %(value)s")),
}
LABELS: dict[str, dict[str, Words]] = {
    Field.SEGMENT: dict(Segment.choices),
    Field.STAGE: dict(Stage.choices),
}
ACTIONS: dict[str, Words] = {
    "customer.created": gettext_lazy("Customer added"),
    "customer.updated": gettext_lazy("Details changed"),
    "customer.archived": gettext_lazy("Archived"),
    "customer.restored": gettext_lazy("Restored"),
    "customer.merged": gettext_lazy("Merged with a duplicate"),
}

TOLD_BY_HISTORY = ("owner", "tags")  # a change of these is an entry of its own
UNNAMED = {*TOLD_BY_HISTORY, "segment", "segment_by", "stage", "stage_by", "stage_since"}  # of these too


def _joined(customer_id: int) -> QuerySet[Any]:
    return Contact.objects.filter(
        customer_id=customer_id, archived_at__isnull=True, active_from__isnull=False
    )


def _left(customer_id: int) -> QuerySet[Any]:
    return Contact.objects.filter(
        customer_id=customer_id, archived_at__isnull=True, active_until__isnull=False
    )


def _person(row: Row) -> dict[str, Words]:
    return {"name": row.who or row.text, "role": row.old or Contact.Role(row.what).label}


def _tell_joined(row: Row) -> Entry:
    title = _("%(name)s (%(role)s) joined") % _person(row)
    return Entry(icon="user-plus", title=title, edit="contact_edit")


def _tell_left(row: Row) -> Entry:
    title = _("%(name)s (%(role)s) left") % _person(row)
    return Entry(icon="user-x", title=title, tone="yellow", edit="contact_edit")


def _history(customer_id: int) -> QuerySet[Any]:
    return CustomerHistory.objects.filter(
        customer_id=customer_id, field__in=HISTORY, superseded_at__isnull=True
    )


def _history_value(field: str, value: str) -> Words:
    if not value:
        return _("none")
    if field == Field.TAG:
        return ", ".join(value.split("|"))
    return LABELS.get(field, {}).get(value, value)


def _tell_history(row: Row) -> Entry:
    icon, title = HISTORY[row.what]
    now = _history_value(row.what, row.who or row.text)
    was = _("Was %(value)s.") % {"value": _history_value(row.what, row.old)} if row.old else ""
    text = " ".join(part for part in (was, row.lang) if part)
    return Entry(icon=icon, title=str(title) % {"value": now}, text=text, by=row.by)


def _audited(customer_id: int) -> QuerySet[Any]:
    entries = AuditEntry.objects.filter(
        customer_id=customer_id, action__in=ACTIONS, object_type=Customer._meta.label_lower
    )
    for name in TOLD_BY_HISTORY:
        entries = entries.exclude(changed_fields=[name])
    return entries


def field_label(name: str) -> str:
    """Return a customer's field as its form calls it; of what is no field there, the name itself."""
    if name == "attributes":
        return _("Own fields")
    field = CustomerNewForm.base_fields.get(name)
    return str(field.label) if field is not None else name


def _tell_audited(row: Row) -> Entry:
    names = json.loads(row.text) if row.what == "customer.updated" else []
    fields = ", ".join(field_label(name) for name in names if name not in UNNAMED)
    return Entry(icon="pencil", title=ACTIONS[row.what], text=fields, by=row.by)


GROUPS = (PEOPLE, CHANGES)
_CONTACT = {"what": F("role"), "who": F("name"), "text": F("email"), "old": F("job_title")}
SOURCES = (
    Source(
        key="joined",
        group=PEOPLE.key,
        facts=_joined,
        moment="active_from",
        timed=False,
        tell=_tell_joined,
        show=_CONTACT,
    ),
    Source(
        key="left",
        group=PEOPLE.key,
        facts=_left,
        moment="active_until",
        timed=False,
        tell=_tell_left,
        show=_CONTACT,
    ),
    Source(
        key="history",
        group=CHANGES.key,
        facts=_history,
        moment="valid_from",
        timed=False,
        tell=_tell_history,
        show={
            "what": F("field"),
            "who": F("owner__name"),
            "text": F("value"),
            "by": F("actor__name"),
            # what is older than the page is in the window too: pages only ever cut off what is newer
            "old": Window(Lag("value"), partition_by=[F("field")], order_by=[F("valid_from").asc()]),
            "lang": F("reason"),
        },
    ),
    Source(
        key="audit",
        group=CHANGES.key,
        facts=_audited,
        moment="at",
        timed=True,
        tell=_tell_audited,
        show={"what": F("action"), "text": Cast(F("changed_fields"), TextField()), "by": F("actor__name")},
    ),
)
