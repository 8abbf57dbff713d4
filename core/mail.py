"""Mails leave the house at most once: claimed in a transaction, sent outside it, marked afterwards.

A mail that was claimed and never marked may or may not have left; it is *unclear*: listed for admins,
sent again only when one of them says so. A mail that surely did not leave (the server was not reached
or refused it for now) is tried again by itself.
Kinds of mail that have a writer (core/letters.py) get their text only after the claim.
"""

import datetime as dt
import logging
from collections.abc import Mapping
from email.mime.image import MIMEImage

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import models, transaction
from django.db.models import F, Q

from core import bells, letters, time
from core.letters import Later, Letter, Never
from core.local_outbox import NUMBER
from core.mail_verdicts import Verdict, verdict
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
    """Return where a mail stands: `waiting`, `sending`, `sent`, `failed`, `unclear` or `dropped` (called off)."""
    if mail.state == WorkState.RUNNING:
        over = mail.leased_until is not None and mail.leased_until <= time.now()
        return "unclear" if over else "sending"
    if mail.state == WorkState.DONE:
        return "dropped" if mail.error else "sent"
    return str(mail.state)


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
    return not settings.EMAIL_URL and not settings.EMAIL_PROVIDER


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
    writer = letters.writer_of(mail)
    try:
        letter = _written(mail) if writer is None else writer.write(mail)
    except Exception as error:
        log.exception("Mail %s could not be written", mail.pk)
        _not_sent(mail, error)
        connection.close()
        return
    if not isinstance(letter, Letter):
        connection.close()
        _held_back(mail, letter)
        return
    try:
        _message(mail, letter, connection).send()
    except Exception as error:
        _not_taken(mail, error)
        return
    finally:
        connection.close()
    forget = SECRET in mail.headers and not bodies_stay_readable()
    with transaction.atomic():
        OutgoingMail.objects.filter(pk=mail.pk).update(
            state=WorkState.DONE,
            finished_at=time.now(),
            leased_until=None,
            error="",
            **({"body_text": "", "body_html": ""} if forget else {}),
        )
        if writer is not None:
            writer.left(mail)


def _not_taken(mail: OutgoingMail, error: Exception) -> None:
    said = verdict(error)
    if said is not Verdict.UNCLEAR:
        _not_sent(mail, error, for_good=said is Verdict.NEVER)
        return
    # The line broke in the middle: the server may have taken it. Unclear at once, not after the lease.
    log.exception("Whether mail %s left is unclear", mail.pk)
    OutgoingMail.objects.filter(pk=mail.pk).update(leased_until=time.now(), error=_said(error))


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


def _written(mail: OutgoingMail) -> Letter:
    """Return a mail whose text was there when it was queued."""
    headers = {name: value for name, value in mail.headers.items() if name != SECRET}
    return Letter(mail.subject, mail.body_text, mail.body_html, headers)


def _held_back(mail: OutgoingMail, held: Later | Never) -> None:
    """Note that the writer put the mail off or called it off; being put off is no failed attempt."""
    off = isinstance(held, Never)
    OutgoingMail.objects.filter(pk=mail.pk).update(
        state=WorkState.DONE if off else WorkState.WAITING,
        due_at=held.at if isinstance(held, Later) else mail.due_at,
        finished_at=time.now() if off else None,
        attempts=F("attempts") - 1,
        leased_until=None,
        error=held.why[:500],
    )


class _Illustrated(EmailMultiAlternatives):
    """A mail whose HTML names images that travel with it."""

    mixed_subtype = "related"


def _message(mail: OutgoingMail, letter: Letter, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    message = (_Illustrated if letter.images else EmailMultiAlternatives)(
        subject=letter.subject,
        body=letter.text,
        to=[mail.to],
        headers={**letter.headers, NUMBER: str(mail.pk)},
        connection=connection,
    )
    message.metadata = {"mail": str(mail.pk)}  # type: ignore[attr-defined]  # what a provider's webhook tells us by
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    for name, content in letter.images.items():
        image = MIMEImage(content, "png")
        image.add_header("Content-ID", f"<{name}>")
        image.add_header("Content-Disposition", "inline", filename=f"{name}.png")
        message.attach(image)
    for name, calendar in letter.calendars.items():
        message.attach(name, calendar, "text/calendar; method=REQUEST; charset=utf-8")
    return message
