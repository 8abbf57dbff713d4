"""The kinds of step: icon, and what each has to say before it can be published. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

OWNERS: Mapping[str, "StrPromise"] = {
    "owner": _("The customer's owner"),
    "onboarding_owner": _("The onboarding owner"),
    "commercial_owner": _("The commercial owner"),
    "starter": _("Who starts the playbook"),
}
PERSON = "person:"  # beginning of an owner who is one named person

OFFERS: Mapping[str, "StrPromise"] = {
    "discount": _("Discount"),
    "upgrade": _("Upgrade"),
    "cross_sell": _("Cross-sell"),
}
MEETINGS: Mapping[str, "StrPromise"] = {"meeting": _("Meeting"), "webinar": _("Webinar")}
CHANGES: Mapping[str, "StrPromise"] = {
    "tag_add": _("Put a tag on"),
    "tag_remove": _("Take a tag off"),
    "attribute": _("Set a field"),
}
LINKS: Mapping[str, "StrPromise"] = {
    "case": _("Case"),
    "webinar": _("Webinar"),
    "material": _("Material"),
}
MOST_DAYS = 1000
MOST_STEPS = 60


@dataclass(frozen=True)
class StepKind:
    """A kind of step: its icon, whether somebody does it, whether mail leaves, and the parts it cannot be without."""

    key: str
    icon: str
    hint: "StrPromise"
    owned: bool = False
    mails: bool = False
    texts: tuple[str, ...] = ()


_ALL = (
    StepKind("task", "square-check", _("Work for somebody of the team."), owned=True),
    StepKind(
        "email",
        "mail",
        _("A mail to people there by role, within the contact budget."),
        mails=True,
        texts=("subject", "body"),
    ),
    StepKind("call", "phone", _("A call that somebody of the team makes."), owned=True),
    StepKind(
        "meeting",
        "video",
        _("An invitation with a calendar file to people there by role."),
        mails=True,
        texts=("subject", "body"),
    ),
    StepKind("offer", "gift", _("A discount, an upgrade or a further product, accepted or not."), owned=True),
    StepKind("survey", "message-circle", _("A survey to people there by role."), mails=True),
    StepKind("stage", "flag", _("Moves the customer to another stage.")),
    StepKind("wait", "hourglass-empty", _("Waits until something holds, at most so many days.")),
    StepKind("field", "tag", _("Sets a field, or puts a tag on or takes it off.")),
    StepKind("webhook", "bolt", _("Tells another system.")),
)
KINDS: Mapping[str, StepKind] = {one.key: one for one in _ALL}
