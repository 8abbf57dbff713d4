"""What the team writes around customers: notes, files, saved views, and how to take a change back."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from core import time
from customers.models.customer import Customer


class Note(models.Model):
    """A note of the team on a customer; pinned ones stand first; mentions tell colleagues."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    body = models.TextField()
    pinned_at = models.DateTimeField(null=True, blank=True)
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="mentioned_in")
    created_at = models.DateTimeField(default=time.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.body[:60]


class Attachment(models.Model):
    """A file kept with a customer, optionally with a note."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="attachments")
    note = models.ForeignKey(
        Note, null=True, blank=True, on_delete=models.SET_NULL, related_name="attachments"
    )
    file = models.FileField(upload_to="attachments/%Y/%m/")
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=120, blank=True, default="")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=time.now, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class SavedView(models.Model):
    """A portfolio view somebody named: filters, columns and order as the page's query string says them."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="saved_views"
    )
    name = models.CharField(max_length=60)
    key = models.SlugField(max_length=40, blank=True, default="")
    icon = models.CharField(max_length=40, default="table")
    query = models.JSONField(default=dict)
    shared = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=time.now, editable=False)

    class Meta:
        ordering: ClassVar = ["position", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "name"], name="customers_view_name_once"),
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="customers_builtin_view_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Reversal(models.Model):
    """How to take a change back: a bulk action, a merge. Used once, by its author or a manager, while it still fits.

    `steps` says what changed, in the forms that `services/reversal.py` names; a row that changed since is left
    and reported.
    """

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    action = models.CharField(max_length=60)
    summary = models.CharField(max_length=200)
    steps = models.JSONField(default=list)
    created_at = models.DateTimeField(default=time.now, editable=False)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.summary
