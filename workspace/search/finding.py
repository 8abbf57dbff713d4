"""What the palette and the search page list for a few words: customers, people, views, pages."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Case, F, IntegerField, Q, Value, When
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.permissions import Perm
from core.text import Contains, Fold, fold, tokens
from customers.models import Contact, Customer
from customers.querysets import CustomerQuerySet
from workspace.portfolio.saved import views_of
from workspace.search.matching import matching, people_with

SHORTEST_GUESS = 4
CANDIDATES = 300
CLOSE = 0.7


@dataclass(frozen=True)
class Found:
    """One thing found: its name, what stands beside it, and its address."""

    label: str
    url: str
    note: str = ""
    icon: str = ""
    avatar: bool = False


@dataclass
class Results:
    """All that was found, by kind; `guessed` when the customers are only similar to what was typed."""

    text: str
    customers: list[Found] = field(default_factory=list)
    people: list[Found] = field(default_factory=list)
    views: list[Found] = field(default_factory=list)
    pages: list[Found] = field(default_factory=list)
    guessed: bool = False

    def __bool__(self) -> bool:
        return bool(self.customers or self.people or self.views or self.pages)


# Pages by URL name: label, icon, permission, words it is also found by.
PAGES = (
    (
        "portfolio",
        gettext_lazy("Portfolio"),
        "buildings",
        Perm.CUSTOMERS_VIEW,
        gettext_lazy("customers list"),
    ),
    ("customer_new", gettext_lazy("Add customer"), "plus", Perm.CUSTOMERS_EDIT, gettext_lazy("new customer")),
    ("imports", gettext_lazy("Imports"), "download", Perm.IMPORT_RUN, gettext_lazy("csv excel file upload")),
    (
        "import_new",
        gettext_lazy("Import a file"),
        "download",
        Perm.IMPORT_RUN,
        gettext_lazy("csv excel file upload"),
    ),
    ("settings", gettext_lazy("Settings"), "settings", Perm.SIGNED_IN, ""),
    ("people", gettext_lazy("People"), "user", Perm.PEOPLE_MANAGE, gettext_lazy("team invite roles")),
    (
        "segments_settings",
        gettext_lazy("Segments"),
        "adjustments-horizontal",
        Perm.SETTINGS_MANAGE,
        gettext_lazy("rules"),
    ),
    (
        "stages_settings",
        gettext_lazy("Stages"),
        "flag",
        Perm.SETTINGS_MANAGE,
        gettext_lazy("rules onboarding"),
    ),
    (
        "attributes_settings",
        gettext_lazy("Attributes"),
        "columns-3",
        Perm.SETTINGS_MANAGE,
        gettext_lazy("fields"),
    ),
    ("tags_settings", gettext_lazy("Tags"), "tag", Perm.CUSTOMERS_MANAGE, ""),
    (
        "audit",
        gettext_lazy("Audit trail"),
        "clipboard-text",
        Perm.AUDIT_VIEW,
        gettext_lazy("who changed what"),
    ),
    ("tokens", gettext_lazy("API tokens"), "bolt", Perm.TOKENS_OWN, gettext_lazy("keys integration")),
    ("profile", gettext_lazy("Profile"), "user", Perm.SIGNED_IN, gettext_lazy("language theme shortcuts")),
    ("setup", gettext_lazy("Set-up checklist"), "square-check", Perm.SETTINGS_MANAGE, gettext_lazy("start")),
)


def find(user: User, text: str, *, limit: int = 8) -> Results:
    """Return what a few words mean to this person; without words the pages they may open."""
    words = tokens(text)
    results = Results(text.strip())
    results.pages = _pages(user, words)
    if not words:
        return results
    results.customers = [_customer(row) for row in customers_matching(user, text)[:limit]]
    if not results.customers:
        results.customers = _similar(user, text, limit)
        results.guessed = bool(results.customers)
    results.people = _people(user, words, limit)
    results.views = (
        _portfolios(words, limit)
        + [
            Found(str(view.name), f"{reverse('portfolio')}?view={view.key}", icon=view.icon)
            for view in views_of(user)
            if all(word in fold(str(view.name)) for word in words)
        ][:limit]
    )
    return results


def about(row: Customer) -> str:
    """Say what tells a customer from others of its name: industry and place."""
    place = ", ".join(part for part in (row.city, row.region) if part)
    return " · ".join(part for part in (row.industry, place) if part)


def _customer(row: Customer) -> Found:
    note = _("Archived") if row.archived_at else about(row)
    return Found(row.name, reverse("customer", args=[row.pk]), note=note, avatar=True)


def customers_matching(user: User, text: str) -> CustomerQuerySet:
    """Return the customers a person may see that match: names beginning with the words first, archived ones last."""
    typed = " ".join(tokens(text))
    name = F("folded_name")
    place = Case(
        When(folded_name__startswith=typed, then=Value(0)),
        When(Contains(name, f" {typed}"), then=Value(1)),
        When(Contains(name, typed), then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    rows = Customer.objects.visible_to(user).filter(matching(text), merged_into__isnull=True)
    return rows.order_by(_is_archived(), place, name, "pk")


def _is_archived() -> Case:
    return Case(When(archived_at__isnull=True, then=Value(0)), default=Value(1), output_field=IntegerField())


def _similar(user: User, text: str, limit: int) -> list[Found]:
    """Return customers whose name is close to what was typed, for a slip of the finger: "transpotadora"."""
    typed = " ".join(tokens(text))
    if len(typed) < SHORTEST_GUESS:
        return []
    starts = {word[:3] for word in typed.split()} | {word[-4:] for word in typed.split() if len(word) > 6}
    wanted = Q()
    for start in starts:
        wanted |= Q(Contains(F("folded_name"), start))
    rows = Customer.objects.visible_to(user).present().filter(wanted)
    scored = [(_closeness(typed, row.folded_name), row) for row in rows.order_by("pk")[:CANDIDATES]]
    close = sorted((pair for pair in scored if pair[0] >= CLOSE), key=lambda pair: -pair[0])
    return [_customer(row) for _score, row in close[:limit]]


def _closeness(typed: str, name: str) -> float:
    """Return how alike they are, 0–1: the whole name, or its best word for a single word typed."""
    candidates = [name, *name.split()] if " " not in typed else [name]
    return max(difflib.SequenceMatcher(None, typed, one).ratio() for one in candidates)


def _people(user: User, words: Sequence[str], limit: int) -> list[Found]:
    seen = Customer.objects.visible_to(user).present()
    rows = Contact.objects.filter(people_with(words), archived_at__isnull=True, customer__in=seen)
    rows = rows.select_related("customer").order_by(Fold(F("name")), "pk")[:limit]
    return [
        Found(
            contact.name or contact.email,
            f"{reverse('customer', args=[contact.customer_id])}#contact-{contact.pk}",
            note=f"{contact.get_role_display()} · {contact.customer.name}",
            avatar=True,
        )
        for contact in rows
    ]


def _portfolios(words: Sequence[str], limit: int) -> list[Found]:
    """Return the portfolios of colleagues whose name contains all words."""
    named = Q()
    for word in words:
        named &= Q(Contains(Fold(F("name")), word))
    people = User.objects.filter(named, is_active=True).order_by("name").values_list("pk", "name")
    return [
        Found(_("Customers of %(name)s") % {"name": name}, f"{reverse('portfolio')}?owner={pk}", icon="user")
        for pk, name in people[:limit]
    ]


def _pages(user: User, words: Sequence[str]) -> list[Found]:
    found = []
    for name, label, icon, perm, more in PAGES:
        if not user.may(perm) or not all(word in fold(f"{label} {more}") for word in words):
            continue
        try:
            found.append(Found(str(label), reverse(name), icon=icon))
        except NoReverseMatch:
            continue
    return found
