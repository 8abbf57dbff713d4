"""Every kind of file by name, as CONTRACT.md lists them. Pure.

The order of `KINDS` is the order in which files of a new workspace are best brought in.
"""

from decimal import Decimal

from ingest.parsers import cells as c
from ingest.parsers import days as d
from ingest.parsers.columns import Column, Kind

SEGMENTS = ("volume", "mid", "high_value")
STAGES = ("onboarding", "ongoing", "support")
SURVEYS = ("nps", "csat", "ces", "success")
SCALES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7), "success": (0, 100)}
ROLES = ("champion", "decision_maker", "sponsor", "end_user", "billing", "other")
TOUCHES = ("call", "email", "message", "meeting", "visit", "webinar", "reference", "note")
HISTORY_FIELDS = ("segment", "stage", "owner", "tag")

_CURRENCY = Column("currency", c.own_currency)  # checked and dropped: a row in another currency is refused


def _external_id(*, required: bool = True) -> Column:
    return Column("external_id", c.text(120), "external_id", required=required, cleared="")


def _customer() -> Column:
    return Column("customer_external_id", c.text(120), "customer_id", required=True)


def _text(name: str, limit: int, field: str = "") -> Column:
    return Column(name, c.text(limit), field or name, cleared="")


CUSTOMERS = Kind(
    "customers",
    (
        _external_id(),
        Column("name", c.text(200), "name", required=True),
        Column("segment", c.choice(*SEGMENTS), "segment", cleared=""),
        Column("stage", c.choice(*STAGES), "stage", cleared=""),
        Column("owner_email", c.email, empty_clears=True, cleared=""),
        Column("started_on", d.day, "started_on"),
        _text("domain", 200),
        _text("industry", 120),
        _text("country", 60),
        Column("locale", c.locale, "locale", cleared=""),
        Column("tags", c.tags, cleared=[]),
        Column("parent_external_id", c.text(120), cleared=""),
        Column("referred_by_external_id", c.text(120), cleared=""),
    ),
    key=("external_id",),
)
CONTACTS = Kind(
    "contacts",
    (
        _customer(),
        Column("email", c.email, "email", required=True),
        _text("external_id", 120),
        _text("name", 160),
        Column("active_from", d.day, "active_from"),
        Column("time_zone", c.time_zone, "time_zone", cleared=""),
        Column("role", c.choice(*ROLES), "role", cleared="other"),
        Column("locale", c.locale, "locale", cleared=""),
        _text("phone", 40),
        Column("active_until", d.day, "active_until", empty_clears=True),
        Column("opted_out", c.boolean, "opted_out", cleared=False),
    ),
    key=("customer_external_id", "email"),
)
PRODUCTS = Kind(
    "products",
    (
        Column("product", c.text(120), "product", required=True),
        _text("plan", 120),
        Column("feature", c.text(120), "feature", required=True),
        _text("event", 120),
        Column("price", c.money, "price_cents"),
        _CURRENCY,
    ),
    key=("product", "plan", "feature"),
    optional_key=frozenset({"plan"}),
)
SUBSCRIPTIONS = Kind(
    "subscriptions",
    (
        _external_id(),
        Column("starts_on", d.day, "starts_on", required=True),
        _customer(),
        Column("product", c.text(120), "product", required=True),
        _text("plan", 120),
        Column("ends_on", d.day, "ends_on", empty_clears=True),
        Column("mrr", c.money, "mrr_cents", required=True),
        Column("seats", c.count, "seats"),
        Column("cancelled_on", d.day, "cancelled_on"),
        _text("cancel_reason", 300),
        _CURRENCY,
    ),
    key=("external_id", "starts_on"),
)
CONTRACTS = Kind(
    "contracts",
    (
        _external_id(),
        _customer(),
        Column("starts_on", d.day, "starts_on", required=True),
        Column("ends_on", d.day, "ends_on", required=True),
        Column("value", c.money, "value_cents"),
        Column("auto_renews", c.boolean, "auto_renews", cleared=False),
        Column("signed_on", d.day, "signed_on"),
        _text("renews_external_id", 120),
        Column("cancelled_on", d.day, "cancelled_on"),
        _CURRENCY,
    ),
    key=("external_id",),
)
PAYMENTS = Kind(
    "payments",
    (
        _external_id(),
        _customer(),
        Column("paid_on", d.day, "paid_on"),
        Column("amount", c.any_money, "amount_cents", required=True),
        Column("due_on", d.day, "due_on"),
        _CURRENCY,
    ),
    key=("external_id",),
)
COSTS = Kind(
    "costs",
    (
        Column("month", d.month, "month", required=True),
        Column("category", c.choice("sales", "marketing"), "category", required=True),
        Column("amount", c.money, "amount_cents", required=True),
        _CURRENCY,
    ),
    key=("month", "category"),
)
USAGE = Kind(
    "usage",
    (
        _customer(),
        Column("occurred_at", d.moment_or_day, "occurred_at", required=True),
        Column("event", c.text(120), "event", required=True),
        _text("user", 200, "person"),
        Column("count", c.positive, "count", cleared=1),
        Column("message_id", c.text(120), "message_id"),
    ),
    key=("message_id",),
    derived="message_id",
)
MILESTONES = Kind(
    "milestones",
    (
        _customer(),
        Column("milestone", c.text(120), "milestone", required=True),
        Column("reached_on", d.day, "reached_on", required=True),
    ),
    key=("customer_external_id", "milestone"),
)
TICKETS = Kind(
    "tickets",
    (
        _external_id(),
        _customer(),
        Column("opened_at", d.moment, "opened_at", required=True),
        Column("first_response_at", d.moment, "first_response_at"),
        Column("solved_at", d.moment, "solved_at"),
        Column("team_replies", c.count, "team_replies"),
        Column("reopens", c.count, "reopens"),
        _text("subject", 300),
        _text("priority", 20),
        _text("channel", 40),
        Column("contact_email", c.email, cleared=""),
        Column("assignee_email", c.email, "assignee_email", cleared=""),
        Column("due_at", d.moment, "due_at"),
    ),
    key=("external_id",),
)
RESPONSES = Kind(
    "responses",
    (
        _external_id(required=False),
        Column("survey", c.choice(*SURVEYS), "survey", required=True),
        _text("campaign", 120),
        _customer(),
        Column("contact_email", c.email, cleared=""),
        Column("score", c.whole, "score", required=True),
        _text("comment", 20_000),
        Column("answered_at", d.moment_or_day, "answered_at", required=True),
        Column("language", c.locale, "language", cleared=""),
    ),
    key=("external_id",),
    derived="external_id",
)
TOUCHPOINTS = Kind(
    "touchpoints",
    (
        _external_id(required=False),
        _customer(),
        Column("kind", c.choice(*TOUCHES), "kind", required=True),
        Column("happened_at", d.moment_or_day, "happened_at", required=True),
        Column("contact_email", c.email, cleared=""),
        _text("summary", 20_000),
        Column("sentiment", c.within(-2, 2), "sentiment"),
    ),
    key=("external_id",),
    derived="external_id",
)
OBJECTIVES = Kind(
    "objectives",
    (
        _customer(),
        Column("name", c.text(200), "name", required=True),
        _text("promise", 20_000),
        _text("unit", 40),
        Column("baseline", c.places(4), "baseline", required=True),
        Column("target", c.places(4), "target", required=True),
        Column("starts_on", d.day, "starts_on", required=True),
        Column("due_on", d.day, "due_on", required=True),
        Column("weight", c.weight, "weight", cleared=Decimal(1)),
        _text("event", 120),
    ),
    key=("customer_external_id", "name"),
)
TARGETS = Kind(
    "targets",
    (
        Column("key", c.text(60), "key", required=True),
        Column("slice", c.slice_of, "slice", cleared=""),
        Column("due_on", d.day, "due_on", required=True),
        Column("value", c.places(6), "value", required=True),
    ),
    key=("key", "slice", "due_on"),
    optional_key=frozenset({"slice"}),
)
HISTORY = Kind(
    "history",
    (
        _customer(),
        Column("field", c.choice(*HISTORY_FIELDS), "field", required=True),
        Column("from", d.day, "valid_from", required=True),
        Column("value", c.text(4000), "value", required=True, cleared=""),
    ),
    key=("customer_external_id", "field", "from"),
)

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        CUSTOMERS,
        CONTACTS,
        PRODUCTS,
        SUBSCRIPTIONS,
        CONTRACTS,
        PAYMENTS,
        COSTS,
        USAGE,
        MILESTONES,
        TICKETS,
        RESPONSES,
        TOUCHPOINTS,
        OBJECTIVES,
        TARGETS,
        HISTORY,
    )
}
