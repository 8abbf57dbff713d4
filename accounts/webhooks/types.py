"""The kinds of happenings other systems can be told of.

Most of them are actions of the audit trail: what is audited as `customer.updated` is told as `customer.updated`. The
apps above add happenings that are no person's change (an answer, a finished night) by `add`.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TEST = "webhook.test"

_KNOWN: dict[str, str | Promise] = {
    "customer.created": _("A customer was added"),
    "customer.updated": _("A customer was changed"),
    "customer.archived": _("A customer was archived"),
    "customer.restored": _("A customer was restored"),
    "customer.merged": _("A duplicate was merged into a customer"),
    "customer.assigned": _("A customer got another owner"),
    "customer.stage_changed": _("A customer moved to another stage"),
    "customer.segment_changed": _("A customer moved to another segment"),
    "customer.tagged": _("A customer's tags changed"),
    "contact.created": _("A contact was added"),
    "contact.updated": _("A contact was changed"),
    "contact.archived": _("A contact was archived"),
    "contact.restored": _("A contact was restored"),
    "subscription.created": _("A subscription was added"),
    "subscription.updated": _("A subscription was changed"),
    "contract.created": _("A contract was added"),
    "contract.updated": _("A contract was changed"),
    "payment.created": _("A payment was added"),
    "ticket.created": _("A ticket was added"),
    "ticket.updated": _("A ticket was changed"),
    "touchpoint.created": _("A touchpoint was logged"),
    "milestone.created": _("A milestone was reached"),
    "target.created": _("A target was set"),
    "target.updated": _("A target was changed"),
    "import.applied": _("A file was imported"),
    "import.undone": _("An import was taken back"),
    "person.joined": _("A person joined the team"),
    "person.disabled": _("A person was disabled"),
}


def add(kind: str, label: str | Promise) -> None:
    """Let webhooks be told of one more kind of happening."""
    _KNOWN[kind] = label


def known() -> Mapping[str, str | Promise]:
    """Return every kind that a webhook can choose, with its label."""
    return dict(sorted(_KNOWN.items()))
