"""Writing the ten-second entry: the conversation, what we promised in it, what we learned from it; all or nothing."""

import datetime as dt
from typing import Any

from django.db import transaction

from accounts.models import User
from customers.models import Customer, InsightTheme, Touchpoint
from customers.services.insights import insight_create
from customers.services.service import touchpoint_create
from playbooks.services.tasks import task_create


@transaction.atomic
def conversation_log(
    *,
    actor: User,
    customer: Customer,
    promise: str = "",
    promise_due: dt.date | None = None,
    insight: str = "",
    theme: InsightTheme | None = None,
    **fields: Any,
) -> Touchpoint:
    """Write a conversation; a promise becomes a task of the person, an insight has its words.

    Raises ValidationError for what cannot be written; then nothing is.
    """
    talk = touchpoint_create(actor=actor, customer=customer, **fields)
    if promise.strip():
        task_create(
            actor=actor,
            title=promise,
            owner=actor,
            customer=customer,
            body=talk.summary,
            due_on=promise_due,
        )
    if insight:
        insight_create(
            actor=actor,
            customer=customer,
            kind=insight,
            theme=theme,
            quote=talk.summary,
            contact=talk.contact,
            touchpoint=talk,
        )
    return talk
