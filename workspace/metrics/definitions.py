"""How figures are counted, in words: what stands above and below the line, and where others count differently."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = str | Promise

_PAID_AT_OPENING = pgettext_lazy("below the line", "paid at opening by the same customers")
_ACTIVE_AT_OPENING = pgettext_lazy("below the line", "active at opening")
_ANSWERS = pgettext_lazy("below the line", "answers")
_TICKETS = pgettext_lazy("below the line", "tickets")

# What a figure divides, after the number and before the “÷”; and what it divides by.
SIDES: dict[str, tuple[Words, Words]] = {
    "arpa": (pgettext_lazy("above the line", "a month"), pgettext_lazy("below the line", "active customers")),
    "customer_churn_rate": (pgettext_lazy("above the line", "lost"), _ACTIVE_AT_OPENING),
    "customer_retention_rate": (pgettext_lazy("above the line", "still active"), _ACTIVE_AT_OPENING),
    "net_customer_growth": (pgettext_lazy("above the line", "more customers"), _ACTIVE_AT_OPENING),
    "gross_mrr_churn_rate": (pgettext_lazy("above the line", "less at closing"), _PAID_AT_OPENING),
    "net_mrr_churn_rate": (
        pgettext_lazy("above the line", "less at closing, rises set off"),
        _PAID_AT_OPENING,
    ),
    "nrr": (pgettext_lazy("above the line", "paid at closing"), _PAID_AT_OPENING),
    "grr": (pgettext_lazy("above the line", "kept at closing, no rise counted"), _PAID_AT_OPENING),
    "quick_ratio": (pgettext_lazy("above the line", "won"), pgettext_lazy("below the line", "lost")),
    "renewal_rate": (
        pgettext_lazy("above the line", "renewed"),
        pgettext_lazy("below the line", "renewals due"),
    ),
    "renewal_rate_value": (
        pgettext_lazy("above the line", "a month renewed"),
        pgettext_lazy("below the line", "a month due"),
    ),
    "cac": (pgettext_lazy("above the line", "spent"), pgettext_lazy("below the line", "customers won")),
    "ltv_historic": (
        pgettext_lazy("above the line", "paid so far"),
        pgettext_lazy("below the line", "customers that paid"),
    ),
    "nps": (pgettext_lazy("above the line", "promoters less detractors"), _ANSWERS),
    "csat": (pgettext_lazy("above the line", "satisfied"), _ANSWERS),
    "csat_mean": (pgettext_lazy("above the line", "points"), _ANSWERS),
    "ces": (pgettext_lazy("above the line", "points"), _ANSWERS),
    "ces_easy": (pgettext_lazy("above the line", "found it easy"), _ANSWERS),
    "first_response_time_mean": (pgettext_lazy("above the line", "waited in all"), _TICKETS),
    "first_response_time_business_mean": (pgettext_lazy("above the line", "open while waiting"), _TICKETS),
    "resolution_time_mean": (pgettext_lazy("above the line", "taken in all"), _TICKETS),
    "resolution_time_business_mean": (pgettext_lazy("above the line", "open in all"), _TICKETS),
    "fcr": (pgettext_lazy("above the line", "at the first contact"), _TICKETS),
    "activation_rate": (
        pgettext_lazy("above the line", "activated in time"),
        pgettext_lazy("below the line", "customers whose days are over"),
    ),
}

_COHORT = _(
    "Who joins inside the period is not counted, and who leaves and is back by its end is not lost. A spreadsheet that "
    "divides all who left by all there are now gives another number."
)
_BY_STATE = _(
    "It compares what each customer paid at the opening with what it pays at the closing. Vendors that add up the "
    "period's movements count a customer that falls and recovers inside it as lost and won; here it lost nothing."
)
_MEDIAN = _(
    "Half of the tickets took less, half longer. Reports that show the mean are pulled up by a few long ones."
)
_BUSINESS = _(
    "Only the hours of the working calendar count, holidays left out, in the workspace’s time zone. What was asked on "
    "Friday night and answered on Monday morning took minutes. Half of the tickets took less, half longer; a new "
    "calendar tells the past anew."
)
_CLASSES = _(
    "Each answer counts once, a person who answers two invitations twice. Some tools count only the last answer of "
    "each person."
)

# Which rule is used where a spreadsheet or another vendor would count differently.
RULES: dict[str, Words] = {
    "mrr": _(
        "A row counts while it starts on or before the day and ends after it: on its end day it is over. Spreadsheets "
        "that count the end day too are one day late."
    ),
    "arr": _("Always twelve times the month’s revenue, never the sum of signed contracts."),
    "active_customers": _("Who pays nothing at the end of the day is not active, whatever was signed."),
    "arpa": _("By customers that pay, not by all that are known and not by users."),
    "mrr_new": _(
        "Only the first payment ever. Who paid once, left and pays again is a reactivation, not new."
    ),
    "mrr_expansion": _(
        "A second subscription of a customer that pays is expansion. Tools that look at single subscriptions call "
        "it new."
    ),
    "mrr_upsell": _(
        "More of what the customer has: seats, plan, price. Another product under the same subscription is upsell too."
    ),
    "mrr_cross_sell": _(
        "A product the customer did not have the day before, under a subscription of its own."
    ),
    "mrr_contraction": _("Ending one of two subscriptions is contraction: the customer is still there."),
    "mrr_churn": _("It counts on the first day without payment, after the grace days set in the workspace."),
    "mrr_reactivation": _("A gap of one day is churn and reactivation, unless the grace days cover it."),
    "customer_churn_rate": _COHORT,
    "customer_retention_rate": _COHORT,
    "net_customer_growth": _(
        "In Portuguese some call a rise of it “churn negativo”. That is another thing: net revenue churn below zero."
    ),
    "gross_mrr_churn_rate": _BY_STATE,
    "net_mrr_churn_rate": _BY_STATE,
    "nrr": _BY_STATE,
    "grr": _("No customer counts with more than it paid at the opening, so it never passes 100%."),
    "quick_ratio": _(
        "By the ledger of movements, day by day, so a fall and a rise of one customer both count."
    ),
    "renewal_rate": _(
        "Counted by contracts due, not by those that were renewed early or late. While some are undecided the figure "
        "is provisional and shows its range."
    ),
    "renewal_rate_value": _("What is renewed at more than before counts with what it was worth before."),
    "cac": _(
        "Only whole months of which each has a cost, and customers that paid for the first time in them. Without a "
        "month’s cost there is no figure rather than one that is too low."
    ),
    "ltv_historic": _("Customers that paid nothing, or got it all back, are left out."),
    "ltv_predictive": _(
        "With the mean churn of six whole months and the gross margin of the workspace. Without any churn there is no "
        "figure: a customer does not stay for ever."
    ),
    "ltv_cac": _("Both by the same rules as on their own pages, so both with gross margin."),
    "cac_payback_months": _("With gross margin. Tools that leave it out show a shorter time."),
    "nps": _CLASSES,
    "nps_margin": _(
        "Below 30 answers, and where all are of one class, three answers are added before counting: three promoters "
        "are never “100 ± 0”."
    ),
    "nps_low": _CLASSES,
    "nps_high": _CLASSES,
    "csat": _(
        "The share of 4 and 5. Tools that show the mean of 1 to 5 show another number, which is a figure of its own "
        "here."
    ),
    "csat_mean": _("The plain mean. The share of satisfied answers is the figure that is usually compared."),
    "ces": _(
        "Version 2.0, 1 to 7, higher is easier. The older scale of 1 to 5, where less was better, is not mixed in."
    ),
    "ces_easy": _("The share of 5 to 7."),
    "first_response_time": _MEDIAN,
    "first_response_time_mean": _(
        "All hours by the number of tickets with a reply; those without one yet are not in it."
    ),
    "first_response_time_business": _BUSINESS,
    "first_response_time_business_mean": _(
        "The business hours of all tickets with a reply by their number; those without one yet are not in it. A ticket "
        "that came and was answered outside working hours counts with none."
    ),
    "resolution_time": _MEDIAN,
    "resolution_time_business": _BUSINESS,
    "resolution_time_business_mean": _(
        "Business hours to the last time a ticket was solved, so those in which we waited for the customer count too."
    ),
    "resolution_time_mean": _("To the last time a ticket was solved: one that was opened again goes on."),
    "fcr": _(
        "A ticket counts three days after it was solved, when it can no longer be expected to be opened again. Tools "
        "that count at once show a higher share."
    ),
    "ticket_backlog": _("As of the end of the day, of what is known now."),
    "ttfv": _(
        "Customers without first value yet count as waiting, so a young cohort does not look fast. A plain mean of "
        "those who got there would."
    ),
    "activation_rate": _("Customers still inside their days are shown beside, not counted as failed."),
}
