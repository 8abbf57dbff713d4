"""What a change of a figure stands for, in MRR or in customers, by what the figure is counted in."""

from metrics.registry import Figure, Unit
from metrics.sudden import Worth, WorthOf

MONTHS = {"arr": 12}  # figures that hold more than a month's money
CASES = (Unit.POINTS, Unit.SCORE, Unit.HOURS, Unit.DAYS)


def worth(figure: Figure, change: float, basis: float | None, mrr: float) -> Worth | None:
    """Return what a change is worth; None where the figure does not say.

    `basis` is what a share is divided by (money in cents), `mrr` in cents. Money and shares of money are told as a
    share of the MRR, money per customer times the customers; counts and shares of counts as customers; answers,
    hours and days by the number of cases behind them.
    """
    size = abs(change)
    in_money = figure.counted_in[1] is Unit.MONEY
    if figure.unit in CASES:
        return None if basis is None else Worth(WorthOf.CUSTOMERS, basis)
    if figure.unit is Unit.COUNT:
        return Worth(WorthOf.CUSTOMERS, size)
    if figure.unit is Unit.MONEY:
        per_customer = figure.counted_in[0] is Unit.MONEY and not in_money
        if per_customer and basis is None:
            return None
        return _of_mrr(size * (basis or 0) if per_customer else size / MONTHS.get(figure.key, 1), mrr)
    if basis is None:
        return None
    return _of_mrr(size * basis, mrr) if in_money else Worth(WorthOf.CUSTOMERS, size * basis)


def _of_mrr(cents: float, mrr: float) -> Worth | None:
    return Worth(WorthOf.MRR, cents / mrr) if mrr > 0 else None
