"""What keeps a playbook from being published, in words. Pure: what the workspace has comes in as `Around`."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from playbooks.plays.conditions import CONDITIONS, MOST_SCORE, NUMBER, PAIR, Condition
from playbooks.plays.fields import FIELDS, unknown_fields
from playbooks.plays.kinds import CHANGES, KINDS, MEETINGS, MOST_STEPS, OFFERS, OWNERS, PERSON
from playbooks.plays.machine import END, Plan, by_key


@dataclass(frozen=True)
class Around:
    """What a playbook may name: people who can do tasks, open surveys, attributes, stages, roles.

    `address_refused` returns why a web address cannot be called, "" when it can. `stage_moves` are those of the other
    playbooks that start by themselves: (stage that starts it, stages it moves to).
    """

    people: Collection[int] = ()
    surveys: Collection[int] = ()
    attributes: Collection[str] = ()
    stages: Collection[str] = ()
    roles: Collection[str] = ()
    address_refused: Callable[[str], str] = lambda _url: ""
    stage_moves: Sequence[tuple[str, Collection[str]]] = ()


@dataclass(frozen=True)
class Start:
    """What starts a playbook, as its version says."""

    starts: str = "hand"
    values: Sequence[str] = ()
    days_before: int | None = None
    again_days: int | None = None
    known_values: Collection[str] = field(default_factory=tuple)


@dataclass(frozen=True)
class Problem:
    """What is wrong, and at which step (its key; None: at the playbook as a whole)."""

    key: int | None
    text: str


def problems(start: Start, steps: Sequence[Plan], around: Around) -> list[Problem]:
    """Return everything that keeps a playbook from being published; empty for one that may be."""
    found = list(_of_start(start))
    if not steps:
        found.append(Problem(None, _("There is no step yet. Add at least one.")))
    if len(steps) > MOST_STEPS:
        found.append(Problem(None, _("A playbook has at most %(n)s steps.") % {"n": MOST_STEPS}))
    for place, step in enumerate(steps, start=1):
        found += [
            Problem(step.key, _("Step %(n)s: %(what)s") % {"n": place, "what": text})
            for text in _of_step(steps, place - 1, step, around)
        ]
    found += _circles(start, steps, around)
    return found


def _of_start(start: Start) -> Iterator[Problem]:
    words = {
        "alert": _("Choose at least one kind of alert that starts it."),
        "stage": _("Choose at least one stage whose entering starts it."),
        "segment": _("Choose at least one segment whose entering starts it."),
    }
    if start.starts in words and not start.values:
        yield Problem(None, words[start.starts])
    if start.starts == "renewal" and not start.days_before:
        yield Problem(None, _("Say how many days before the renewal it starts."))
    unknown = [value for value in start.values if value not in start.known_values]
    if start.starts in words and unknown:
        yield Problem(
            None, _("“%(what)s” cannot start a playbook any more. Take it out.") % {"what": unknown[0]}
        )


def _of_step(steps: Sequence[Plan], place: int, step: Plan, around: Around) -> Iterator[str]:
    if step.kind not in KINDS:
        yield _("there is no kind of step called “%(kind)s”.") % {"kind": step.kind}
        return
    if not step.title.strip():
        yield _("it has no name.")
    before = steps[place - 1] if place else None
    if before is not None and before.unit == step.unit and step.after < before.after:
        yield _(
            "it is due on day %(day)s, before the step ahead of it on day %(before)s. Change the day or the order."
        ) % {"day": step.after, "before": before.after}
    if KINDS[step.kind].owned:
        yield from _owner(step, around)
    if KINDS[step.kind].mails:
        yield from _mail(step, around)
    yield from _PARTS.get(step.kind, _nothing)(step, around)
    ahead = {one.key: one for one in steps[:place]}
    yield from _condition(step.condition, ahead)
    yield from _condition(step.branch, ahead | {step.key: step})
    if step.kind == "wait":
        yield from _condition(step.params.get("until") or {}, ahead)
    yield from _branch(steps, place, step)


def _owner(step: Plan, around: Around) -> Iterator[str]:
    owner = str(step.params.get("owner") or "")
    if not owner:
        yield _("nobody is to do it. Choose an owner.")
    elif owner.startswith(PERSON):
        key = owner.removeprefix(PERSON)
        if not key.isdecimal() or int(key) not in around.people:
            yield _("the person who is to do it cannot do tasks any more. Choose another owner.")
    elif owner not in OWNERS:
        yield _("nobody is to do it. Choose an owner.")


def _mail(step: Plan, around: Around) -> Iterator[str]:
    roles = step.params.get("roles") or []
    if not roles or any(role not in around.roles for role in roles):
        yield _("it goes to nobody. Choose at least one role.")
    names = {"subject": _("subject"), "body": _("message")}
    for part in KINDS[step.kind].texts:
        text = str(step.params.get(part) or "")
        if not text.strip():
            yield _("the %(part)s is empty.") % {"part": names[part]}
        for wrong in unknown_fields(text):
            yield _("the %(part)s names a field that does not exist: “%(field)s”. There are: %(known)s.") % {
                "part": names[part],
                "field": wrong,
                "known": ", ".join(FIELDS),
            }
    for link in step.params.get("links") or []:
        url = str(link.get("url") or "")
        if not url.startswith(("https://", "http://")) or " " in url:
            yield _("the link “%(link)s” is no web address. It begins with https://.") % {"link": url}


def _meeting(step: Plan, around: Around) -> Iterator[str]:
    if step.params.get("form") not in MEETINGS:
        yield _("say whether it is a meeting or a webinar.")
    if not step.params.get("at"):
        yield _("the invitation has no time of day.")
    if not 5 <= int(step.params.get("minutes") or 0) <= 24 * 60:
        yield _("say how many minutes it takes, at least 5.")


def _offer(step: Plan, around: Around) -> Iterator[str]:
    if step.params.get("offer") not in OFFERS:
        yield _("say what is offered: a discount, an upgrade or a further product.")
    if not step.params.get("amount_cents"):
        yield _("the offer has no amount.")


def _survey(step: Plan, around: Around) -> Iterator[str]:
    if step.params.get("survey") not in around.surveys:
        yield _("choose a survey that is open.")


def _stage(step: Plan, around: Around) -> Iterator[str]:
    if step.params.get("stage") not in around.stages:
        yield _("choose the stage to move to.")


def _wait(step: Plan, around: Around) -> Iterator[str]:
    if not step.params.get("until"):
        yield _("say what it waits for.")
    if not step.params.get("at_most"):
        yield _("say how many days it waits at most; a run that waits for ever helps nobody.")


def _field(step: Plan, around: Around) -> Iterator[str]:
    change, name = step.params.get("change"), str(step.params.get("name") or "").strip()
    if change not in CHANGES or not name:
        yield _("say which field or tag is to change.")
    elif change == "attribute" and name not in around.attributes:
        yield _("there is no field called “%(field)s”.") % {"field": name}
    elif change != "attribute" and ("," in name or "|" in name):
        yield _("a tag's name has no comma and no vertical bar.")


def _webhook(step: Plan, around: Around) -> Iterator[str]:
    url = str(step.params.get("url") or "")
    refused = around.address_refused(url) if url else _("the address is empty.")
    if refused:
        yield _("the webhook cannot be called: %(why)s") % {"why": refused}


def _nothing(step: Plan, around: Around) -> Iterator[str]:
    yield from ()


_PARTS: Mapping[str, Callable[[Plan, Around], Iterator[str]]] = {
    "meeting": _meeting,
    "offer": _offer,
    "survey": _survey,
    "stage": _stage,
    "wait": _wait,
    "field": _field,
    "webhook": _webhook,
}


def _condition(asked: Condition, ahead: Mapping[int, Plan]) -> Iterator[str]:
    if not asked:
        return
    kind = CONDITIONS.get(str(asked.get("kind")))
    if kind is None:
        yield _("its condition is of a kind that does not exist.")
        return
    if kind.of:
        step = ahead.get(int(asked.get("step") or 0))
        if step is None:
            yield _("its condition asks after a step that does not come before it.")
        elif step.kind not in kind.of:
            yield _("its condition asks something of “%(step)s” that such a step never tells.") % {
                "step": step.title
            }
    if kind.value:
        yield from _value(kind.value, str(asked.get("value") or "").strip())


def _value(kind: str, value: str) -> Iterator[str]:
    if not value:
        yield _("its condition lacks a value.")
    elif kind == NUMBER and not (value.isdecimal() and int(value) <= MOST_SCORE):
        yield _("its condition needs a number from 0 to 100.")
    elif kind == PAIR and "=" not in value:
        yield _("its condition needs a field and a value, written as field=value.")


def _branch(steps: Sequence[Plan], place: int, step: Plan) -> Iterator[str]:
    if not step.branch and step.branch_to is None:
        return
    if not step.branch or step.branch_to is None:
        yield _("its branch needs both a condition and a step to go to.")
        return
    if step.branch_to == END:
        return
    if by_key(steps, step.branch_to) is None:
        yield _("its branch leads to a step that does not exist any more.")
    elif any(one.key == step.branch_to for one in steps[: place + 1]):
        yield _("its branch leads back, so the playbook would go in circles. Branch to a step behind it.")


def _circles(start: Start, steps: Sequence[Plan], around: Around) -> Iterator[Problem]:
    """Find playbooks that start each other for ever: on entering a stage that another one moves to."""
    if start.starts != "stage" or start.again_days is None:
        return
    reached: set[str] = set()
    new = {str(step.params.get("stage")) for step in steps if step.kind == "stage"}
    while new - reached:
        reached |= new
        new = {to for entered, moves in around.stage_moves if entered in reached for to in moves}
    if reached & set(start.values):
        yield Problem(
            None,
            _(
                "It would start itself in circles: it moves the customer to a stage whose entering starts it again. "
                "Let it start only once for a customer, or take the stage move out."
            ),
        )
