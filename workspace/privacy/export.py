"""Everything held about a person, as a ZIP: one CSV a table and the same as JSON."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import F, Q, QuerySet

from accounts.models import AuditValue
from core.csv import safe_cell
from core.models import OutgoingMail
from customers.models import Contact, DataRequest, Insight, InsightTold, Ticket, Touchpoint
from metrics.models import UsageDay
from surveys.addresses import address_hash
from surveys.models import ContactMail, Invitation, ResponseVersion, Suppression, Visit
from workspace.privacy.person import Person

Rows = Sequence[Mapping[str, Any]]


def held_about(person: Person) -> dict[str, Rows]:
    """Return all rows about a person by the name of what they are, each with plain column names."""
    keys, hashes = person.keys, [address_hash(address) for address in person.addresses]
    to = Q()
    for address in person.addresses:
        to |= Q(to__iexact=address)
    of_contact = Q(
        entry__object_type=Contact._meta.label_lower, entry__object_id__in=[str(key) for key in keys]
    )
    return {
        "contacts": _rows(
            Contact.objects.filter(pk__in=keys).annotate(at_customer=F("customer__name")),
            "id at_customer email external_id name job_title role locale time_zone phone active_from active_until "
            "opted_out created_at updated_at",
        ),
        "answers": _rows(
            ResponseVersion.objects.filter(response__contact__in=keys).annotate(survey=F("response__survey")),
            "survey number score comment may_contact held sent_at",
        ),
        "invitations": _rows(
            Invitation.objects.filter(contact__in=keys).annotate(survey_name=F("survey__name")),
            "survey_name channel language state event_subject event_on reminders sent_at delivered_at bounced_at",
        ),
        "visits": _rows(Visit.objects.filter(invitation__contact__in=keys), "at method agent chosen"),
        "mails_counted": _rows(
            ContactMail.objects.filter(contact__in=keys), "kind reminder state counted_at"
        ),
        "mails": _rows(OutgoingMail.objects.filter(to), "kind to subject state created_at finished_at"),
        "stopped_mail": _rows(
            Suppression.objects.filter(address_hash__in=hashes), "kind why made_at lifted_at"
        ),
        "tickets": _rows(
            Ticket.objects.filter(contact__in=keys),
            "external_id subject priority channel opened_at solved_at",
        ),
        "conversations": _rows(Touchpoint.objects.filter(contact__in=keys), "kind happened_at summary"),
        "insights": _rows(Insight.objects.filter(contact__in=keys), "kind area quote said_on source"),
        "told": _rows(InsightTold.objects.filter(contact__in=keys), "text told_at asked_at helped helped_at"),
        "usage": _rows(
            UsageDay.objects.filter(customer__in=person.firms, person__in=person.logins),
            "day person feature events",
        ),
        "changes": _rows(
            AuditValue.objects.filter(of_contact).annotate(at=F("entry__at"), action=F("entry__action")),
            "at action field before after",
        ),
        "requests": _rows(DataRequest.objects.filter(contact__in=keys), "kind requested_on due_on done_at"),
    }


def export_contact(person: Person) -> bytes:
    """Return the ZIP: `person.json` with everything, and a CSV for each table that holds something."""
    held = held_about(person)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("person.json", json.dumps(held, default=str, ensure_ascii=False, indent=1))
        for name, rows in held.items():
            if rows:
                archive.writestr(f"{name}.csv", _csv(rows))
    return packed.getvalue()


def _rows(rows: QuerySet[Any, Any], columns: str) -> Rows:
    return list(rows.order_by("pk").values(*columns.split()))


def _csv(rows: Rows) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(rows[0])
    writer.writerows(
        [safe_cell(value) if isinstance(value, str) else value for value in row.values()] for row in rows
    )
    return text.getvalue()


def counts(held: Mapping[str, Iterable[Any]]) -> dict[str, int]:
    """Return how many rows of each kind are held."""
    return {name: len(list(rows)) for name, rows in held.items()}
