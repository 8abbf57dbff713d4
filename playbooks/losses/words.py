"""What the reasons that Zelo brings are called, in the reader's language."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

SHIPPED: Mapping[str, "StrPromise"] = {
    "support": pgettext_lazy("reason of a loss", "Support"),
    "usage": pgettext_lazy("reason of a loss", "Hardly used it"),
    "bug": pgettext_lazy("reason of a loss", "Bug or outage"),
    "price": pgettext_lazy("reason of a loss", "Price"),
    "wrong_charge": pgettext_lazy("reason of a loss", "Wrong charge"),
    "champion_left": pgettext_lazy("reason of a loss", "Champion left"),
    "closed_down": pgettext_lazy("reason of a loss", "Closed down"),
    "competitor": pgettext_lazy("reason of a loss", "Went to a competitor"),
    "missing_feature": pgettext_lazy("reason of a loss", "Missing feature"),
    "no_result": pgettext_lazy("reason of a loss", "Did not reach its goal"),
    "smaller": pgettext_lazy("reason of a loss", "Needs less: cut its team or costs"),
    "other": pgettext_lazy("reason of a loss", "Another reason"),
}


def shipped_reason(key: str) -> "StrPromise | str":
    """Return what a reason that Zelo brings is called."""
    return SHIPPED.get(key, key or _("Another reason"))
