"""The forms of a person's wishes and of the channels that hear of alerts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import FocusedForm
from playbooks.models import AlertChannel, WorkWish
from playbooks.models.notice import MOST_CAPACITY
from playbooks.services.notices import WISH_FIELDS


def _clock() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class WishForm(FocusedForm):
    """How many customers a day, and how and when to be told of alerts."""

    capacity = forms.IntegerField(
        label=_("Customers I can care for in a day"),
        min_value=1,
        max_value=MOST_CAPACITY,
        help_text=_("My day is cut to this many."),
    )
    alert_mail = forms.ChoiceField(label=_("Alerts by mail"), choices=WorkWish.Mail.choices)
    whose = forms.ChoiceField(label=_("Of whose customers"), choices=WorkWish.Whose.choices)
    digest_at = forms.TimeField(label=_("Once a day at"), widget=_clock())
    quiet_from = forms.TimeField(label=_("No mails from"), required=False, widget=_clock())
    quiet_to = forms.TimeField(
        label=_("No mails until"),
        required=False,
        widget=_clock(),
        help_text=_("By the workspace's clock. Both empty: at any time."),
    )

    def __init__(self, data: Any = None, *, wish: WorkWish) -> None:
        super().__init__(data, initial={name: getattr(wish, name) for name in WISH_FIELDS})


class ChannelForm(FocusedForm):
    """A chat or system that hears of alerts."""

    name = forms.CharField(label=_("Name"), max_length=80)
    kind = forms.ChoiceField(label=_("Kind"), choices=AlertChannel.Kind.choices)
    url = forms.CharField(
        label=_("Address"),
        max_length=1000,
        help_text=_("The incoming webhook that the chat gave you. It is kept sealed and never shown again."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url"}),
    )
    red_only = forms.BooleanField(label=_("Only red alerts"), required=False, initial=True)
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, data: Any = None, *, channel: AlertChannel | None = None) -> None:
        names = ("name", "kind", "red_only", "active")
        super().__init__(data, initial={name: getattr(channel, name) for name in names} if channel else None)
        if channel is not None:
            self.fields["url"].required = False
            self.fields["url"].help_text = _("Empty: the one that is there stays.")
