"""Versions, steps and what became of them, in words."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.models import Contact, Segment, Stage
from playbooks.alerts.kinds import KINDS as ALERT_KINDS
from playbooks.models import PlaybookVersion, Run, RunStep, Step, Task
from playbooks.plays.conditions import said
from playbooks.plays.kinds import OFFERS, OWNERS, PERSON


def start_sentence(version: PlaybookVersion) -> str:
    """Return in one sentence when a version starts."""
    names = ", ".join(_start_names(version))
    if version.starts == PlaybookVersion.Starts.ALERT:
        return _("Starts when an alert opens: %(which)s.") % {"which": names}
    if version.starts == PlaybookVersion.Starts.STAGE:
        return _("Starts when a customer enters the stage %(which)s.") % {"which": names}
    if version.starts == PlaybookVersion.Starts.SEGMENT:
        return _("Starts when a customer enters the segment %(which)s.") % {"which": names}
    if version.starts == PlaybookVersion.Starts.RENEWAL:
        return _("Starts %(n)s days before a renewal.") % {"n": version.days_before or 0}
    return _("Starts by hand only.")


def _start_names(version: PlaybookVersion) -> list[str]:
    words: Mapping[str, Any] = {
        "alert": {key: kind.name for key, kind in ALERT_KINDS.items()},
        "stage": dict(Stage.choices),
        "segment": dict(Segment.choices),
    }.get(version.starts, {})
    return [str(words.get(value, value)) for value in version.start_values]


def for_whom(version: PlaybookVersion) -> str:
    """Return in words for which customers a version starts by itself."""
    bands = {"green": _("green"), "yellow": _("yellow"), "red": _("red"), "unknown": _("not scored")}
    parts = [
        (_("segment"), [str(Segment(one).label) for one in version.segments if one in Segment.values]),
        (_("stage"), [str(Stage(one).label) for one in version.stages if one in Stage.values]),
        (_("health"), [bands[one] for one in version.bands if one in bands]),
    ]
    told = [f"{name}: {_(' or ').join(values)}" for name, values in parts if values]
    return "; ".join(told) if told else _("All customers")


def again_sentence(version: PlaybookVersion) -> str:
    """Return in words when a version may start again for the same customer."""
    if version.again_days is None:
        return _("Once for a customer.")
    if version.again_days == 0:
        return _("Again whenever none is running for the customer.")
    return ngettext(
        "Again %(n)s day after it last started at the earliest.",
        "Again %(n)s days after it last started at the earliest.",
        version.again_days,
    ) % {"n": version.again_days}


def day_words(step: Step) -> str:
    """Return the day of a step, such as "Day 3"; working days are named as such."""
    if step.unit == Step.Unit.WORKDAY and step.after:
        return _("Working day %(n)s") % {"n": step.after}
    return _("Day %(n)s") % {"n": step.after}


def owner_words(step: Step, people: Mapping[int, str]) -> str:
    """Return who does a step; "" for one that nobody does. `people` maps keys to names."""
    owner = str(step.params.get("owner") or "")
    if owner.startswith(PERSON):
        return people.get(int(owner.removeprefix(PERSON)), _("somebody who left"))
    return str(OWNERS.get(owner, ""))


def roles_words(roles: Iterable[str]) -> str:
    """Return roles of contacts in words."""
    return ", ".join(str(Contact.Role(role).label) for role in roles if role in Contact.Role.values)


def condition_words(step: Step, titles: Mapping[int, str]) -> tuple[str, str]:
    """Return a step's condition and branch in words, "" for none."""
    only = said(step.condition, titles)
    branch = said(step.branch, titles)
    if not branch or step.branch_to is None:
        return only, ""
    if step.branch_to == 0:
        return only, _("If %(what)s: the playbook ends") % {"what": branch}
    to = titles.get(step.branch_to, "?")
    return only, _("If %(what)s: on to “%(step)s”") % {"what": branch, "step": to}


def offer_words(step: Step) -> str:
    """Return what a step offers."""
    return str(OFFERS.get(str(step.params.get("offer")), ""))


_WHYS = {
    "condition": lambda: _("Its condition did not hold"),
    "nobody": lambda: _("Nobody at the customer has this role and takes mail"),
    "no_owner": lambda: _("Nobody of the team could be given it"),
    "no_value": lambda: _("A field of the mail has no value here"),
    "already": lambda: _("It was so already"),
    "refused": lambda: _("It was refused"),
    "down": lambda: _("The other system did not take it"),
    "survey": lambda: _("The survey is closed"),
    "timed_out": lambda: _("Waited as long as it should"),
    "held": lambda: _("What it waited for came"),
    "error": lambda: _("It failed inside Zelo; the log says more"),
}


def why_words(step: RunStep) -> str:
    """Return why a step was skipped or failed, or what a wait ended with; "" where there is nothing to say."""
    words = _WHYS[step.why]() if step.why in _WHYS else ""
    return f"{words}: {step.detail}" if words and step.detail else words or step.detail


def outcome(step: RunStep) -> str:
    """Return what came of a step, as conditions ask for it (`plays/conditions.py`)."""
    if step.state in (RunStep.State.SKIPPED, RunStep.State.FAILED):
        return str(step.state)
    if step.answer:
        return step.answer
    if step.task is not None:
        return {Task.State.DONE: "done", Task.State.DROPPED: "dropped"}.get(
            Task.State(step.task.state), "open"
        )
    return "open" if step.state in (RunStep.State.WAITING, RunStep.State.SENDING) else "done"


def outcome_words(step: RunStep, answered: int = 0, sent: int = 0) -> str:
    """Return what came of a step in words; `answered` and `sent` count surveys and mails."""
    kind, came = step.step.kind, outcome(step)
    if step.state in (RunStep.State.SKIPPED, RunStep.State.FAILED, RunStep.State.SENDING):
        return str(step.get_state_display())
    if kind in (Step.Kind.TASK, Step.Kind.CALL, Step.Kind.OFFER):
        words = {
            "open": _("Open"),
            "done": _("Done"),
            "dropped": _("Dropped"),
            "accepted": _("Accepted"),
            "declined": _("Declined"),
        }
        return words.get(came, _("Done"))
    if kind == Step.Kind.SURVEY and answered:
        return _("Answered")
    if kind in (Step.Kind.EMAIL, Step.Kind.MEETING, Step.Kind.SURVEY):
        return _("%(n)s of %(all)s mails left") % {"n": sent, "all": step.mails}
    return str(step.get_state_display())


def run_sentence(run: Run) -> str:
    """Return how a run came about."""
    by = run.started_by.name if run.started_by is not None else ""
    how = str(run.get_how_display())
    return f"{how}, {by}" if by else how
