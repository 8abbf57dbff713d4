"""What the Metrics page shows: the reader's board, what moved the MRR, retention, cohorts, satisfaction, support."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, pgettext

from accounts.models import User
from core import formats, time
from core.safely import Attempt, safely
from customers.models import Customer
from metrics.book import Book
from metrics.models import ActionPlan, Target
from metrics.publishing import restated
from metrics.registry import FIGURES, Figure
from metrics.services.board import board_of
from metrics.slices import Only
from metrics.targets import aim_of
from metrics.windows import Telling, back, tell, window
from workspace.metrics import words
from workspace.metrics.aims import PlanRow, names_of_people, plan_rows, with_steps
from workspace.metrics.bar import SpanBar
from workspace.metrics.card import Card, Chart, card, lines, sees_own_only, targets_of
from workspace.metrics.cohort_card import CohortCard
from workspace.metrics.known import knowing
from workspace.metrics.member_rows import Member, members
from workspace.metrics.satisfaction import SCALES, Satisfaction, satisfaction
from workspace.metrics.span import Span, SpanForm
from workspace.metrics.support_card import MEASURES, SupportCard, support_card

POINTS = 12
RETENTION = ("nrr", "grr")
MOVEMENTS = ("mrr_new", "mrr_reactivation", "mrr_expansion", "mrr_contraction", "mrr_churn")
PLANS_SHOWN = 3


class MetricsPage(SpanBar):
    """The page for one reader and span; all figures of all periods are read at once."""

    def __init__(
        self, user: User, span: Span, form: SpanForm, *, cohorts_by: str = "", survey: str = ""
    ) -> None:
        super().__init__(span, form)
        self.user = user
        self.periods = back(span.period, POINTS)
        self.cohorts_by = cohorts_by
        self.survey = survey if survey in SCALES else "nps"

    @cached_property
    def own_only(self) -> bool:
        """Whether the figures are of the reader's own customers."""
        return sees_own_only(self.user)

    @cached_property
    def board(self) -> list[Figure]:
        """The figures on the reader's board."""
        return [FIGURES[key] for key in board_of(self.user)]

    @cached_property
    def told(self) -> Telling:
        """Everything the page reads of the nights."""
        keys = dict.fromkeys([*(figure.key for figure in self.board), *RETENTION, "mrr", *MEASURES, "nps"])
        figures = [FIGURES[key] for key in keys]
        return tell(
            figures,
            self.periods,
            **self.span.slice,
            visible=Customer.objects.visible_to(self.user),
            as_of=self.span.night,
            bravely=True,
            kept=True,
            **knowing(self.span, figures, self.periods, user=self.user),
        )

    @cached_property
    def targets(self) -> Mapping[str, Target]:
        """The targets in force for what is looked at, by figure."""
        return targets_of(self.span, own_only=self.own_only)

    @property
    def missing(self) -> str:
        """What is said where nights of the period are missing, "" where none is."""
        nights = self.told.missing_nights(FIGURES["mrr"], self.span.period)
        return words.missing(nights) if nights else ""

    @cached_property
    def cards(self) -> list[Card]:
        """The board."""
        windows = {figure.key: window(figure, self.span.period) for figure in self.board}
        since = {} if self.span.published else restated(sorted(set(windows.values())))
        return [
            replace(
                card(figure, self.told, self.span, self.periods, self.targets.get(figure.key)),
                restated=formats.moment(at) if (at := since.get(windows[figure.key])) else "",
            )
            for figure in self.board
        ]

    @cached_property
    def book(self) -> Book | None:
        """What the customers paid and what moved in the period; None where nights are missing."""
        if self.missing or "book" in self.told.failed:
            return None
        found: Book | None = self.told.readings["book"].get((self.span.period, None))
        return found or Book()

    @cached_property
    def waterfall(self) -> Chart | None:
        """From the opening to the closing MRR."""
        book = self.book
        if book is None or not (book.opening or book.closing or book.new or book.reactivation):
            return None
        steps = [
            (gettext("Opening"), book.opening, True),
            (pgettext("MRR movement", "New"), book.new, False),
            (pgettext("MRR movement", "Reactivation"), book.reactivation, False),
            (pgettext("MRR movement", "Expansion"), book.expansion, False),
            (pgettext("MRR movement", "Contraction"), -book.contraction, False),
            (pgettext("MRR movement", "Lost"), -book.churn, False),
            (gettext("Closing"), book.closing, True),
        ]
        return Chart(
            data={
                "steps": [{"name": name, "cents": cents, "total": total} for name, cents, total in steps],
                "currency": settings.CURRENCY,
            },
            says=gettext("MRR went from %(opening)s to %(closing)s")
            % {"opening": formats.money(book.opening), "closing": formats.money(book.closing)},
            table={
                "head": [gettext("Step"), gettext("Amount")],
                "rows": [
                    [name, formats.money(cents) if total else signed(cents)] for name, cents, total in steps
                ],
            },
        )

    @property
    def net(self) -> str:
        """How much the MRR changed, with its sign, and in per cent."""
        book = self.book
        if book is None:
            return ""
        moved = signed(book.closing - book.opening)
        if not book.opening:
            return moved
        share = (book.closing - book.opening) / book.opening
        return f"{moved}, {'+' if share > 0 else ''}{formats.percent(share, 1)}"

    @cached_property
    def retention(self) -> Chart:
        """NRR and GRR at the end of each period."""
        return lines(
            [FIGURES[key] for key in RETENTION],
            self.told,
            self.span,
            self.periods,
            gettext("Net and gross revenue retention, %(n)s periods to %(last)s")
            % {"n": len(self.periods), "last": words.short(self.periods[-1], self.span.grain)},
            {key: aim_of(target) for key, target in self.targets.items()},
        )

    @property
    def moves_links(self) -> list[tuple[str, str]]:
        """The figures of the movements, each with the page of its rows."""
        return [
            (str(FIGURES[key].name), f"{reverse('metric_rows', args=[key])}?{self.span.query()}")
            for key in MOVEMENTS
        ]

    @property
    def retention_known(self) -> bool:
        """Whether there is any retention to draw."""
        return any(value is not None for one in self.retention.data["series"] for value in one["values"])

    @property
    def retention_window(self) -> str:
        """Over how long retention is told."""
        return words.length(window(FIGURES["nrr"], self.span.period))

    @cached_property
    def cohorts(self) -> Attempt[CohortCard]:
        """How many of the customers of each month stay."""
        return safely(lambda: CohortCard(self.span, self.only, self.cohorts_by))

    @cached_property
    def satisfaction(self) -> Attempt[Satisfaction]:
        """What customers said."""
        return safely(
            lambda: satisfaction(self.told, self.span, self.periods, self.only, self.targets, self.survey)
        )

    @cached_property
    def support(self) -> Attempt[SupportCard]:
        """How customers were helped."""
        return safely(lambda: support_card(self.told, self.span, self.periods, self.targets))

    @cached_property
    def members(self) -> Attempt[list[Member]]:
        """How each person of the team helped."""
        visible = Customer.objects.visible_to(self.user)
        return safely(lambda: members(self.span, visible, self.told))

    @cached_property
    def plans(self) -> list[PlanRow]:
        """The open action plans that are due first."""
        found = with_steps(ActionPlan.objects.filter(closed_on__isnull=True))[:PLANS_SHOWN]
        rows = list(found)
        people = names_of_people() if rows else {}
        return plan_rows(rows, self.user, time.today(), people, own_only=self.own_only)

    @cached_property
    def only(self) -> Only:
        """Which customers are looked at."""
        return Only.of(
            self.span.segment,
            Customer.objects.visible_to(self.user),
            stage=self.span.stage,
            owner=self.span.owner,
        )


def signed(cents: int) -> str:
    """Write a movement with its sign."""
    return f"+{formats.money(cents)}" if cents > 0 else formats.money(cents)
