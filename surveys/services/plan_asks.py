"""The plan's link goes to the customer by itself: at the plan's dates, to the stakeholders who decide or drive it.

A plan's dates are its first objective's start plus every `ask_every_days`; each person is written to at most once for a
date, under the contact budget, with a link made at the moment of leaving.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Min, Q, QuerySet
from django.urls import reverse

from accounts.models import Workspace
from core import time
from core.letters import Later, Letter, Never
from core.models import OutgoingMail
from customers.models import Contact, SuccessPlan
from surveys.languages import language_of
from surveys.models import ContactMail, Suppression
from surveys.public.words import WORDS
from surveys.services.direct import letter_queue, weigh, why_held, written
from surveys.services.plans import plan_link_create

KIND = "plan"
ASKED = (Contact.Role.CHAMPION, Contact.Role.DECISION_MAKER, Contact.Role.SPONSOR)
AT_ONCE = 100


def due() -> bool:
    """Tell whether a plan's date has come, or is to be found."""
    today = time.today()
    return _undated(today).exists() or _due(today).exists()


def ask() -> int:
    """Find the next date of plans that have none, then ask for those whose date has come; return how many of both."""
    today = time.today()
    with transaction.atomic():
        begun = _dates_begin(today)
        plans = list(_due(today).select_for_update(of=("self",))[:AT_ONCE])
        dates = {plan.customer_id: plan.ask_on or today for plan in plans}
        for person in _people(list(dates), today):
            day = dates[person.customer_id].isoformat()
            letter_queue(
                key=f"{KIND}:{person.pk}:{day}", kind=KIND, counts_as=ContactMail.Kind.SUCCESS, contact=person
            )
        for plan in plans:
            plan.ask_on = next_date(plan.ask_on or today, plan.ask_every_days or 1, today)
        SuccessPlan.objects.bulk_update(plans, ["ask_on"])
    return begun + len(plans)


def next_date(begins: dt.date, every: int, today: dt.date) -> dt.date:
    """Return the first of a plan's dates after today: its beginning plus a multiple of `every` days."""
    steps = max((today - begins).days // every + 1, 1)
    return begins + dt.timedelta(days=steps * every)


class PlanWriter:
    """Writes the mail with a contact's link to the plan; the link is made when the mail leaves."""

    @transaction.atomic
    def write(self, mail: OutgoingMail) -> Letter | Later | Never:
        """Return the letter; called off where the plan no longer asks or the person is gone."""
        contact = _contact(mail)
        if contact is None:
            return Never("erased")
        plan = SuccessPlan.objects.filter(customer=contact.customer_id, ask_every_days__isnull=False)
        if not plan.exists():
            return Never("stopped")
        spent = weigh(mail, time.now())
        return spent if isinstance(spent, Later | Never) else _letter(contact)

    def left(self, mail: OutgoingMail) -> None:
        """Nothing is to be noted: the budget counted it."""

    def says(self, why: str) -> str:
        """Return in words what holds a mail back, or why it was called off."""
        return why_held(why)


def _letter(contact: Contact) -> Letter:
    words = WORDS[language_of(contact.locale, contact.customer.locale)]
    brand = Workspace.get().name
    address = (
        f"{settings.SITE_URL}{reverse('shared_plan', args=[plan_link_create(actor=None, contact=contact)])}"
    )
    return written(
        contact,
        subject=words["plan_subject"].format(brand=brand),
        lines=[
            f"{words['plan_lead']} {address}",
            words["plan_more"].format(customer=contact.customer.name),
            brand,
        ],
        stop_word=words["stop"],
        stop_kind=Suppression.Kind.SURVEYS,
    )


def _contact(mail: OutgoingMail) -> Contact | None:
    key = int(mail.key.split(":")[1])
    return Contact.objects.select_related("customer__owner").filter(pk=key, erased_at__isnull=True).first()


def _people(customers: list[int], today: dt.date) -> QuerySet[Contact]:
    """Return who is asked: those who decide or drive it, are still there and have an address."""
    return Contact.objects.filter(
        Q(active_until__isnull=True) | Q(active_until__gt=today),
        customer__in=customers,
        role__in=ASKED,
        archived_at__isnull=True,
    ).exclude(email="")


def _dates_begin(today: dt.date) -> int:
    plans = list(_undated(today)[:AT_ONCE])
    for plan in plans:
        plan.ask_on = next_date(plan.begins, plan.ask_every_days or 1, today)
    SuccessPlan.objects.bulk_update(plans, ["ask_on"])
    return len(plans)


def _undated(today: dt.date) -> QuerySet[Any]:
    """Return plans that ask by themselves and have no next date yet, with the day their objectives begin."""
    begins = Min("customer__objectives__starts_on", filter=Q(customer__objectives__archived_at__isnull=True))
    return (
        _asking().filter(ask_on__isnull=True).annotate(begins=begins).filter(begins__lte=today).order_by("pk")
    )


def _due(today: dt.date) -> QuerySet[SuccessPlan]:
    return _asking().filter(ask_on__lte=today).order_by("ask_on", "pk")


def _asking() -> QuerySet[SuccessPlan]:
    return SuccessPlan.objects.filter(ask_every_days__isnull=False, customer__archived_at__isnull=True)
