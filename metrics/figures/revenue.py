"""The figures of METRICS.md, Revenue: each one entry and one function of a period's book."""

from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from metrics.book import Book, read
from metrics.families import Family, register_family
from metrics.registry import SLICES, Figure, Good, Kind, Result, Unit, register, share


def mrr(book: Book) -> Result:
    """MRR at closing."""
    return Result(book.closing)


def arr(book: Book) -> Result:
    """Twelve times the MRR at closing."""
    return Result(book.closing * 12)


def active_customers(book: Book) -> Result:
    """Customers that pay at closing."""
    return Result(book.active_at_closing)


def arpa(book: Book) -> Result:
    """MRR per active customer."""
    return share(book.closing, book.active_at_closing)


def customer_churn_rate(book: Book) -> Result:
    """Share of the opening cohort that is not active at closing."""
    return share(book.lost, book.active_at_opening)


def customer_retention_rate(book: Book) -> Result:
    """Share of the opening cohort that is active at closing."""
    return share(book.active_at_opening - book.lost, book.active_at_opening)


def net_customer_growth(book: Book) -> Result:
    """Change of the number of active customers, by that at opening."""
    return share(book.active_at_closing - book.active_at_opening, book.active_at_opening)


def gross_mrr_churn_rate(book: Book) -> Result:
    """What the opening cohort pays less than at opening, rises not counted."""
    return share(book.opening - book.floor, book.opening)


def net_mrr_churn_rate(book: Book) -> Result:
    """What the opening cohort pays less than at opening, rises counted; below zero is negative churn."""
    return share(book.opening - book.kept, book.opening)


def nrr(book: Book) -> Result:
    """What the opening cohort pays at closing, by what it paid at opening."""
    return share(book.kept, book.opening)


def grr(book: Book) -> Result:
    """The same, no customer counted with more than it paid at opening."""
    return share(book.floor, book.opening)


def quick_ratio(book: Book) -> Result:
    """What was won, by what was lost."""
    won, gone = book.new + book.expansion + book.reactivation, book.contraction + book.churn
    return Result(Fraction(won, gone) if gone else None, won, gone)


MONEY_BY_MONEY = (Unit.MONEY, Unit.MONEY)
WITH_PRODUCT = (*SLICES, "product")
WITH_DRIVER = (*SLICES, "driver")

register_family(Family("book", read, Book))

for figure in (
    Figure(
        "mrr",
        _("Monthly recurring revenue"),
        _("Sum of the monthly amounts of the subscriptions in force at the end of the day"),
        Unit.MONEY,
        Good.UP,
        Kind.STOCK,
        mrr,
        cuts=WITH_PRODUCT,
    ),
    Figure(
        "arr",
        _("Annual run rate"),
        _("Monthly recurring revenue times 12"),
        Unit.MONEY,
        Good.UP,
        Kind.STOCK,
        arr,
        cuts=WITH_PRODUCT,
    ),
    Figure(
        "active_customers",
        _("Active customers"),
        _("Customers that pay at the end of the day"),
        Unit.COUNT,
        Good.UP,
        Kind.STOCK,
        active_customers,
    ),
    Figure(
        "arpa",
        _("Average revenue per account"),
        _("Monthly recurring revenue divided by active customers"),
        Unit.MONEY,
        Good.UP,
        Kind.STOCK,
        arpa,
        counted_in=(Unit.MONEY, Unit.COUNT),
    ),
    Figure(
        "mrr_new",
        _("New revenue"),
        _("Monthly revenue of customers that pay for the first time ever"),
        Unit.MONEY,
        Good.UP,
        Kind.FLOW,
        lambda book: Result(book.new),
    ),
    Figure(
        "mrr_expansion",
        _("Expansion"),
        _("Rises of monthly revenue of customers that paid the day before"),
        Unit.MONEY,
        Good.UP,
        Kind.FLOW,
        lambda book: Result(book.expansion),
        cuts=WITH_DRIVER,
    ),
    Figure(
        "mrr_upsell",
        _("Upsell"),
        _("The part of expansion that comes from seats, plans and prices of what the customer had"),
        Unit.MONEY,
        Good.UP,
        Kind.FLOW,
        lambda book: Result(book.upsell),
        cuts=WITH_DRIVER,
    ),
    Figure(
        "mrr_cross_sell",
        _("Cross-sell"),
        _("The part of expansion that comes from products the customer did not have"),
        Unit.MONEY,
        Good.UP,
        Kind.FLOW,
        lambda book: Result(book.cross_sell),
        cuts=WITH_DRIVER,
    ),
    Figure(
        "mrr_contraction",
        _("Contraction"),
        _("Falls of monthly revenue of customers that go on paying"),
        Unit.MONEY,
        Good.DOWN,
        Kind.FLOW,
        lambda book: Result(book.contraction),
    ),
    Figure(
        "mrr_churn",
        _("Lost revenue"),
        _("Monthly revenue of customers that stop paying"),
        Unit.MONEY,
        Good.DOWN,
        Kind.FLOW,
        lambda book: Result(book.churn),
    ),
    Figure(
        "mrr_reactivation",
        _("Reactivation"),
        _("Monthly revenue of customers that pay again after a pause"),
        Unit.MONEY,
        Good.UP,
        Kind.FLOW,
        lambda book: Result(book.reactivation),
    ),
    Figure(
        "customer_churn_rate",
        _("Customer churn"),
        _("Customers active at opening and not active at closing, divided by customers active at opening"),
        Unit.RATE,
        Good.DOWN,
        Kind.FLOW,
        customer_churn_rate,
    ),
    Figure(
        "customer_retention_rate",
        _("Customer retention"),
        _("Customers active at opening and at closing, divided by customers active at opening"),
        Unit.RATE,
        Good.UP,
        Kind.FLOW,
        customer_retention_rate,
    ),
    Figure(
        "net_customer_growth",
        _("Net customer growth"),
        _("Change of the number of active customers, divided by those active at opening"),
        Unit.RATE,
        Good.UP,
        Kind.FLOW,
        net_customer_growth,
    ),
    Figure(
        "gross_mrr_churn_rate",
        _("Gross revenue churn"),
        _("One minus gross revenue retention"),
        Unit.RATE,
        Good.DOWN,
        Kind.FLOW,
        gross_mrr_churn_rate,
        counted_in=MONEY_BY_MONEY,
    ),
    Figure(
        "net_mrr_churn_rate",
        _("Net revenue churn"),
        _("One minus net revenue retention; below zero it is negative churn"),
        Unit.RATE,
        Good.DOWN,
        Kind.FLOW,
        net_mrr_churn_rate,
        counted_in=MONEY_BY_MONEY,
    ),
    Figure(
        "nrr",
        _("Net revenue retention"),
        _("What the customers active at opening pay at closing, divided by what they paid at opening"),
        Unit.RATE,
        Good.UP,
        Kind.FLOW,
        nrr,
        counted_in=MONEY_BY_MONEY,
        window_days=365,
    ),
    Figure(
        "grr",
        _("Gross revenue retention"),
        _(
            "What the customers active at opening pay at closing, none counted with more than at opening, "
            "by what they paid then"
        ),
        Unit.RATE,
        Good.UP,
        Kind.FLOW,
        grr,
        counted_in=MONEY_BY_MONEY,
        window_days=365,
    ),
    Figure(
        "quick_ratio",
        _("Quick ratio"),
        _("New revenue, expansion and reactivation divided by contraction and lost revenue"),
        Unit.RATIO,
        Good.UP,
        Kind.FLOW,
        quick_ratio,
        counted_in=MONEY_BY_MONEY,
    ),
):
    register(figure)
