"""The set-up checklist: what a new workspace still needs until its first useful page."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation, User
from core.models import WorkState
from customers.models import Customer, Subscription
from metrics.models import FirstValueSign, Night, UsageEvent


@dataclass(frozen=True)
class Step:
    """One line of the checklist."""

    key: str
    title: str | Promise
    why: str | Promise
    done: bool
    url: str
    action: str | Promise
    example_kind: str = ""


def checklist() -> list[Step]:
    """Return the steps in the order that leads to a useful page soonest; each knows whether it is done."""
    upload = reverse("import_new")
    return [
        Step(
            "team",
            _("Invite the team"),
            _("Each analyst gets a link by mail and, later, a portfolio of their own."),
            User.objects.filter(is_active=True).count() > 1 or Invitation.objects.exists(),
            reverse("people"),
            _("Invite people"),
        ),
        Step(
            "customers",
            _("Bring your customers"),
            _("A CSV or Excel file with an identifier and a name is enough; you see what it would do first."),
            Customer.objects.exists(),
            f"{upload}?kind=customers",
            _("Upload customers"),
            "customers",
        ),
        Step(
            "subscriptions",
            _("Bring the subscriptions"),
            _("What each customer pays per month, since when. MRR, churn and renewals follow from it."),
            Subscription.objects.exists(),
            f"{upload}?kind=subscriptions",
            _("Upload subscriptions"),
            "subscriptions",
        ),
        Step(
            "usage",
            _("Bring the usage"),
            _("Who used what and when. Without it nobody sees a customer going silent."),
            UsageEvent.objects.exists(),
            f"{upload}?kind=usage",
            _("Upload usage"),
            "usage",
        ),
        Step(
            "first_value",
            _("Say what first value is"),
            _("The event or milestone at which a new customer has had something of what it came for."),
            FirstValueSign.objects.exists(),
            reverse("first_value_settings"),
            _("Choose events and milestones"),
        ),
        Step(
            "night",
            _("Run the first night"),
            _("Zelo computes every closed day since your first fact; after that it does so by itself."),
            Night.objects.filter(state=WorkState.DONE).exists(),
            reverse("setup_night"),
            _("Run it now"),
        ),
    ]


@dataclass(frozen=True)
class NightsProgress:
    """How far the nights are: those finished of those opened, and whether any failed."""

    done: int
    total: int
    failed: int

    @property
    def running(self) -> bool:
        """Whether there is still something to wait for."""
        return self.done + self.failed < self.total


def nights_progress() -> NightsProgress:
    """Return how far the nights are."""
    counted = Night.objects.aggregate(
        total=Count("pk"),
        done=Count("pk", filter=Q(state=WorkState.DONE)),
        failed=Count("pk", filter=Q(state=WorkState.FAILED)),
    )
    return NightsProgress(**counted)
