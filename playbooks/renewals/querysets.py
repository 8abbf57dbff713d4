"""Named reads of renewals."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.functions import Abs, Coalesce

from customers.models import Customer
from playbooks.renewals.calls import DIFFERS, PROBABILITY


class RenewalQuerySet(models.QuerySet[Any]):
    """Renewals as people may see and change them."""

    def visible_to(self, user: Any) -> "RenewalQuerySet":
        """Renewals of customers one may see."""
        return self.filter(customer__in=Customer.objects.visible_to(user))

    def editable_by(self, user: Any) -> "RenewalQuerySet":
        """Renewals of customers one may change."""
        return self.filter(customer__in=Customer.objects.editable_by(user))

    def ahead(self, first: dt.date, last: dt.date) -> "RenewalQuerySet":
        """Renewals due on these days that are not decided, and those before that still wait for it."""
        return self.filter(Q(state="open", due_on__gte=first, due_on__lte=last) | Q(state="pending"))

    def decided(self, first: dt.date, last: dt.date) -> "RenewalQuerySet":
        """Renewals due on these days that were won or lost."""
        return self.filter(state__in=("won", "lost"), due_on__gte=first, due_on__lte=last)

    def weighed(self) -> "RenewalQuerySet":
        """Add `worth` (what is expected to be signed, in cents), `called` (the call as a probability, null without)
        and `apart` (how far call and forecast lie from each other, null where one is missing)."""
        cases = [When(call=word, then=Value(share)) for word, share in PROBABILITY.items()]
        worth = Coalesce("amount_cents", "value_cents", F("monthly_cents") * 12)
        called = Case(*cases, default=None, output_field=IntegerField(null=True))
        rows: RenewalQuerySet = self.annotate(worth=worth, called=called).annotate(
            apart=Abs(F("called") - F("likelihood"))
        )
        return rows

    def disputed(self) -> "RenewalQuerySet":
        """Weighed renewals whose call speaks against the forecast."""
        return self.filter(apart__gte=DIFFERS)
