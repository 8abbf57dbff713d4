"""What a night writes and what it reads, by table: for benchmarks and for whoever wants to know how much it is.

A new stage adds its tables here; conditions may use `%(day)s` and `%(window)s`, the first of the 60 days that end with
it (the longest that a stage looks back on usage).
"""

from dataclasses import dataclass

OF_DAY = "day = %(day)s"
OF_WINDOW = "day BETWEEN %(window)s AND %(day)s"
ALL = "TRUE"
WINDOW_DAYS = 59  # before the night's own


@dataclass(frozen=True)
class NightTable:
    """A table, which of its rows belong to a night, and (for reading) the columns to sum up."""

    name: str
    rows: str = OF_DAY
    sums: tuple[str, ...] = ()


RESULTS: list[NightTable] = [
    NightTable("metrics_usageday"),
    NightTable("metrics_customerday"),
    NightTable("metrics_objectiveday"),
    NightTable("metrics_healthday"),
    NightTable("metrics_healthinput"),
    NightTable("metrics_riskday"),
    NightTable("metrics_currentrow", ALL),
    NightTable("playbooks_alert", "seen_on = %(day)s"),
    NightTable("playbooks_loss", "lost_on = %(day)s"),
    NightTable("playbooks_renewal", "due_on >= %(day)s"),
    NightTable("playbooks_opportunity", "movement_on = %(day)s"),
    NightTable("metrics_sliceday"),
    NightTable("metrics_chiday"),
    NightTable("metrics_figureday"),
    NightTable("metrics_integrityresult"),
    NightTable("metrics_suddenchange"),
]

INPUTS: list[NightTable] = [
    NightTable("metrics_usageevent", OF_DAY, ("count",)),
    NightTable("metrics_usageday", OF_WINDOW, ("events",)),
    NightTable("customers_customer", ALL, ("id",)),
    NightTable("customers_contact", ALL, ("id",)),
    NightTable("customers_customerhistory", ALL, ("id",)),
    NightTable("customers_subscription", ALL, ("mrr_cents", "seats")),
    NightTable("customers_contract", ALL, ("value_cents",)),
    NightTable("customers_payment", ALL, ("amount_cents",)),
    NightTable("customers_ticket", ALL, ("id",)),
    NightTable("customers_touchpoint", ALL, ("id",)),
    NightTable("surveys_response", ALL, ("score",)),
]
