"""What the pages of playbooks show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import User
from core.models import OutgoingMail, WorkState
from playbooks.models import Playbook, PlaybookVersion, Run, RunStep, Step
from playbooks.plays.checking import Problem
from playbooks.plays.kinds import KINDS, PERSON
from playbooks.plays.letters import MAIL_KIND
from playbooks.plays.words import (
    condition_words,
    day_words,
    offer_words,
    outcome_words,
    owner_words,
    roles_words,
    why_words,
)
from surveys.models import Invitation, Response


@dataclass(frozen=True)
class Line:
    """A step as a page shows it: when, who, on what it depends, how many runs did it, what is wrong with it."""

    step: Step
    icon: str
    day: str
    who: str
    only: str
    branch: str
    reached: int
    done: int
    problems: list[str]


@dataclass(frozen=True)
class Came:
    """A step of a run as its page shows it; `row` None: not come to yet."""

    step: Step
    icon: str
    day: str
    row: RunStep | None
    says: str
    why: str
    late: bool = False


def lines(version: PlaybookVersion, wrong: Iterable[Problem] = ()) -> list[Line]:
    """Return a version's steps for its page, with how far its runs have come; four queries."""
    steps = list(version.steps.all())
    titles = {one.key: one.title for one in steps}
    people = names_of(steps)
    told = list(wrong)
    counts = {
        row["key"]: row
        for row in RunStep.objects.filter(run__running_version=version)
        .order_by()
        .values("key")
        .annotate(n=Count("pk"), done=Count("pk", filter=Q(state__in=["done", "sending"])))
    }
    return [
        Line(
            step,
            KINDS[step.kind].icon,
            day_words(step),
            _who(step, people),
            *condition_words(step, titles),
            reached=counts.get(step.key, {}).get("n", 0),
            done=counts.get(step.key, {}).get("done", 0),
            problems=[one.text for one in told if one.key == step.key],
        )
        for step in steps
    ]


def names_of(steps: Iterable[Step]) -> dict[int, str]:
    """Return the names of people that steps name, by key."""
    keys = {
        int(str(step.params.get("owner")).removeprefix(PERSON))
        for step in steps
        if str(step.params.get("owner") or "").startswith(PERSON)
    }
    return {one.pk: one.name or one.email for one in User.objects.filter(pk__in=keys)} if keys else {}


def _who(step: Step, people: Mapping[int, str]) -> str:
    if KINDS[step.kind].mails:
        return roles_words(step.params.get("roles") or [])
    if step.kind == Step.Kind.OFFER:
        return " · ".join(part for part in (offer_words(step), owner_words(step, people)) if part)
    return owner_words(step, people)


def course(run: Run) -> list[Came]:
    """Return the steps of a run: those it has come to in that order, then those still ahead; four queries."""
    answered = Response.objects.filter(invitation__run_steps=OuterRef("pk"), held=False)
    rows = list(
        RunStep.objects.filter(run=run)
        .select_related("step", "task__owner")
        .annotate(replied=Exists(answered))
        .order_by("pk")
    )
    sent = mails_left(rows)
    gone = {row.key for row in rows}
    ahead = [one for one in run.running_version.steps.all() if one.key not in gone]
    over = run.standing != Run.Standing.RUNNING
    begun = [
        Came(
            row.step,
            KINDS[row.step.kind].icon,
            day_words(row.step),
            row,
            outcome_words(row, int(row.replied), sent.get(row.pk, 0)),
            why_words(row),
        )
        for row in rows
    ]
    return (
        begun
        if over
        else begun + [Came(one, KINDS[one.kind].icon, day_words(one), None, "", "") for one in ahead]
    )


def mails_left(rows: Iterable[RunStep]) -> dict[int, int]:
    """Return how many mails of steps have left, by step; two queries."""
    keys = [row.pk for row in rows if row.mails]
    if not keys:
        return {}
    asked = Q()
    for key in keys:
        asked |= Q(key__startswith=f"{MAIL_KIND}:{key}:")
    counts: dict[int, int] = {}
    done = OutgoingMail.objects.filter(asked, state=WorkState.DONE, error="").values_list("key", flat=True)
    for key in done:
        row = int(key.split(":")[1])
        counts[row] = counts.get(row, 0) + 1
    invited = Invitation.objects.filter(run_steps__in=keys, sent_at__isnull=False)
    for row, n in invited.order_by().values_list("run_steps").annotate(n=Count("pk")):
        counts[row] = n
    return counts


def of_customer(customer_id: int, user: User) -> list[dict[str, Any]]:
    """Return the runs of a customer for its page, running ones first; two queries."""
    rows = Run.objects.visible_to(user).filter(customer=customer_id).exclude(standing=Run.Standing.CONTROL)
    found = list(rows.shown().order_by("ended_at", "-pk")[:10])
    running = [run for run in found if run.standing == Run.Standing.RUNNING]
    over = [run for run in found if run.standing != Run.Standing.RUNNING]
    return [at_step(run) for run in (*running, *over[:3])]


def at_step(run: Run) -> dict[str, Any]:
    """Return a run with the step it is at, and its place among all."""
    steps = list(run.running_version.steps.all())
    place = next((n for n, one in enumerate(steps, start=1) if one.key == run.next_key), len(steps))
    step = next((one for one in steps if one.key == run.next_key), None)
    return {"run": run, "step": step, "place": place, "all": len(steps)}


def playbooks_for(user: User) -> list[Playbook]:
    """Return the playbooks somebody can start, by name."""
    return list(Playbook.objects.startable().order_by("name"))
