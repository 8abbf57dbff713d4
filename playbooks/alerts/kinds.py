"""The kinds of alert rules: what they are called, what `days` and `amount` mean, and their sentences.

A sentence names its numbers: `%(days)s`, `%(amount)s`; that of an alert also `%(value)s`, `%(before)s`, `%(label)s`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

MOST_DAYS = 1000
MOST_AMOUNT = 1000


@dataclass(frozen=True)
class Kind:
    """A kind of rule. `days_word` and `amount_word` label what it asks for; empty: it does not."""

    key: str
    scope: str
    name: "StrPromise"
    rule: "StrPromise"
    alert: "StrPromise"
    tone: str = "red"
    days_word: "StrPromise | str" = ""
    amount_word: "StrPromise | str" = ""
    icon: str = "bell"


_DAYS = _("Days")
_ALL = (
    Kind(
        "band",
        "customer",
        _("Health band fell"),
        _("The health band fell within the last %(days)s days and has not recovered."),
        _("Health fell to a worse band."),
        days_word=_DAYS,
    ),
    Kind(
        "score_drop",
        "customer",
        _("Score fell"),
        _("The health score is at least %(amount)s points lower than %(days)s days ago."),
        _("The score fell from %(before)s to %(value)s in %(days)s days."),
        days_word=_DAYS,
        amount_word=_("Points"),
    ),
    Kind(
        "usage_fell",
        "customer",
        _("Usage fell"),
        _("The number of active people is at least %(amount)s %% lower than %(days)s days ago."),
        _("Active people fell from %(before)s to %(value)s in %(days)s days."),
        days_word=_DAYS,
        amount_word=_("Per cent"),
    ),
    Kind(
        "champion_silent",
        "contact",
        _("Champion silent"),
        _("Nobody has talked to a champion for %(days)s days."),
        _("Nobody has talked to the champion %(label)s for %(value)s days."),
        tone="yellow",
        days_word=_DAYS,
    ),
    Kind(
        "champion_left",
        "contact",
        _("Champion left"),
        _("A champion, decision maker or sponsor left in the last %(days)s days."),
        _("%(label)s, a key person, left %(value)s days ago."),
        days_word=_DAYS,
    ),
    Kind(
        "mail_bounced",
        "contact",
        _("Mail to a key person bounced"),
        _("The address of a champion, decision maker or sponsor does not exist any more."),
        _("Mail to %(label)s bounced; the person may have left."),
    ),
    Kind(
        "detractor",
        "response",
        _("Detractor"),
        _("Somebody answered NPS with %(amount)s or less in the last %(days)s days."),
        _("%(label)s answered NPS with %(value)s."),
        days_word=_DAYS,
        amount_word=_("At most"),
    ),
    Kind(
        "low_csat",
        "response",
        _("Low CSAT"),
        _("Somebody answered CSAT with %(amount)s or less in the last %(days)s days."),
        _("%(label)s answered CSAT with %(value)s."),
        days_word=_DAYS,
        amount_word=_("At most"),
    ),
    Kind(
        "low_ces",
        "response",
        _("Low CES"),
        _("Somebody answered CES with %(amount)s or less in the last %(days)s days."),
        _("%(label)s answered CES with %(value)s."),
        days_word=_DAYS,
        amount_word=_("At most"),
    ),
    Kind(
        "ticket_overdue",
        "ticket",
        _("Ticket overdue"),
        _("A ticket is open more than %(days)s days past its due time."),
        _("Ticket “%(label)s” is %(value)s days overdue."),
        days_word=_DAYS,
    ),
    Kind(
        "ticket_reopened",
        "ticket",
        _("Ticket reopened"),
        _("An open ticket was reopened %(amount)s times or more."),
        _("Ticket “%(label)s” was reopened (%(value)s) and is not solved."),
        amount_word=_("Times"),
    ),
    Kind(
        "renewal",
        "contract",
        _("Renewal without a signed contract"),
        _("A contract ends in %(days)s days or less, in more than %(amount)s, and no next one is signed."),
        _("The contract ends in %(value)s days and no next one is signed."),
        tone="yellow",
        days_word=_DAYS,
        amount_word=_("More than, days"),
    ),
    Kind(
        "payment_late",
        "payment",
        _("Payment late"),
        _("An invoice is unpaid more than %(days)s days after it was due."),
        _("Invoice %(label)s is %(value)s days late."),
        tone="yellow",
        days_word=_DAYS,
    ),
    Kind(
        "activation_overdue",
        "customer",
        _("Activation overdue"),
        _("What activates a customer is not reached %(days)s days after its time was over."),
        _("Day %(value)s since the start, and the customer is not activated."),
        tone="yellow",
        days_word=_DAYS,
    ),
    Kind(
        "no_touch",
        "customer",
        _("No conversation"),
        _("Nobody has talked to the customer for %(days)s days."),
        _("Nobody has talked to the customer for %(value)s days."),
        tone="yellow",
        days_word=_DAYS,
    ),
    Kind(
        "objective_behind",
        "objective",
        _("Objective behind"),
        _("An objective of the success plan is %(amount)s percentage points or more behind what is due."),
        _("The objective “%(label)s” is %(value)s percentage points behind what is due."),
        tone="yellow",
        amount_word=_("Percentage points"),
    ),
    Kind(
        "value_gap",
        "customer",
        _("Success behind"),
        _(
            "By its own words the customer is %(amount)s percentage points or more behind what is due of its plan."
        ),
        _("By its own words the customer is %(value)s percentage points behind its plan."),
        amount_word=_("Percentage points"),
    ),
    Kind(
        "perception_gap",
        "customer",
        _("We see it differently"),
        _(
            "We believe at least %(amount)s percentage points more of the plan were reached than the customer confirms."
        ),
        _("We believe %(value)s percentage points more of the plan were reached than the customer confirms."),
        amount_word=_("Percentage points"),
    ),
    Kind(
        "plan_unconfirmed",
        "customer",
        _("Plan not confirmed"),
        _("%(days)s days after a plan began, the customer has confirmed less than half of it."),
        _("The customer has confirmed %(value)s %% of its plan; under half, nobody knows how far it is."),
        tone="yellow",
        days_word=_DAYS,
    ),
    Kind(
        "seats_full",
        "customer",
        _("Seats nearly full"),
        _("At least %(amount)s %% of the seats are used."),
        _("%(value)s people use %(before)s seats."),
        tone="accent",
        amount_word=_("Per cent"),
    ),
    Kind(
        "promoter",
        "customer",
        _("Promoter with all it was promised"),
        _("The latest NPS answer is %(amount)s or more, and the customer confirms every objective."),
        _("A promoter (NPS %(value)s) that has all it was promised: ask whether it wants more."),
        tone="accent",
        amount_word=_("At least"),
    ),
)
KINDS: Mapping[str, Kind] = {kind.key: kind for kind in _ALL}

# kind, days, amount: what a workspace begins with.
STARTING: tuple[tuple[str, int | None, int | None], ...] = (
    ("band", 30, None),
    ("score_drop", 14, 10),
    ("usage_fell", 30, 30),
    ("champion_silent", 60, None),
    ("champion_left", 90, None),
    ("mail_bounced", None, None),
    ("detractor", 60, 6),
    ("low_csat", 30, 2),
    ("low_ces", 30, 3),
    ("ticket_overdue", 0, None),
    ("ticket_reopened", None, 2),
    ("renewal", 120, 90),
    ("renewal", 90, 60),
    ("renewal", 60, 30),
    ("renewal", 30, 0),
    ("payment_late", 7, None),
    ("activation_overdue", 0, None),
    ("no_touch", 45, None),
    ("objective_behind", None, 25),
    ("value_gap", None, 25),
    ("perception_gap", None, 25),
    ("plan_unconfirmed", 120, None),
    ("seats_full", None, 90),
    ("promoter", None, 9),
)
