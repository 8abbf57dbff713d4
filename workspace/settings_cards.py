"""The settings pages there are, and what each is for."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Perm


@dataclass(frozen=True)
class Card:
    """One settings page: its address, what it is called and for, and who may open it."""

    url_name: str
    icon: str
    title: str | Promise
    text: str | Promise
    perm: Perm


CARDS: tuple[Card, ...] = (
    Card("profile", "user", _("Profile"), _("Your name, language, theme and shortcuts."), Perm.SIGNED_IN),
    Card(
        "workspace_settings",
        "settings",
        _("Workspace"),
        _("Company name, who sees which customers, grace days, fiscal year."),
        Perm.SETTINGS_MANAGE,
    ),
    Card(
        "working_hours_settings",
        "clock",
        _("Working hours"),
        _("When the team works: weekly hours, holidays by state, days off of your own."),
        Perm.SETTINGS_MANAGE,
    ),
    Card(
        "people",
        "users",
        _("People"),
        _("Invite the team, roles, who takes over when somebody leaves."),
        Perm.PEOPLE_MANAGE,
    ),
    Card(
        "segments_settings",
        "adjustments-horizontal",
        _("Segments"),
        _("Rules by MRR, seats, plan or tag that sort customers into volume, mid and high value."),
        Perm.SETTINGS_MANAGE,
    ),
    Card(
        "stages_settings",
        "route",
        _("Stages"),
        _("When a customer moves from onboarding on, by date."),
        Perm.SETTINGS_MANAGE,
    ),
    Card(
        "health_settings",
        "heartbeat",
        _("Health score"),
        _("What a healthy customer looks like, tried on the past before it is published."),
        Perm.SETTINGS_MANAGE,
    ),
    Card(
        "loss_reasons",
        "heart-broken",
        _("Reasons of losses"),
        _("What the churn register offers as the reason why a customer left or pays less."),
        Perm.SETTINGS_MANAGE,
    ),
    Card(
        "work_wishes",
        "bell",
        _("My day and alerts"),
        _("How many customers a day, alerts by mail at once or once a day, quiet hours."),
        Perm.CUSTOMERS_VIEW,
    ),
    Card(
        "alert_channels",
        "message-circle",
        _("Alert channels"),
        _("Slack, Teams or any webhook that hears of alerts."),
        Perm.SETTINGS_MANAGE,
    ),
    Card(
        "alert_rules",
        "bell",
        _("Alert rules"),
        _("What the team is told of: falling scores, silent champions, late payments, renewals ahead."),
        Perm.SETTINGS_MANAGE,
    ),
    Card(
        "first_value_settings",
        "target-arrow",
        _("First value"),
        _("What shows that a customer got what it came for."),
        Perm.SETTINGS_MANAGE,
    ),
    Card(
        "activation_settings",
        "rocket",
        _("Activation"),
        _("What a customer must have done, and within how many days of its start, to count as activated."),
        Perm.SETTINGS_MANAGE,
    ),
    Card(
        "privacy",
        "lock",
        _("Personal data"),
        _("What contacts ask of their data: a copy or its erasure, with the legal deadline."),
        Perm.PRIVACY_MANAGE,
    ),
    Card(
        "contact_budget",
        "mail",
        _("Contact budget"),
        _("How often a person may be written to, by surveys and playbooks together."),
        Perm.SETTINGS_MANAGE,
    ),
    Card(
        "success_templates_settings",
        "list-check",
        _("Success plan templates"),
        _("Objectives that plans of a segment or product begin with."),
        Perm.SETTINGS_MANAGE,
    ),
    Card(
        "insight_teams",
        "bulb",
        _("Teams that get insights"),
        _("At which address product, marketing, sales, support and finance hear what customers say."),
        Perm.SETTINGS_MANAGE,
    ),
    Card(
        "attributes_settings",
        "columns-3",
        _("Attributes"),
        _("Extra fields of customers, such as the ERP they use."),
        Perm.SETTINGS_MANAGE,
    ),
    Card(
        "tags_settings",
        "tag",
        _("Tags"),
        _("Rename and remove the labels customers carry."),
        Perm.SETTINGS_MANAGE,
    ),
    Card(
        "products_settings",
        "stack-2",
        _("Products"),
        _("Products, plans and features, and the usage events that show them."),
        Perm.SETTINGS_MANAGE,
    ),
    Card(
        "costs_settings",
        "coin",
        _("Acquisition costs"),
        _("What sales and marketing cost a month, for the payback of new customers."),
        Perm.SETTINGS_MANAGE,
    ),
    Card(
        "imports",
        "upload",
        _("Imports"),
        _("Bring customers, subscriptions and usage from files; see and take back what came in."),
        Perm.IMPORT_RUN,
    ),
    Card(
        "customers_archived",
        "archive",
        _("Archived customers"),
        _("Those put aside or merged, to be looked at or brought back."),
        Perm.CUSTOMERS_MANAGE,
    ),
    Card(
        "setup",
        "square-check",
        _("Set-up checklist"),
        _("What is there already and what comes next, up to the first night."),
        Perm.SETTINGS_MANAGE,
    ),
    Card(
        "audit",
        "history",
        _("Audit trail"),
        _("Who changed what and when, before and after."),
        Perm.AUDIT_VIEW,
    ),
    Card(
        "tokens",
        "key",
        _("API tokens"),
        _("Keys for scripts and other systems, and the API's description."),
        Perm.TOKENS_OWN,
    ),
    Card(
        "webhooks",
        "webhook",
        _("Webhooks"),
        _("Other systems that are told at once what happens here."),
        Perm.SETTINGS_MANAGE,
    ),
    Card(
        "connections",
        "plug-connected",
        _("Connections"),
        _("Stripe and Zendesk: what happens there, here at once."),
        Perm.SETTINGS_MANAGE,
    ),
    Card(
        "outbox",
        "mail",
        _("Outbox"),
        _("Mails Zelo sent, and those of which nobody knows whether they left."),
        Perm.SETTINGS_MANAGE,
    ),
)


def cards_for(user: User) -> Iterator[Card]:
    """Return the settings pages this person may open."""
    return (card for card in CARDS if user.may(card.perm))
