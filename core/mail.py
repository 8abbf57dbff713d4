"""Mails leave the house at most once: claimed in a transaction, sent outside it, marked afterwards.

A mail that was claimed and never marked may or may not have left; it is *unclear*: listed for admins,
sent again only when one of them says so. A mail that surely did not leave (the server was not reached
or refused it for now) is tried again by itself.
"""

import datetime as dt
import logging
import smtplib
from collections.abc import Mapping

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import models
from django.db.models import F, Q

from core import bells, time
from core.models import OutgoingMail, WorkState

log = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=5)
MOST_ATTEMPTS = 6
SECRET = "secret"  # noqa: S105  # key in `headers` that is ours and never sent


def queue(
    *,
    kind: str,
    to: str,
    subject: str,
    body_text: str,
    key: str,
    body_html: str = "",
    headers: Mapping[str, str] | None = None,
    secret: bool = False,
) -> OutgoingMail:
    """Put a mail into the outbox, inside the caller's transaction; the same `key` twice is one mail.

    `secret` says that the body holds a link that opens something: once a real server has taken the mail,
    the outbox forgets the body.
    """
    mail, _ = OutgoingMail.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "to": to,
            "subject": subject[:200],
            "body_text": body_text,
            "body_html": body_html,
            "headers": {**(headers or {}), **({SECRET: "1"} if secret else {})},
        },
    )
    bells.ring("mails")
    return mail


def due() -> bool:
    """Tell whether a mail waits to be sent."""
    return _waiting().exists()


def send_due(*, limit: int = 50) -> int:
    """Send up to `limit` mails that wait and are due; return how many were taken. Safe to run in parallel."""
    taken = 0
    for mail in _waiting().order_by("due_at", "pk")[:limit]:
        if _claim(mail):
            taken += 1
            _send(mail)
    return taken


def unclear() -> models.QuerySet[OutgoingMail]:
    """Return the mails of which nobody knows whether they left."""
    return OutgoingMail.objects.filter(state=WorkState.RUNNING, leased_until__lte=time.now())


def state_of(mail: OutgoingMail) -> str:
    """Return where a mail stands: `waiting`, `sending`, `sent`, `failed` or `unclear`."""
    if mail.state == WorkState.RUNNING:
        over = mail.leased_until is not None and mail.leased_until <= time.now()
        return "unclear" if over else "sending"
    return "sent" if mail.state == WorkState.DONE else str(mail.state)


def send_again(mail: OutgoingMail) -> bool:
    """Let an unclear or failed mail wait for sending again; False when it is neither any more."""
    stuck = Q(state=WorkState.FAILED) | Q(state=WorkState.RUNNING, leased_until__lte=time.now())
    freed = OutgoingMail.objects.filter(stuck, pk=mail.pk).update(
        state=WorkState.WAITING, due_at=time.now(), leased_until=None, attempts=0, error="", finished_at=None
    )
    bells.ring("mails")
    return bool(freed)


def bodies_stay_readable() -> bool:
    """Tell whether mails go to the local outbox only, where reading their bodies is the point."""
    return not settings.EMAIL_URL


def _waiting() -> models.QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(state=WorkState.WAITING, due_at__lte=time.now())


def _claim(mail: OutgoingMail) -> bool:
    """Take the mail unless another worker did; never one that was claimed before and left unmarked."""
    won = OutgoingMail.objects.filter(pk=mail.pk, state=WorkState.WAITING, attempts=mail.attempts).update(
        state=WorkState.RUNNING, attempts=F("attempts") + 1, leased_until=time.now() + LEASE
    )
    if won:
        mail.refresh_from_db()
    return bool(won)


def _send(mail: OutgoingMail) -> None:
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:  # smtplib's errors are OSErrors too; nothing has left yet
        _not_sent(mail, error)
        return
    try:
        _message(mail, connection).send()
    except smtplib.SMTPRecipientsRefused as error:
        _not_sent(mail, error, for_good=all(code >= 500 for code, _ in error.recipients.values()))
        return
    except smtplib.SMTPResponseException as error:
        _not_sent(mail, error, for_good=error.smtp_code >= 500)
        return
    except Exception as error:
        # The line broke in the middle: the server may have taken it. Unclear at once, not after the lease.
        log.exception("Whether mail %s left is unclear", mail.pk)
        OutgoingMail.objects.filter(pk=mail.pk).update(leased_until=time.now(), error=_said(error))
        return
    finally:
        connection.close()
    forget = SECRET in mail.headers and not bodies_stay_readable()
    OutgoingMail.objects.filter(pk=mail.pk).update(
        state=WorkState.DONE,
        finished_at=time.now(),
        leased_until=None,
        error="",
        **({"body_text": "", "body_html": ""} if forget else {}),
    )


def _not_sent(mail: OutgoingMail, error: Exception, *, for_good: bool = False) -> None:
    """Note that the mail surely did not leave: try again with growing pauses, or give up."""
    log.warning("Mail %s was not sent: %s", mail.pk, error)
    give_up = for_good or mail.attempts >= MOST_ATTEMPTS
    OutgoingMail.objects.filter(pk=mail.pk).update(
        state=WorkState.FAILED if give_up else WorkState.WAITING,
        due_at=time.now() + dt.timedelta(minutes=4 ** min(mail.attempts, 5)),
        leased_until=None,
        error=_said(error),
        finished_at=time.now() if give_up else None,
    )


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]


def _message(mail: OutgoingMail, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    headers = {name: value for name, value in mail.headers.items() if name != SECRET}
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.body_text,
        to=[mail.to],
        headers=headers,
        connection=connection,
    )
    if mail.body_html:
        message.attach_alternative(mail.body_html, "text/html")
    return message
