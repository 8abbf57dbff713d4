"""Setting up from which systems Zelo hears."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.principals import Principal
from core import time
from core.sealed import seal
from ingest.models import Connection, Delivery

SHORTEST, LONGEST = 16, 200


@transaction.atomic
def connection_set(*, actor: Principal, kind: str, secret: str, makes_customers: bool) -> Connection:
    """Connect a system, or change how it is; without a secret the one it has stays.

    Raises ValidationError by field: no secret where there is none yet, or one that can be none.
    """
    secret = secret.strip()
    known = Connection.objects.select_for_update().filter(kind=kind).first()
    if secret and (
        not SHORTEST <= len(secret) <= LONGEST or not secret.isascii() or not secret.isprintable()
    ):
        said = _("A signing secret has %(least)s to %(most)s characters; copy it as it is shown there.")
        raise ValidationError({"secret": said % {"least": SHORTEST, "most": LONGEST}})
    if known is None and not secret:
        raise ValidationError({"secret": _("Paste the signing secret.")})
    row = known or Connection(kind=kind, connected_by=actor.person)
    before = None if known is None else known.makes_customers
    row.makes_customers = makes_customers
    if secret:
        row.secret_sealed, row.connected_at = seal(secret), time.now()
    row.save()
    changes = {"makes_customers": (before, makes_customers)} if before != makes_customers else {}
    action = "connection.created" if known is None else "connection.updated"
    audit.record(actor=actor, action=action, subject=row, changes=changes, label=str(row))
    return row


@transaction.atomic
def connection_remove(*, actor: Principal, connection: Connection) -> None:
    """Hear no more of a system. What it told stays; what of it still waits for a customer goes."""
    Delivery.objects.filter(source=connection.kind, waits=True).delete()
    audit.record(
        actor=actor,
        action="connection.removed",
        subject=connection,
        changes={"connected_at": (connection.connected_at, None)},
        label=str(connection),
    )
    connection.delete()
