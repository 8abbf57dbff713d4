"""Why a score moved between two days: human + configuration + data + behaviour, exactly (METRICS.md, Health).

Walked in this order: overrides and pulses of the first day off, its configuration exchanged for the second's,
freshness and availability (old values), the values themselves, overrides and pulses of the second day on. Each step
is an exact fraction, and so is each factor's part in it: a weight that changes moves the score by how far its factor
lies from the score of the others. All is rounded at the end, the remainder on the largest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from metrics.health.freshness import effective_weight
from metrics.health.profiles import Setting
from metrics.health.rounding import adding_up, divided

HUMAN, CONFIGURATION, DATA, BEHAVIOUR = "human", "configuration", "data", "behaviour"
CAUSES = (HUMAN, CONFIGURATION, DATA, BEHAVIOUR)
OVERRIDE = "override"  # stands among the factors where a person set the score


@dataclass(frozen=True)
class Input:
    """What was known of a factor: its raw value (thousandths) and how many days old it was."""

    raw: int
    age: int = 0


@dataclass(frozen=True)
class Day:
    """A customer's score on a day: its profile's settings, what was known, and the score a person set instead.

    `by_hand`: the factors that are a person's word (the pulse).
    """

    settings: Mapping[str, Setting]
    inputs: Mapping[str, Input]
    override: int | None = None
    by_hand: frozenset[str] = frozenset({"pulse"})


@dataclass(frozen=True)
class Split:
    """Why a score moved, in hundredths: `total` = Σ `causes`, and each cause = Σ of its `parts` by factor."""

    total: int
    causes: Mapping[str, int]
    parts: Mapping[str, Mapping[str, int]]


State = dict[str, tuple[int, int]]  # factor → effective weight, score
Steps = dict[str, dict[str, Fraction]]


def split(first: Day, second: Day) -> Split | None:
    """Return why the score of the second day differs from the first's; None where one of them has no score."""
    start, end = shown(first), shown(second)
    if start is None or end is None:
        return None
    parts: Steps = {cause: {} for cause in CAUSES}
    bare_first = {key: one for key, one in first.inputs.items() if key not in first.by_hand}
    bare_second = {key: one for key, one in second.inputs.items() if key not in second.by_hand}
    # What has arrived since has no old value: it arrives with the one it has.
    old_values = {
        key: Input(bare_first[key].raw if key in bare_first else one.raw, one.age)
        for key, one in bare_second.items()
    }
    walk = [
        (HUMAN, state(first.settings, bare_first)),
        (CONFIGURATION, state(second.settings, bare_first)),
        (DATA, state(second.settings, old_values)),
        (BEHAVIOUR, state(second.settings, bare_second)),
        (HUMAN, state(second.settings, second.inputs)),
    ]
    here = state(first.settings, first.inputs)
    if first.override is not None:
        here = _override_off(parts[HUMAN], here, first.override, start)
    for cause, there in walk:
        if not there:  # nothing would be known: the next step takes it over
            continue
        _add(parts[cause], _moved(here, there))
        here = there
    at = _value(here)
    if second.override is not None:
        _add(parts[HUMAN], {OVERRIDE: Fraction(second.override) - (at if at is not None else start)})
    return _rounded(parts, _hundredths(end) - _hundredths(start))


def state(settings: Mapping[str, Setting], inputs: Mapping[str, Input]) -> State:
    """Return the effective weight and the score of every factor that counts."""
    found: State = {}
    for key, setting in settings.items():
        one = inputs.get(key)
        if one is None:
            continue
        weight = effective_weight(setting.weight, age=one.age, fresh_for=setting.fresh_for)
        if weight:
            found[key] = (weight, setting.curve.at(one.raw))
    return found


def shown(day: Day) -> Fraction | None:
    """Return the exact score that is shown of a day, a person's where there is one; None: nothing is known."""
    if day.override is not None:
        return Fraction(day.override)
    return _value(state(day.settings, day.inputs))


def _override_off(into: dict[str, Fraction], here: State, override: int, start: Fraction) -> State:
    """Take a person's score away; where nothing lies under it, it stands as a state of its own until something does."""
    under = _value(here)
    if under is None:
        return {OVERRIDE: (1, override)}
    into[OVERRIDE] = under - start
    return here


def _value(here: State) -> Fraction | None:
    weight = sum(one for one, _score in here.values())
    return Fraction(sum(one * score for one, score in here.values()), weight) if weight else None


def _moved(here: State, there: State) -> dict[str, Fraction]:
    """Return each factor's part in going from one state to another; they sum to the difference of the scores."""
    before = _value(here)
    if before is None:
        return {}
    was, now = (sum(weight for weight, _score in one.values()) for one in (here, there))
    parts: dict[str, Fraction] = {}
    for key in {**here, **there}:
        weight_was, score_was = here.get(key, (0, there.get(key, (0, 0))[1]))
        weight_now, score_now = there.get(key, (0, score_was))
        share_was, share_now = Fraction(weight_was, was), Fraction(weight_now, now)
        part = share_now * (score_now - score_was) + (share_now - share_was) * (score_was - before)
        if part:
            parts[key] = part
    return parts


def _add(into: dict[str, Fraction], parts: Mapping[str, Fraction]) -> None:
    for key, part in parts.items():
        into[key] = into.get(key, Fraction(0)) + part


def _rounded(parts: Steps, total: int) -> Split:
    sums = {cause: sum(of.values(), Fraction(0)) for cause, of in parts.items()}
    causes = adding_up(sums, total)
    # A cause that is left with a remainder although no factor moved in it names no factor.
    rounded = {
        cause: adding_up(of or {"": Fraction(0)}, causes[cause]) if of or causes[cause] else {}
        for cause, of in parts.items()
    }
    return Split(total, causes, rounded)


def _hundredths(value: Fraction) -> int:
    return divided(value.numerator, value.denominator)
