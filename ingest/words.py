"""What the columns of files, and the fields they fill, are called in the reader's language."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ingest.parsers.catalogue import KINDS
from ingest.parsers.columns import ATTRIBUTE

Words = Mapping[str, str | Promise]

COLUMNS: Words = {
    "external_id": _("ID"),
    "customer_external_id": _("Customer's ID"),
    "name": _("Name"),
    "segment": _("Segment"),
    "stage": _("Stage"),
    "owner_email": _("Owner's e-mail"),
    "started_on": _("Customer since"),
    "domain": _("Domain"),
    "industry": _("Industry"),
    "country": _("Country"),
    "locale": _("Locale"),
    "tags": _("Tags"),
    "parent_external_id": _("Parent company's ID"),
    "referred_by_external_id": _("ID of who referred it"),
    "email": _("E-mail"),
    "active_from": _("There since"),
    "active_until": _("Left on"),
    "time_zone": _("Time zone"),
    "role": _("Role"),
    "phone": _("Phone"),
    "opted_out": _("Wants no mail"),
    "product": _("Product"),
    "plan": _("Plan"),
    "feature": _("Feature"),
    "event": _("Usage event"),
    "price": _("Price"),
    "currency": _("Currency"),
    "starts_on": _("Starts"),
    "ends_on": _("Ends"),
    "mrr": _("MRR"),
    "seats": _("Seats"),
    "cancelled_on": _("Cancelled on"),
    "cancel_reason": _("Reason for leaving"),
    "value": _("Value"),
    "auto_renews": _("Renews by itself"),
    "signed_on": _("Signed on"),
    "renews_external_id": _("ID of the contract it renews"),
    "paid_on": _("Paid on"),
    "amount": _("Amount"),
    "due_on": _("Due on"),
    "month": _("Month"),
    "category": _("Category"),
    "occurred_at": _("When"),
    "user": _("Who used it"),
    "count": _("Times"),
    "message_id": _("ID"),
    "milestone": _("Milestone"),
    "reached_on": _("Reached on"),
    "opened_at": _("Opened"),
    "first_response_at": _("First response"),
    "solved_at": _("Solved"),
    "team_replies": _("Replies of the team"),
    "reopens": _("Reopened"),
    "subject": _("Subject"),
    "priority": _("Priority"),
    "channel": _("Channel"),
    "contact_email": _("Contact's e-mail"),
    "assignee_email": _("E-mail of who works on it"),
    "due_at": _("Due"),
    "survey": _("Survey"),
    "campaign": _("Campaign"),
    "score": _("Score"),
    "comment": _("Comment"),
    "answered_at": _("Answered"),
    "language": _("Language"),
    "kind": _("Kind"),
    "happened_at": _("When"),
    "summary": _("Summary"),
    "sentiment": _("Mood"),
    "promise": _("What was promised"),
    "unit": _("Unit"),
    "baseline": _("Baseline"),
    "target": _("Target"),
    "weight": _("Weight"),
    "key": _("Figure"),
    "slice": _("Slice"),
    "field": _("Field"),
    "from": pgettext_lazy("day", "From"),
}

# Fields that no column of their own fills.
FIELDS: Words = {
    "segment_by": _("How the segment came about"),
    "stage_by": _("How the stage came about"),
    "owner_id": _("Owner"),
    "wanted_owner_email": _("Owner who has not joined yet"),
    "customer_id": _("Customer"),
    "contact_id": _("Contact"),
    "parent_id": _("Parent company"),
    "referred_by_id": _("Referred by"),
    "attributes": _("Attributes"),
}


def column_word(name: str, attributes: Mapping[str, str] | None = None) -> str:
    """Say what a column is called; `attributes` are the labels of the admin's own by key."""
    if name.startswith(ATTRIBUTE):
        key = name.removeprefix(ATTRIBUTE)
        return (attributes or {}).get(key, key)
    return str(COLUMNS.get(name, name))


def field_word(kind: str, field: str) -> str:
    """Say what a field that a kind of file fills is called."""
    if field in FIELDS:
        return str(FIELDS[field])
    columns = {column.field: column.name for column in KINDS[kind].columns if column.field}
    return column_word(columns.get(field) or columns.get(f"{field}_cents") or field)
