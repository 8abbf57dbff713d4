"""What belongs to a customer and goes along when it is merged into another; apps above register their tables.

`moves_with_customer` says that a table's rows are given to the survivor, `stays_with_customer` that they
are not: history, which stands for what was, and what the night calculates anew. A test finds the table
that nobody decided on.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Move:
    """A table that goes along.

    `label` names its rows on the page. `once`: the survivor may have one row only, and keeps its own. `key` is what
    the survivor may have once only: a row whose key it has stays behind. `day` names the column that says since when
    a row counts, `touched` the one that says when it was last changed by somebody.
    """

    model: type[models.Model]
    label: str | Promise
    key: str = ""
    fold: bool = False
    day: str = ""
    touched: str = ""
    once: bool = False


_moves: dict[type[models.Model], Move] = {}
_stays: set[type[models.Model]] = set()


def moves_with_customer(
    model: type[models.Model],
    label: str | Promise,
    *,
    key: str = "",
    fold: bool = False,
    day: str = "",
    touched: str = "",
    once: bool = False,
) -> None:
    """Register a table (with a `customer`) whose rows go along; `fold` compares keys without case."""
    _moves[model] = Move(model, label, key, fold, day, touched, once)


def stays_with_customer(model: type[models.Model]) -> None:
    """Register a table whose rows stay with the customer that was merged."""
    _stays.add(model)


def moves() -> list[Move]:
    """Return the tables that go along."""
    return list(_moves.values())


def undecided(customer: type[models.Model]) -> list[str]:
    """Return the tables that name a customer and that nobody decided on."""
    return sorted(
        relation.related_model._meta.label
        for relation in customer._meta.related_objects
        if relation.one_to_many
        and relation.related_model is not customer
        and relation.related_model not in _moves
        and relation.related_model not in _stays
    )


def key_of(move: Move) -> Callable[[str], models.expressions.Combinable]:
    """Return how a key's column is compared."""
    return Lower if move.fold else models.F


def register_own() -> None:
    """Register the tables of this app; called when it is ready."""
    from customers import models as own

    moves_with_customer(own.Contact, _("People"), key="email", fold=True, touched="updated_at")
    moves_with_customer(own.Subscription, _("Subscriptions"), day="starts_on", touched="recorded_at")
    moves_with_customer(own.Contract, _("Contracts"), day="starts_on", touched="recorded_at")
    moves_with_customer(own.Payment, _("Payments"), day="paid_on", touched="recorded_at")
    moves_with_customer(own.Ticket, _("Tickets"), day="opened_at", touched="recorded_at")
    moves_with_customer(own.Touchpoint, _("Conversations"), day="happened_at", touched="recorded_at")
    moves_with_customer(
        own.Milestone, _("Milestones"), key="milestone", day="reached_on", touched="recorded_at"
    )
    moves_with_customer(own.Objective, _("Objectives"), key="name", touched="recorded_at")
    moves_with_customer(own.Note, _("Notes"), touched="updated_at")
    moves_with_customer(own.Attachment, _("Files"))
    moves_with_customer(own.Insight, _("Insights"), day="said_on", touched="recorded_at")
    moves_with_customer(own.InsightTold, _("Who was told what was done"), day="made_at")
    moves_with_customer(own.SuccessPlan, _("Success plans"), once=True, touched="updated_at")
    stays_with_customer(own.CustomerHistory)
