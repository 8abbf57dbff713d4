"""The columns of the portfolio, by key: heading, cell, order and what they export.

A later app adds a column by one entry (`register`) and what draws its cell (`cells.py`); attributes that an
admin defined become columns in `attributes.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, IntegerField, Value, When
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import User
from core.text import fold
from workspace.portfolio import cells
from workspace.portfolio.export_values import (
    EXPORT_ALWAYS,
    OWNER_EMAIL,
    Exported,
    band,
    cents,
    day,
    hundredths,
    plain,
    text,
)
from workspace.portfolio.reading import SEGMENT_ORDER, STAGE_ORDER, rank
from workspace.portfolio.scope import Scope

WORDS = (gettext_lazy("A to Z"), gettext_lazy("Z to A"))
NUMBERS = (gettext_lazy("lowest first"), gettext_lazy("highest first"))
DAYS = (gettext_lazy("earliest first"), gettext_lazy("latest first"))
RANKS = (gettext_lazy("first to last"), gettext_lazy("last to first"))
REGISTRY: dict[str, "Column"] = {}
Cell = Callable[[Any, "Column"], SafeString]  # a row of `rows.py` and its column → the <td>


@dataclass(frozen=True)
class Column:
    """One column. `sort` makes the expression rows are ordered by; unknown values always come last.

    `cell` draws a cell from a row and the column, or names a template under `workspace/portfolio/cells/`;
    `css` the cell's classes (`end num` for numbers; `cs-p1`…`cs-p4` say how soon it gives way on a narrow
    screen); `order_words` how ascending and descending read; `down_first` whether the first click on the heading
    sorts descending; `nightly` that it is of the last finished night also in the present.
    """

    key: str
    label: Any
    cell: str | Cell
    sort: Callable[[Scope], Any]
    order_words: tuple[Any, Any] = WORDS
    css: str = ""
    shown: bool = True
    down_first: bool = False
    needs_before: bool = False
    exports: tuple[Exported, ...] = ()
    attribute: str = ""
    nightly: bool = False

    @property
    def draw(self) -> Cell:
        """What draws its cells."""
        return cells.template(self.cell) if isinstance(self.cell, str) else self.cell


def register(*columns: Column) -> None:
    """Add columns, after those already there; a key stands for one column only."""
    for column in columns:
        if column.key in REGISTRY:
            raise ValueError(f"The column {column.key} is registered twice.")
        REGISTRY[column.key] = column


def _owner_name(scope: Scope) -> Any:
    """Return the owner's place among all names: people are few, so no name is looked up for each customer."""
    people = sorted(User.objects.values_list("pk", "name"), key=lambda one: (fold(one[1]), one[0]))
    whens = [When(at_owner_id=pk, then=Value(place)) for place, (pk, _name) in enumerate(people)]
    return Case(*whens, output_field=IntegerField())


def _by(name: str) -> Callable[[Scope], Any]:
    return lambda scope: F(name)


register(
    Column(
        "customer",
        gettext_lazy("Customer"),
        cells.customer,
        _by("folded_name"),
        css="c-name",
        exports=EXPORT_ALWAYS,
    ),
    Column(
        "segment",
        gettext_lazy("Segment"),
        cells.segment,
        lambda scope: rank("at_segment", SEGMENT_ORDER),
        RANKS,
        css="c-seg cs-p2",
        exports=(Exported("segment", text("at_segment")),),
    ),
    Column(
        "stage",
        gettext_lazy("Stage"),
        cells.stage,
        lambda scope: rank("at_stage", STAGE_ORDER),
        RANKS,
        css="c-stage cs-muted cs-p3",
        exports=(Exported("stage", text("at_stage")),),
    ),
    Column(
        "health",
        gettext_lazy("Health"),
        cells.health,
        _by("at_health"),
        NUMBERS,
        css="c-health num",
        nightly=True,
        exports=(Exported("health_score", hundredths("at_health")), Exported("health_band", band("at_band"))),
    ),
    Column(
        "mrr",
        gettext_lazy("MRR"),
        cells.mrr,
        _by("at_mrr"),
        NUMBERS,
        css="c-mrr end num cs-strong",
        down_first=True,
        nightly=True,
        exports=(Exported("mrr", cents("at_mrr")),),
    ),
    Column(
        "mrr_change",
        gettext_lazy("MRR, 30 days"),
        cells.mrr_change,
        _by("at_mrr_change"),
        NUMBERS,
        css="c-mrr30 num cs-p3",
        shown=False,
        needs_before=True,
        nightly=True,
        exports=(Exported("mrr_change_30", cents("at_mrr_change")),),
    ),
    Column(
        "active",
        gettext_lazy("Active, 30 days"),
        cells.active,
        _by("at_active"),
        NUMBERS,
        css="c-active num cs-p2",
        down_first=True,
        needs_before=True,
        nightly=True,
        exports=(Exported("active_people_30", plain("at_active")),),
    ),
    Column(
        "renewal",
        gettext_lazy("Renewal"),
        cells.renewal,
        _by("at_renewal"),
        DAYS,
        css="c-ren num",
        nightly=True,
        exports=(
            Exported("renewal_on", day("at_renewal")),
            Exported("renewal_value", cents("at_renewal_value")),
        ),
    ),
    Column(
        "touch",
        gettext_lazy("Last touch"),
        cells.touch,
        _by("at_touch"),
        DAYS,
        css="c-touch num cs-p3",
        exports=(Exported("last_touch_on", day("at_touch")),),
    ),
    Column(
        "tickets",
        gettext_lazy("Open tickets"),
        cells.number("at_tickets"),
        _by("at_tickets"),
        NUMBERS,
        css="c-tickets end num cs-p4",
        shown=False,
        down_first=True,
        nightly=True,
        exports=(Exported("open_tickets", plain("at_tickets")),),
    ),
    Column(
        "nps",
        gettext_lazy("NPS"),
        cells.nps,
        _by("at_nps"),
        NUMBERS,
        css="c-nps end num cs-p2",
        nightly=True,
        exports=(Exported("nps_latest", plain("at_nps")),),
    ),
    Column(
        "potential",
        gettext_lazy("Expansion potential"),
        cells.number("at_potential"),
        _by("at_potential"),
        NUMBERS,
        css="c-potential end num cs-p4",
        shown=False,
        down_first=True,
        nightly=True,
        exports=(Exported("expansion_potential", plain("at_potential")),),
    ),
    Column("owner", gettext_lazy("Owner"), cells.owner, _owner_name, css="c-owner", exports=(OWNER_EMAIL,)),
    Column(
        "paid",
        gettext_lazy("Paid so far"),
        cells.money("at_paid"),
        _by("at_paid"),
        NUMBERS,
        css="c-paid end num cs-p4",
        shown=False,
        down_first=True,
        nightly=True,
        exports=(Exported("paid", cents("at_paid")),),
    ),
    Column(
        "seats",
        pgettext_lazy("subscription", "Seats"),
        cells.number("at_seats"),
        _by("at_seats"),
        NUMBERS,
        css="c-seats end num cs-p4",
        shown=False,
        down_first=True,
        nightly=True,
        exports=(Exported("seats", plain("at_seats")),),
    ),
    Column(
        "started",
        gettext_lazy("Customer since"),
        cells.day("started_on"),
        _by("started_on"),
        DAYS,
        css="c-started num cs-p4",
        shown=False,
        exports=(Exported("started_on", day("started_on")),),
    ),
)
