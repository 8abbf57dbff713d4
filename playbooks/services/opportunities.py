"""Opportunities: spotted, changed, handed over to sales, won, lost, opened again."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.principals import Principal
from core import mail, time
from customers.models import Customer
from customers.services.facts import check_live
from playbooks.models import Opportunity
from playbooks.services.records import record_create, record_update

FIELDS = ("kind", "title", "mrr_cents", "stage", "expected_on", "owner", "note")
DECIDED = (Opportunity.Stage.WON, Opportunity.Stage.LOST)
MAIL_KIND = "opportunity"


@transaction.atomic
def opportunity_create(*, actor: Principal | None, customer: Customer, **fields: Any) -> Opportunity:
    """Write down what a customer could buy more of. Raises ValidationError by field."""
    _known(fields)
    check_live(customer)
    person = None if actor is None else actor.person
    row = Opportunity(customer=customer, author=person, **{"owner": person, **fields})
    return record_create(actor=actor, row=row, check=_check_open, action="opportunity.created")


@transaction.atomic
def opportunity_update(
    *, actor: Principal | None, opportunity: Opportunity, changes: Mapping[str, Any]
) -> Opportunity:
    """Change an opportunity that is not decided; of one that is, only its note. Raises ValidationError by field."""
    _known(changes)
    if opportunity.stage in DECIDED:
        late = [name for name in changes if name != "note" and changes[name] != getattr(opportunity, name)]
        if late:
            raise ValidationError(
                {late[0]: _("This opportunity is decided. Open it again before you change it.")}
            )
        return _write(actor, opportunity, changes, "opportunity.updated")
    return record_update(
        actor=actor, row=opportunity, changes=changes, check=_check_open, action="opportunity.updated"
    )


@transaction.atomic
def opportunity_hand_over(*, actor: Principal | None, opportunity: Opportunity, to: str) -> Opportunity:
    """Hand an opportunity over to sales: they get a mail with what is known. Raises ValidationError."""
    _still_open(opportunity)
    email = to.strip()
    validate_email(email)
    at = time.now()
    changes = {"stage": Opportunity.Stage.SALES, "sales_email": email, "handed_over_at": at}
    row = _write(actor, opportunity, changes, "opportunity.handed_over")
    person = None if actor is None else actor.person
    with translation.override(settings.LANGUAGE_CODE):
        url = settings.SITE_URL + reverse("opportunity", args=[row.pk])
        text = render_to_string("playbooks/opportunity_mail.txt", {"row": row, "by": person, "url": url})
        subject = _("Opportunity: %(name)s, %(title)s") % {"name": row.customer.name, "title": row.title}
    mail.queue(
        kind=MAIL_KIND,
        to=email,
        subject=subject,
        body_text=text.strip() + "\n",
        key=f"{MAIL_KIND}:{row.pk}:{at.timestamp():.0f}",
    )
    return row


@transaction.atomic
def opportunity_won(
    *,
    actor: Principal | None,
    opportunity: Opportunity,
    on: dt.date | None = None,
    mrr_cents: int | None = None,
) -> Opportunity:
    """Say that it was won; the night links it with the movement of the MRR. Raises ValidationError."""
    _still_open(opportunity)
    changes = {"stage": Opportunity.Stage.WON, "decided_on": on or time.today()}
    if mrr_cents is not None:
        changes["mrr_cents"] = mrr_cents
    return _write(actor, opportunity, changes, "opportunity.won")


@transaction.atomic
def opportunity_lost(*, actor: Principal | None, opportunity: Opportunity, why: str) -> Opportunity:
    """Say that nothing came of it, and why. Raises ValidationError."""
    _still_open(opportunity)
    said = why.strip()[:300]
    if not said:
        raise ValidationError({"why": _("Say why nothing came of it; the next one learns from it.")})
    changes = {"stage": Opportunity.Stage.LOST, "decided_on": time.today(), "lost_why": said}
    return _write(actor, opportunity, changes, "opportunity.lost")


@transaction.atomic
def opportunity_reopen(*, actor: Principal | None, opportunity: Opportunity) -> Opportunity:
    """Take a decision back. Raises ValidationError."""
    if opportunity.stage not in DECIDED:
        raise ValidationError(_("This opportunity is open."))
    stage = Opportunity.Stage.SALES if opportunity.handed_over_at else Opportunity.Stage.PROPOSED
    changes = {
        "stage": stage,
        "decided_on": None,
        "lost_why": "",
        "movement_on": None,
        "movement_cents": None,
    }
    return _write(actor, opportunity, changes, "opportunity.reopened")


def _write(actor: Principal | None, row: Opportunity, changes: Mapping[str, Any], action: str) -> Opportunity:
    return record_update(actor=actor, row=row, changes=changes, check=_check, action=action)


def _known(fields: Mapping[str, Any]) -> None:
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"not a field of an opportunity: {sorted(unknown)}")


def _still_open(row: Opportunity) -> None:
    if row.stage in DECIDED:
        raise ValidationError(_("This opportunity is decided already."))


def _check_open(row: Opportunity) -> None:
    if row.stage in DECIDED:
        raise ValidationError({"stage": _("Say by its own button that it was won or lost.")})
    _check(row)


def _check(row: Opportunity) -> None:
    wrong: dict[str, str] = {}
    row.title, row.note = " ".join(row.title.split()), row.note.strip()
    if not row.title:
        wrong["title"] = _("Say in a few words what they could buy.")
    if row.mrr_cents <= 0:
        wrong["mrr_cents"] = _("Say what it would bring a month; the amount is above zero.")
    if row.decided_on is not None and row.decided_on > time.today():
        wrong["on"] = _("Choose today or a day before.")
    if wrong:
        raise ValidationError(wrong)
