"""What other systems can be told of insights."""

from django.utils.translation import gettext_lazy as _

from accounts.webhooks import types

HAPPENINGS = {
    "insight.created": _("An insight was recorded"),
    "insighttheme.created": _("A theme of insights was named"),
    "insighttheme.routed": _("A theme of insights went to a team"),
    "insighttheme.moved": _("A theme of insights was accepted, planned or declined"),
    "insighttheme.done": _("A theme of insights is done"),
}


def register_happenings() -> None:
    """Let webhooks choose them."""
    for kind, label in HAPPENINGS.items():
        types.add(kind, label)
