"""What the lab tells of a draft before it is published: what would change, and whether it told who leaves."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from core import formats
from customers.models import Customer
from metrics.health import backtest, cards, configuration, lab_tasks, preview, profiles, shadow, words
from metrics.health.backtest import Verdict
from metrics.health.facts import NONE
from metrics.models import LabTask
from metrics.nights import last_finished_day
from workspace.health.lab import Definition, definition_now

SHOWN = 30
BANDS = ("red", "yellow", "green", "unknown")
LITTLE_HISTORY = 0.5


def previewed(definition: Definition, cell: str) -> dict[str, Any] | None:
    """Return what the draft would change for the customers of a cell, by last night's inputs; None before a night."""
    day = last_finished_day()
    if day is None:
        return None
    _said, in_force, _draft = definition_now()
    found = preview.preview(
        preview.held(day, cell=profiles.parsed(cell)), in_force, configuration.configuration(definition)
    )
    shown = found.changes[:SHOWN]
    names = dict(Customer.objects.filter(pk__in=[one.customer for one in shown]).values_list("pk", "name"))
    top = max([1, *found.before, *found.after])
    return {
        "day": day,
        "found": found,
        "bars": [
            {"from": n * 10, "before": found.before[n], "after": found.after[n], "top": top}
            for n in range(preview.BUCKETS)
        ],
        "bands": [
            {"band": key, "before": found.bands_before[key], "after": found.bands_after[key]} for key in BANDS
        ],
        "changes": [
            {
                "pk": one.customer,
                "name": names.get(one.customer, ""),
                "before": None if one.before is None else one.before / 100,
                "after": None if one.after is None else one.after / 100,
                "band_before": one.band_before.key,
                "band_after": one.band_after.key,
                "mrr": one.mrr,
            }
            for one in shown
        ],
    }


def tested(definition: Definition, cell: str, author: User | None = None) -> dict[str, Any] | None:
    """Return how well the version in force and the draft would have told who leaves, or how far that is.

    None before a night.
    """
    task = _asked(LabTask.BACKTEST, definition, cell, author)
    if task is None:
        return None
    result = task.result or {}
    now, then = lab_tasks.verdict_of(result.get("now")), lab_tasks.verdict_of(result.get("then"))
    better = (
        now is not None
        and then is not None
        and now.auc is not None
        and then.auc is not None
        and then.auc > now.auc
    )
    return {
        "task": task,
        "now": now,
        "then": then,
        "least": backtest.LEAST_LOST,
        "better": better,
        "gains": gained(now, then),
    }


def gained(now: Verdict | None, then: Verdict | None) -> dict[str, Any] | None:
    """Return both curves of the gains as points of a drawing 100 × 50, with their numbers; None where none are."""
    if now is None or then is None or not now.gains or not then.gains:
        return None

    def drawn(shares: tuple[float, ...]) -> str:
        step = 100 / (len(shares) - 1)
        return " ".join(f"{n * step:.1f},{50 - share * 50:.2f}" for n, share in enumerate(shares))

    rows = zip(range(0, 101, 100 // (len(now.gains) - 1)), now.gains, then.gains, strict=True)
    return {
        "now": drawn(now.gains),
        "then": drawn(then.gains),
        "rows": [{"at": at / 100, "now": a, "then": b} for at, a, b in rows],
        "says": _(
            "Share of those that left among the lowest scores: the lowest 20%% hold %(now)s by the version in force "
            "and %(then)s by the proposed one."
        )
        % {"now": formats.percent(now.gains[2]), "then": formats.percent(then.gains[2])},
    }


def suggested(definition: Definition, cell: str, author: User | None = None) -> dict[str, Any] | None:
    """Return the weights that would have told best, or how far working them out is; None before a night."""
    task = _asked(LabTask.SUGGESTION, definition, cell, author)
    if task is None:
        return None
    result = task.result or {}
    segment, stage = profiles.parsed(cell)
    holds = configuration.configuration(definition).profile(segment, stage).settings
    all_weight = sum(one.weight for one in holds.values()) or 1
    return {
        "task": task,
        "lost": result.get("lost", 0),
        "rows": result.get("rows", 0),
        "enough": result.get("lost", 0) >= backtest.LEAST_LOST,
        "least": backtest.LEAST_LOST,
        "better": result.get("better", False),
        "now": lab_tasks.verdict_of(result.get("now")),
        "then": lab_tasks.verdict_of(result.get("then")),
        "weights": [
            {
                "key": key,
                "name": words.name(key),
                "now": round(holds[key].weight * 100 / all_weight),
                "then": round(weight / 100),
                "change": round(weight / 100) - round(holds[key].weight * 100 / all_weight),
            }
            for key, weight in sorted(result.get("weights", {}).items(), key=lambda item: -item[1])
            if key in holds
        ],
    }


def beside() -> dict[str, Any] | None:
    """Return what the shadow said night by night beside what was published, None where none runs."""
    version = cards.shadow()
    if version is None:
        return None
    nights = shadow.compared(version)
    newest = nights[0] if nights else None
    table = []
    if newest is not None:
        for band in BANDS:
            line = [newest.pairs.get((band, other), 0) for other in BANDS]
            table.append({"band": band, "counts": line, "sum": sum(line)})
    return {"version": version, "nights": nights, "newest": newest, "bands": BANDS, "table": table}


def gate(definition: Definition, author: User | None = None) -> dict[str, list[str]] | None:
    """Return in words what is known of a draft and what is not; None before a night."""
    shown = previewed(definition, profiles.DEFAULT)
    test = tested(definition, profiles.DEFAULT, author)
    if shown is None or test is None:
        return None
    known, unknown = [_effect(shown["found"])], []
    told, missing = _of_past(test)
    known += told
    unknown += missing
    told, missing = _of_shadow(definition)
    known += told
    unknown += missing
    blank = shown["found"].bands_after["unknown"]
    if blank:
        unknown.append(
            ngettext(
                "%(n)d customer would have no band, because too little is known of it.",
                "%(n)d customers would have no band, because too little is known of them.",
                blank,
            )
            % {"n": blank}
        )
    unknown += _without_history(definition)
    return {"known": known, "unknown": unknown}


def _asked(kind: str, definition: Definition, cell: str, author: User | None) -> LabTask | None:
    day = last_finished_day()
    if day is None:
        return None
    _said, in_force, _draft = definition_now()
    return lab_tasks.asked(
        kind,
        definition=definition,
        in_force=configuration.plain(in_force),
        cell=cell,
        day=day,
        author=author,
    )


def _effect(found: preview.Preview) -> str:
    count = len(found.changes)
    return ngettext(
        "By last night's inputs %(n)d customer changes band; MRR that turns at risk: %(red)s.",
        "By last night's inputs %(n)d customers change band; MRR that turns at risk: %(red)s.",
        count,
    ) % {"n": count, "red": formats.money(found.mrr_to_red)}


def _of_past(test: dict[str, Any]) -> tuple[list[str], list[str]]:
    then: Verdict | None = test["then"]
    now: Verdict | None = test["now"]
    if then is None or now is None:
        return [], [_("Whether it would have told who left: the past is still being gone through.")]
    if not then.enough:
        text = _(
            "Whether it tells who leaves: %(lost)d customers left in %(months)d past month ends, and under "
            "%(least)d nothing is claimed."
        )
        return [], [text % {"lost": then.lost, "months": then.months, "least": backtest.LEAST_LOST}]
    if not then.evidence:
        return [], [_("Whether it tells who leaves better than a guess: its interval holds one half.")]
    told = _(
        "In %(months)d past month ends it would have told who left with an AUC of %(auc)s (%(low)s–%(high)s); the "
        "version in force %(now)s."
    ) % {
        "months": then.months,
        "auc": formats.number(then.auc or 0, 2),
        "low": formats.number(then.low or 0, 2),
        "high": formats.number(then.high or 0, 2),
        "now": formats.number(now.auc or 0, 2),
    }
    apart = then.low is not None and now.high is not None and (then.low > now.high)
    worse = then.high is not None and now.low is not None and (then.high < now.low)
    if apart or worse:
        return [told], []
    return [told], [_("Whether it is better or worse than the version in force: the intervals overlap.")]


def _of_shadow(definition: Definition) -> tuple[list[str], list[str]]:
    version = cards.shadow()
    nights = shadow.compared(version) if version is not None and version.definition == definition else []
    if not nights:
        return [], [_("How it behaves from night to night: this draft has not run as a shadow.")]
    newest = nights[0]
    text = ngettext(
        "It ran %(n)d night as a shadow; in the newest one %(same)s of the customers had the same band.",
        "It ran %(n)d nights as a shadow; in the newest one %(same)s of the customers had the same band.",
        len(nights),
    )
    share = newest.same / newest.customers if newest.customers else 0
    return [text % {"n": len(nights), "same": formats.percent(share)}], []


def _without_history(definition: Definition) -> list[str]:
    """Return a sentence for each factor with a weight of which few customers have a value."""
    day = last_finished_day()
    rows = preview.held(day) if day else None
    if rows is None or not len(rows.customer):
        return []
    card = configuration.configuration(definition)
    said = []
    for key, setting in card.profile("", "").settings.items():
        raw = rows.inputs.get(key)
        share = float((raw[0] != NONE).mean()) if raw is not None else 0.0
        if setting.weight and share < LITTLE_HISTORY:
            said.append(
                _("“%(factor)s” has a value for %(share)s of the customers only.")
                % {"factor": words.name(key), "share": formats.percent(share)}
            )
    return said
