"""Whom to tell that a theme is done: at each customer that asked, the person who said it, else who speaks for it."""

from dataclasses import dataclass

from django import forms
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import time
from core.forms import FocusedForm
from customers.models import Contact, Customer, Insight, InsightTheme, InsightTold

SPEAKS = (Contact.Role.CHAMPION, Contact.Role.DECISION_MAKER, Contact.Role.SPONSOR)


@dataclass(frozen=True)
class Asker:
    """Somebody who asked; `told`: what they were told already. `person` None: nobody there can be written to."""

    customer: Customer
    person: Contact | None
    told: InsightTold | None = None


class TellForm(FocusedForm):
    """What the customers read."""

    text = forms.CharField(
        label=_("What was done"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("They read exactly these words, and two weeks later are asked whether it helped."),
    )


def askers(user: User, theme: InsightTheme) -> list[Asker]:
    """Return who asked, of the customers a person may change; four statements."""
    said = Insight.objects.filter(theme=theme, removed_at__isnull=True)
    firms = (
        Customer.objects.editable_by(user)
        .filter(pk__in=said.order_by().values("customer"))
        .order_by("name", "pk")
    )
    customers = {row.pk: row for row in firms}
    present = _present(list(customers))
    told = {row.contact_id: row for row in InsightTold.objects.filter(theme=theme, customer__in=customers)}
    speakers = set(said.filter(contact__isnull=False).values_list("contact", flat=True))
    people: dict[int, list[Contact]] = {key: [] for key in customers}
    others: dict[int, Contact] = {}
    for person in present:
        if person.pk in speakers or person.pk in told:
            people[person.customer_id].append(person)
        else:
            others.setdefault(person.customer_id, person)
    rows = []
    for key, customer in customers.items():
        chosen = people[key] or ([others[key]] if key in others else [])
        rows += [Asker(customer, one, told.get(one.pk)) for one in chosen] or [Asker(customer, None)]
    return rows


def _present(customers: list[int]) -> QuerySet[Contact]:
    """Return who is there and takes mail, those first who speak for the customer."""
    order = Case(
        *(When(role=role, then=Value(place)) for place, role in enumerate(SPEAKS)),
        default=Value(len(SPEAKS)),
        output_field=IntegerField(),
    )
    today = time.today()
    return (
        Contact.objects.filter(
            Q(active_until__isnull=True) | Q(active_until__gt=today),
            customer__in=customers,
            archived_at__isnull=True,
            erased_at__isnull=True,
            opted_out=False,
        )
        .exclude(email="")
        .order_by(order, "pk")
    )
