"""Small makers of rows for tests; every field can be given, the rest is plausible."""

import datetime as dt
import itertools
from typing import Any

from accounts.models import User
from customers.models import (
    Contact,
    Contract,
    Customer,
    DataRequest,
    Insight,
    InsightTheme,
    InsightTold,
    Objective,
    Payment,
    Subscription,
    Ticket,
    Touchpoint,
)
from metrics.models import UsageEvent
from surveys.addresses import address_hash
from surveys.models import Campaign, ContactMail, Invitation, Response, Survey

_numbers = itertools.count(1)


def user(**fields: Any) -> User:
    n = next(_numbers)
    fields.setdefault("email", f"person{n}@zelo.test")
    fields.setdefault("name", f"Person {n}")
    password = fields.pop("password", None)
    return User.objects.create_user(password=password, **fields)


def customer(**fields: Any) -> Customer:
    n = next(_numbers)
    fields.setdefault("external_id", f"c{n}")
    fields.setdefault("name", f"Customer {n}")
    return Customer.objects.create(**fields)


def contact(of: Customer | None = None, **fields: Any) -> Contact:
    n = next(_numbers)
    fields.setdefault("email", f"contact{n}@customer.test")
    fields.setdefault("name", f"Contact {n}")
    return Contact.objects.create(customer=of or customer(), **fields)


def subscription(of: Customer | None = None, **fields: Any) -> Subscription:
    n = next(_numbers)
    fields.setdefault("external_id", f"s{n}")
    fields.setdefault("starts_on", dt.date(2026, 1, 1))
    fields.setdefault("product", "Core")
    fields.setdefault("mrr_cents", 10_000)
    return Subscription.objects.create(customer=of or customer(), **fields)


def contract(of: Customer | None = None, **fields: Any) -> Contract:
    n = next(_numbers)
    fields.setdefault("external_id", f"k{n}")
    fields.setdefault("starts_on", dt.date(2026, 1, 1))
    fields.setdefault("ends_on", dt.date(2027, 1, 1))
    return Contract.objects.create(customer=of or customer(), **fields)


def payment(of: Customer | None = None, **fields: Any) -> Payment:
    n = next(_numbers)
    fields.setdefault("external_id", f"p{n}")
    fields.setdefault("paid_on", dt.date(2026, 1, 10))
    fields.setdefault("amount_cents", 10_000)
    return Payment.objects.create(customer=of or customer(), **fields)


def ticket(of: Customer | None = None, **fields: Any) -> Ticket:
    n = next(_numbers)
    fields.setdefault("external_id", f"t{n}")
    fields.setdefault("opened_at", dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC))
    return Ticket.objects.create(customer=of or customer(), **fields)


def objective(of: Customer | None = None, **fields: Any) -> Objective:
    """From 10 to 4 h over a hundred days, so that half of it is due after fifty."""
    n = next(_numbers)
    fields.setdefault("name", f"Objective {n}")
    fields.setdefault("baseline", 10)
    fields.setdefault("target", 4)
    fields.setdefault("unit", "h")
    fields.setdefault("starts_on", dt.date(2026, 1, 1))
    fields.setdefault("due_on", fields["starts_on"] + dt.timedelta(days=100))
    return Objective.objects.create(customer=of or customer(), **fields)


def insight_theme(**fields: Any) -> InsightTheme:
    n = next(_numbers)
    fields.setdefault("name", f"Theme {n}")
    fields.setdefault("kind", "problem")
    return InsightTheme.objects.create(**fields)


def insight(of: Customer | None = None, **fields: Any) -> Insight:
    fields.setdefault("kind", "problem")
    fields.setdefault("source", "hand")
    fields.setdefault("quote", "The month does not close.")
    fields.setdefault("said_on", dt.date(2026, 1, 6))
    return Insight.objects.create(customer=of or customer(), **fields)


def insight_told(to: Contact, **fields: Any) -> InsightTold:
    fields.setdefault("text", "It is fast now.")
    theme = fields.pop("theme", None) or insight_theme(
        state="done", done_at=dt.datetime(2026, 2, 1, tzinfo=dt.UTC)
    )
    return InsightTold.objects.create(theme=theme, contact=to, customer_id=to.customer_id, **fields)


def touchpoint(of: Customer | None = None, **fields: Any) -> Touchpoint:
    n = next(_numbers)
    fields.setdefault("external_id", f"tp{n}")
    fields.setdefault("kind", "call")
    fields.setdefault("happened_at", dt.datetime(2026, 1, 6, 12, tzinfo=dt.UTC))
    return Touchpoint.objects.create(customer=of or customer(), **fields)


def usage(of: Customer | None = None, **fields: Any) -> UsageEvent:
    n = next(_numbers)
    fields.setdefault("occurred_at", dt.datetime(2026, 1, 7, 12, tzinfo=dt.UTC))
    fields.setdefault("day", fields["occurred_at"].date())
    fields.setdefault("event", "opened")
    fields.setdefault("message_id", f"m{n}")
    return UsageEvent.objects.create(customer=of or customer(), **fields)


def response(of: Customer | None = None, **fields: Any) -> Response:
    n = next(_numbers)
    fields.setdefault("external_id", f"r{n}")
    fields.setdefault("survey", "nps")
    fields.setdefault("score", 9)
    fields.setdefault("answered_at", dt.datetime(2026, 1, 8, 12, tzinfo=dt.UTC))
    return Response.objects.create(customer=of or customer(), **fields)


def survey(**fields: Any) -> Survey:
    n = next(_numbers)
    fields.setdefault("kind", "nps")
    fields.setdefault("name", f"Survey {n}")
    return Survey.objects.create(**fields)


def survey_invitation(to: Contact | None = None, **fields: Any) -> Invitation:
    to = to or contact()
    fields.setdefault("customer", to.customer)
    fields.setdefault("survey", None)
    fields["survey"] = fields["survey"] or survey()
    fields.setdefault("language", "en")
    return Invitation.objects.create(contact=to, **fields)


def contact_mail(to: Contact | None = None, **fields: Any) -> ContactMail:
    to = to or contact()
    fields.setdefault("key", f"mail:{next(_numbers)}")
    fields.setdefault("kind", "nps")
    if "counted_at" in fields:
        fields["state"] = "counted"
    return ContactMail.objects.create(
        contact=to, customer=to.customer, address_hash=address_hash(to.email), **fields
    )


def campaign(**fields: Any) -> Campaign:
    fields.setdefault("name", f"Campaign {next(_numbers)}")
    if "survey" not in fields:
        fields["survey"] = survey()
    return Campaign.objects.create(**fields)


def data_request(of: Contact, **fields: Any) -> DataRequest:
    fields.setdefault("kind", "erase")
    fields.setdefault("requested_on", dt.date(2026, 1, 1))
    fields.setdefault("due_on", dt.date(2026, 1, 16))
    return DataRequest.objects.create(contact=of, **fields)
