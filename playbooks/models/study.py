"""What was found out about a playbook in the background: a rehearsal on the past, or the effect it had."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from core.models import LeasedQuerySet, LeasedWork
from playbooks.models.playbook import Playbook, PlaybookVersion


class PlaybookStudy(LeasedWork):
    """A study of a playbook: asked for, then done by a worker; `result` as rehearsal.py or measured.py say."""

    class Kind(models.TextChoices):
        REHEARSAL = "rehearsal", "rehearsal"
        EFFECT = "effect", "effect"

    playbook = models.ForeignKey(Playbook, on_delete=models.CASCADE, related_name="studies")
    studied = models.ForeignKey(
        PlaybookVersion, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    kind = models.CharField(max_length=9, choices=Kind.choices)
    as_of = models.DateField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    result = models.JSONField(default=dict, blank=True)

    objects = models.Manager.from_queryset(LeasedQuerySet)()

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at"], name="playbooks_study_due"),
            models.Index(fields=["playbook", "kind", "-id"], name="playbooks_study_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.playbook_id} as of {self.as_of}"
