"""Fields in the texts of mails, such as `{{ first_name }}`. Pure: values come in, text goes out."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

_FIELD = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_BROKEN = re.compile(r"\{\{|\}\}")

FIELDS: Mapping[str, "StrPromise"] = {
    "first_name": _("First name of the person"),
    "name": _("Name of the person"),
    "customer": _("Name of the customer"),
    "owner": _("Name of the customer's owner"),
    "owner_email": _("Address of the customer's owner"),
    "workspace": _("Name of our company"),
    "renewal_date": _("Day of the next renewal"),
    "started_on": _("Day on which the customer started"),
    "meeting_time": _("Day and time of the meeting (invitations only)"),
}


def unknown_fields(text: str) -> list[str]:
    """Return the fields of a text that nothing can fill, in order; braces left open count as one."""
    wrong = [name for name in _FIELD.findall(text) if name not in FIELDS]
    rest = _BROKEN.findall(_FIELD.sub("", text))
    return [*dict.fromkeys(wrong), *rest[:1]]


def empty_fields(text: str, values: Mapping[str, str]) -> list[str]:
    """Return the fields of a text for which there is no value."""
    return [name for name in dict.fromkeys(_FIELD.findall(text)) if not values.get(name)]


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with its fields filled in; a value is never read for fields itself."""
    return _FIELD.sub(lambda found: values.get(found.group(1), ""), text)
