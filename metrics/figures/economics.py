"""The figures of METRICS.md, Revenue: what a customer is worth and what winning one costs."""

from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from metrics import economics
from metrics.book import Book
from metrics.economics import Economics
from metrics.families import Family, register_family
from metrics.registry import Figure, Good, Kind, Result, Unit, register, share

FAMILY = "economics"


def cac(of: Economics) -> Result:
    """Cost of sales and marketing by customers won; not defined where a month has no cost, or by slice."""
    return Result(None) if of.cost_cents is None else share(of.cost_cents, of.book.customers_new)


def ltv_historic(book: Book) -> Result:
    """What a customer has paid so far, on average of those that paid more than they got back."""
    return share(book.paid, book.payers)


def ltv_predictive(of: Economics) -> Result:
    """What is earned from an average customer a month, by the share of customers lost a month."""
    earned, churn = _earned(of), monthly_churn(of)
    return Result(earned / churn if earned is not None and churn else None)


def ltv_cac(of: Economics) -> Result:
    """How many times its cost of acquisition a customer is expected to bring in."""
    value, cost = ltv_predictive(of).value, cac(of).value
    return Result(Fraction(value) / Fraction(cost) if value is not None and cost else None)


def cac_payback_months(of: Economics) -> Result:
    """How many months an average customer takes to bring in its cost of acquisition."""
    cost, earned = cac(of).value, _earned(of)
    return Result(Fraction(cost) / earned if cost is not None and earned else None)


def monthly_churn(of: Economics) -> Fraction | None:
    """Plain mean of the customer churn of six months, those without customers skipped; None: not known."""
    rates = [Fraction(lost, opening) for lost, opening in of.churn or () if opening]
    return sum(rates, Fraction()) / len(rates) if rates else None


def _earned(of: Economics) -> Fraction | None:
    """Gross margin of a month of an average customer, in cents."""
    if not of.book.active_at_closing:
        return None
    return Fraction(of.book.closing, of.book.active_at_closing) * of.gross_margin


MONEY_BY_COUNT = (Unit.MONEY, Unit.COUNT)

register_family(Family(FAMILY, economics.read, Economics))

for figure in (
    Figure(
        "cac",
        _("Customer acquisition cost"),
        _("Sales and marketing cost of whole months divided by the customers won in them"),
        Unit.MONEY,
        Good.DOWN,
        Kind.FLOW,
        cac,
        family=FAMILY,
        sources=("costs", "subscriptions"),
        cuts=(),
        counted_in=MONEY_BY_COUNT,
    ),
    Figure(
        "ltv_historic",
        _("Lifetime value, realised"),
        _("Payments received so far, less refunds, divided by the customers for whom that is above zero"),
        Unit.MONEY,
        Good.UP,
        Kind.STOCK,
        ltv_historic,
        sources=("payments",),
        counted_in=MONEY_BY_COUNT,
    ),
    Figure(
        "ltv_predictive",
        _("Lifetime value, expected"),
        _(
            "Average revenue per account times gross margin, divided by the mean customer churn of the last six "
            "finished calendar months"
        ),
        Unit.MONEY,
        Good.UP,
        Kind.STOCK,
        ltv_predictive,
        family=FAMILY,
    ),
    Figure(
        "ltv_cac",
        _("Lifetime value by acquisition cost"),
        _("Expected lifetime value divided by customer acquisition cost"),
        Unit.RATIO,
        Good.UP,
        Kind.FLOW,
        ltv_cac,
        family=FAMILY,
        sources=("costs", "subscriptions"),
        cuts=(),
    ),
    Figure(
        "cac_payback_months",
        _("Months to pay back acquisition"),
        _("Customer acquisition cost divided by average revenue per account times gross margin"),
        Unit.RATIO,
        Good.DOWN,
        Kind.FLOW,
        cac_payback_months,
        family=FAMILY,
        sources=("costs", "subscriptions"),
        cuts=(),
    ),
):
    register(figure)
