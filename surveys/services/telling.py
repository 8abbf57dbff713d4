"""Telling customers what came of what they said: once each, under the contact budget; two weeks later asked whether it
helped."""

import datetime as dt
from collections.abc import Collection

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Workspace
from accounts.principals import Principal
from core import time
from core.letters import Later, Letter, Never
from core.models import OutgoingMail
from customers.models import Contact, InsightTheme, InsightTold
from surveys.languages import language_of
from surveys.models import ContactMail, Link, Suppression
from surveys.public.words import WORDS
from surveys.services.direct import letter_queue, weigh, why_held, written
from surveys.tokens import link_new

KIND = "insight"
TOLD, ASKED = "told", "asked"
ASK_AFTER = dt.timedelta(days=14)
AT_ONCE = 100


@transaction.atomic
def theme_tell(*, actor: Principal, theme: InsightTheme, contacts: Collection[Contact], text: str) -> int:
    """Tell contacts what was done about a theme; return how many are new. Nobody is told twice of one theme.

    Raises ValidationError for a theme that is not done, and without words.
    """
    if theme.state != InsightTheme.State.DONE:
        raise ValidationError(_("Call it done first: customers are told what was done."))
    if not text.strip():
        raise ValidationError({"text": _("Say what was done; the customers read these words.")})
    new = 0
    for contact in contacts:
        row, is_new = InsightTold.objects.get_or_create(
            theme=theme,
            contact=contact,
            defaults={"customer_id": contact.customer_id, "text": text.strip(), "made_by": actor.person},
        )
        if is_new:
            new += letter_queue(
                key=_key(row, TOLD), kind=KIND, counts_as=ContactMail.Kind.PLAYBOOK, contact=contact
            )
            audit.record(
                actor=actor, action="insight.told", subject=row, customer_id=row.customer_id, label=theme.name
            )
    return new


def asks_due() -> bool:
    """Tell whether somebody is to be asked whether it helped."""
    return _due().exists()


def asks_queue() -> int:
    """Queue the question to up to 100 contacts who were told two weeks ago; return how many. Once each."""
    with transaction.atomic():
        rows = list(_due().select_for_update(of=("self",)).select_related("contact")[:AT_ONCE])
        for row in rows:
            letter_queue(
                key=_key(row, ASKED), kind=KIND, counts_as=ContactMail.Kind.PLAYBOOK, contact=row.contact
            )
        InsightTold.objects.filter(pk__in=[row.pk for row in rows]).update(asked_at=time.now())
    return len(rows)


def told_helped(*, told: InsightTold, helped: bool, at: dt.datetime) -> None:
    """Record what the contact says to "did it help?"; they may change their mind."""
    InsightTold.objects.filter(pk=told.pk).update(helped=helped, helped_at=at)


class InsightWriter:
    """Writes the letter that tells what was done, and the one that asks whether it helped."""

    @transaction.atomic
    def write(self, mail: OutgoingMail) -> Letter | Later | Never:
        """Return the letter with a fresh link; the contact budget has counted it then."""
        told, which = _of(mail)
        if told is None:
            return Never("erased")
        if which == ASKED and told.helped is not None:
            return Never("answered")
        spent = weigh(mail, time.now())
        return spent if isinstance(spent, Later | Never) else _letter(told, which)

    @transaction.atomic
    def left(self, mail: OutgoingMail) -> None:
        """Note when the contact was told, and when to ask."""
        told, which = _of(mail)
        if told is not None and which == TOLD:
            now = time.now()
            InsightTold.objects.filter(pk=told.pk, told_at__isnull=True).update(
                told_at=now, ask_on=time.local_day(now) + ASK_AFTER
            )

    def says(self, why: str) -> str:
        """Return in words what holds a mail back, or why it was called off."""
        return why_held(why)


def _letter(told: InsightTold, which: str) -> Letter:
    words = WORDS[language_of(told.contact.locale, told.customer.locale)]
    token = link_new(Link.Purpose.INSIGHT, contact=told.contact, subject_id=told.pk)
    address = f"{settings.SITE_URL}{reverse('insight_helped', args=[token])}"
    brand = Workspace.get().name
    lead = words["told_lead"] if which == TOLD else words["asked_lead"]
    return written(
        told.contact,
        subject=words["told_title"] if which == TOLD else words["case_ask"],
        lines=[lead.format(brand=brand), told.text, f"{words['case_ask']} {address}", brand],
        stop_word=words["stop_letters"],
        stop_kind=Suppression.Kind.PLAYBOOKS,
    )


def _due() -> QuerySet[InsightTold]:
    return InsightTold.objects.filter(
        ask_on__lte=time.today(), asked_at__isnull=True, helped__isnull=True
    ).order_by("pk")


def _key(told: InsightTold, which: str) -> str:
    return f"{KIND}:{told.pk}:{which}"


def _of(mail: OutgoingMail) -> tuple[InsightTold | None, str]:
    _kind, key, which = mail.key.split(":")
    rows = InsightTold.objects.select_related("contact__customer__owner", "customer", "theme")
    return rows.filter(pk=int(key)).first(), which
