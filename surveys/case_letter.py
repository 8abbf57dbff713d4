"""The mail that tells what was done about somebody's answer, as it leaves; its links are stored as hashes only."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from core import time
from core.letters import Letter, Never
from core.models import OutgoingMail
from surveys.limits import dropped_words
from surveys.models import Link, LoopCase
from surveys.public.words import WORDS
from surveys.services.loop import case_language
from surveys.services.suppressions import suppressed_kinds
from surveys.tokens import link_new


class CaseWriter:
    """Writes the mails of kind `case.told`; their key names the case."""

    @transaction.atomic
    def write(self, mail: OutgoingMail) -> Letter | Never:
        """Return the letter with fresh links, or why it is called off: the person left, was erased or wants no mail."""
        rows = LoopCase.objects.select_related("response__contact", "response__invitation")
        case = rows.filter(pk=mail.key.split(":")[1], closed_at__isnull=False).first()
        contact = case.response.contact if case is not None else None
        if case is None or contact is None or contact.erased_at is not None:
            return Never("erased")
        if contact.archived_at is not None:
            return Never("gone")
        if contact.opted_out or suppressed_kinds(contact.email):
            return Never("suppressed")
        helped = _address("survey_done", link_new(Link.Purpose.CLOSING, contact=contact, subject_id=case.pk))
        stop = _address("unsubscribe", link_new(Link.Purpose.UNSUBSCRIBE, contact=contact))
        LoopCase.objects.filter(pk=case.pk).update(told_at=time.now())
        words = WORDS[case_language(case)]
        return Letter(
            subject=words["case_title"],
            text=f"{case.done}\n\n{words['case_ask']} {helped}\n\n{words['stop']}: {stop}\n",
            headers={
                "List-Unsubscribe": f"<{stop}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Auto-Submitted": "auto-generated",
            },
        )

    def left(self, mail: OutgoingMail) -> None:
        """Nothing is to be noted: the case knows since the letter was written."""

    def says(self, why: str) -> str:
        """Return in words why a mail was called off."""
        return dropped_words(why)


def _address(name: str, token: str) -> str:
    return settings.SITE_URL + reverse(name, args=[token])
