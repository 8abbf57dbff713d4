"""The risk in words, in the reader's language."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import formats
from metrics.health import words
from metrics.models import RiskDay, RiskModel
from metrics.risk import reasons
from metrics.risk.reasons import Reason
from metrics.risk.spans import CERTAIN, MAIN
from metrics.risk.training import LEAST_EACH, LEAST_LOST

TOLD = 3  # reasons that are named
MUCH, LITTLE = 1.5, 0.67  # times the usual risk from which it is called higher or lower
SMALLEST = 0.005


def share(probability: float) -> str:
    """Return a probability as it is read; never "0 %", which nobody knows."""
    if probability < SMALLEST:
        return _("under %(share)s") % {"share": formats.percent(0.01)}
    if probability > 1 - SMALLEST:
        return _("over %(share)s") % {"share": formats.percent(0.99)}
    return formats.percent(probability)


def sentence(row: RiskDay) -> str:
    """Return how likely a customer is to leave within 90 days, against what is usual."""
    own, usual = row.within_90 / CERTAIN, float(row.model.definition.get("usual") or 0)
    told = {"share": share(own), "days": MAIN, "usual": share(usual)}
    if usual and own >= usual * MUCH:
        return (
            _("%(share)s likely to leave within %(days)d days, more than is usual here (%(usual)s).") % told
        )
    if usual and own <= usual * LITTLE:
        return (
            _("%(share)s likely to leave within %(days)d days, less than is usual here (%(usual)s).") % told
        )
    return _("%(share)s likely to leave within %(days)d days, about what is usual here (%(usual)s).") % told


def expected(row: RiskDay) -> str:
    """Return by when leaving is more likely than staying."""
    if row.expected_on is None:
        return _("Within a year it is more likely to stay than to leave.")
    return _("From %(day)s on it is more likely to have left than to be here still.") % {
        "day": formats.day(row.expected_on)
    }


def name(key: str) -> str:
    """Return what a reason is called."""
    told = {
        reasons.BAND: _("health band"),
        reasons.RENEWAL: _("end of the contract"),
        reasons.NOTICE: _("notice given"),
        reasons.SIZE: _("size of the contract"),
        reasons.TENURE: _("time with us"),
    }
    return told[key] if key in told else words.name(key)


def why(found: Sequence[Reason]) -> list[str]:
    """Return what raises and what lowers the risk, a sentence each; the three largest reasons are named."""
    up = [_reason(one) for one in found[:TOLD] if one.raises]
    down = [_reason(one) for one in found[:TOLD] if not one.raises]
    told = []
    if up:
        told.append(_("What raises it: %(reasons)s.") % {"reasons": ", ".join(up)})
    if down:
        told.append(_("What lowers it: %(reasons)s.") % {"reasons": ", ".join(down)})
    return told


def _reason(one: Reason) -> str:
    if one.raw is None:
        return name(one.key)
    return f"{name(one.key)} ({words.raw(one.key, one.raw)})"


def silence(model: RiskModel | None) -> str:
    """Return why no risk is told; "" where the model claims something."""
    if model is None:
        return _("The risk of leaving is not known yet: a month's end with scores is needed to learn from.")
    if model.state == RiskModel.State.LITTLE:
        if model.lost < LEAST_LOST:
            return ngettext(
                "Too little history to tell the risk of leaving: %(n)d customer left so far, and at least "
                "%(least)d are needed to learn from.",
                "Too little history to tell the risk of leaving: %(n)d customers left so far, and at least "
                "%(least)d are needed to learn from.",
                model.lost,
            ) % {"n": model.lost, "least": LEAST_LOST}
        return _(
            "Too little history to tell the risk of leaving: at least %(least)d customers must have left in the "
            "months that are set aside to try it on, and as many before."
        ) % {"least": LEAST_EACH}
    if model.state == RiskModel.State.NONE:
        return _(
            "No evidence: on months it had not seen, the model told who leaves no better than a guess. So no risk is "
            "told."
        )
    return ""
