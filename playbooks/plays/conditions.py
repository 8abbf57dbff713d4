"""What a step may depend on. Pure: what is known of a customer and a run comes in, yes or no goes out.

A condition is kept as `{"kind": key, "step": key of a step, "value": text}`; `{}` always holds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Condition = Mapping[str, Any]

TASKS = frozenset({"task", "call", "offer"})
ASKS = frozenset({"survey"})
OFFERS = frozenset({"offer"})
NUMBER, TEXT, PAIR = "number", "text", "pair"
MOST_SCORE = 100


@dataclass(frozen=True)
class Known:
    """What is known as a run looks: the customer's health and fields, and what came of the run's steps.

    `outcomes` maps a step's key to `open`, `done`, `dropped`, `answered`, `accepted`, `declined`, `skipped` or
    `failed`. `alert`: whether the one that started the run `stands` or is `over` ("" without one). `events` maps a
    usage event to how often it was seen since the start.
    """

    band: str = "unknown"
    score: int | None = None
    segment: str = ""
    stage: str = ""
    tags: frozenset[str] = frozenset()
    attributes: Mapping[str, Any] = field(default_factory=dict)
    outcomes: Mapping[int, str] = field(default_factory=dict)
    alert: str = ""
    events: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class ConditionKind:
    """A kind of condition. `of`: kinds of step it asks after; `value`: what has to be typed, if anything.

    `sentence` names its parts: `%(step)s`, `%(value)s`.
    """

    key: str
    group: "StrPromise"
    label: "StrPromise"
    sentence: "StrPromise"
    holds: Callable[[Known, Condition], bool]
    of: frozenset[str] = frozenset()
    value: str = ""


def _outcome(*wanted: str) -> Callable[[Known, Condition], bool]:
    return lambda known, asked: known.outcomes.get(_step(asked), "") in wanted


def _not_outcome(*unwanted: str) -> Callable[[Known, Condition], bool]:
    return lambda known, asked: known.outcomes.get(_step(asked), "") not in unwanted


def _step(asked: Condition) -> int:
    return int(asked.get("step") or 0)


def _is(name: str, value: str) -> Callable[[Known, Condition], bool]:
    return lambda known, _asked: getattr(known, name) == value


def _score_below(known: Known, asked: Condition) -> bool:
    return known.score is not None and known.score < int(asked["value"])


def _score_from(known: Known, asked: Condition) -> bool:
    return known.score is not None and known.score >= int(asked["value"])


def _tag(known: Known, asked: Condition) -> bool:
    return str(asked["value"]).casefold() in known.tags


def _attribute(known: Known, asked: Condition) -> bool:
    key, _sign, wanted = str(asked["value"]).partition("=")
    said = known.attributes.get(key.strip())
    text = {True: "true", False: "false", None: ""}.get(said, said) if not isinstance(said, str) else said
    return str(text).strip().casefold() == wanted.strip().casefold()


def _event(known: Known, asked: Condition) -> bool:
    return known.events.get(str(asked["value"]), 0) > 0


_WORK, _HEALTH = _("What happened in this playbook"), _("Health")
_WHO, _ELSE = _("The customer"), _("Events and alerts")

_ALL = (
    ConditionKind(
        "done", _WORK, _("A step's task is done"), _("“%(step)s” is done"), _outcome("done"), TASKS
    ),
    ConditionKind(
        "not_done",
        _WORK,
        _("A step's task is not done"),
        _("“%(step)s” is not done"),
        _not_outcome("done"),
        TASKS,
    ),
    ConditionKind(
        "answered",
        _WORK,
        _("A survey was answered"),
        _("“%(step)s” was answered"),
        _outcome("answered"),
        ASKS,
    ),
    ConditionKind(
        "not_answered",
        _WORK,
        _("A survey was not answered"),
        _("“%(step)s” was not answered"),
        _not_outcome("answered"),
        ASKS,
    ),
    ConditionKind(
        "accepted",
        _WORK,
        _("An offer was accepted"),
        _("“%(step)s” was accepted"),
        _outcome("accepted"),
        OFFERS,
    ),
    ConditionKind(
        "not_accepted",
        _WORK,
        _("An offer was not accepted"),
        _("“%(step)s” was not accepted"),
        _not_outcome("accepted"),
        OFFERS,
    ),
    ConditionKind("green", _HEALTH, _("Health is green"), _("health is green"), _is("band", "green")),
    ConditionKind("yellow", _HEALTH, _("Health is yellow"), _("health is yellow"), _is("band", "yellow")),
    ConditionKind("red", _HEALTH, _("Health is red"), _("health is red"), _is("band", "red")),
    ConditionKind(
        "not_green",
        _HEALTH,
        _("Health is not green"),
        _("health is not green"),
        lambda known, _asked: known.band != "green",
    ),
    ConditionKind(
        "score_below",
        _HEALTH,
        _("The score is below"),
        _("the score is below %(value)s"),
        _score_below,
        value=NUMBER,
    ),
    ConditionKind(
        "score_from",
        _HEALTH,
        _("The score is at least"),
        _("the score is at least %(value)s"),
        _score_from,
        value=NUMBER,
    ),
    ConditionKind(
        "volume", _WHO, _("The segment is Volume"), _("the segment is Volume"), _is("segment", "volume")
    ),
    ConditionKind("mid", _WHO, _("The segment is Mid"), _("the segment is Mid"), _is("segment", "mid")),
    ConditionKind(
        "high_value",
        _WHO,
        _("The segment is High value"),
        _("the segment is High value"),
        _is("segment", "high_value"),
    ),
    ConditionKind(
        "onboarding",
        _WHO,
        _("The stage is Onboarding"),
        _("the stage is Onboarding"),
        _is("stage", "onboarding"),
    ),
    ConditionKind(
        "ongoing", _WHO, _("The stage is Ongoing"), _("the stage is Ongoing"), _is("stage", "ongoing")
    ),
    ConditionKind(
        "support", _WHO, _("The stage is Support"), _("the stage is Support"), _is("stage", "support")
    ),
    ConditionKind(
        "tag",
        _WHO,
        _("The customer has the tag"),
        _("the customer has the tag “%(value)s”"),
        _tag,
        value=TEXT,
    ),
    ConditionKind(
        "no_tag",
        _WHO,
        _("The customer has not the tag"),
        _("the customer has not the tag “%(value)s”"),
        lambda known, asked: not _tag(known, asked),
        value=TEXT,
    ),
    ConditionKind(
        "attribute",
        _WHO,
        _("A field is (write: field=value)"),
        _("the field says %(value)s"),
        _attribute,
        value=PAIR,
    ),
    ConditionKind(
        "event",
        _ELSE,
        _("A usage event was seen since the start"),
        _("“%(value)s” was seen since the start"),
        _event,
        value=TEXT,
    ),
    ConditionKind(
        "no_event",
        _ELSE,
        _("A usage event was not seen since the start"),
        _("“%(value)s” was not seen since the start"),
        lambda known, asked: not _event(known, asked),
        value=TEXT,
    ),
    ConditionKind(
        "alert_stands",
        _ELSE,
        _("The alert that started it still stands"),
        _("the alert that started it still stands"),
        _is("alert", "stands"),
    ),
    ConditionKind(
        "alert_over",
        _ELSE,
        _("The alert that started it is over"),
        _("the alert that started it is over"),
        _is("alert", "over"),
    ),
)
CONDITIONS: Mapping[str, ConditionKind] = {one.key: one for one in _ALL}


def holds(asked: Condition, known: Known) -> bool:
    """Tell whether a condition holds; an empty one does. One of an unknown kind, or misread, does not."""
    if not asked:
        return True
    kind = CONDITIONS.get(str(asked.get("kind")))
    try:
        return kind is not None and kind.holds(known, asked)
    except (KeyError, TypeError, ValueError):
        return False


def said(asked: Condition, titles: Mapping[int, str]) -> str:
    """Return a condition in words; `titles` names the steps by key. Empty for none."""
    kind = CONDITIONS.get(str(asked.get("kind"))) if asked else None
    if kind is None:
        return ""
    step = titles.get(_step(asked), "?")
    return str(kind.sentence) % {"step": step, "value": asked.get("value", "")}


def events_asked(conditions: list[Condition]) -> set[str]:
    """Return the usage events that conditions ask after."""
    return {str(one["value"]) for one in conditions if one.get("kind") in ("event", "no_event")}
