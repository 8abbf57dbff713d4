"""What became of playbooks: runs, one per start and customer, and their steps, each done once."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import time
from core.models import LeasedWork
from customers.models import Customer
from playbooks.models.alert import Alert
from playbooks.models.playbook import Playbook, PlaybookVersion, Step
from playbooks.models.task import Task
from playbooks.plays.querysets import RunQuerySet, RunStepQuerySet
from surveys.models import Invitation


class RunBatch(models.Model):
    """Runs that somebody started together. `left_out`: chosen customers for which none was started."""

    playbook = models.ForeignKey(Playbook, on_delete=models.CASCADE, related_name="batches")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    total = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=time.now, editable=False)

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.total} runs of {self.playbook_id}"


class Run(LeasedWork):
    """A playbook for one customer. It keeps the version it started with until a change is applied to it on purpose.

    `cause` names what started it by itself, so that the same cause starts it once. `next_key`: the step it is at;
    null: none is left. `state`, `due_at` and the lease say when somebody is to look at it next. A run held back to
    be compared (`control`) has no steps.
    """

    class Standing(models.TextChoices):
        RUNNING = "running", _("Running")
        FINISHED = "finished", _("Finished")
        STOPPED = "stopped", _("Stopped")
        CONTROL = "control", _("Held back to compare")

    class How(models.TextChoices):
        HAND = "hand", _("By hand")
        ALERT = "alert", _("By an alert")
        STAGE = "stage", _("On entering a stage")
        SEGMENT = "segment", _("On entering a segment")
        RENEWAL = "renewal", _("Before a renewal")

    playbook = models.ForeignKey(Playbook, on_delete=models.PROTECT, related_name="runs", db_index=False)
    running_version = models.ForeignKey(PlaybookVersion, on_delete=models.PROTECT, related_name="runs")
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="playbook_runs", db_index=False
    )
    standing = models.CharField(max_length=8, choices=Standing.choices, default=Standing.RUNNING)
    how = models.CharField(max_length=8, choices=How.choices, default=How.HAND)
    cause = models.CharField(max_length=120, blank=True, default="")
    alert = models.ForeignKey(Alert, null=True, blank=True, on_delete=models.SET_NULL, related_name="runs")
    batch = models.ForeignKey(RunBatch, null=True, blank=True, on_delete=models.SET_NULL, related_name="runs")
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    started_on = models.DateField()
    next_key = models.PositiveSmallIntegerField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_why = models.CharField(max_length=300, blank=True, default="")

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["playbook", "customer"],
                condition=Q(standing="running"),
                name="playbooks_one_running",
            ),
            models.UniqueConstraint(
                fields=["playbook", "cause"], condition=~Q(cause=""), name="playbooks_cause_starts_once"
            ),
            models.CheckConstraint(
                condition=Q(standing="running", ended_at__isnull=True)
                | Q(standing="control")
                | Q(standing__in=["finished", "stopped"], ended_at__isnull=False),
                name="playbooks_run_ended_when",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at"], name="playbooks_run_due"),
            models.Index(fields=["customer", "standing"], name="playbooks_run_of_customer"),
            models.Index(fields=["playbook", "started_on"], name="playbooks_run_of_playbook"),
        ]

    def __str__(self) -> str:
        return f"run {self.pk} of {self.playbook_id} for {self.customer_id}"


class RunStep(models.Model):
    """A step that a run has come to; one per run and step key, so that nothing is done twice.

    `why` and `detail` say why it was skipped or failed. `moment`: of a meeting. `answer`: to an offer. A webhook waits
    in `sending` with its own due time and lease until the other side has taken it or it is given up.
    """

    class State(models.TextChoices):
        DONE = "done", _("Done")
        SKIPPED = "skipped", _("Skipped")
        FAILED = "failed", _("Failed")
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")

    class Answer(models.TextChoices):
        OPEN = "", _("No answer yet")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="steps", db_index=False)
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="+")
    key = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State.choices)
    why = models.CharField(max_length=24, blank=True, default="")
    detail = models.CharField(max_length=300, blank=True, default="")
    task = models.OneToOneField(
        Task, null=True, blank=True, on_delete=models.SET_NULL, related_name="run_step"
    )
    invitations = models.ManyToManyField(Invitation, blank=True, related_name="run_steps")
    mails = models.PositiveSmallIntegerField(default=0)
    moment = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=8, choices=Answer.choices, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    amount_cents = models.BigIntegerField(null=True, blank=True)
    reached_at = models.DateTimeField(default=time.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)

    objects = RunStepQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["run", "reached_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "key"], name="playbooks_step_once_a_run"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | Q(answer__in=["accepted", "declined"], answered_at__isnull=False),
                name="playbooks_offer_answered_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="sending") | Q(due_at__isnull=False), name="playbooks_sending_is_due"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(state="sending"), name="playbooks_step_to_send"),
        ]

    def __str__(self) -> str:
        return f"step {self.key} of run {self.run_id}"
