"""What drives a customer's risk: by how much each thing known of it makes the odds larger than the usual ones.

A logistic hazard adds up, so the parts are exact: the log-odds of the next 90 days, less those of a customer that is
like the mean of all in everything, split by where they come from.
"""

from collections import defaultdict
from dataclasses import dataclass

from metrics.health.packed import NONE
from metrics.models import RiskDay
from metrics.risk import features, rows
from metrics.risk.features import MISSING, fading
from metrics.risk.training import NEAR
from metrics.scope import some

BAND, RENEWAL, NOTICE, SIZE, TENURE = "band", "renewal", "notice", "size", "tenure"
FROM = {
    "red": BAND,
    "yellow": BAND,
    "unknown": BAND,
    "no_contract": RENEWAL,
    "due": RENEWAL,
    "ends": NOTICE,
    "cancelled": NOTICE,
    "size": SIZE,
    "tenure": TENURE,
}
NOT_TOLD = ("one", "later")
LEAST = 0.1  # of log-odds: less moves nothing anybody would notice


@dataclass(frozen=True)
class Reason:
    """A factor or one of `BAND`, `RENEWAL`, `NOTICE`, `SIZE`, `TENURE`, and what it adds to the log-odds.

    `raw`: a factor's raw value in thousandths, None where it is not known or not a factor.
    """

    key: str
    adds: float
    raw: int | None

    @property
    def raises(self) -> bool:
        """Whether it makes leaving more likely."""
        return self.adds > 0


def reasons(row: RiskDay) -> list[Reason]:
    """Return what drives a customer's risk, the largest first; empty where its inputs are no longer kept."""
    import numpy as np

    found = rows.read([row.day], some([row.customer_id]))
    told = row.model.definition
    if not len(found.day) or not told:
        return []
    read = features.read(told)
    now = read.now(found)[0]
    mean = np.mean(
        [np.concatenate([now * fading(step), read.later(found, step)[0]]) for step in range(1, NEAR + 1)],
        axis=0,
    )
    parts: defaultdict[str, float] = defaultdict(float)
    adds = np.array(told["weights"]) * (mean - np.array(told["means"])) * told["line"][1]
    for name, part in zip(told["names"], adds.tolist(), strict=True):
        if name not in NOT_TOLD:
            parts[FROM.get(name, name.removesuffix(MISSING))] += part
    return [
        Reason(key, part, _raw(key, found))
        for key, part in sorted(parts.items(), key=lambda item: (-abs(item[1]), item[0]))
        if abs(part) >= LEAST
    ]


def _raw(key: str, found: rows.Rows) -> int | None:
    if key not in found.inputs:
        return None
    raw = int(found.inputs[key][0][0])
    return None if raw == NONE else raw
