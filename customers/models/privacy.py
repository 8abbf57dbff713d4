"""What people ask of their data, and until when the law wants an answer."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import time
from customers.models.contact import Contact


class DataRequest(models.Model):
    """A person's request for their data (LGPD art. 18): a copy of it, or its erasure.

    `due_on`: the day by which it must be answered, 15 days after `requested_on` (art. 19). Holds nothing about the
    person but the contact's row, which after an erasure says nothing any more.
    """

    class Kind(models.TextChoices):
        EXPORT = "export", _("A copy of the data")
        ERASE = "erase", _("Erasure")

    kind = models.CharField(max_length=6, choices=Kind.choices)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="data_requests")
    requested_on = models.DateField()
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=time.now, editable=False)

    class Meta:
        ordering: ClassVar = ["-requested_on", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=["export", "erase"]), name="customers_request_kind"),
            models.CheckConstraint(condition=Q(due_on__gt=F("requested_on")), name="customers_request_due"),
            models.UniqueConstraint(
                fields=["contact", "kind"],
                condition=Q(done_at__isnull=True),
                name="customers_request_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class ErasedMark(models.Model):
    """What keeps an erased person from coming back with an import: the keyed hash of an address or a login.

    `contact`: the anonymous row they left; `alias`: the name under which their usage is counted.
    """

    mark = models.CharField(max_length=64, unique=True)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    alias = models.CharField(max_length=60)
    made_at = models.DateTimeField(default=time.now, editable=False)

    def __str__(self) -> str:
        return self.alias
